"""Summaries of models for lists and tables: plain values read without model instances."""

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
    "release_date", "release_precision", "reasoning", "tokenizer_family",
    *LanguageModel.SHAPE_FIELDS,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ModelSummary:
    """Values of one model; shape is None when its facts contradict each other.

    The same values give the same object (see `_cached_summary`), so it is compared and hashed by identity:
    a cache keyed by a summary does not hash its fifteen values.
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
    search_text: str  # all its names, normalized

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
    """Summaries by primary key."""
    return {pk: summary_of(values) for pk, *values in models.values_list("pk", *FIELDS)}


def summary_of(values: Iterable[Any]) -> ModelSummary:
    """Make a summary of the values of FIELDS, in that order."""
    aliases, *others = values
    return _cached_summary((tuple(aliases), *others))


@lru_cache(maxsize=4096)
def _cached_summary(values: tuple[Any, ...]) -> ModelSummary:
    fields = dict(zip(FIELDS, values, strict=True))
    return ModelSummary(
        slug=fields["slug"],
        name=fields["name"],
        maker=fields["organisation__name"],
        maker_slug=fields["organisation__slug"],
        architecture=fields["architecture"],
        licence_kind=fields["licence__kind"],
        status=fields["status"],
        release_date=fields["release_date"],
        release_precision=fields["release_precision"],
        reasoning=fields["reasoning"],
        tokenizer_family=fields["tokenizer_family"],
        experts_total=fields["experts_total"],
        experts_active=fields["experts_active"],
        shape=_shape(fields),
        search_text=normalize(
            " ".join((fields["name"], fields["slug"], fields["organisation__name"], *fields["aliases"]))
        ),
    )


@lru_cache(maxsize=4096)
def shape_of(facts: tuple[object, ...]) -> ModelShape:
    """Shape of a model with these SHAPE_FIELDS; raises ValueError when they contradict each other."""
    return LanguageModel(**dict(zip(LanguageModel.SHAPE_FIELDS, facts, strict=True))).shape()


def _shape(fields: dict[str, Any]) -> ModelShape | None:
    try:
        return shape_of(tuple(fields[name] for name in LanguageModel.SHAPE_FIELDS))
    except ValueError as error:
        logger.error("the facts of %s contradict each other: %s", fields["slug"], error)
        return None
