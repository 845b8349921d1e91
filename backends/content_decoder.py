"""The compression of a body undone: its first bytes decide, since servers and proxies label it wrongly.

The decompressors are aiohttp's own, one interface over three packages, from a module that its documentation
does not list; tests/backends/test_http_client.py holds what is used of them.
"""

import re

import aiohttp
from aiohttp.compression_utils import (
    BrotliDecompressor,
    DecompressionBaseHandler,
    ZLibDecompressor,
    ZSTDDecompressor,
)

MAX_DECODED_BYTES = 2**18  # at once: a small body may decompress to gigabytes
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
ZLIB = re.compile(rb"\x78[\x01\x9c\xda]")
FIRST_BYTES = 4  # that decide
# Every stream of events and every JSON document begins with ASCII, behind a byte-order mark at most.
TEXT = re.compile(rb"(?:\xef\xbb\xbf)?[\t\n\r\x20-\x7e]*")
TEXT_BYTES = 16


class UndecodableBody(aiohttp.ClientPayloadError):
    """A body that is not what its first bytes say."""


class ContentDecoder:
    """Decodes one body, cut anywhere. Text passes, whatever its label."""

    def __init__(self, label: str) -> None:
        """label: the header Content-Encoding; empty without one."""
        self._label = label.strip().lower()
        self._decompressor: DecompressionBaseHandler | None = None
        self._is_plain = False
        self._held = b""

    @property
    def has_output(self) -> bool:
        """Whether more can be decoded of what was given."""
        return self._decompressor is not None and self._decompressor.data_available

    @property
    def is_empty(self) -> bool:
        """Whether all that was given is decoded."""
        return not (self._held or self.has_output)

    def decode(self, data: bytes, *, is_end: bool = False) -> bytes:
        """The content of the next bytes, up to MAX_DECODED_BYTES; the rest at the next call.

        Raises UndecodableBody.
        """
        if self._is_plain:
            return data
        if self._decompressor is None:
            data, self._held = self._held + data, b""
            if len(data) < FIRST_BYTES and not is_end:
                self._held = data
                return b""
            self._decompressor = _decompressor_of(data, self._label)
            if self._decompressor is None:
                self._is_plain = True
                return data
        try:
            return self._decompressor.decompress_sync(data, MAX_DECODED_BYTES)
        except Exception as error:  # each of the three packages has its own
            raise UndecodableBody(f"not what its first bytes say: {type(error).__name__}") from error


def _decompressor_of(first: bytes, label: str) -> DecompressionBaseHandler | None:
    """The decompressor of a body that begins with these bytes; None for a plain one."""
    if first.startswith(GZIP):
        return ZLibDecompressor("gzip")
    if first.startswith(ZSTD):
        return ZSTDDecompressor()
    if ZLIB.match(first):
        return ZLibDecompressor("deflate")
    if TEXT.fullmatch(first[:TEXT_BYTES]):
        return None
    if label == "br":
        return BrotliDecompressor()
    return ZLibDecompressor("deflate", suppress_deflate_header=True) if label == "deflate" else None
