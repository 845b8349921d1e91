"""Reasoning that a model writes inside its answer, separated by the marks of many models."""

import re
from collections.abc import Iterator

from backends.base import Chunk, Restart
from backends.openai.reasoning.context import SPACES, Context
from backends.openai.reasoning.harmony import HarmonySplitter
from backends.openai.reasoning.reasoning_marks import (
    ANALYSIS,
    ASSISTANT_FINAL,
    CLOSING,
    HARMONY_ANSWER,
    HARMONY_STARTS,
    MARK_SIGNS,
    OPENING,
    OPENING_WITHIN,
    PAIRED,
    ROLES,
    STOP_AT_END,
    WRAPPERS,
    closing_of,
    may_begin,
    unfinished,
)

Item = Chunk | Restart

_MARK = re.compile(f"(?P<closing_mark>{CLOSING.pattern})|{OPENING_WITHIN.pattern}", re.IGNORECASE)
_MARK_OR_FINAL = re.compile(f"(?P<final>{ASSISTANT_FINAL.pattern})|{_MARK.pattern}", re.IGNORECASE)
QUOTES = {"`": "`", '"': '"', "“": "”", "«": "»"}
AFTER_CHARACTERS = 3  # behind a closing tag, white space aside: a fence, or the answer
_HARMONY_REST = re.compile(r"(<\|end\|>)?(<\|start\|>)?(assistant)?\Z")
_BLANKS = " \t\r\n\f\v\xa0\u202f\u200b\u200c\u200d\u2060\ufeff"


