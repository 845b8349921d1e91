"""The reasons that curators offer for a vote, and the labels of all that were ever given."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from duels.models import VoteReason
from web.cached_for import cached_for
from web.formatting import localized

Choices = list[tuple[str, str]]  # a value and its label


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of VoteReason; one of its labels may be empty."""

    code: str
    is_positive: bool
    label_fr: str
    label_en: str
    is_enabled: bool

    @property
    def label(self) -> str:
        """In the reader's language, or else in the other: what was given is shown to everybody."""
        return localized(self.label_fr or self.label_en, self.label_en or self.label_fr)

    @property
    def is_offered(self) -> bool:
        """Whether it is enabled and written in the reader's language."""
        return self.is_enabled and bool(localized(self.label_fr, self.label_en))


class VoteReasons(tuple[Reason, ...]):
    """All of them, disabled ones too: the positive first, then in the curators' order."""

    def choices(self, given: Iterable[str] = (), *, is_positive: bool | None = None) -> Choices:
        """Those on offer, and those of `given`, of one kind or of both: codes with their labels.

        given: codes that the reader has ticked already, maybe before a curator disabled them.
        """
        given = set(given)
        return [
            (reason.code, reason.label)
            for reason in self
            if (reason.is_offered or reason.code in given) and is_positive in (None, reason.is_positive)
        ]

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(reason.code for reason in self)

    @cached_property
    def key(self) -> int:
        """Equal for equal reasons: part of the key of a cached page."""
        return hash(self)


@cached_for(seconds=lambda: settings.CANDIDATES_TTL_SECONDS)
def vote_reasons() -> VoteReasons:
    """The reasons at the last query, CANDIDATES_TTL_SECONDS ago at most."""
    fields = ("code", "is_positive", "label_fr", "label_en", "is_enabled")
    return VoteReasons(Reason(*row) for row in VoteReason.objects.values_list(*fields))
