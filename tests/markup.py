"""Markup as a test reads it: the same however its template is wrapped."""

import re

SPACES = r"[ \t\r\n]+"  # a no-break space is part of the text


def flat(markup: str) -> str:
    """The markup with one space for many, and none inside the edges of a tag or beside it."""
    single = re.sub(SPACES, " ", markup)
    return re.sub(r"(?<=>) | (?=</?\w|>)", "", single)