class ReasoningSplitter:
    """Separates the reasoning that a model writes before or within its answer.

    A tag opens it at the very start, on a line of its own, or anywhere once the model has reasoned; in code
    or within a sentence, a tag is part of the answer. A closing tag that nobody opened ends a reasoning whose
    opening was in the prompt: all that was taken for the answer is sent again as reasoning, after a Restart.
    White space around the tags is removed, and so are special tokens before and behind the answer.
    """

    def __init__(self) -> None:
        self._is_start = True
        self._is_after_reasoning = False
        self._closing: re.Pattern[str] | None = None  # of the reasoning, or of the wrapper, that is open
        self._is_wrapper = False
        self._skip_space = False
        self._needs_gap = False  # between two reasonings
        self._is_analysis = False
        self._harmony: HarmonySplitter | None = None
        self._held = ""
        self._reasoning: list[str] = []
        self._answer: list[str] = []
        self._context = Context()
        self._unread: list[str] = []  # of the answer, by the context: at once, so that no mark is cut

    def add_reasoning(self, text: str) -> Iterator[Item]:
        """Reasoning that the server has separated."""
        if text:
            self._reasoning.append(text)
            yield Chunk(text, reasoning=True)

    def split(self, text: str, *, is_end: bool = False) -> Iterator[Item]:
        """The chunks of a text; keeps what may start a tag for the next call."""
        text, self._held = self._held + text, ""
        if self._is_plain and not is_end and MARK_SIGNS.isdisjoint(text):
            yield from self._answered(text)
            return
        while text:
            if self._skip_space:
                text = text.lstrip()
                self._skip_space = not text
            if not text:
                return
            if self._harmony:
                yield from self._channels(self._harmony.split(text))
                return
            if self._is_start:
                text = self._at_start(text, is_end)
            elif self._closing:
                items, text = self._inside(self._closing, text, is_end)
                yield from items
            else:
                items, text = self._in_answer(text, is_end)
                yield from items

    @property
    def _is_plain(self) -> bool:
        """Whether a text without the first character of a tag is a piece of the answer."""
        is_answer = not (self._is_start or self._closing or self._skip_space or self._is_analysis)
        return is_answer and self._harmony is None

    def flush(self) -> Iterator[Item]:
        """The text held back, at the end of the stream."""
        yield from self.split("", is_end=True)
        if self._harmony:
            yield from self._channels(self._harmony.flush())

    def _at_start(self, text: str, is_end: bool) -> str:
        """Look for an opening mark; the text that is still to be read."""
        opening = text.lstrip(_BLANKS)
        begun = opening[:60].lower()
        if role := next(filter(begun.startswith, ROLES), ""):
            self._skip_space = True
            return opening[len(role) :]
        if end := self._open_at(opening, begun):
            return opening[end:]
        if begun.startswith(HARMONY_STARTS) and not self._is_after_reasoning:
            self._is_start, self._harmony = False, HarmonySplitter()
            return opening
        if not is_end and may_begin(opening):
            self._held = text
            return ""
        self._is_start = False
        self._is_analysis = bool(ANALYSIS.match(opening)) and not self._is_after_reasoning
        return text

    def _open_at(self, opening: str, begun: str) -> int:
        """Where a mark at the start of this text ends, having opened what it opens; 0 without one."""
        if found := OPENING.match(opening):
            if found[0].endswith("/>"):
                self._skip_space = True
            else:
                self._open(closing_of(found))
            return found.end()
        for mark, closing in WRAPPERS.items():
            if begun.startswith(mark) and (self._is_after_reasoning or "|" in mark):
                self._open(re.compile(re.escape(closing), re.IGNORECASE), is_wrapper=True)
                return len(mark)
        if not self._is_after_reasoning:
            for pattern, closing_pattern in PAIRED.items():
                if found := pattern.match(opening):
                    self._open(closing_pattern)
                    return found.end()
        return 0

    def _open(self, closing: re.Pattern[str], *, is_wrapper: bool = False) -> None:
        self._is_start, self._skip_space = False, True
        self._closing, self._is_wrapper = closing, is_wrapper
        if not is_wrapper:
            self._is_after_reasoning, self._needs_gap = True, bool(self._reasoning)

    def _inside(self, closing: re.Pattern[str], text: str, is_end: bool) -> tuple[list[Item], str]:
        """Read up to the closing tag: the chunks, and what follows it."""
        found = self._closing_tag(closing, text)
        rest = text[found.end() :].lstrip(SPACES) if found else "none"
        if found and not (rest or is_end) and self._may_be_quoted(text[: found.start()]):
            shown = text[: found.start()].rstrip()
            self._held = text[len(shown) :]
            return self._emit(shown), ""
        if found:
            items = self._emit(text[: found.start()].rstrip())
            self._is_start = not self._is_wrapper
            self._closing, self._skip_space = None, not self._is_wrapper
            return items, text[found.end() :]
        held = unfinished(text, is_paired=True)
        shown = text if is_end else text[: len(text) - held].rstrip()
        if self._is_wrapper and is_end:
            shown = STOP_AT_END.sub("", text).rstrip()
        self._held = "" if is_end else text[len(shown) :]
        return self._emit(shown), ""

    def _closing_tag(self, closing: re.Pattern[str], text: str) -> re.Match[str] | None:
        """The first closing tag that is not quoted: a model may reason about tags."""
        for found in closing.finditer(text):
            before, after = text[: found.start()], text[found.end() :].lstrip(SPACES)
            if after[:1] not in QUOTES.values() or not self._may_be_quoted(before, after[0]):
                return found
        return None

    def _may_be_quoted(self, before: str, quote: str = "") -> bool:
        """Whether the text before a tag ends with an opening quote, which this one would close."""
        opening = ("".join(self._reasoning[-1:]) + before).rstrip(SPACES)[-1:]
        if opening not in QUOTES or (quote and quote != QUOTES[opening]):
            return False
        line = ("".join(self._reasoning) + before).rpartition("\n")[2]
        return opening != QUOTES[opening] or line.count(opening) % 2 == 1

    def _emit(self, text: str) -> list[Item]:
        if not text:
            return []
        if self._needs_gap and not self._is_wrapper:
            text, self._needs_gap = f"\n\n{text}", False
        (self._answer if self._is_wrapper else self._reasoning).append(text)
        return [Chunk(text, reasoning=not self._is_wrapper)]

    def _in_answer(self, text: str, is_end: bool) -> tuple[list[Item], str]:
        """Read up to the next mark: the chunks, and what is still to be read."""
        found = (_MARK_OR_FINAL if self._is_analysis else _MARK).search(text)
        if not found:
            return self._up_to_end(text, is_end), ""
        before, after = text[: found.start()], text[found.end() :].lstrip(SPACES)
        opening = None if found[0].endswith("/>") else OPENING_WITHIN.fullmatch(found[0])
        if len(after.strip()) < AFTER_CHARACTERS and not (opening or is_end):  # what follows decides
            self._held = text[found.start() :]
            return self._answered(before), ""
        self._context.read("".join([*self._unread, before]))
        self._unread = []
        if opening:
            if self._context.begins_reasoning(has_reasoned=self._is_after_reasoning):
                self._open(closing_of(opening))
                self._answer.append(before)
                return [Chunk(before)] if before else [], text[found.end() :]
        elif ASSISTANT_FINAL.fullmatch(found[0]) or self._context.ends_reasoning(found[0], after):
            return self._fold(before, found[0]), text[found.end() :]
        self._unread.append(found[0])
        self._answer.append(text[: found.end()])
        return [Chunk(text[: found.end()])], text[found.end() :]

    def _up_to_end(self, text: str, is_end: bool) -> list[Item]:
        """The chunk of a text without a mark, but for what may begin one, or ends the answer."""
        stop = STOP_AT_END.search(text)
        end = stop.start() if stop else len(text)
        if not is_end:
            end = min(end, len(text) - unfinished(text, is_analysis=self._is_analysis))
            self._held = text[end:]
        return self._answered(text[:end])

    def _answered(self, text: str) -> list[Item]:
        if not text:
            return []
        self._unread.append(text)
        self._answer.append(text)
        return [Chunk(text)]

    def _fold(self, before: str, mark: str) -> list[Item]:
        """All that was taken for the answer is reasoning."""
        was_shown = bool(self._answer)
        folded = "".join([*self._answer, before]).strip()
        if mark == HARMONY_ANSWER:
            self._harmony = HarmonySplitter(is_answer=True)
            folded = _HARMONY_REST.sub("", folded).rstrip()
        if self._is_analysis and (analysis := ANALYSIS.match(folded)):
            folded = folded[analysis.end() :].lstrip()
        shown_before = "".join(self._reasoning)
        added = f"\n\n{folded}" if shown_before and folded else folded
        self._reasoning.append(added)
        self._answer, self._context = [], Context()
        self._is_analysis, self._skip_space = False, True
        self._is_start = self._is_after_reasoning = True
        if not was_shown:
            return [Chunk(added, reasoning=True)] if added else []
        text = shown_before + added
        return [Restart(), *([Chunk(text, reasoning=True)] if text else [])]

    def _channels(self, pieces: Iterator[tuple[bool, str]]) -> Iterator[Item]:
        for is_reasoning, text in pieces:
            (self._reasoning if is_reasoning else self._answer).append(text)
            yield Chunk(text, is_reasoning)
