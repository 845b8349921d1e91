"""Marks that models put around their reasoning and their answer, where the server leaves them in the text.

DeepSeek R1, Qwen 3 (https://huggingface.co/Qwen/Qwen3-8B), Magistral
(https://huggingface.co/mistralai/Magistral-Small-2507), Kimi, Seed-OSS, LongCat, Command A, Gemma, Granite
(https://docs.vllm.ai/en/latest/features/reasoning_outputs.html), Apertus, GLM, gpt-oss
(https://cookbook.openai.com/articles/openai-harmony), and the names that prompts and other models use.
"""

import re

_THINK = (
    r"(?:[a-z]{2,12}[:_])?(?:think|thinking|thoughts?|reasoning|reflection)(?:_(?:process|content|steps))?"
)
_NAME = (
    rf"{_THINK}|reason|analysis|cot|chain_of_thoughts?|scratchpad|inner_monologue|internal_monologue"
    r"|antthinking|contemplator|contemplation|deliberation|rationale|brainstorm(?:ing)?"
)
_PIPED = r"think|thinking|thoughts?|reasoning"
_OTHER = {
    "[think]": "[/think]",
    "◁think▷": "◁/think▷",
    "<unused94>": "<unused95>",
    "<|channel>thought": "<channel|>",
    "<|inner_prefix|>": "<|inner_suffix|>",
    "&lt;think&gt;": "&lt;/think&gt;",
    "&lt;thinking&gt;": "&lt;/thinking&gt;",
}
OPENING = re.compile(
    rf"<(?P<name>{_NAME})(?:\s[^<>\n]{{0,60}})?/?>"
    rf"|<\|(?:(?:begin|start)_(?:of_)?)?(?P<piped>{_PIPED})(?:_(?:begin|start))?\|>|"
    + "|".join(map(re.escape, _OTHER)),
    re.IGNORECASE,
)
# Within an answer, a name that other texts in XML do not use.
OPENING_WITHIN = re.compile(OPENING.pattern.replace(_NAME, _THINK, 1), re.IGNORECASE)
HARMONY_ANSWER = "<|channel|>final<|message|>"
CLOSING = re.compile(
    rf"</(?:{_NAME})\s{{0,3}}>|<\|(?:end_(?:of_)?|/)(?:{_PIPED})\|>|<\|(?:{_PIPED})_end\|>|"
    + "|".join(map(re.escape, [*_OTHER.values(), HARMONY_ANSWER])),
    re.IGNORECASE,
)
# At the very start alone, and closed by words that mean nothing elsewhere.
_DETAILS = (
    r"<details\s[^<>\n]{0,80}type=.?reasoning[^<>\n]{0,80}>"
    r"|<details(?:\s[^<>\n]{0,80})?>\s{0,3}<summary>[^<\n]{0,30}"
    r"(?:think|thought|reason|réfl|raisonn)[^<\n]{0,40}</summary>"
)
_PAIRED = {
    _DETAILS: r"</details>",
    r"here(?:'s| is) my thought process:": r"here(?:'s| is) my response:",
    r"thinking\.\.\.\n": r"\.\.\.done thinking\.",
}
PAIRED = {
    re.compile(opening, re.IGNORECASE): re.compile(closing, re.IGNORECASE)
    for opening, closing in _PAIRED.items()
}
_PAIRED_STARTS = ("here is my thought process:", "here's my thought process:", "thinking...\n")
_PAIRED_ENDS = ("</details>", "here is my response:", "here's my response:", "...done thinking.")
# Around the answer: words after a reasoning only, special tokens anywhere.
WRAPPERS = {
    "<answer>": "</answer>",
    "<final_answer>": "</final_answer>",
    "<response>": "</response>",
    "<output>": "</output>",
    "<final>": "</final>",
    "<final_response>": "</final_response>",
    "<|begin_of_solution|>": "<|end_of_solution|>",
    "<|start_response|>": "<|end_response|>",
    "<|begin_of_box|>": "<|end_of_box|>",
}
# Before an answer, what names its writer; after it, what ends it.
ROLES = (
    "<|im_start|>assistant", "<|assistant|>", "<|start_header_id|>assistant<|end_header_id|>",
    "<|start_of_role|>assistant<|end_of_role|>", "assistantfinal",
)  # fmt: skip
_STOPS = (
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|endoftext|>", "<|end_of_text|>", "<|end|>", "<|return|>",
    "<|user|>", "<|eos|>", "<|end_of_turn_token|>", "<｜end▁of▁sentence｜>", "</s>", "<eos>", "<end_of_turn>",
    "<turn|>", "[eos]",
)  # fmt: skip
STOP_AT_END = re.compile(rf"(?:{'|'.join(map(re.escape, _STOPS))})\s*\Z", re.IGNORECASE)
# Channels of gpt-oss, with their marks or without.
HARMONY_STARTS = (
    "<|channel|>", "<|start|>", "analysis<|message|>", "<|message|>", "assistant<|channel|>",
    "final<|message|>", "assistant<|message|>",
)  # fmt: skip
ANALYSIS = re.compile(r"(?:assistant)?(?:analysis|commentary)", re.IGNORECASE)
_ANALYSIS_STARTS = ("analysis", "assistantanalysis", "commentary", "assistantcommentary")
ASSISTANT_FINAL = re.compile(r"assistant\s{0,2}final", re.IGNORECASE)
_ASSISTANT_FINALS = ("assistantfinal", "assistant final", "assistant\nfinal", "assistant\n\nfinal")

