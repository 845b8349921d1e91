"""Names of models as servers write them, read into words that can be compared.

The same model is `Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf`, `llama3.1:8b-instruct-q4_0`,
`llama-v3p1-8b-instruct` and `@cf/meta/llama-3.1-8b-instruct-fp8`: all give the words llama, 3.1 and 8b.
Sizes, versions, dates and words such as « coder » or « thinking » stay: another one is another model.
"""

import re

Words = frozenset[str]

# A precision or a file format, as Hugging Face, Ollama, LM Studio and vLLM write them.
_QUANTISATION = re.compile(
    r"(?<![a-z0-9])(?:"
    r"(?:ud[-_])?i?q\d+(?:[_-](?:k|s|m|l|xs|xxs|xl|nl|0|1|f16|f32|fp16))*|(?:i1|imat|imatrix)(?![a-z0-9])"
    r"|q\df\d+(?:_\d)?|(?:mx|nv)fp\d|nf4|fp\d+(?:[-_](?:dynamic|fast|block|kv|tput))?"
    r"|(?:unsloth[-_])?bnb|awq|gptq|hqq|eetq|exl[23]|marlin|autoround|dwq|qat|int[48]|w\d+a\d+"
    r"|\d(?:\.\d+)?[-_]?(?:bits?|bpw)|(?:32|64|128)g|quantized"
    r")(?![a-z0-9])"
)
_WHOLE = re.compile(
    r"(?<![a-z0-9])(?:bf16|f16|fp16|f32|fp32|mxfp4)(?![a-z0-9])"
)  # as most makers release them
_FORMAT = re.compile(r"(?<![a-z0-9])(?:gguf|ggml|mlx|mlc|safetensors|onnx|bf16|f16|f32|hf|maas)(?![a-z0-9])")
_SHARD = re.compile(r"-\d{5}-of-\d{5}")
# A tag of a router (OpenRouter, Hugging Face) or of Ollama's cloud, which chooses a machine and not a model.
_ROUTE = re.compile(
    r":(?:free|nitro|floor|beta|extended|exacto|online|cloud|fastest|cheapest|preferred|auto|groq|cerebras"
    r"|together|fireworks-ai|novita|nebius|sambanova|hyperbolic|hf-inference|scaleway|ovhcloud|nscale"
    r"|featherless-ai|publicai|cohere|replicate|default)$|-cloud$"
)
_BEDROCK = re.compile(
    r"^(?:(?:us|eu|apac|global)\.)?(?:anthropic|meta|mistral|cohere|amazon|openai|deepseek)\."
)
_BEDROCK_VERSION = re.compile(r"-v\d+:\d+$")
# Together's and Nebius's endpoints of one model, Groq's names of Llama.
_SPEED = re.compile(
    r"(?<=instruct)[-_](?:turbo|lite|fast|reference)(?:-free)?$|[-_]tput$|-(?:versatile|instant|32768)$"
)
_DAY = re.compile(r"(?<!\d)(20\d\d)-(0[1-9]|1[0-2])-([0-3]\d)(?!\d)")
_MONTH_YEAR = re.compile(r"(?<!\d)(0[1-9]|1[0-2])-20(\d\d)(?!\d)")
_FIREWORKS_POINT = re.compile(r"(?<=\d)p(?=\d)")
_WRITTEN_POINT = re.compile(r"(?<![\d.])(\d)[-_](\d)(?![\d.a-z])")  # claude-3-5-sonnet, Meta-Llama-3_3
_CHUNK = re.compile(r"[a-z0-9.]+")
_WHOLE_CHUNK = re.compile(r"\d+x\d+(?:\.\d+)?[bm]|[ae]?\d+(?:\.\d+)?[a-z]?")
_PIECE = re.compile(r"[a-z]+|\d+(?:\.\d+)*[a-z]?(?![a-z])|\d+(?:\.\d+)*")

# Words that say how a model is served or who made it, not which it is.
_NEUTRAL = {"instruct", "it", "chat", "free", "model", "unsloth"}
_MAKERS = {
    "meta", "mistralai", "nvidia", "google", "microsoft", "c4ai", "ai21", "ai21labs", "zai", "openai",
    "anthropic", "cohere", "coherelabs", "databricks", "azure", "huggingfacetb", "allenai", "ai", "org",
}  # fmt: skip

SIZE = re.compile(r"\d+x\d+(?:\.\d+)?b|\d+(?:\.\d+)?[bmt]")
ACTIVE_SIZE = re.compile(r"a\d+(?:\.\d+)?b|(?<!\d)\d+e")
DATE = re.compile(r"(?:20\d{6}|2[2-9](?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])[0-3]\d)")
NUMBER = re.compile(r"\d+(?:\.\d+)*")


def last_segment(name: str) -> str:
    """The name in lower case, without its folders: `openrouter/meta-llama/x` is `x`."""
    return name.strip().casefold().rstrip("/").rpartition("/")[2]


def words_of(name: str) -> Words:
    """The words that say which model this is; a size is one word, such as 8b, a3b, 8x7b or e4b."""
    text = last_segment(name).replace("+", "-plus").removesuffix(":latest")
    text = _BEDROCK_VERSION.sub("", _BEDROCK.sub("", _ROUTE.sub("", text)))
    text = _SHARD.sub("", text.removesuffix(".gguf"))
    text = _SPEED.sub("", _FORMAT.sub(" ", _QUANTISATION.sub(" ", text)).strip(" -_.:"))
    text = _MONTH_YEAR.sub(r"\2\1", _DAY.sub(r"\1\2\3", text))
    text = _WRITTEN_POINT.sub(r"\1.\2", _FIREWORKS_POINT.sub(".", text))
    found = [piece for chunk in _CHUNK.findall(text) for piece in _pieces(chunk.strip("."))]
    words = {_plain(piece) for piece in found}
    dropped = _MAKERS if "gpt" in words else _MAKERS | _NEUTRAL  # gpt-5-chat is not gpt-5
    return frozenset(words - dropped - {""})


def _pieces(chunk: str) -> list[str]:
    return [chunk] if _WHOLE_CHUNK.fullmatch(chunk) else _PIECE.findall(chunk)


def _plain(piece: str) -> str:
    """A version without its trailing zero: 4.0 is 4; v03 is 0.3."""
    if re.fullmatch(r"0\d", piece):
        return f"0.{piece[1]}"
    return piece[:-2] if re.fullmatch(r"\d+\.0", piece) else "" if piece == "v" else piece


def is_quantised(name: str) -> bool:
    """Whether the name states a precision below the released weights."""
    return bool(_QUANTISATION.search(_WHOLE.sub(" ", name.casefold())))
