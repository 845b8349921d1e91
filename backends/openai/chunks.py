"""The events of one chat completion, decoded into chunks, usage and a finish reason.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from backends.base import Chunk, Restart, Usage
from backends.openai.error_events import ERROR_FIELDS, find_error
from backends.openai.finish_reasons import reason_name, says_unfinished
from backends.openai.lenient_json import parse_json
from backends.openai.parts import Piece, read_pieces
from backends.openai.reasoning.splitter import ReasoningSplitter
from backends.openai.text import TextCleaner
from backends.openai.usage import find_usage, merge_usage

MIN_REPEATED_CHARACTERS = 12  # a shorter delta may be the same words again
MIN_REPEATED_AT_END = 4  # beside the finish reason


class ProtocolError(ValueError):
    """An event that is no part of a chat completion."""


class ErrorEvent(Exception):
    """An error that the server sent inside the stream; `error` is the object or text it sent."""

    def __init__(self, error: Any) -> None:
        super().__init__(error)
        self.error = error


class CompletionReader:
    """Decodes events into chunks, without I/O.

    What an event holds in an unknown form is skipped: servers add fields of their own.
    """

    def __init__(self) -> None:
        self.has_answer = False  # whether any event was part of a chat completion
        self.finish_reason = ""  # as `reason_name` gives it
        self.is_unfinished = False  # whether the last event says so, in place of a finish reason
        self.usage: Usage | None = None
        self._pieces: list[Piece] = []
        self._is_restart_due = False
        self._cleaners = {False: TextCleaner(), True: TextCleaner()}
        self._splitter = ReasoningSplitter()
        self._sent = {False: _SentText(), True: _SentText()}
        self._index: int | None = None  # of the choice that is read, where several come

    def take_texts(self, texts: list[str]) -> None:
        """Read events of which each holds nothing but this piece of the answer."""
        self.has_answer = True
        sent = self._sent[False]
        if sent.is_plain and max(map(len, texts)) < sent.characters:  # none is the whole text once more
            text = "".join(texts)
            sent.add(text)
            self._pieces.append((False, text))
            return
        for text in texts:
            self._take_delta(False, text, is_last=False)

    def take(self, event: dict[str, Any]) -> str:
        """Read one decoded event; the piece of the answer that it is, if it holds nothing else.

        Raises ErrorEvent.
        """
        if text := _plain_text(event):
            self.take_texts([text])
        else:
            self._take_other(event)
        return text

    def _take_other(self, event: dict[str, Any]) -> None:
        event = _unwrapped(event)
        choice = self._own_choice(event)
        self._take_choice(choice)
        if _holds_only_text(event, choice):
            return
        if usage := find_usage(event, choice):
            self.usage = merge_usage(self.usage, usage)
            self.has_answer = True
        if (error := find_error(event, choice)) and not self._is_finished_well(choice):
            raise ErrorEvent(error)

    def _is_finished_well(self, choice: dict[str, Any]) -> bool:
        """Whether an earlier event ended the answer: an error that follows takes nothing from it."""
        return bool(self.finish_reason) and not choice

    def _own_choice(self, event: dict[str, Any]) -> dict[str, Any]:
        """The choice of the index that came first; Ollama's own events are one choice."""
        choices = event.get("choices")
        if choices is None and isinstance(event.get("message"), dict):
            return {"message": event["message"], "finish_reason": event.get("done_reason")}
        rows = choices if isinstance(choices, list) else [choices]
        for choice in filter(None, rows):
            index = choice.get("index") if isinstance(choice, dict) else None
            if not isinstance(index, int) or index == self._index or self._index is None:
                self._index = index if isinstance(index, int) else self._index
                return choice if isinstance(choice, dict) else {}
        return {}

    def _take_choice(self, choice: dict[str, Any]) -> None:
        finish = choice.get("finish_reason") or choice.get("finishReason")
        reason = reason_name(finish)
        if choice:
            self.is_unfinished = says_unfinished(finish)
        for is_reasoning, text in read_pieces(choice.get("delta")):
            self._take_delta(is_reasoning, text, is_last=bool(reason))
        message = choice.get("message")
        if message is None and not choice.get("delta"):
            message = choice.get("text")  # of the older completions
        # Of a server that does not stream, or the whole again after its deltas.
        for is_reasoning, text in _joined_by_kind(read_pieces(message)):
            self._add(is_reasoning, self._sent[is_reasoning].rest_of_message(text))
        if isinstance(refusal := choice.get("refusal"), str):
            self._add(False, self._sent[False].rest_of(refusal))
        self.has_answer |= bool(reason)
        self.finish_reason = reason or self.finish_reason

    def _take_delta(self, is_reasoning: bool, text: str, is_last: bool) -> None:
        sent = self._sent[is_reasoning]
        if sent.is_plain and not is_last and len(text) != sent.characters:
            sent.add(text)
            self._pieces.append((is_reasoning, text))
            return
        if sent.is_repeated_by(text, is_last):
            return
        was_cumulative = sent.is_cumulative
        rest = sent.rest_of_delta(text)
        if sent.is_cumulative and not was_cumulative:
            self._restart(is_reasoning, text)
        else:
            self._add(is_reasoning, rest, keep=False)

    def _restart(self, is_reasoning: bool, text: str) -> None:
        """Begin again: every delta so far was the whole text so far."""
        self._is_restart_due = True
        self._cleaners = {False: TextCleaner(), True: TextCleaner()}
        self._splitter = ReasoningSplitter()
        other = not is_reasoning
        pieces = [(other, self._sent[other].text), (is_reasoning, text)]
        self._pieces = sorted(((kind, text) for kind, text in pieces if text), reverse=True)

    def _add(self, is_reasoning: bool, text: str, *, keep: bool = True) -> None:
        if text:
            self.has_answer = True
            self._pieces.append((is_reasoning, text))
            if keep:
                self._sent[is_reasoning].add(text)

    def chunks(self) -> Iterator[Chunk | Restart]:
        """The text of the events since the last call; neighbours of one kind are one chunk."""
        pieces, self._pieces = self._pieces, []
        if self._is_restart_due:
            self._is_restart_due = False
            yield Restart()
        for reasoning, group in groupby(pieces, key=itemgetter(0)):
            text = self._cleaners[reasoning].clean("".join([text for _, text in group]))
            if reasoning:
                yield from self._splitter.add_reasoning(text)
            elif text:
                yield from self._splitter.split(text)

    def flush(self) -> Iterator[Chunk | Restart]:
        """The text held back, at the end of the stream."""
        yield from self._splitter.add_reasoning(self._cleaners[True].flush())
        yield from self._splitter.split(self._cleaners[False].flush())
        yield from self._splitter.flush()


