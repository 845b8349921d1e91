"""Text of a model's server made fit to be stored and shown; reasoning separated from the answer."""

# Tags that some open models write at the start of their answer when the server does not separate reasoning:
# DeepSeek R1 and Qwen 3 (https://huggingface.co/Qwen/Qwen3-8B), Magistral
# (https://huggingface.co/mistralai/Magistral-Small-2507).
REASONING_TAGS = (("<think>", "</think>"), ("[THINK]", "[/THINK]"))


class TextCleaner:
    """Joins UTF-16 surrogates split between two pieces, replaces lone ones by U+FFFD, removes NUL.

    JSON may escape an emoji as two surrogates, and servers cut between them. PostgreSQL stores neither a
    lone surrogate nor NUL.
    """

    def __init__(self) -> None:
        self._half = ""

    def clean(self, text: str) -> str:
        """The text so far, without what the next piece may complete."""
        if not self._half and text.isascii():
            return text.replace("\x00", "")
        text = self._half + text
        self._half = text[-1] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return _well_formed(text[:-1] if self._half else text)

    def flush(self) -> str:
        """The rest: a lone surrogate becomes U+FFFD."""
        half, self._half = self._half, ""
        return "\ufffd" if half else ""


def _well_formed(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\x00", "")


class ReasoningSplitter:
    """Separates the reasoning that a model writes between tags, before its answer.

    Only at the very start: later, a tag is part of the answer. White space around the tags is removed.
    """

    def __init__(self) -> None:
        self._answering = False
        self._closing_tag = ""
        self._skip_space = False
        self._held = ""

    def split(self, text: str) -> list[tuple[bool, str]]:
        """Pairs (is reasoning, text), text not empty; keeps what may start a tag for the next call."""
        text, self._held = self._held + text, ""
        if self._skip_space:
            text = text.lstrip()
            self._skip_space = not text
        if self._closing_tag:
            return self._inside(text)
        return self._parts(False, text) if self._answering else self._at_start(text)

    def flush(self) -> list[tuple[bool, str]]:
        """What was kept, at the end of the stream."""
        return self._parts(bool(self._closing_tag), self._held)

    def _at_start(self, text: str) -> list[tuple[bool, str]]:
        opening = text.lstrip()
        for tag, closing_tag in REASONING_TAGS:
            if opening.startswith(tag):
                self._closing_tag, self._skip_space = closing_tag, True
                return self.split(opening.removeprefix(tag))
            if tag.startswith(opening):
                self._held = text
                return []
        self._answering = True
        return self._parts(False, text)

    def _inside(self, text: str) -> list[tuple[bool, str]]:
        reasoning, found, answer = text.partition(self._closing_tag)
        if found:
            self._closing_tag, self._answering, self._skip_space = "", True, True
            return self._parts(True, reasoning.rstrip()) + self.split(answer)
        shown = text[: len(text) - _overlap(text, self._closing_tag)].rstrip()
        self._held = text[len(shown) :]
        return self._parts(True, shown)

    @staticmethod
    def _parts(reasoning: bool, text: str) -> list[tuple[bool, str]]:
        return [(reasoning, text)] if text else []


def _overlap(text: str, tag: str) -> int:
    """How many of the text's last characters may be the start of the tag."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
