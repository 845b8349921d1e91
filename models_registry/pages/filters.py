"""What every list of models can be filtered and sorted by, and the addresses that ask for it."""

from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from models_registry.pages.model_summary import ModelSummary
from web.text_search import matches_words


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


@dataclass(frozen=True, slots=True)
class ModelFilters:
    """What a reader asks of the models of a list; empty is everything."""

    words: str = ""
    size: str = ""
    architecture: str = ""
    licence: str = ""
    presence: str = ""
    order: str = ""  # the name of a column; with a minus, from the most to the least

    def keep(self, model: ModelSummary, plays: bool = False) -> bool:
        """Whether this model is asked for."""
        return (
            matches_words(model.words, self.words)
            and self.size in ("", size_class(model.size_b))
            and self.architecture in ("", model.architecture)
            and self.licence in ("", model.licence_kind)
            and self._is_present(model.archived, plays)
        )

    def _is_present(self, archived: bool, plays: bool) -> bool:
        match self.presence:
            case Presence.PLAYING:
                return plays
            case Presence.ARCHIVED:
                return archived
            case Presence.CURRENT:
                return not archived
        return True

    def address(self) -> str:
        """The shortest query string that shows the same list."""
        asked = {one.name: (getattr(self, one.name), one.default) for one in fields(self)}
        return urlencode({name: value for name, (value, usual) in asked.items() if value != usual})


@dataclass(frozen=True, slots=True)
class SortHeader:
    """A column to sort by: its name, the address that sorts by it, and how it is sorted now, if it is."""

    label: str
    link: str
    sorted_now: str


def sort_header(label: object, order: str, now: str, here: ModelFilters) -> SortHeader:
    """The column that sorts by this order; asked a second time, it turns around.

    now: the order of the list. here: what the address asks for.
    """
    around = f"-{order}".replace("--", "")
    link = replace(here, order=around if now == order else order).address()
    direction = "descending" if now.startswith("-") else "ascending"
    return SortHeader(str(label), f"?{link}", direction if now in (order, around) else "")


def size_class(size_b: float | None) -> SizeClass | None:
    """The class of a size in billions of parameters."""
    if size_b is None:
        return None
    return next((one for one, bound_b in UPPER_BOUNDS_B.items() if size_b < bound_b), SizeClass.HUGE)