# What an event and its choice may hold besides the text of one token, of which there are most.
_PLAIN_EVENT = {
    "id", "object", "created", "model", "choices", "system_fingerprint", "service_tier", "obfuscation",
    "usage", "provider", "p",
}  # fmt: skip
_PLAIN_CHOICE = {
    "index",
    "delta",
    "logprobs",
    "finish_reason",
    "native_finish_reason",
    "stop_reason",
    "token_ids",
}
_PLAIN_DELTA = {"role", "content"}
# Of a delta, what is no text.
_DELTA_EXTRAS = {"usage", *ERROR_FIELDS}


def _plain_text(event: dict[str, Any]) -> str:
    """The text of an event that holds nothing else; empty for any other."""
    choices = event.get("choices")
    if (
        event.get("usage")
        or not isinstance(choices, list)
        or len(choices) != 1
        or not _PLAIN_EVENT.issuperset(event)
    ):
        return ""
    choice = choices[0]
    if (
        not isinstance(choice, dict)
        or choice.get("finish_reason")
        or choice.get("index")
        or not _PLAIN_CHOICE.issuperset(choice)
    ):
        return ""
    delta = choice.get("delta")
    if not isinstance(delta, dict) or not _PLAIN_DELTA.issuperset(delta):
        return ""
    content = delta.get("content")
    return content if isinstance(content, str) else ""


