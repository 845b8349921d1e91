"""The order of makers in lists of models."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from web.text_search import normalize

Item = TypeVar("Item")

# Design decision: the makers whose assistants a reader in France has likely met; the others by name.
BEST_KNOWN = (
    "OpenAI",
    "Google",
    "Mistral AI",
    "Anthropic",
    "Meta",
    "DeepSeek",
    "Microsoft",
    "xAI",
    "Alibaba",
)
PLACES = {name: place for place, name in enumerate(BEST_KNOWN)}


def maker_order(maker: str) -> tuple[int, str]:
    """Sort key of a maker's name: the best known first, then by name."""
    return PLACES.get(maker, len(PLACES)), normalize(maker)


def group_by_maker(items: Iterable[Item], maker: Callable[[Item], str]) -> list[tuple[str, list[Item]]]:
    """The items of each maker in the order they come, the best known maker first."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(maker(item), []).append(item)
    return sorted(groups.items(), key=lambda group: maker_order(group[0]))
