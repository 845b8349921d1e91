"""Parts that the templates of a reveal lay out: a card of the equation, a row of a table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One card of the equation: name, value, caption."""

    key: str
    name: str
    value: str
    caption: str
    is_hypothesis: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row under « Comment est-ce calculé ? »: what it is about, then one cell for each column."""

    label: str
    cells: list[str]
