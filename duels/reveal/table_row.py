"""A row of the tables under « Comment est-ce calculé ? »."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableRow:
    """What it is about, then one cell for each column."""

    label: str
    cells: list[str]
