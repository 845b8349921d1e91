"""The body of one chat completion, decoded as it arrives: bytes in, chunks and usage out; no I/O."""

from collections.abc import Iterable, Iterator
from itertools import chain

from backends.base import BackendError, Chunk, FailureReason, FinishReason, StreamItem
from backends.openai.chunks import CompletionReader, ErrorEvent, ProtocolError
from backends.openai.sse import EventDecoder, LineTooLong

MAX_WHOLE_BODY_BYTES = 2_000_000  # of an answer that is not streamed

_FINISH_REASONS = {
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.FILTERED,
}


class CompletionDecoder:
    """Decodes one body, an event stream or a single JSON object."""

    def __init__(self, *, is_event_stream: bool, max_characters: int) -> None:
        self.finish_reason: FinishReason | None = None
        self.error: ErrorEvent | ProtocolError | LineTooLong | None = None  # what follows is not decoded
        self.is_done = False  # the rest of the body is not needed
        self.characters = 0
        self._max_characters = max_characters
        self._reader = CompletionReader()
        self.is_event_stream = is_event_stream
        self._events = EventDecoder() if is_event_stream else None
        self._whole_body = bytearray()

    @property
    def has_finish_reason(self) -> bool:
        """Whether the model has finished: only usage and the end of the stream may follow."""
        return bool(self._reader.finish_reason)

    def feed(self, data: bytes) -> list[StreamItem]:
        """The chunks in the next bytes; those before an error, which is then in `error`."""
        if self._events is None:
            self._whole_body += data
            self.is_done = len(self._whole_body) >= MAX_WHOLE_BODY_BYTES
            return []
        try:
            self._feed_events(self._events.feed(data))
        except (ErrorEvent, ProtocolError, LineTooLong) as error:
            self.error = error
        return list(self._limit(self._reader.chunks()))

    def finish(self) -> list[StreamItem]:
        """The rest, once no more bytes come; sets `finish_reason`.

        Raises BackendError when the body ended without an answer, or what `feed` leaves in `error`.
        """
        if self._events is not None:
            self._feed_events(self._events.flush())
        else:
            self._reader.feed(bytes(self._whole_body))
        items: list[StreamItem] = list(self._limit(chain(self._reader.chunks(), self._reader.flush())))
        self.finish_reason = self.finish_reason or self._final_reason()
        if self._reader.usage:
            items.append(self._reader.usage)
        return items

    def _feed_events(self, events: list[bytes]) -> None:
        for event in events:
            if event == b"[DONE]":
                self.is_done = True
            elif event and not self.is_done:
                self._reader.feed(event)

    def _limit(self, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
        """The chunks up to the limit of characters, where the answer ends."""
        for chunk in chunks:
            room = self._max_characters - self.characters
            self.characters += len(chunk.text)
            if len(chunk.text) <= room:
                yield chunk
                continue
            self.finish_reason = FinishReason.TOO_LONG
            self.is_done = True
            if room > 0:
                yield Chunk(chunk.text[:room], chunk.reasoning)
            return

    def _final_reason(self) -> FinishReason:
        """Why the answer ended; raises BackendError when there is none."""
        reason = self._reader.finish_reason
        if reason == "error":
            raise BackendError(FailureReason.UPSTREAM_ERROR, "the finish reason is « error »")
        if not (reason or self.is_done):
            failure = FailureReason.CONNECTION_LOST if self._reader.events else FailureReason.PROTOCOL_ERROR
            raise BackendError(failure, "the body ended before the answer")
        finish_reason = _FINISH_REASONS.get(reason, FinishReason.COMPLETE)
        if not self.characters:
            is_filtered = finish_reason is FinishReason.FILTERED
            failure = FailureReason.FILTERED if is_filtered else FailureReason.NO_OUTPUT
            raise BackendError(failure, f"no text; finish reason « {reason} »")
        return finish_reason
