"""Reasoning that a model writes inside its answer, separated by the marks of many models."""

import re
from collections.abc import Iterator

from backends.base import Chunk, Restart
from backends.openai.harmony import HarmonySplitter

Item = Chunk | Restart

# Written at the start of the answer when the server does not separate reasoning: DeepSeek R1, Qwen 3
# (https://huggingface.co/Qwen/Qwen3-8B), Magistral (https://huggingface.co/mistralai/Magistral-Small-2507),
# Kimi, Seed-OSS, Command A, Gemma, and the names that prompts and other models use.
_NAMES = (
    "think", "thinking", "thought", "thoughts", "reasoning", "reflection", "reason", "seed:think", "mm:think",
    "antthinking", "scratchpad", "inner_monologue",
)  # fmt: skip
TAGS = {
    **{f"<{name}>": f"</{name}>" for name in _NAMES},
    "[think]": "[/think]",
    "◁think▷": "◁/think▷",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|start_thinking|>": "<|end_thinking|>",
    "<|think|>": "<|/think|>",
    "<|thinking|>": "<|/thinking|>",
    "<unused94>": "<unused95>",
    "<|channel>thought": "<channel|>",
}
# What some models put around the answer, after their reasoning.
WRAPPERS = {
    "<answer>": "</answer>",
    "<response>": "</response>",
    "<|begin_of_solution|>": "<|end_of_solution|>",
    "<|start_response|>": "<|end_response|>",
}
# Channels of gpt-oss (https://cookbook.openai.com/articles/openai-harmony), with their marks or without.
HARMONY_STARTS = ("<|channel|>", "<|start|>", "analysis<|message|>", "<|message|>")
HARMONY_ANSWER = "<|channel|>final<|message|>"
ANALYSIS, ASSISTANT_FINAL = "analysis", "assistantfinal"

_CLOSINGS = (*TAGS.values(), HARMONY_ANSWER)
_TAG_START = frozenset(closing[0] for closing in _CLOSINGS)
_CLOSING = re.compile("|".join(map(re.escape, _CLOSINGS)), re.IGNORECASE)
_CLOSING_OR_FINAL = re.compile(f"{_CLOSING.pattern}|{ASSISTANT_FINAL}", re.IGNORECASE)
_HARMONY_REST = re.compile(r"(<\|end\|>)?(<\|start\|>)?(assistant)?\Z")
_SPACES = " \t\xa0\u202f"
_OPENERS = "«([{<\"'“‘‹*_|"
_CLOSERS = "».,;:!?)]}\"'”’›*_`|"
_SENTENCE_ENDS = ".!?…。！？"
_TAIL_CHARACTERS = 40


