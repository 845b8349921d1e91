"""The models that can answer now, as the pages of a duel need to know them."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.conf import settings
from django.db.models import Exists, OuterRef

from duels.matchmaking import Candidate, Mode, are_all_tiny, possible_modes
from duels.models import VoteCount
from models_registry.models import Endpoint, LanguageModel
from models_registry.pages.labels import working_size_b
from models_registry.pages.model_summary import shape_of

logger = logging.getLogger(__name__)

FIELDS = ("pk", "slug", "name", "organisation_id", "organisation__name", "vote_count__votes", "is_costly")


@dataclass(frozen=True, slots=True)
class PlayableModel:
    """A model that can answer now; a costly endpoint may answer for it, or not."""

    slug: str
    name: str
    maker: str
    candidate: Candidate
    is_costly: bool


class CandidatePool(tuple[PlayableModel, ...]):
    """All that can answer now, and what follows from it: worked out once, not by each page that asks."""

    @cached_property
    def candidates(self) -> dict[str, Candidate]:
        """By slug, for the draw."""
        return {player.slug: player.candidate for player in self}

    @cached_property
    def costly_models(self) -> set[int]:
        """The keys of those that a costly endpoint may answer for."""
        return {player.candidate.model_id for player in self if player.is_costly}

    @cached_property
    def modes(self) -> set[Mode]:
        """Those to choose from; by chance is always one, and refused in words where nobody plays."""
        return possible_modes(list(self.candidates.values())) | {Mode.RANDOM}

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """Slugs and what is shown for them."""
        return [(player.slug, f"{player.name} ({player.maker})") for player in self]

    @cached_property
    def is_only_tiny(self) -> bool:
        """Whether whoever is drawn will hardly write French."""
        return are_all_tiny(list(self.candidates.values()))

    @cached_property
    def key(self) -> int:
        """The same for the same players."""
        return hash(self)


def candidate_pool() -> CandidatePool:
    """Every model that could answer at the last query, CANDIDATES_TTL_SECONDS ago at most.

    Three pages of each duel want to know, and it is the dearest of their queries. A model that has fallen
    silent meanwhile is replaced by the worker.
    """
    seconds = settings.CANDIDATES_TTL_SECONDS
    return _playable_in(time.monotonic() // seconds) if seconds else _playable()


@lru_cache(maxsize=1)
def _playable_in(period: float) -> CandidatePool:
    return _playable()


def _playable() -> CandidatePool:
    """As plain values: whole models, of sixty columns, cost more. What makes no energy figure cannot play."""
    costly = Endpoint.objects.available().filter(
        model=OuterRef("pk"), price_out_eur__gte=settings.EXPENSIVE_FROM_EUR
    )
    models = LanguageModel.objects.playable().annotate(is_costly=Exists(costly))
    rows = models.values_list(*FIELDS, *LanguageModel.SHAPE_FIELDS)
    return CandidatePool(player for row in rows if (player := _player(*row)))


def _player(
    pk: int,
    slug: str,
    name: str,
    organisation_id: int,
    maker: str,
    votes: int | None,
    is_costly: bool,
    *facts: object,
) -> PlayableModel | None:
    """None where the model's facts make no shape: one curator's slip must not end every duel."""
    try:
        size_b = working_size_b(shape_of(facts))
    except ValueError as error:
        logger.error("%s is left out of the duels: %s", slug, error)
        return None
    return PlayableModel(slug, name, maker, Candidate(pk, size_b, organisation_id, votes or 0), is_costly)


def to_candidate(model: LanguageModel) -> Candidate:
    """What the draw needs to know of a model."""
    votes = model.vote_count.votes if hasattr(model, "vote_count") else 0
    return Candidate(model.pk, working_size_b(model.shape()), model.organisation_id, votes)


def store_vote_counts(votes_by_model: Mapping[int, int]) -> None:
    """Stores how many votes count for each model, by its key: the draw prefers those with few."""
    VoteCount.objects.bulk_create(
        [VoteCount(model_id=model_id, votes=votes) for model_id, votes in votes_by_model.items()],
        update_conflicts=True,
        unique_fields=["model"],
        update_fields=["votes"],
    )
