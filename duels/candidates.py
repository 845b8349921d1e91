"""The models that can answer now, as the pages of a duel and its worker need them."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import Exists, OuterRef

from duels.matchmaking import Candidate, Mode, are_all_tiny, possible_modes
from duels.models import VoteCount
from models_registry.models import Endpoint, LanguageModel
from models_registry.pages.labels import working_size_b
from models_registry.pages.model_summary import shape_of
from web.cached_for import cached_for

logger = logging.getLogger(__name__)

FIELDS = ("pk", "slug", "name", "organisation_id", "organisation__name", "vote_count__votes", "is_expensive")


@dataclass(frozen=True, slots=True)
class PlayableModel:
    """A model that can answer now; is_expensive when one of its available endpoints is."""

    slug: str
    name: str
    organisation: str
    candidate: Candidate
    is_expensive: bool


class CandidatePool(tuple[PlayableModel, ...]):
    """Every model that can answer now, with what pages derive from them, computed once per pool."""

    @cached_property
    def by_slug(self) -> dict[str, Candidate]:
        return {model.slug: model.candidate for model in self}

    @cached_property
    def candidates(self) -> list[Candidate]:
        return [model.candidate for model in self]

    @cached_property
    def affordable(self) -> list[Candidate]:
        """The candidates that no expensive endpoint may answer for."""
        return [model.candidate for model in self if not model.is_expensive]

    def count_expensive(self, drawn: Iterable[Candidate]) -> int:
        return sum(candidate not in self.affordable for candidate in drawn)

    @cached_property
    def modes(self) -> set[Mode]:
        """The modes to choose from. « Au hasard » is always one: the page explains when no pair is left."""
        return possible_modes(self.candidates) | {Mode.RANDOM}

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """Slugs and labels of a select."""
        return [(model.slug, f"{model.name} ({model.organisation})") for model in self]

    @cached_property
    def is_all_tiny(self) -> bool:
        """Whether any model that is drawn will hardly write French."""
        return are_all_tiny(self.candidates)

    @cached_property
    def key(self) -> int:
        """Equal for equal pools: part of the key of a cached page."""
        return hash(self)


@cached_for(seconds=lambda: settings.CANDIDATES_TTL_SECONDS)
def candidate_pool() -> CandidatePool:
    """Every model that could answer at the last query, CANDIDATES_TTL_SECONDS ago at most.

    Three pages of each duel need it, and it is the slowest of their queries. A model that stops answering
    meanwhile is replaced by the worker. Read as plain values: whole models, of sixty columns, cost more.
    """
    expensive = Endpoint.objects.available().filter(
        model=OuterRef("pk"), price_out_eur__gte=settings.EXPENSIVE_FROM_EUR
    )
    models = LanguageModel.objects.playable().annotate(is_expensive=Exists(expensive))
    rows = models.values_list(*FIELDS, *LanguageModel.SHAPE_FIELDS)
    return CandidatePool(model for row in rows if (model := _playable_model(*row)))


def _playable_model(
    pk: int,
    slug: str,
    name: str,
    organisation_id: int,
    organisation: str,
    votes: int | None,
    is_expensive: bool,
    *facts: object,
) -> PlayableModel | None:
    """None where the facts make no valid shape: one wrong entry of the registry must not stop every duel."""
    try:
        size_b = working_size_b(shape_of(facts))
    except ValueError as error:
        logger.error("%s is left out of the duels: %s", slug, error)
        return None
    candidate = Candidate(pk, size_b, organisation_id, votes or 0)
    return PlayableModel(slug, name, organisation, candidate, is_expensive)


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
