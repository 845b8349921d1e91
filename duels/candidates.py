"""The models that can answer now, as the pages of a duel and its worker need them."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from duels.matchmaking import Candidate, Mode, are_all_tiny, modes_of_one_pair, possible_modes
from duels.models import VoteCount
from models_registry.models import LISTED_FOR, Endpoint, LanguageModel
from models_registry.pages.labels import working_size_b
from models_registry.pages.makers import group_by_maker
from models_registry.pages.model_summary import shape_of
from web.cached_for import cached_for

logger = logging.getLogger(__name__)

FIELDS = (
    "pk", "slug", "name", "organisation_id", "organisation__name", "vote_count__votes", "is_expensive",
    "can_answer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlayableModel:
    """A model of the lists; is_expensive when one of its endpoints is, can_answer when one is available."""

    slug: str
    name: str
    organisation: str
    candidate: Candidate
    is_expensive: bool
    can_answer: bool


class CandidatePool(tuple[PlayableModel, ...]):
    """The models that lists show, with what pages derive from them, computed once per pool.

    What a page says follows from all of them, a draw from those that can answer now: see
    LanguageModelQuerySet.listed.
    """

    @cached_property
    def by_slug(self) -> dict[str, Candidate]:
        return {model.slug: model.candidate for model in self}

    @cached_property
    def listed(self) -> list[Candidate]:
        return [model.candidate for model in self]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """Those that can answer now."""
        return [model.candidate for model in self if model.can_answer]

    @cached_property
    def affordable(self) -> list[Candidate]:
        """The candidates that no expensive endpoint may answer for."""
        return [model.candidate for model in self if model.can_answer and not model.is_expensive]

    def count_expensive(self, drawn: Iterable[Candidate]) -> int:
        expensive = {model.candidate for model in self if model.is_expensive}
        return sum(candidate in expensive for candidate in drawn)

    @cached_property
    def modes(self) -> set[Mode]:
        """The modes to choose from. « Au hasard » is always one: the page explains when no pair is left."""
        return possible_modes(self.listed) | {Mode.RANDOM}

    @cached_property
    def modes_of_one_pair(self) -> set[Mode]:
        """The modes in which everybody knows which two models play."""
        return modes_of_one_pair(self.listed) | modes_of_one_pair(self.candidates)

    @cached_property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Slugs and names for a select, in groups by maker, the best known first."""
        return [
            (maker, [(model.slug, model.name) for model in models])
            for maker, models in group_by_maker(self, lambda model: model.organisation)
        ]

    @cached_property
    def is_all_tiny(self) -> bool:
        """Whether any model that is drawn will hardly write French."""
        return are_all_tiny(self.listed)

    @cached_property
    def key(self) -> int:
        """Equal for equal pools: part of the key of a cached page."""
        return hash(self)


@cached_for(seconds=lambda: settings.CANDIDATES_TTL_SECONDS)
def candidate_pool() -> CandidatePool:
    """The models of the lists at the last query, CANDIDATES_TTL_SECONDS ago at most.

    Three pages of each duel need it, and it is the slowest of their queries. A model that stops answering
    meanwhile is replaced by the worker. Read as plain values: whole models, of sixty columns, cost more.
    """
    expensive = Endpoint.objects.filter(
        model=OuterRef("pk"), enabled=True, price_out_eur__gte=settings.EXPENSIVE_FROM_EUR
    )
    models = LanguageModel.objects.listed().annotate(is_expensive=Exists(expensive))
    rows = list(models.values_list("listed_until", *FIELDS, *LanguageModel.SHAPE_FIELDS))
    pool = CandidatePool(model for _, *row in rows if (model := _playable_model(*row)))
    renewed_before = timezone.now() + LISTED_FOR / 2
    able = {candidate.model_id for candidate in pool.candidates}
    if any(until is None or until < renewed_before for until, pk, *_ in rows if pk in able):
        LanguageModel.objects.filter(pk__in=able).keep_listed()
    return pool


def _playable_model(
    pk: int,
    slug: str,
    name: str,
    organisation_id: int,
    organisation: str,
    votes: int | None,
    is_expensive: bool,
    can_answer: bool,
    *facts: object,
) -> PlayableModel | None:
    """None where the facts make no valid shape: one wrong entry of the registry must not stop every duel."""
    try:
        size_b = working_size_b(shape_of(facts))
    except ValueError as error:
        logger.error("%s is left out of the duels: %s", slug, error)
        return None
    candidate = Candidate(pk, size_b, organisation_id, votes or 0)
    return PlayableModel(slug, name, organisation, candidate, is_expensive, can_answer)


def to_candidate(model: LanguageModel) -> Candidate:
    """One model as matchmaking needs it."""
    votes = model.vote_count.votes if hasattr(model, "vote_count") else 0
    return Candidate(model.pk, working_size_b(model.shape()), model.organisation_id, votes)


def store_vote_counts(votes_by_model: Mapping[int, int]) -> None:
    """Store how many votes count for each model, by primary key: models with few are drawn more often."""
    VoteCount.objects.bulk_create(
        [VoteCount(model_id=model_id, votes=votes) for model_id, votes in votes_by_model.items()],
        update_conflicts=True,
        unique_fields=["model"],
        update_fields=["votes"],
    )
