"""Names by which an answer would tell its model: from the registry, and those that makers give assistants."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from leaderboard.ballots.bare_text import bare_text

# Names that makers give their assistants, absent from the model's and the maker's names in the registry.
ASSISTANT_NAMES: dict[str, tuple[str, ...]] = {
    "ai2": ("Tulu", "OLMo"),
    "alibaba": ("Qwen", "QwQ", "Tongyi Qianwen", "Tongyi"),
    "anthropic": ("Claude",),
    "google": ("Gemini", "Gemma", "Bard", "LaMDA", "PaLM"),
    "hugging-face": ("SmolLM",),
    "meta": ("Llama", "Meta AI"),
    "microsoft": ("Copilot", "Phi"),
    "mistral-ai": ("Mistral", "Mixtral", "Ministral", "Magistral", "Le Chat"),
    "moonshot-ai": ("Kimi",),
    "nvidia": ("Nemotron",),
    "openai": ("GPT", "ChatGPT"),
    "xai": ("Grok",),
    "z-ai": ("ChatGLM", "GLM"),
}
# Other names of the makers themselves.
MAKER_NAMES: dict[str, tuple[str, ...]] = {
    "ai2": ("Allen Institute", "Ai2"),
    "alibaba": ("Alibaba Cloud",),
    "google": ("DeepMind", "Google AI"),
    "hugging-face": ("HuggingFace",),
    "meta": ("Facebook AI",),
    "microsoft": ("Microsoft AI",),
    "openai": ("Open AI",),
    "swiss-ai": ("EPFL", "ETH Zurich", "ETH Zürich"),
    "tii": ("TII",),
    "z-ai": ("Zhipu",),
}
GENERIC_ENDINGS = re.compile(r"(?<!\s)\s+(?:ai|labs?|research|initiative|institute|france)$", re.IGNORECASE)
FAMILY = re.compile(r"[A-Za-z]+\d?(?=[^A-Za-z]|$)|[A-Za-z]+")
UP_TO_VERSION = re.compile(r"[^\s\d]*\d[\w.]*|(?:[^\s\d-]+[\s-])+?[^\s\d-]*\d[\w.]*")
MIN_NAME_LENGTH = 2  # « Yi », « o3 »

# Names that are no word of any language, and name nothing else: one of them anywhere tells the model.
UNMISTAKABLE = frozenset(
    (
        "anthropic", "chatglm", "chatgpt", "deepmind", "deepseek", "eurollm", "huggingface", "ministral",
        "mixtral", "nemotron", "openai", "qwen", "qwq", "smollm", "tongyi", "zhipu",
    )
)  # fmt: skip
# Several words, yet words of everyday life; or of companies known for much else.
EVERYDAY = frozenset({"le chat", "command a", "command r", "alibaba cloud", "eth zurich", "google ai"})
# Families whose name with a number is a model, whichever the version: « GPT-4 », « Llama 3 ».
VERSIONED = (
    "chatgpt",
    "claude",
    "deepseek",
    "gemini",
    "gemma",
    "glm",
    "gpt",
    "grok",
    "llama",
    "mistral",
    "qwen",
)
VERSION = r"[ -]?v?\d(?:\.\d+)?[a-z]?\b"


@dataclass(frozen=True, slots=True)
class Identity:
    """A model and its maker, as the registry names them."""

    model: str
    aliases: tuple[str, ...]
    maker: str
    maker_slug: str

    def own_names(self) -> frozenset[str]:
        """The names that the model may call itself, in lower case and bare."""
        family, versioned = FAMILY.match(self.model), UP_TO_VERSION.match(self.model)
        parts = [match.group() for match in (family, versioned) if match]
        return _bare((self.model, *self.aliases, *parts, *ASSISTANT_NAMES.get(self.maker_slug, ())))

    def maker_names(self) -> frozenset[str]:
        """The names that it may call its maker, likewise."""
        parts = re.split(r"[()]", self.maker)
        short = (GENERIC_ENDINGS.sub("", part.strip()) for part in parts)
        return _bare((self.maker, *parts, *short, *MAKER_NAMES.get(self.maker_slug, ())))

    def unmistakable(self) -> frozenset[str]:
        """Those of all these names that tell the model wherever they stand."""
        names = self.own_names() | self.maker_names()
        cased = _bare((self.model, *self.aliases, self.maker), lower=False)
        inner_capitals = {name.lower() for name in cased if re.search(r"[a-z][A-Z]", name)}
        return frozenset(
            name for name in names if name in UNMISTAKABLE or name in inner_capitals or _is_compound(name)
        )


def _is_compound(name: str) -> bool:
    """Whether a name has a version, or several words that are not of everyday life."""
    if name in EVERYDAY or len(name) < 4:
        return name == "ai2"
    has_version = bool(re.search(r"\d", name) and re.search(r"[a-z]", name))
    return has_version or bool(re.search(r"[ -]", name))


def _bare(names: Iterable[str], *, lower: bool = True) -> frozenset[str]:
    bare = (bare_text(name).strip() for name in names)
    return frozenset(name.lower() if lower else name for name in bare if len(name) >= MIN_NAME_LENGTH)
