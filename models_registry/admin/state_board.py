"""State board of the admin: who plays, what keeps others from playing, each with its list."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from models_registry.admin.filters import has_unread_source, with_health
from models_registry.models import Endpoint, Health, LanguageModel

NAMES_SHOWN = 5


@dataclass(frozen=True)
class BoardRow:
    """How many, the first names of them, and the list that shows all."""

    label: str
    count: int
    names: list[str]
    url: str

    @property
    def hidden_count(self) -> int:
        """How many of the names are not shown."""
        return self.count - len(self.names)


def index(request: HttpRequest) -> HttpResponse:
    """The admin's own index, with the board for those who may see the registry."""
    rows = board_rows() if request.user.has_perm("models_registry.view_languagemodel") else []
    return admin.site.index(request, {"board": rows})


def board_rows() -> list[BoardRow]:
    models = LanguageModel.objects.order_by("name")
    enabled = Endpoint.objects.filter(model__status=LanguageModel.Status.ENABLED)
    paused, keyless = (enabled.filter(with_health(health)) for health in (Health.PAUSED, Health.NO_KEY))
    drafts = models.filter(status=LanguageModel.Status.DRAFT)
    unread = models.exclude(status=LanguageModel.Status.ARCHIVED).filter(has_unread_source())
    return [
        _row(_("Jouent"), models.playable(), "languagemodel", status__exact="enabled"),
        _row(_("En pause après des échecs"), _models_of(paused), "endpoint", health="paused"),
        _row(_("Sans leur clé"), _models_of(keyless), "endpoint", health="no_key"),
        _row(_("Brouillons"), drafts, "languagemodel", status__exact="draft"),
        _row(_("Avec une source non lue"), unread, "languagemodel", sources="unread"),
    ]


def _models_of(endpoints: QuerySet[Endpoint]) -> QuerySet[LanguageModel]:
    return LanguageModel.objects.filter(pk__in=endpoints.values("model")).order_by("name")


def _row(label: str, found: QuerySet[LanguageModel], table: str, **query: str) -> BoardRow:
    names = list(found.values_list("name", flat=True)[:NAMES_SHOWN])
    address = reverse(f"admin:models_registry_{table}_changelist")
    return BoardRow(label, found.count(), names, f"{address}?{urlencode(query)}")
