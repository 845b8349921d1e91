"""The public catalogue: which models it shows, filtered, sorted, each as one line ready to be read."""

import logging
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from models_registry.axis import Axis
from models_registry.figures import release, watt_hours
from models_registry.models import Endpoint, LanguageModel
from models_registry.wording import range_label, size_caption, size_label, working_size_b
from science.energy import Estimate, ModelShape, estimate

logger = logging.getLogger(__name__)

TOKENS = 1_000  # what the energies of the list are for
LONG_TEXTS = (
    "starter_values", "description_fr", "description_en", "good_to_know_fr", "good_to_know_en",
    "hypothesis_why_fr", "hypothesis_why_en", "organisation__starter_values", "licence__starter_values",
    "licence__sentence_fr", "licence__sentence_en",
)  # fmt: skip


class SizeClass(TextChoices):
    """Classes by the size that counts; the first two are the « petits » of the duels."""

    TINY = "tiny", _("Très petit (moins de 7 milliards)")
    SMALL = "small", _("Petit (de 7 à 35 milliards)")
    MEDIUM = "medium", _("Moyen (de 35 à 100 milliards)")
    LARGE = "large", _("Grand (de 100 à 400 milliards)")
    HUGE = "huge", _("Très grand (400 milliards et plus)")


UPPER_BOUNDS_B = {SizeClass.TINY: 7, SizeClass.SMALL: 35, SizeClass.MEDIUM: 100, SizeClass.LARGE: 400}


class Presence(TextChoices):
    """Whether a model can be met here."""

    PLAYING = "playing", _("Qui répondent ici")
    CURRENT = "current", _("Sans les archivés")
    ARCHIVED = "archived", _("Archivés seulement")


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
class Line:
    """One model of the list."""

    model: LanguageModel
    shape: ModelShape
    energy: Estimate
    plays: bool
    words: str

    @property
    def size_b(self) -> float:
        return working_size_b(self.shape)

    @property
    def disclosed(self) -> bool:
        return self.shape.is_disclosed

    @property
    def size_label(self) -> str:
        return size_label(self.shape)

    @property
    def size_caption(self) -> str:
        return size_caption(self.shape)

    @property
    def energy_label(self) -> str:
        return watt_hours(self.energy.mid_wh)

    @property
    def range_label(self) -> str:
        return range_label(self.energy)

    @property
    def release_label(self) -> str:
        return release(self.model.release_date, self.model.release_precision)

    @property
    def archived(self) -> bool:
        return self.model.status == LanguageModel.Status.ARCHIVED


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks the list for; empty is everything."""

    words: str = ""
    organisation: str = ""
    size: str = ""
    architecture: str = ""
    licence: str = ""
    presence: str = ""
    order: str = Order.NAME


def public_models() -> QuerySet[LanguageModel]:
    """The models anybody may read about: enabled, archived, and those that the starter catalogue brought.

    A draft that a curator has begun stays in the admin until it is enabled.
    """
    shown = (LanguageModel.Status.ENABLED, LanguageModel.Status.ARCHIVED)
    return with_presence(
        LanguageModel.objects.filter(Q(status__in=shown) | ~Q(starter_values={})).select_related(
            "organisation", "licence"
        )
    )


def with_presence(models: QuerySet[LanguageModel]) -> QuerySet[LanguageModel]:
    """The same models, each told whether it can answer now (`plays`)."""
    answering = Exists(Endpoint.objects.answering().filter(model=OuterRef("pk")))
    return models.annotate(plays=answering & Q(status=LanguageModel.Status.ENABLED))


def lines() -> list[Line]:
    """Every public model by name; one whose facts contradict each other is left out, and logged."""
    models = public_models().defer(*LONG_TEXTS)
    return [line for model in models if (line := _line(model))]


def _line(model: LanguageModel) -> Line | None:
    try:
        shape = model.shape()
    except ValueError as error:
        logger.error("%s is left out of the catalogue: %s", model.slug, error)
        return None
    names = (model.name, model.slug, model.organisation.name, *model.aliases)
    return Line(model, shape, energy_of(shape), bool(getattr(model, "plays", False)), folded(" ".join(names)))


@lru_cache(maxsize=4096)
def energy_of(shape: ModelShape) -> Estimate:
    """The energy of TOKENS tokens, computed once for each shape."""
    return estimate(shape, TOKENS)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The text without accents and capitals, for a search that forgives."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def size_class(size_b: float) -> SizeClass:
    """The class of a size in billions of parameters."""
    return next((one for one, bound_b in UPPER_BOUNDS_B.items() if size_b < bound_b), SizeClass.HUGE)


def search(every: Iterable[Line], wanted: Wanted) -> list[Line]:
    """The lines that are wanted, in the order that is wanted."""
    found = [line for line in every if _is_wanted(line, wanted)]
    return sorted(found, key=ORDERS[wanted.order.lstrip("-")], reverse=wanted.order.startswith("-"))


def _is_wanted(line: Line, wanted: Wanted) -> bool:
    model = line.model
    return (
        all(word in line.words for word in folded(wanted.words).split())
        and wanted.organisation in ("", model.organisation.slug)
        and wanted.size in ("", size_class(line.size_b))
        and wanted.architecture in ("", model.architecture)
        and wanted.licence in ("", model.licence.kind)
        and PRESENCES[wanted.presence](line)
    )


PRESENCES: dict[str, Callable[[Line], bool]] = {
    "": lambda line: True,
    Presence.PLAYING: lambda line: line.plays,
    Presence.CURRENT: lambda line: not line.archived,
    Presence.ARCHIVED: lambda line: line.archived,
}
ORDERS: dict[str, Callable[[Line], Any]] = {
    "name": lambda line: folded(line.model.name),
    "size": lambda line: line.size_b,
    "energy": lambda line: line.energy.mid_wh,
    "date": lambda line: line.model.release_date or date.min,
}


def axis_of(every: Iterable[Line]) -> Axis:
    """One scale for the whole catalogue, so that bands compare from page to page."""
    return Axis.around([line.energy.energy_wh for line in every])
