"""One interface over the tokenizers of kitoken."""

import re
from collections.abc import Iterator
from typing import Protocol

from kitoken import Kitoken

# With a million blanks in a row the regular expressions of kitoken 0.11 give up and end the process.
MAX_PART_CHARS = 100_000
_LAST_WORD_END = re.compile(r"(?s:.*)\S(?= )")


class Engine(Protocol):
    """A loaded vocabulary; threads may share it. Names of special tokens in a text are ordinary text."""

    def encode(self, text: str) -> list[int]:
        """The ids of the tokens; `text` holds no lone surrogate."""

    def tokenize(self, text: str) -> list[tuple[int, bytes]]:
        """The same ids, each with the bytes it stands for; joined, these are the text's UTF-8."""


class ByteLevelEngine:
    """Byte-pair encoding by kitoken, for a vocabulary whose tokens are the text's own bytes."""

    def __init__(self, tokenizer: Kitoken) -> None:
        self._tokenizer = tokenizer

    def encode(self, text: str) -> list[int]:
        return [id_ for part in split_text(text) for id_ in self._tokenizer.encode(part)]

    def tokenize(self, text: str) -> list[tuple[int, bytes]]:
        ids = self.encode(text)
        return list(zip(ids, self._tokenizer.decode_all([[id_] for id_ in ids]), strict=True))


class SentencePieceEngine:
    """SentencePiece by kitoken: blanks are ▁ inside, and some vocabularies add one before the text."""

    def __init__(self, tokenizer: Kitoken) -> None:
        self._tokenizer = tokenizer
        self._anchor = tokenizer.encode("a")[0]
        self._added_blanks = len(self._pieces([self._anchor])[0]) - len(b"a")

    def encode(self, text: str) -> list[int]:
        # Never in parts: a vocabulary that adds a blank before a text would add one before each part.
        return self._tokenizer.encode(text)

    def tokenize(self, text: str) -> list[tuple[int, bytes]]:
        ids = self.encode(text)
        pieces = self._pieces(ids)
        pieces[:1] = [first[self._added_blanks :] for first in pieces[:1]]
        # A ▁ of the text is tokenized as a blank too: restore each blank or ▁ as typed, in order.
        blanks = (blank.encode() for blank in re.findall("[ ▁]", text))
        as_typed = [re.sub(b" ", lambda _: next(blanks), piece) for piece in pieces]
        return list(zip(ids, as_typed, strict=True))

    def _pieces(self, ids: list[int]) -> list[bytes]:
        """The bytes of each token, decoded after an anchor: a blank at the very start would be dropped."""
        skipped = len(self._tokenizer.decode([self._anchor]))
        decoded = self._tokenizer.decode_all([[self._anchor, id_] for id_ in ids])
        return [piece[skipped:] for piece in decoded]


def split_text(text: str, max_chars: int = MAX_PART_CHARS) -> Iterator[str]:
    """The text in parts of at most `max_chars`, split before a space that follows a word.

    All vocabularies split words there, so the tokens of the parts are those of the text. Without such a
    space, as in one letter repeated, a part ends anywhere: the count may be off by a token or two there.
    """
    start = 0
    while len(text) - start > max_chars:
        match = _LAST_WORD_END.match(text, start, start + max_chars)
        end = match.end() if match else start + max_chars
        yield text[start:end]
        start = end
    yield text[start:]
