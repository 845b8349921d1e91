"""Links on the home page to what packages above this one offer, such as the question of the day."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HomeLink:
    """Its kind, in the reader's language; the words of the link, in theirs; where it leads."""

    label: str
    title: str
    address: str


_sources: list[Callable[[], HomeLink | None]] = []


def add_source(source: Callable[[], HomeLink | None]) -> None:
    """Ask this function for a link each time that the home page is read; None while it offers nothing."""
    if source not in _sources:
        _sources.append(source)


def home_links() -> tuple[HomeLink, ...]:
    return tuple(link for source in _sources if (link := source()))
