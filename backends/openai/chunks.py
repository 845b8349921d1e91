"""The events of one chat completion, decoded into chunks, usage and a finish reason.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from backends.base import Chunk, Usage
from backends.openai.text import ReasoningSplitter, TextCleaner

MAX_PLAUSIBLE_TOKENS = 1_000_000_000  # above, the server's count is a mistake


class ProtocolError(ValueError):
    """An event that is no part of a chat completion."""


class ErrorEvent(Exception):
    """An error that the server sent inside the stream; `error` is the object or text it sent."""

    def __init__(self, error: Any) -> None:
        super().__init__(error)
        self.error = error


class CompletionReader:
    """Decodes events into chunks, without I/O."""

    def __init__(self) -> None:
        self.events = 0
        self.finish_reason = ""
        self.usage: Usage | None = None
        self._pieces: list[tuple[bool, str]] = []
        self._cleaners = {False: TextCleaner(), True: TextCleaner()}
        self._splitter = ReasoningSplitter()

    def feed(self, data: bytes) -> None:
        """Decode one event; raises ProtocolError or ErrorEvent."""
        event = json_object(data)
        try:
            self._take(event)
        except (AttributeError, KeyError, IndexError, TypeError) as error:
            raise ProtocolError(f"{type(error).__name__} in {data[:300]!r}") from None
        self.events += 1

    def _take(self, event: dict[str, Any]) -> None:
        if choices := event.get("choices"):
            choice = choices[0]
            # A server that does not stream sends a whole `message`.
            delta = choice.get("delta") or choice.get("message") or {}
            if reasoning := delta.get("reasoning_content") or delta.get("reasoning"):
                self._pieces.append((True, reasoning))
            if content := delta.get("content"):
                self._pieces.extend([(False, content)] if isinstance(content, str) else _parts(content))
            if reason := choice.get("finish_reason"):
                self.finish_reason = str(reason)
        elif event.get("error") or event.get("object") == "error":
            raise ErrorEvent(event.get("error") or event)
        if usage := event.get("usage"):
            self.usage = _usage(usage)

    def chunks(self) -> Iterator[Chunk]:
        """The text of the events since the last call; neighbours of one kind are one chunk."""
        pieces, self._pieces = self._pieces, []
        for reasoning, group in groupby(pieces, key=itemgetter(0)):
            text = self._cleaners[reasoning].clean("".join([text for _, text in group]))
            if reasoning and text:
                yield Chunk(text, reasoning=True)
            elif text:
                yield from (Chunk(part, tagged) for tagged, part in self._splitter.split(text))

    def flush(self) -> Iterator[Chunk]:
        """What was held back, at the end of the stream."""
        if rest := self._cleaners[True].flush():
            yield Chunk(rest, reasoning=True)
        rest = self._cleaners[False].flush()
        for tagged, part in (*self._splitter.split(rest), *self._splitter.flush()):
            yield Chunk(part, tagged)


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object in an event or a body; raises ProtocolError."""
    try:
        event = orjson.loads(data)  # one object per token
    except orjson.JSONDecodeError:
        event = _parse_leniently(data)
    if not isinstance(event, dict):
        raise ProtocolError(f"not a JSON object: {data[:300]!r}")
    return event


def _parse_leniently(data: bytes) -> Any:
    """JSON of servers that cut a character in two, or write NaN."""
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):  # RecursionError is raised for [[[[…
        raise ProtocolError(f"not JSON: {data[:300]!r}") from None


def _parts(content: list[dict[str, Any]]) -> Iterator[tuple[bool, str]]:
    """Content in typed parts, as Mistral's reasoning models send it.

    Source: https://docs.mistral.ai/capabilities/reasoning
    """
    for part in content:
        if part["type"] == "thinking":
            yield from ((True, thought["text"]) for thought in part["thinking"])
        elif part["type"] == "text":
            yield False, part["text"]


def _usage(usage: dict[str, Any]) -> Usage:
    """A total above prompt and completion includes hidden reasoning that was not counted apart."""
    tokens_in, tokens_out = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    details = usage.get("completion_tokens_details") or {}
    reasoning = _count(details.get("reasoning_tokens"))
    total = _count(usage.get("total_tokens"))
    if tokens_in is not None and tokens_out is not None and total is not None:
        hidden = max(0, total - tokens_in - tokens_out)
        tokens_out += hidden
        reasoning = hidden if hidden and not reasoning else reasoning
    return Usage(tokens_in, tokens_out, reasoning)


def _count(value: Any) -> int | None:
    plausible = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_PLAUSIBLE_TOKENS
    return value if plausible else None
