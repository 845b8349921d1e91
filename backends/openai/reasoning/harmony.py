"""The channels of gpt-oss, where a server does not parse them.

Source: https://cookbook.openai.com/articles/openai-harmony
"""

import re
from collections.abc import Iterator

_MARK = re.compile(r"<\|(start|channel|message|end|return|call|constrain)\|>", re.IGNORECASE)
_BEGUN_MARK = re.compile(r"<(\|([a-z]{0,9}(\|)?)?)?\Z", re.IGNORECASE)
MAX_HEADER_CHARACTERS = 200


class HarmonySplitter:
    """Separates the channel `final` from all others."""

    def __init__(self, *, is_answer: bool = False) -> None:
        self._is_header = not is_answer
        self._is_answer = is_answer
        self._header = ""
        self._held = ""

    def split(self, text: str) -> Iterator[tuple[bool, str]]:
        """Pairs (is reasoning, text), text not empty; keeps what may start a mark for the next call."""
        text = self._held + text
        begun = _BEGUN_MARK.search(text, max(0, len(text) - 12))
        self._held = begun[0] if begun else ""
        text = text[: len(text) - len(self._held)]
        place = 0
        for mark in _MARK.finditer(text):
            yield from self._take_text(text[place : mark.start()])
            place = mark.end()
            self._take_mark(mark[1].lower())
        yield from self._take_text(text[place:])

    def flush(self) -> Iterator[tuple[bool, str]]:
        """The text held back, at the end; after the last message, a text without a channel is the answer."""
        rest, self._held = self._held, ""
        yield from self._take_text(rest)
        if self._is_header and self._is_answer and self._header.strip() not in ("", "assistant"):
            yield False, self._header.strip()

    def _take_text(self, text: str) -> Iterator[tuple[bool, str]]:
        if self._is_header:
            self._header += text
            if len(self._header) > MAX_HEADER_CHARACTERS:  # no header at all
                text, self._header, self._is_header, self._is_answer = self._header, "", False, True
        if text and not self._is_header:
            yield not self._is_answer, text

    def _take_mark(self, name: str) -> None:
        if name == "message":
            self._is_answer = "final" in self._header.lower() or self._header.strip() in ("", "assistant")
            self._is_header = False
        elif name in ("end", "return", "call"):
            self._is_header, self._is_answer = True, True
        else:
            self._is_header, self._is_answer = True, False
            self._header += " "
            return
        self._header = ""
