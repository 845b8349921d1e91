"""The public catalogue: which models it shows, filtered, sorted, each as one line ready to be read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from models_registry.models import Endpoint, LanguageModel
from models_registry.pages import model_summary
from models_registry.pages.filters import ModelFilters
from models_registry.pages.labels import EnergyLabels, working_size_b
from models_registry.pages.model_summary import ModelSummary
from science.energy import Estimate, ModelShape, estimate
from web.log_axis import Axis
from web.text_search import normalize

TOKENS = 1_000  # what the energies of the list are for


class Order(TextChoices):
    """What the list can be sorted by."""

    NAME = "name", _("Nom")
    SMALLEST = "size", _("Du plus petit au plus grand")
    LARGEST = "-size", _("Du plus grand au plus petit")
    FRUGAL = "energy", _("Du plus sobre au plus gourmand")
    HUNGRY = "-energy", _("Du plus gourmand au plus sobre")
    NEWEST = "-date", _("Du plus récent au plus ancien")
    OLDEST = "date", _("Du plus ancien au plus récent")


@dataclass(frozen=True, slots=True)
class CatalogueEntry(EnergyLabels):
    """One model of the list."""

    model: ModelSummary
    shape: ModelShape
    plays: bool
    energy: Estimate = field(compare=False)  # of TOKENS tokens: it follows from the shape

    @property
    def size_b(self) -> float:
        return working_size_b(self.shape)

    @property
    def disclosed(self) -> bool:
        return self.shape.is_disclosed


@dataclass(frozen=True, slots=True)
class CatalogueQuery(ModelFilters):
    """What a reader asks the list for; empty is everything."""

    organisation: str = ""
    order: str = Order.NAME


def public_models() -> QuerySet[LanguageModel]:
    """The models anybody may read about: enabled, archived, and those that the starter catalogue brought.

    A draft that a curator has begun stays in the admin until it is enabled.
    """
    shown = (LanguageModel.Status.ENABLED, LanguageModel.Status.ARCHIVED)
    return annotate_playable(
        LanguageModel.objects.filter(Q(status__in=shown) | ~Q(starter_values={})).select_related(
            "organisation", "licence"
        )
    )


def annotate_playable(models: QuerySet[LanguageModel]) -> QuerySet[LanguageModel]:
    """The same models, each told whether it can answer now (`plays`)."""
    answering = Exists(Endpoint.objects.available().filter(model=OuterRef("pk")))
    return models.annotate(plays=answering & Q(status=LanguageModel.Status.ENABLED))


def catalogue_entries() -> list[CatalogueEntry]:
    """Every public model by name, without those whose facts contradict each other."""
    rows = public_models().values_list("plays", *model_summary.FIELDS)
    return [line for plays, *values in rows if (line := _line(model_summary.summary_of(values), plays))]


def _line(model: ModelSummary, plays: bool) -> CatalogueEntry | None:
    return (
        CatalogueEntry(model, model.shape, plays, energy_per_1000_tokens(model.shape))
        if model.shape
        else None
    )


@lru_cache(maxsize=4096)
def energy_per_1000_tokens(shape: ModelShape) -> Estimate:
    """The energy of TOKENS tokens, computed once for each shape."""
    return estimate(shape, TOKENS)


def search(every: Iterable[CatalogueEntry], wanted: CatalogueQuery) -> list[CatalogueEntry]:
    """The lines that are wanted, in the order that is wanted."""
    found = [line for line in every if _matches(line, wanted)]
    return sorted(found, key=ORDERS[wanted.order.lstrip("-")], reverse=wanted.order.startswith("-"))


def _matches(line: CatalogueEntry, wanted: CatalogueQuery) -> bool:
    return wanted.organisation in ("", line.model.maker_slug) and wanted.keep(line.model, line.plays)


ORDERS: dict[str, Callable[[CatalogueEntry], Any]] = {
    "name": lambda line: normalize(line.model.name),
    "size": lambda line: line.size_b,
    "energy": lambda line: line.energy.mid_wh,
    "date": lambda line: line.model.release_date or date.min,
}


def energy_axis(every: Iterable[CatalogueEntry]) -> Axis:
    """One scale for the whole catalogue, so that bands compare from page to page."""
    return Axis.around([line.energy.energy_wh for line in every])
