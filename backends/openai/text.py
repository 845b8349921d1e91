"""Text of a model's server made fit to be stored and shown."""


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
