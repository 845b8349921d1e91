"""Where in an answer a mark stands: a tag in code, or one that is spoken of, separates nothing."""

import re

from backends.openai.reasoning.reasoning_marks import HARMONY_ANSWER, OPENING, TAIL_CHARACTERS

SPACES = " \t\xa0\u202f"
_OPENERS = "«([{<\"'“‘‹*_|"
_CLOSERS = "».,;:!?)]}\"'”’›*_`|"
_SENTENCE_ENDS = ".!?…。！？"


class Context:
    """Reads an answer once, piece by piece, no mark being cut."""

    _MARKS = re.compile(rf"(?P<line>\n)|(?P<ticks>`+|~{{3,}})|(?P<opening>{OPENING.pattern})", re.IGNORECASE)

    def __init__(self) -> None:
        self._fence = ""
        self._inline = ""
        self._is_line_blank = True
        self._has_opening = False
        self._fence_has_opening = False
        self._tail = ""

    def read(self, text: str) -> None:
        self._tail = (self._tail + text)[-TAIL_CHARACTERS:]
        place = 0
        for mark in self._MARKS.finditer(text):
            self._is_line_blank &= not text[place : mark.start()].strip()
            place = mark.end()
            if mark["line"]:
                self._inline, self._is_line_blank = "", True
            elif mark["ticks"]:
                self._take_ticks(mark["ticks"])
            else:
                self._has_opening |= not self._is_code
                self._fence_has_opening |= bool(self._fence)
                self._is_line_blank = False
        self._is_line_blank &= not text[place:].strip()

    @property
    def _is_code(self) -> bool:
        return bool(self._fence or self._inline)

    def _take_ticks(self, ticks: str) -> None:
        if self._is_line_blank and len(ticks) >= 3:
            if not self._fence:
                self._fence, self._fence_has_opening = ticks, False
            elif ticks.startswith(self._fence):
                self._fence = ""
        elif ticks[0] == "`" and not self._fence:
            self._inline = "" if ticks == self._inline else self._inline or ticks

    def begins_reasoning(self, *, has_reasoned: bool) -> bool:
        """Whether an opening tag here begins a reasoning: on a line of its own, or, where the model has
        reasoned before, behind a sentence.
        """
        if self._is_code or self._is_line_blank:
            return not self._is_code
        return has_reasoned and self._is_behind_a_sentence()

    def _is_behind_a_sentence(self) -> bool:
        """Whether the text so far ends with a sentence, or with a word that the tag touches."""
        before = self._tail.rstrip(SPACES)
        return before[-1:] not in _OPENERS if before == self._tail else before[-1:] in _SENTENCE_ENDS

    def ends_reasoning(self, tag: str, after: str) -> bool:
        """Whether a closing tag here ends a reasoning that no tag opened."""
        if self._has_opening:
            return False
        if self._is_code:
            return self._ends_unclosed_code(after)
        before = self._tail.rstrip(SPACES)
        if not before or before.endswith("\n") or tag == HARMONY_ANSWER:
            return True
        if after[:1] and after[0] in _CLOSERS:
            return False
        return self._is_behind_a_sentence() or (before != self._tail and after.startswith(("\n", "\r")))

    def _ends_unclosed_code(self, after: str) -> bool:
        """Whether a closing tag stands where code was to be closed before: models reason without care."""
        if not self._fence:
            return after.startswith(("\n", "\r"))
        is_alone = self._is_line_blank and after.startswith(("\n", "\r")) and not self._fence_has_opening
        return is_alone and bool(after.strip()) and not after.lstrip().startswith(self._fence[:3])
