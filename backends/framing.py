"""Where the body of an HTTP/1.1 response ends, told from its bytes. Source: RFC 9112, sections 6 and 7."""

import http.client
from typing import Protocol


class Body(Protocol):
    """Takes the content out of what arrives, and knows when it is whole."""

    complete: bool

    @property
    def has_unread(self) -> bool:
        """Whether something came behind the end, which no server should send."""

    def feed(self, data: bytes) -> bytes:
        """The content in it; raises http.client.HTTPException when the framing is wrong."""


class SizedBody:
    """A body of so many bytes; of an unknown number, None, it is whole when the connection ends."""

    def __init__(self, size: int | None) -> None:
        self._left = size
        self.complete = size == 0
        self.has_unread = False

    def feed(self, data: bytes) -> bytes:
        if self._left is None:
            return data
        self.has_unread = len(data) > self._left
        content = data[: self._left]
        self._left -= len(content)
        self.complete = self._left == 0
        return content


MAX_SIZE_LINE_BYTES = 1_000  # a frame's size is a few hexadecimal digits


class ChunkedBody:
    """Takes HTTP/1.1's chunked framing away.

    http.client's own reader hands out one frame per call, that is one token; this one all that came.
    Source: RFC 9112, section 7.1.
    """

    def __init__(self) -> None:
        self.complete = False
        self._frame_left = 0
        self._last_frame_seen = False
        self._unread = b""

    @property
    def has_unread(self) -> bool:
        return bool(self._unread)

    def feed(self, data: bytes) -> bytes:
        data = self._unread + data
        content: list[bytes] = []
        position = 0
        while position < len(data) and not self.complete:
            if self._frame_left:
                piece = data[position : position + self._frame_left]
                content.append(piece)
                position += len(piece)
                self._frame_left -= len(piece)
                continue
            line_end = data.find(b"\r\n", position)
            if line_end < 0:
                break
            line = data[position:line_end]
            position = line_end + 2
            # Between frames: the empty line that ends one, the size of the next, or a trailer after the last.
            if self._last_frame_seen:
                self.complete = not line
            elif line:
                self._frame_left = _frame_size(line)
                self._last_frame_seen = self._frame_left == 0
        self._unread = data[position:]
        if len(self._unread) > MAX_SIZE_LINE_BYTES:
            raise http.client.HTTPException("the chunked framing has no end of line")
        return b"".join(content)


def _frame_size(line: bytes) -> int:
    try:
        size = int(line.partition(b";")[0], 16)
    except ValueError:
        size = -1
    if size < 0:
        raise http.client.HTTPException("the size of a frame is not a number")
    return size