def _holds_only_text(event: dict[str, Any], choice: dict[str, Any]) -> bool:
    """Whether an event has no place for usage or an error beside its text and its finish reason."""
    delta = choice.get("delta")
    return (
        not event.get("usage")
        and event.keys() <= _PLAIN_EVENT
        and choice.keys() <= _PLAIN_CHOICE
        and isinstance(delta, dict)
        and _DELTA_EXTRAS.isdisjoint(delta)
    )


class _SentText:
    """The text of one kind that a server has sent, to recognise what it sends again."""

    def __init__(self) -> None:
        self._texts: list[str] = []  # joined when they are needed, which is rare
        self.characters = 0
        self.deltas = 0
        self.is_cumulative = False
        self._last = ""
        self._may_be_cumulative = True

    @property
    def text(self) -> str:
        self._texts = ["".join(self._texts)]
        return self._texts[0]

    def add(self, text: str) -> None:
        self._texts.append(text)
        self.characters += len(text)

    def is_repeated_by(self, delta: str, is_last: bool) -> bool:
        """Whether a delta is the whole text so far once more; short ones may be the same words again."""
        least = MIN_REPEATED_CHARACTERS if not is_last or self.deltas < 2 else MIN_REPEATED_AT_END
        is_long = len(delta) >= least and (is_last or self.deltas > 1)
        return is_long and len(delta) == self.characters and delta == self.text

    @property
    def is_plain(self) -> bool:
        """Whether a delta of any text adds to the text, as most servers send it."""
        return not (self._may_be_cumulative or self.is_cumulative)

    def rest_of_message(self, text: str) -> str:
        """The text that a message adds: all of it where no delta came and it does not go on from the last."""
        if not self.deltas and not text.startswith(self.text):
            return text
        return self.rest_of(text)

    def rest_of(self, whole: str) -> str:
        """The text that a whole answer adds to the deltas; nothing when it is another answer."""
        begun = self.text.lstrip()
        whole = whole if not begun else whole.lstrip()
        return whole[len(begun) :] if whole.startswith(begun) else ""

    def rest_of_delta(self, text: str) -> str:
        """The text that a delta adds. Three in a row, each longer than the last, are cumulative."""
        self.deltas += 1
        if self.is_cumulative:
            rest = self.rest_of(text)
            self.add(rest)
            return rest
        if self._may_be_cumulative and self.deltas > 1:
            self._may_be_cumulative = text.startswith(self._last) and len(text) > len(self._last)
        if self._may_be_cumulative:
            self._last = text
            if self.deltas > 2 and len(text) >= MIN_REPEATED_CHARACTERS:
                self.is_cumulative, self._texts, self.characters = True, [text], len(text)
                return ""
        self.add(text)
        return text


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object in an event or a body; raises ProtocolError."""
    try:
        event = parse_json(data)
    except ValueError:
        raise ProtocolError(f"not JSON: {data[:300]!r}") from None
    if not isinstance(event, dict):
        raise ProtocolError(f"not a JSON object: {data[:300]!r}")
    return event


def _unwrapped(event: dict[str, Any]) -> dict[str, Any]:
    """The event inside an envelope, as some gateways send it."""
    if "choices" in event:
        return event
    insides = (event.get(name) for name in ("data", "result", "response", "body"))
    return next((one for one in insides if isinstance(one, dict) and "choices" in one), event)


def _joined_by_kind(pieces: Iterator[Piece]) -> Iterator[Piece]:
    texts = {True: "", False: ""}
    for is_reasoning, text in pieces:
        texts[is_reasoning] += text
    yield from texts.items()