class ReasoningSplitter:
    """Separates the reasoning that a model writes before its answer.

    A tag opens it only at the very start: later, a tag is part of the answer. A closing tag that nobody
    opened ends a reasoning whose opening was in the prompt: all that was taken for the answer is sent again
    as reasoning, after a Restart. White space around the tags is removed.
    """

    def __init__(self) -> None:
        self._is_start = True
        self._is_after_reasoning = False
        self._closing = ""  # of the reasoning, or of the wrapper, that is open
        self._is_wrapper = False
        self._skip_space = False
        self._is_analysis = False
        self._harmony: HarmonySplitter | None = None
        self._held = ""
        self._reasoning: list[str] = []
        self._answer: list[str] = []
        self._context = _Context()
        self._unread: list[str] = []  # of the answer, by the context: at once, so that no mark is cut

    def add_reasoning(self, text: str) -> Iterator[Item]:
        """Reasoning that the server has separated."""
        if text:
            self._reasoning.append(text)
            yield Chunk(text, reasoning=True)

    def split(self, text: str, *, is_end: bool = False) -> Iterator[Item]:
        """The chunks of a text; keeps what may start a tag for the next call."""
        text, self._held = self._held + text, ""
        if self._is_plain and not is_end and _TAG_START.isdisjoint(text):
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
                items, text = self._inside(text, is_end)
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
        """What was held back, at the end of the stream."""
        yield from self.split("", is_end=True)
        if self._harmony:
            yield from self._channels(self._harmony.flush())

    def _at_start(self, text: str, is_end: bool) -> str:
        """Look for an opening mark; the text that is still to be read."""
        opening = text.lstrip()
        begun = opening[:_TAIL_CHARACTERS].lower()
        tags = WRAPPERS if self._is_after_reasoning else TAGS
        for tag, closing in tags.items():
            if begun.startswith(tag):
                self._is_start, self._closing, self._skip_space = False, closing, True
                self._is_wrapper = self._is_after_reasoning
                return opening[len(tag) :]
        starts = () if self._is_after_reasoning else HARMONY_STARTS
        if begun.startswith(starts):
            self._is_start, self._harmony = False, HarmonySplitter()
            return opening
        if not is_end and any(tag.startswith(begun) for tag in (*tags, *starts)):
            self._held = text
            return ""
        self._is_start = False
        self._is_analysis = opening.startswith(ANALYSIS) and not self._is_after_reasoning
        return text

    def _inside(self, text: str, is_end: bool) -> tuple[list[Item], str]:
        """Read up to the closing tag: the chunks, and what follows it."""
        if found := re.search(re.escape(self._closing), text, re.IGNORECASE):
            items = self._emit(text[: found.start()].rstrip())
            self._is_start = self._is_after_reasoning = not self._is_wrapper
            self._closing, self._skip_space = "", not self._is_wrapper
            return items, text[found.end() :]
        shown = text if is_end else text[: len(text) - _overlap(text, (self._closing,))].rstrip()
        if self._is_wrapper and is_end:
            shown = text.rstrip()
        self._held = "" if is_end else text[len(shown) :]
        return self._emit(shown), ""

    def _emit(self, text: str) -> list[Item]:
        if not text:
            return []
        (self._answer if self._is_wrapper else self._reasoning).append(text)
        return [Chunk(text, reasoning=not self._is_wrapper)]

    def _in_answer(self, text: str, is_end: bool) -> tuple[list[Item], str]:
        """Read up to the next closing tag: the chunks, and what is still to be read."""
        pattern = _CLOSING_OR_FINAL if self._is_analysis else _CLOSING
        found = pattern.search(text)
        if not found:
            closings = (*_CLOSINGS, ASSISTANT_FINAL) if self._is_analysis else _CLOSINGS
            size = 0 if is_end else _overlap(text, closings)
            self._held = text[len(text) - size :] if size else ""
            return self._answered(text[: len(text) - size]), ""
        before, after = text[: found.start()], text[found.end() :].lstrip(_SPACES)
        if not after and not is_end:  # what follows decides
            self._held = text[found.start() :]
            return self._answered(before), ""
        self._context.read("".join([*self._unread, before]))
        self._unread = []
        if found[0].lower() == ASSISTANT_FINAL or self._context.ends_reasoning(found[0], after):
            return self._fold(before, found[0]), text[found.end() :]
        self._unread.append(found[0])
        self._answer.append(text[: found.end()])
        return [Chunk(text[: found.end()])], text[found.end() :]

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
        if self._is_analysis:
            folded = folded.removeprefix(ANALYSIS)
        shown_before = "".join(self._reasoning)
        self._reasoning.append(folded)
        self._answer, self._context = [], _Context()
        self._is_analysis, self._skip_space = False, True
        self._is_start = self._is_after_reasoning = True
        if not was_shown:
            return [Chunk(folded, reasoning=True)] if folded else []
        text = f"{shown_before}\n\n{folded}" if shown_before else folded
        self._reasoning = [text]
        return [Restart(), *([Chunk(text, reasoning=True)] if text else [])]

    def _channels(self, pieces: Iterator[tuple[bool, str]]) -> Iterator[Item]:
        for is_reasoning, text in pieces:
            (self._reasoning if is_reasoning else self._answer).append(text)
            yield Chunk(text, is_reasoning)


class _Context:
    """Where in an answer its text has come: in code, or after an opening tag. Reads each text once."""

    _MARKS = re.compile(
        "(?P<line>\n)|(?P<ticks>`+|~{3,})|(?P<opening>" + "|".join(map(re.escape, TAGS)) + ")", re.IGNORECASE
    )

    def __init__(self) -> None:
        self._fence = ""
        self._inline = ""
        self._is_line_blank = True
        self._has_opening = False
        self._tail = ""

    def read(self, text: str) -> None:
        self._tail = (self._tail + text)[-_TAIL_CHARACTERS:]
        place = 0
        for mark in self._MARKS.finditer(text):
            self._is_line_blank &= not text[place : mark.start()].strip()
            place = mark.end()
            if mark["line"]:
                self._inline, self._is_line_blank = "", True
            elif mark["ticks"]:
                self._take_ticks(mark["ticks"])
            elif not (self._fence or self._inline):
                self._has_opening = True
        self._is_line_blank &= not text[place:].strip()

    def _take_ticks(self, ticks: str) -> None:
        if self._is_line_blank and len(ticks) >= 3:
            if not self._fence:
                self._fence = ticks
            elif ticks.startswith(self._fence):
                self._fence = ""
        elif ticks[0] == "`" and not self._fence:
            self._inline = "" if ticks == self._inline else self._inline or ticks

    def ends_reasoning(self, tag: str, after: str) -> bool:
        """Whether a closing tag here ends a reasoning, and is not spoken of."""
        if self._fence or self._inline or self._has_opening:
            return False
        before = self._tail.rstrip(_SPACES)
        if not before or before.endswith("\n") or tag == HARMONY_ANSWER:
            return True
        if after[:1] and after[0] in _CLOSERS:
            return False
        if len(before) == len(self._tail):
            return before[-1] not in _OPENERS
        return before[-1] in _SENTENCE_ENDS or after.startswith(("\n", "\r"))


def _overlap(text: str, tags: tuple[str, ...]) -> int:
    """How many of the text's last characters may be the start of one of the tags."""
    end = text[-_TAIL_CHARACTERS:].lower()
    return max(
        (
            size
            for tag in tags
            for size in range(min(len(tag) - 1, len(end)), 0, -1)
            if end.endswith(tag[:size])
        ),
        default=0,
    )
