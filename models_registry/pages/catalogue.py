"""Entries of the public catalogue, with its filters and orders."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from models_registry.models import LanguageModel, Source
from models_registry.pages import model_summary
from models_registry.pages.filters import ModelFilters
from models_registry.pages.labels import EnergyLabels, working_size_b
from models_registry.pages.makers import maker_order
from models_registry.pages.model_summary import ModelSummary, summary_of
from science.energy import Estimate, ModelShape, estimate
from web.log_axis import Axis, Band
from web.phone_screens import phone_screens
from web.text_search import normalize

LISTED_TOKENS = 1_000  # length of the answer whose energy the list shows


class CatalogueOrder(TextChoices):
    MAKER = "maker", _("Par organisation")
    NAME = "name", _("Nom")
    NAME_REVERSED = "-name", _("Nom, de Z à A")
    SMALLEST = "size", _("Du plus petit au plus grand")
    LARGEST = "-size", _("Du plus grand au plus petit")
    FRUGAL = "energy", _("Du plus sobre au plus gourmand")
    HUNGRY = "-energy", _("Du plus gourmand au plus sobre")
    NEWEST = "-date", _("Du plus récent au plus ancien")
    OLDEST = "date", _("Du plus ancien au plus récent")


@dataclass(frozen=True, slots=True)
class CatalogueEntry(EnergyLabels):
    """A model of the catalogue with the energy of LISTED_TOKENS tokens."""

    model: ModelSummary
    shape: ModelShape
    is_playable: bool
    energy: Estimate = field(compare=False)  # follows from the shape

    @property
    def size_b(self) -> float:
        return working_size_b(self.shape)

    @property
    def disclosed(self) -> bool:
        return self.shape.is_disclosed


ListedModel = tuple[CatalogueEntry, Band]


@dataclass(frozen=True, slots=True)
class ListSection:
    """Models that follow one another; maker is their heading, empty where it stands above already."""

    maker: str
    items: list[ListedModel]


@dataclass(frozen=True, slots=True)
class SourceCount:
    """Number of sources of the public models, and of those that nobody has opened yet."""

    total: int
    unread: int


@dataclass(frozen=True, slots=True)
class CatalogueQuery(ModelFilters):
    """Filters and order of the catalogue; an empty filter keeps every model."""

    organisation: str = ""
    order: str = CatalogueOrder.MAKER


def public_models() -> QuerySet[LanguageModel]:
    """Models with a public page: enabled, archived, and all of the starter catalogue.

    A curator's own draft is not public until it is enabled.
    """
    return annotate_playable(published_models())


def published_models() -> QuerySet[LanguageModel]:
    """The same, without whether each can play, which costs more to ask than all the rest."""
    public = (LanguageModel.Status.ENABLED, LanguageModel.Status.ARCHIVED)
    published = Q(status__in=public) | ~Q(starter_values={})
    return LanguageModel.objects.filter(published).select_related("organisation", "licence")


def annotate_playable(models: QuerySet[LanguageModel]) -> QuerySet[LanguageModel]:
    """Annotate each model with `is_playable`: whether lists of models that can play show it."""
    return models.annotate(is_playable=Exists(LanguageModel.objects.listed().filter(pk=OuterRef("pk"))))


def catalogue_entries() -> list[CatalogueEntry]:
    """All public models by name, except those whose facts contradict each other."""
    rows = public_models().values_list("is_playable", *model_summary.FIELDS)
    summaries = ((summary_of(values), is_playable) for is_playable, *values in rows)
    return [
        CatalogueEntry(model, model.shape, is_playable, energy_per_1000_tokens(model.shape))
        for model, is_playable in summaries
        if model.shape
    ]


def source_count() -> SourceCount:
    """Count the sources of the public models in one query."""
    sources = Source.objects.filter(model__in=public_models().values("pk"))
    return SourceCount(**sources.aggregate(total=Count("pk"), unread=Count("pk", filter=Q(read_on=None))))


@lru_cache(maxsize=4096)
def energy_per_1000_tokens(shape: ModelShape) -> Estimate:
    """Energy of LISTED_TOKENS tokens; cached by shape."""
    return estimate(shape, LISTED_TOKENS)


def search(entries: Iterable[CatalogueEntry], query: CatalogueQuery) -> list[CatalogueEntry]:
    """Entries that match the query, in its order."""
    found = [
        entry
        for entry in entries
        if query.organisation in ("", entry.model.maker_slug)
        and query.matches(entry.model, entry.is_playable)
    ]
    return sorted(found, key=SORT_KEYS[query.order.lstrip("-")], reverse=query.order.startswith("-"))


SORT_KEYS: dict[str, Callable[[CatalogueEntry], Any]] = {
    "maker": lambda entry: (maker_order(entry.model.maker), normalize(entry.model.name)),
    "name": lambda entry: normalize(entry.model.name),
    "size": lambda entry: entry.size_b,
    "energy": lambda entry: entry.energy.mid_wh,
    "date": lambda entry: entry.model.release_date or date.min,
}


def catalogue_screens(items: Sequence[ListedModel], order: str) -> list[list[ListSection]]:
    """The models in sight at a time on a phone; a list by maker has a heading where the maker changes."""
    screens = phone_screens(items)
    if order != CatalogueOrder.MAKER:
        return [[ListSection("", screen)] for screen in screens]
    above = ["", *(_maker(screen[-1]) for screen in screens)]
    return [_sections(screen, last) for screen, last in zip(screens, above, strict=False)]


def _sections(items: list[ListedModel], last_maker: str) -> list[ListSection]:
    """last_maker: whose models the list has just above."""
    runs = [(maker, list(own)) for maker, own in groupby(items, _maker)]
    return [ListSection("" if maker == last_maker else maker, own) for maker, own in runs]


def _maker(item: ListedModel) -> str:
    return item[0].model.maker


def energy_axis(entries: Iterable[CatalogueEntry]) -> Axis:
    """One axis for the whole catalogue, so that bands compare from page to page."""
    return Axis.around([entry.energy.energy_wh for entry in entries])
