"""Robustness: whatever a server sends, reading it gives a text, a finish or a reason."""

import json
import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.base import BackendError, Chunk, FailureReason, Restart, Usage
from backends.openai.decoder import CompletionDecoder
from backends.openai.requests import ERRORS, Server, Timeouts

SERVER = Server("http://h/v1", None, Timeouts())
MAX_CHARACTERS = 500

NAMES = [
    "choices", "delta", "message", "content", "text", "reasoning", "reasoning_content", "reasoning_details",
    "thinking", "thoughts", "refusal", "finish_reason", "usage", "prompt_tokens", "completion_tokens",
    "total_tokens", "completion_tokens_details", "reasoning_tokens", "error", "code", "type", "value",
    "index", "x_groq", "timings", "predicted_n", "object", "base_resp", "status_code", "detail",
    "parts", "summary",
]  # fmt: skip
WORDS = [
    "", "Paris", "<think>", "</think>", "\n", "stop", "length", "SAFETY", "error", "thinking", "text", "12",
    "<|channel|>analysis<|message|>", "<|end|>", "<|channel|>final<|message|>", "\ud83e", "\udd8a", "\x00",
    "assistantfinal", "analysis", "```", "`", "reasoning.text",
]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.sampled_from(WORDS)
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
EVENT: dict[str, Any] = {
    "choices": [
        {
            "index": 0,
            "delta": {
                "role": "assistant",
                "content": [{"type": "text", "text": "Oui"}],
                "reasoning": {"text": "hm"},
                "reasoning_details": [{"type": "reasoning.text", "text": "hm"}],
                "refusal": "Non.",
            },
            "message": {"content": "Oui", "usage": {"prompt_tokens": 1}},
            "finish_reason": "stop",
            "usage": {"prompt_tokens": 3, "completion_tokens": 4},
        }
    ],
    "usage": {"prompt_tokens": 3, "completion_tokens_details": {"reasoning_tokens": 1}, "total_tokens": 8},
    "error": {"code": 429, "message": "slow down", "metadata": {"raw": '{"code": 503}'}},
    "x_groq": {"usage": {"input_tokens": 3}},
    "timings": {"prompt_n": 3, "predicted_n": 4},
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, child in inner for place in places(child, (*path, name)))]


PLACES = [place for place in places(EVENT) if place]


def with_value(place: tuple[Any, ...], value: Any) -> Any:
    event = json.loads(json.dumps(EVENT))
    holder = event
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    return event


def without(names: set[str], event: Any) -> Any:
    return (
        {name: value for name, value in event.items() if name not in names}
        if isinstance(event, dict)
        else event
    )


EVENTS = st.builds(
    lambda place, value, left_out: without(left_out, with_value(place, value)),
    st.sampled_from(PLACES),
    ANY_JSON,
    st.sets(st.sampled_from(["error", "usage", "x_groq", "timings"])),
)


def encode(value: Any) -> bytes:
    """JSON with the huge numbers, NaN and lone surrogates that some servers write."""
    text = json.dumps(value, ensure_ascii=True).replace("Infinity", "1e400")
    return text.encode()


DATA = st.builds(encode, EVENTS | ANY_JSON) | st.binary(max_size=30) | st.just(b"[DONE]")
LINES = st.one_of(
    DATA.map(lambda data: b"data: " + data),
    DATA.map(lambda data: b"data:" + data + b"\n"),
    DATA,
    DATA.map(lambda data: b"error: " + data),
    st.sampled_from(
        [b"", b": waiting", b"event: ping", b"event: error", b"event: done", b"data", b"\xef\xbb\xbf"]
    ),
    st.sampled_from([b"data: : keepalive", b"data: ping", b"id: 3", b"retry: x", b"data: {"]),
)
BODIES = st.builds(
    lambda lines, end, mark: mark + end.join(lines) + end,
    st.lists(LINES, max_size=8),
    st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n"]),
    st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \n"]),
)
CUTS = st.lists(st.integers(0, 600), max_size=6)


class Outcome:
    """The result of reading a body: text, reasoning, usage, and a finish reason or a failure."""

    def __init__(self, body: bytes, cuts: list[int]) -> None:
        decoder = CompletionDecoder(max_characters=MAX_CHARACTERS)
        self.texts = {True: "", False: ""}
        self.usage: Usage | None = None
        self.failure: FailureReason | None = None
        try:
            for start, end in pairwise([0, *sorted(cuts), len(body)]):
                self._take(decoder.feed(body[start:end]))
                if decoder.error:
                    raise decoder.error
                if decoder.is_done:
                    break
            self._take(decoder.finish())
        except ERRORS as error:
            failure = SERVER.failure(error)
            assert isinstance(failure, BackendError)
            json.dumps(failure.detail).encode()
            self.failure = failure.reason
        self.finish_reason = decoder.finish_reason

    def _take(self, items: list[Any]) -> None:
        for item in items:
            if isinstance(item, Restart):
                self.texts = {True: "", False: ""}
            elif isinstance(item, Chunk):
                assert isinstance(item.text, str) and item.text
                self.texts[item.reasoning] += item.text
            else:
                assert isinstance(item, Usage)
                self.usage = item

    def check(self) -> None:
        for text in self.texts.values():
            text.encode()
            assert "\x00" not in text
            assert len(text) <= MAX_CHARACTERS
        assert (self.finish_reason is None) == (self.failure is not None)
        if self.failure is None:
            assert any(self.texts.values())
        if self.usage:
            counts = (self.usage.tokens_in, self.usage.tokens_out, self.usage.reasoning_tokens)
            assert all(
                count is None or (isinstance(count, int) and 0 <= count < math.inf) for count in counts
            )


@pytest.mark.slow
@settings(max_examples=500, derandomize=True, print_blob=True)
@given(BODIES, CUTS)
def test_any_bytes_in_any_order_and_any_cut_end_in_an_answer_or_a_reason(
    body: bytes, cuts: list[int]
) -> None:
    outcome = Outcome(body, cuts)
    outcome.check()


@pytest.mark.slow
@settings(max_examples=500, derandomize=True, print_blob=True)
@given(st.lists(EVENTS, min_size=1, max_size=4), CUTS)
def test_any_json_in_any_place_of_an_event_ends_in_an_answer_or_a_reason(
    events: list[Any], cuts: list[int]
) -> None:
    for form in (b"data: %s\n\n", b"%s\n"):
        Outcome(b"".join(form % encode(event) for event in events), cuts).check()


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES, ids=str)
@settings(max_examples=40, derandomize=True, print_blob=True)
@given(value=ANY_JSON)
def test_each_place_takes_any_value(place: tuple[Any, ...], value: Any) -> None:
    event = without({"error"} - {place[0]}, with_value(place, value))
    Outcome(b"data: %s\n\ndata: [DONE]\n\n" % encode(event), []).check()
    Outcome(encode(event), []).check()