_LITERALS = (*_OTHER, *_OTHER.values(), HARMONY_ANSWER, *WRAPPERS, *WRAPPERS.values(), *_STOPS)
_STARTS = (*_PAIRED_STARTS, *ROLES, *HARMONY_STARTS, *_ANALYSIS_STARTS)
MARK_SIGNS = frozenset("<[◁&")
_UNFINISHED = re.compile(
    rf"<(?:/?[a-z_:0-9]{{0,40}}[ \t]{{0,3}}/?|(?:{_NAME})\s[^<>\n]{{0,60}}|\|/?[a-z_]{{0,30}}\|?)",
    re.IGNORECASE,
)
_DETAILS_CHARACTERS = 400
TAIL_CHARACTERS = 110


def closing_of(opening: re.Match[str]) -> re.Pattern[str]:
    """The pattern that closes what this match of OPENING opens."""
    name, piped = opening["name"], opening["piped"]
    if name:
        # Models take one of these for another.
        alike = (
            "think|thinking|thoughts?" if name.lower().startswith(("think", "thought")) else re.escape(name)
        )
        return re.compile(rf"</(?:{alike})\s{{0,3}}>", re.IGNORECASE)
    if piped:
        return re.compile(rf"<\|(?:end_(?:of_)?|/){piped}\|>|<\|{piped}_end\|>", re.IGNORECASE)
    return re.compile(re.escape(_OTHER[opening[0].lower()]), re.IGNORECASE)


def unfinished(text: str, *, is_analysis: bool = False, is_paired: bool = False) -> int:
    """How many of the text's last characters may be the start of a mark."""
    tail = text[-TAIL_CHARACTERS:].lower()
    for place, sign in enumerate(tail):
        if sign in MARK_SIGNS and _may_begin_mark(tail[place:]):
            return len(tail) - place
    words = (*(_ASSISTANT_FINALS if is_analysis else ()), *(_PAIRED_ENDS if is_paired else ()))
    return max((_overlap(tail, word) for word in words), default=0)


def _may_begin_mark(piece: str) -> bool:
    return bool(_UNFINISHED.fullmatch(piece)) or any(mark.startswith(piece) for mark in _LITERALS)


def _overlap(tail: str, word: str) -> int:
    sizes = range(min(len(word) - 1, len(tail)), 0, -1)
    return next((size for size in sizes if tail.endswith(word[:size])), 0)


def may_begin(opening: str) -> bool:
    """Whether a text may be the start of a mark that stands at the start of an answer."""
    begun = opening.lower()
    if begun.startswith("<details"):
        return len(begun) < _DETAILS_CHARACTERS and "</summary>" not in begun
    return unfinished(begun) == len(begun) or any(start.startswith(begun) for start in _STARTS)
