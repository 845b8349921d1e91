"""Filters and sortable headers of the lists of models, and their query strings."""

from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from models_registry.pages.model_summary import ModelSummary
from web.text_search import matches_words


class SizeClass(TextChoices):
    """Classes of a model's working size; the first two are the « petits » of the duels."""

    TINY = "tiny", _("Très petit (moins de 7 milliards)")
    SMALL = "small", _("Petit (de 7 à 35 milliards)")
    MEDIUM = "medium", _("Moyen (de 35 à 100 milliards)")
    LARGE = "large", _("Grand (de 100 à 400 milliards)")
    HUGE = "huge", _("Très grand (400 milliards et plus)")


UPPER_BOUNDS_B = {SizeClass.TINY: 7, SizeClass.SMALL: 35, SizeClass.MEDIUM: 100, SizeClass.LARGE: 400}


class Presence(TextChoices):
    PLAYING = "playing", _("Qui répondent ici")
    CURRENT = "current", _("Sans les archivés")
    ARCHIVED = "archived", _("Archivés seulement")


@dataclass(frozen=True, slots=True)
class ModelFilters:
    """Filters common to all lists of models; an empty filter keeps every model."""

    words: str = ""
    size: str = ""
    architecture: str = ""
    licence: str = ""
    presence: str = ""
    order: str = ""  # name of a column; descending with a leading minus

    def matches(self, model: ModelSummary, is_playable: bool = False) -> bool:
        return (
            matches_words(model.search_text, self.words)
            and self.size in ("", size_class(model.size_b))
            and self.architecture in ("", model.architecture)
            and self.licence in ("", model.licence_kind)
            and self._matches_presence(model.archived, is_playable)
        )

    def _matches_presence(self, archived: bool, is_playable: bool) -> bool:
        match self.presence:
            case Presence.PLAYING:
                return is_playable
            case Presence.ARCHIVED:
                return archived
            case Presence.CURRENT:
                return not archived
        return True

    def query_string(self) -> str:
        """Shortest query string of the same list: defaults are left out."""
        values = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        return urlencode({name: value for name, (value, default) in values.items() if value != default})


@dataclass(frozen=True, slots=True)
class SortHeader:
    """Header of a sortable column.

    link: query string that sorts by it. sorted_now: value of aria-sort, empty when another column sorts.
    """

    label: str
    link: str
    sorted_now: str


def sort_header(label: object, order: str, current: str, filters: ModelFilters) -> SortHeader:
    """Header that sorts by `order`, or in reverse when the list is already sorted by it.

    current: the order of the list. filters: those that the link keeps.
    """
    reverse = f"-{order}".replace("--", "")
    link = replace(filters, order=reverse if current == order else order).query_string()
    direction = "descending" if current.startswith("-") else "ascending"
    return SortHeader(str(label), f"?{link}", direction if current in (order, reverse) else "")


def size_class(size_b: float | None) -> SizeClass | None:
    if size_b is None:
        return None
    return next((size for size, bound_b in UPPER_BOUNDS_B.items() if size_b < bound_b), SizeClass.HUGE)
