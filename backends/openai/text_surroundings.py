"""The bytes around the text of an event, which most servers repeat for each token of one answer."""

import orjson

NOWHERE = b"\n"  # in no event
FIELD = b'"content":'


class TextSurroundings:
    """Finds the text of an event whose every other byte is that of an earlier one: the same JSON but for a
    string, which alone is decoded then. A third of the CPU of decoding each event whole.
    """

    def __init__(self) -> None:
        self._before = self._behind = NOWHERE

    def find_text(self, data: bytes) -> str:
        """The text of an event like the one that was learned; empty for any other."""
        if not (data.startswith(self._before) and data.endswith(self._behind)):
            return ""
        try:
            text = orjson.loads(data[len(self._before) : -len(self._behind)])
        except orjson.JSONDecodeError:
            return ""
        return text if isinstance(text, str) else ""

    def learn(self, data: bytes, text: str) -> None:
        """Keep what stands around the text of an event that holds nothing else, unless it is unsure where."""
        try:
            string = orjson.dumps(text)
        except orjson.JSONEncodeError:  # half a surrogate pair
            return
        before, _, behind = data.partition(FIELD)
        start = len(behind) - len(behind.lstrip(b" "))
        if FIELD not in behind and behind.startswith(string, start):
            self._before = before + FIELD
            self._behind = behind[start + len(string) :]
