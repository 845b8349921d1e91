"""Visible text for blanks, controls, lone accents and bytes that are no whole character."""

import unicodedata

_SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}

# Abbreviations of https://www.unicode.org/Public/UCD/latest/ucd/NameAliases.txt; others show their code.
_NAMES = {
    "\0": "NUL",
    "\r": "CR",
    "\x1b": "ESC",
    "\xa0": "NBSP",
    "\xad": "SHY",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u202f": "NNBSP",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufe0e": "VS15",
    "\ufe0f": "VS16",
    "\ufeff": "BOM",
}

# Characters Python calls printable and no font draws: the Default_Ignorable_Code_Point of
# https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt, and the blank Braille pattern.
_UNDRAWN = {*"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"} | {
    chr(code) for first, last in ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for code in range(first, last + 1)
}
_FIRST_BYTE_ESCAPE = 0xDC00  # where "surrogateescape" puts a byte that is no part of a character


def make_visible(raw: bytes) -> str:
    """The bytes as a reader can see them: ␣ ↵ ⇥, ‹NBSP› or ‹U+2028› for what is invisible, ‹F0› for a byte.

    An accent with no letter before it sits on ◌. A token without bytes is the blank SentencePiece adds: ␣.
    """
    shown = ""
    carries_accents = False
    for character in raw.decode(errors="surrogateescape"):
        sign = _sign(character)
        accent = sign is None and unicodedata.category(character).startswith("M")
        shown += sign or ("◌" + character if accent and not carries_accents else character)
        carries_accents = sign is None
    return shown or "␣"


def _sign(character: str) -> str | None:
    """The visible sign of an invisible character; None for a visible one."""
    if character in _SIGNS:
        return _SIGNS[character]
    if character in _NAMES:
        return f"‹{_NAMES[character]}›"
    if _FIRST_BYTE_ESCAPE <= ord(character) <= _FIRST_BYTE_ESCAPE + 0xFF:
        return f"‹{ord(character) - _FIRST_BYTE_ESCAPE:02X}›"
    if not character.isprintable() or character in _UNDRAWN:
        return f"‹U+{ord(character):04X}›"
    return None
