"""What lists and tables say of a model: plain values, and one profile for all that say the same."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from models_registry.models import LanguageModel, Licence
from models_registry.pages.labels import size_caption, size_label, working_size_b
from science.energy import ModelShape
from web.formatting import release
from web.text_search import normalize

logger = logging.getLogger(__name__)

FIELDS = (
    "aliases", "slug", "name", "organisation__slug", "organisation__name", "licence__kind", "status",
    "release_date", "release_precision", "reasoning", "tokenizer_family", "experts_total", "experts_active",
    *LanguageModel.SHAPE_FIELDS,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ModelSummary:
    """One model; no shape where its facts contradict each other.

    The same values give the same profile: what is kept for one is found by it, not by its fifteen values.
    """

    slug: str
    name: str
    maker: str
    maker_slug: str
    architecture: str
    licence_kind: str
    status: str
    release_date: date | None
    release_precision: str
    reasoning: bool
    tokenizer_family: str
    experts_total: int | None
    experts_active: int | None
    shape: ModelShape | None
    words: str  # its names, folded, to search in

    @property
    def archived(self) -> bool:
        return self.status == LanguageModel.Status.ARCHIVED

    @property
    def size_b(self) -> float | None:
        return working_size_b(self.shape) if self.shape else None

    @property
    def size_label(self) -> str:
        return size_label(self.shape) if self.shape else ""

    @property
    def size_caption(self) -> str:
        return size_caption(self.shape) if self.shape else ""

    @property
    def architecture_label(self) -> str:
        return str(LanguageModel.Architecture(self.architecture).label)

    @property
    def licence_label(self) -> str:
        return str(Licence.Kind(self.licence_kind).label)

    @property
    def release_label(self) -> str:
        return release(self.release_date, self.release_precision)


def load_summaries(models: QuerySet[LanguageModel]) -> dict[int, ModelSummary]:
    """The profiles of these models, by key."""
    return {key: summary_of(values) for key, *values in models.values_list("pk", *FIELDS)}


def summary_of(values: Iterable[Any]) -> ModelSummary:
    """The profile that the values of FIELDS make."""
    aliases, *others = values
    return _profile((tuple(aliases), *others))


@lru_cache(maxsize=4096)
def _profile(values: tuple[Any, ...]) -> ModelSummary:
    """A catalogue changes seldom: its models are weighed once, not at each page."""
    said = dict(zip(FIELDS, values, strict=True))
    return ModelSummary(
        slug=said["slug"],
        name=said["name"],
        maker=said["organisation__name"],
        maker_slug=said["organisation__slug"],
        architecture=said["architecture"],
        licence_kind=said["licence__kind"],
        status=said["status"],
        release_date=said["release_date"],
        release_precision=said["release_precision"],
        reasoning=said["reasoning"],
        tokenizer_family=said["tokenizer_family"],
        experts_total=said["experts_total"],
        experts_active=said["experts_active"],
        shape=_shape(said),
        words=normalize(" ".join((said["name"], said["slug"], said["organisation__name"], *said["aliases"]))),
    )


@lru_cache(maxsize=4096)
def shape_of(facts: tuple[object, ...]) -> ModelShape:
    """The shape of a model with these SHAPE_FIELDS; raises ValueError where they contradict each other."""
    return LanguageModel(**dict(zip(LanguageModel.SHAPE_FIELDS, facts, strict=True))).shape()


def _shape(said: dict[str, Any]) -> ModelShape | None:
    try:
        return shape_of(tuple(said[field] for field in LanguageModel.SHAPE_FIELDS))
    except ValueError as error:
        logger.error("the facts of %s contradict each other: %s", said["slug"], error)
        return None
