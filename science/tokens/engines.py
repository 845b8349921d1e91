"""What reads a vocabulary: one small interface over tiktoken."""

import base64
from typing import Protocol

import tiktoken


class Engine(Protocol):
    """A loaded vocabulary; safe to share between threads."""

    def encode(self, text: str) -> list[int]:
        """The ids the text is cut into; `text` holds no lone surrogate."""

    def cut(self, text: str) -> list[tuple[int, bytes]]:
        """The same ids, each with the bytes of the text it stands for; joined, they give the text back."""


class Ranks:
    """Byte-pair encoding from a table of ranks, by tiktoken; special names are ordinary text."""

    def __init__(self, name: str, pattern: str, ranks: dict[bytes, int]) -> None:
        self._encoding = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})

    def encode(self, text: str) -> list[int]:
        return self._encoding.encode_ordinary(text)

    def cut(self, text: str) -> list[tuple[int, bytes]]:
        return [(id_, self._encoding.decode_single_token_bytes(id_)) for id_ in self.encode(text)]


def read_ranks(table: bytes) -> dict[bytes, int]:
    """Ranks by token, from tiktoken's file format: one "base64 rank" per line."""
    lines = (line.split() for line in table.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in lines}
