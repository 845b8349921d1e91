"""The body of one chat completion, decoded as it arrives: bytes in, chunks and usage out; no I/O."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from backends.base import BackendError, Chunk, FailureReason, FinishReason, Restart, StreamItem, Usage
from backends.openai.body import BodyDecoder, Form
from backends.openai.chunks import CompletionReader, ErrorEvent, ProtocolError, json_object
from backends.openai.finish_reasons import read_reason
from backends.openai.lenient_json import parse_json
from backends.openai.sse import LineTooLong, ServerEvent
from backends.openai.text_surroundings import TextSurroundings

DONE = (b"[DONE]", b"DONE", b'"[DONE]"')
ERROR_NAMES = ("error", "exception", "fail", "failed", "failure", "response.failed")
DONE_NAMES = ("done", "end", "complete")
KEEP_ALIVE_NAMES = ("ping", "heartbeat", "keepalive", "keep-alive", "keep_alive")
# A line of words that tells of an error, as proxies write it into a stream.
ERROR_LINE = re.compile(
    rb"[\W_]{0,3}(?:error|exception|traceback|fatal|internal server error|bad gateway|service unavailable"
    rb"|gateway time-?out|too many requests|upstream)\b|<(?:!doctype|html)\b",
    re.IGNORECASE,
)
BRACKETED_WORD = re.compile(rb"\[[A-Za-z][\w \-]{0,40}\]")
MAX_CHARACTERS_PER_TOKEN = 40  # above, the server's count is a placeholder: real ones are near four


class CompletionDecoder:
    """Decodes one body: Server-Sent Events, JSON lines or a single JSON document."""

    def __init__(self, *, max_characters: int) -> None:
        self.finish_reason: FinishReason | None = None
        self.error: ErrorEvent | ProtocolError | LineTooLong | None = None  # what follows is not decoded
        self.is_done = False  # the rest of the body is not needed
        self.characters = 0
        self._max_characters = max_characters
        self._reader = CompletionReader()
        self._body = BodyDecoder()
        self._surroundings = TextSurroundings()

    @property
    def has_finish_reason(self) -> bool:
        """Whether the model has finished: only usage and the end of the stream may follow."""
        return bool(self._reader.finish_reason)

    @property
    def is_whole_body(self) -> bool:
        """Whether the answer comes as one document, of which every byte counts as progress."""
        return self._body.form is Form.WHOLE

    def feed(self, data: bytes) -> list[StreamItem]:
        """The chunks in the next bytes; those before an error, which is then in `error`."""
        try:
            is_event = self._body.is_between_events and not self.is_done
            if is_event and (texts := self._surroundings.find_texts(data)):
                self._reader.take_texts(texts)
            else:
                self._feed_events(self._body.feed(data))
        except (ErrorEvent, ProtocolError, LineTooLong) as error:
            self.error = error
        self.is_done |= self._body.is_full
        return list(self._limit(self._reader.chunks()))

    def finish(self) -> list[StreamItem]:
        """The rest, once no more bytes come; sets `finish_reason`.

        Raises BackendError when the body ended without an answer, or what `feed` leaves in `error`.
        """
        self._feed_events(self._body.flush())
        items: list[StreamItem] = list(self._limit(chain(self._reader.chunks(), self._reader.flush())))
        self.finish_reason = self.finish_reason or self._final_reason()
        if usage := self._reader.usage:
            is_count = (usage.tokens_out or 0) * MAX_CHARACTERS_PER_TOKEN >= self.characters
            tokens_out = (usage.tokens_out or None) if is_count else None
            rejected = None if is_count else usage.tokens_out
            items.append(Usage(usage.tokens_in or None, tokens_out, usage.reasoning_tokens, rejected))
        return items

    def _feed_events(self, events: list[ServerEvent]) -> None:
        for event in events:
            if self.is_done:
                return
            self._feed_event(event)

    def _feed_event(self, event: ServerEvent) -> None:
        """Read one event; one that is no JSON keeps the connection open, unless it tells of an error."""
        if event.data.upper() in DONE:
            self.is_done = True
            return
        if event.name in KEEP_ALIVE_NAMES:
            return
        if event.data.startswith(b"{"):
            self._feed_object(event)
        elif event.data and (event.name in ERROR_NAMES or ERROR_LINE.match(event.data)):
            raise ErrorEvent(event.data.decode("utf-8", "replace"))
        elif event.data.startswith(b"[") and not BRACKETED_WORD.fullmatch(event.data):
            self._feed_list(event.data)
        if event.name in DONE_NAMES:
            self.is_done = True

    def _feed_object(self, event: ServerEvent) -> None:
        """One object; under the name of an error it is one, unless it holds a part of the answer."""
        document = json_object(event.data)
        if text := self._reader.take(document):
            self._surroundings.learn(event.data, text)
            return
        if event.name in ERROR_NAMES and "choices" not in document:
            raise ErrorEvent(document)
        self.is_done |= document.get("done") is True

    def _feed_list(self, data: bytes) -> None:
        """A list of events, as gateways to Google's models write them."""
        try:
            events = parse_json(data)
        except ValueError:
            raise ProtocolError(f"not JSON: {data[:300]!r}") from None
        if not all(isinstance(event, dict) for event in events):
            raise ProtocolError(f"not a list of events: {data[:300]!r}")
        for event in events:
            self._reader.take(event)

    def _limit(self, items: Iterable[Chunk | Restart]) -> Iterator[Chunk | Restart]:
        """The chunks up to the limit of characters, where the answer ends."""
        for item in items:
            if isinstance(item, Restart):
                self.characters = 0
                yield item
                continue
            room = self._max_characters - self.characters
            self.characters += len(item.text)
            if len(item.text) <= room:
                yield item
                continue
            self.finish_reason = FinishReason.TOO_LONG
            self.is_done = True
            if room > 0:
                yield Chunk(item.text[:room], item.reasoning)
            return

    def _final_reason(self) -> FinishReason:
        """Why the answer ended; raises BackendError when there is none."""
        name = self._reader.finish_reason or ("incomplete" if self._reader.is_unfinished else "")
        reason = read_reason(name)
        if reason is None:
            raise BackendError(FailureReason.UPSTREAM_ERROR, f"the finish reason is « {name} »")
        is_document = self.is_whole_body and self._reader.has_answer
        if not (name or self.is_done or is_document):
            failure = (
                FailureReason.CONNECTION_LOST if self._reader.has_answer else FailureReason.PROTOCOL_ERROR
            )
            raise BackendError(failure, "the body ended before the answer")
        if not self.characters:
            is_filtered = reason is FinishReason.FILTERED
            failure = FailureReason.FILTERED if is_filtered else FailureReason.NO_OUTPUT
            raise BackendError(failure, f"no text; finish reason « {name} »", blames_server=False)
        return reason
