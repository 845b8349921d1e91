"""Cut a long list for a phone: so many items in sight at a time."""

from collections.abc import Sequence
from typing import TypeVar

ON_A_PHONE = 20
Item = TypeVar("Item")


def phone_screens(items: Sequence[Item]) -> list[list[Item]]:
    """The items in groups of ON_A_PHONE, in their order."""
    return [list(items[start : start + ON_A_PHONE]) for start in range(0, len(items), ON_A_PHONE)]
