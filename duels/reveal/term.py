"""A card of the equation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One card of the equation: name, value, caption."""

    key: str
    name: str
    value: str
    caption: str
    is_hypothesis: bool = False
