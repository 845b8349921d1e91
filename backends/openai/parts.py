"""The texts of a delta or a message: answer and reasoning, in every form that servers give them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

MAX_DEPTH = 8

# The first that holds a text counts: gateways repeat the same reasoning under several names.
REASONING_FIELDS = (
    "reasoning_content", "reasoning", "reasoning_text", "thinking", "thinking_content", "thoughts", "thought",
    "reasoning_details", "thinking_blocks", "reasoningContent",
)  # fmt: skip
TEXT_FIELDS = (
    "text", "thinking", "reasoning", "reasoning_content", "reasoning_text", "summary", "summary_text",
    "thought", "content", "output_text", "value", "parts", "refusal", "message", "steps", "delta", "chunk",
)  # fmt: skip
REASONING_TYPES = ("think", "thought", "reason", "summary")
# Of any other field that is named after reasoning; the second are figures and marks about it.
REASONING_WORDS = re.compile(r"reason|think|thought|analysis|\bcot\b", re.IGNORECASE)
NO_TEXT_WORDS = re.compile(r"token|signature|effort|time|status|budget|finish|stop|_id|type", re.IGNORECASE)
SKIPPED_TYPES = ("tool", "function", "image", "audio", "encrypted", "redacted", "reference", "citation")

Piece = tuple[bool, str]  # (is reasoning, text)


def read_pieces(delta: Any) -> Iterator[Piece]:
    """The texts of a delta or a message, reasoning first; what is no text is skipped."""
    if isinstance(delta, str):
        yield False, delta
    if not isinstance(delta, dict):
        return
    texts = (_joined(delta[name]) for name in REASONING_FIELDS if name in delta)
    others = (_joined(delta[name]) for name in delta if _is_named_after_reasoning(name))
    reasoning = next(filter(None, texts), "") or next(filter(None, others), "")
    if reasoning:
        yield True, reasoning
    pieces = list(_of_content(delta.get("content"), delta.get("thought") is True))
    yield from pieces
    if not any(text for is_reasoning, text in pieces if not is_reasoning):
        yield from _as_answer(_joined(delta.get("refusal")))


def _as_answer(text: str) -> Iterator[Piece]:
    if text:
        yield False, text


def _joined(value: Any) -> str:
    return "".join(text for _, text in _of_content(value, True))


def _of_content(value: Any, is_reasoning: bool, depth: int = 0) -> Iterator[Piece]:
    """A string, a part with a type, or a list of these, nested up to MAX_DEPTH.

    Source: https://docs.mistral.ai/capabilities/reasoning, https://openrouter.ai/docs (reasoning_details)
    """
    if isinstance(value, str):
        if value:
            yield is_reasoning, value
    elif depth >= MAX_DEPTH:
        return
    elif isinstance(value, list):
        for part in value:
            yield from _of_content(part, is_reasoning, depth + 1)
    elif isinstance(value, dict):
        yield from _of_part(value, is_reasoning, depth)


def _of_part(part: dict[str, Any], is_reasoning: bool, depth: int) -> Iterator[Piece]:
    kind = str(part.get("type") or "").lower()
    if any(name in kind for name in SKIPPED_TYPES):
        return
    is_reasoning |= part.get("thought") is True or any(name in kind for name in REASONING_TYPES)
    for name in (*TEXT_FIELDS, *filter(_is_named_after_reasoning, part)):
        pieces = list(_of_content(part.get(name), is_reasoning or _is_reasoning_field(name), depth + 1))
        if pieces:
            yield from pieces
            return


def _is_reasoning_field(name: str) -> bool:
    return name.startswith(("reason", "think", "thought"))


@lru_cache(1_000)
def _is_named_after_reasoning(name: str) -> bool:
    return bool(REASONING_WORDS.search(name)) and not NO_TEXT_WORDS.search(name)
