"""Token counts, under the names and in the places where servers report them."""

import re
from collections.abc import Iterator
from typing import Any

from backends.base import Usage

MAX_PLAUSIBLE_TOKENS = 1_000_000_000  # above, the server's count is a mistake

# Without case and underscores: OpenAI's, Anthropic's and mlx-vlm's, Ollama's, llama.cpp's, Google's.
_IN = (
    "prompttokens", "inputtokens", "promptevalcount", "prompttokencount", "inputtokencount", "promptn",
    "tokensin", "numprompttokens", "numinputtokens", "input", "prompt", "in",
)  # fmt: skip
_OUT = (
    "completiontokens", "outputtokens", "evalcount", "candidatestokencount", "outputtokencount", "predictedn",
    "generatedtokens", "generationtokens", "tokensout", "numcompletiontokens", "numoutputtokens", "output",
    "numgeneratedtokens", "completion", "out",
)  # fmt: skip
_REASONING = ("reasoningtokens", "thoughtstokencount", "thinkingtokens")
_TOTAL = ("totaltokens", "totaltokencount")
_DETAILS = ("completiontokensdetails", "outputtokensdetails")
# Objects that hold texts, prices or limits.
_OTHER = re.compile(r"delta|message|cost|pric|limit|billing|quota", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"[^a-z]")


def find_usage(event: dict[str, Any], choice: dict[str, Any]) -> Usage | None:
    """The first usage in an event that counts anything; `timings` and Ollama's fields last."""
    return next((usage for place in _places(event, choice) if (usage := _parse(place))), None)


def _places(event: dict[str, Any], choice: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Objects that may hold counts: those named usage, then any other beside the text, then the event."""
    holders = [event, choice, choice.get("message"), choice.get("delta")]
    usages = [holder["usage"] for holder in holders if isinstance(holder, dict) and "usage" in holder]
    others = [inside for holder in (event, choice) for inside in _objects(holder)]
    nested = [inside for other in others for inside in _objects(other)]
    yield from (place for place in (*usages, *nested, *others, event) if isinstance(place, dict))


def _objects(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (inside for name, inside in holder.items() if isinstance(inside, dict) and not _OTHER.search(name))


def _parse(usage: dict[str, Any]) -> Usage | None:
    """A total above prompt and completion includes hidden reasoning that was not counted apart."""
    counts = {_NOT_A_NAME.sub("", str(name).lower()): value for name, value in usage.items()}
    tokens_in, tokens_out, total = _first(counts, _IN), _first(counts, _OUT), _first(counts, _TOTAL)
    details: dict[str, Any] = next(
        (counts[name] for name in _DETAILS if isinstance(counts.get(name), dict)), {}
    )
    detailed = {_NOT_A_NAME.sub("", str(name).lower()): value for name, value in details.items()}
    reasoning = _first(detailed | counts, _REASONING)
    if tokens_in and not tokens_out and total and total > tokens_in:
        tokens_out = total - tokens_in
    if reasoning and tokens_out and reasoning > tokens_out:  # xAI's count of the answer leaves it out
        tokens_out += reasoning
    if tokens_in and tokens_out and total:
        hidden = max(0, total - tokens_in - tokens_out)
        tokens_out += hidden
        reasoning = hidden if hidden and not reasoning else reasoning
    return Usage(tokens_in, tokens_out, reasoning) if tokens_in or tokens_out else None


def _first(counts: dict[str, Any], names: tuple[str, ...]) -> int | None:
    """The first count above zero; else zero where one is reported."""
    found = [count for name in names if (count := _count(counts.get(name))) is not None]
    return next(filter(None, found), found[0] if found else None)


def _count(value: Any) -> int | None:
    """A plausible whole number, also written 7.0 or "7"."""
    if isinstance(value, str) and len(value) <= 12 and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= MAX_PLAUSIBLE_TOKENS and value == int(value) else None


def merge_usage(before: Usage | None, after: Usage) -> Usage:
    """The later counts; where they are zero or missing, the earlier ones."""
    if before is None:
        return after
    return Usage(
        after.tokens_in or before.tokens_in,
        after.tokens_out or before.tokens_out,
        after.reasoning_tokens if after.tokens_out else before.reasoning_tokens,
    )
