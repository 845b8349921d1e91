"""Filters of the lists of models and endpoints that no column gives."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from models_registry.api_keys import has_usable_key
from models_registry.models import Endpoint, Health, LanguageModel, Source
from models_registry.spending import capped


def with_health(health: str) -> Q:
    """Filter for the endpoints in this health; the same rules, in the same order, as Endpoint.health."""
    paused = Q(paused_until__gt=timezone.now())
    has_key = has_usable_key()
    enabled = Q(enabled=True) & has_key
    available = enabled & (Q(paused_until=None) | ~paused) & ~capped()
    return {
        Health.OFF: Q(enabled=False),
        Health.NO_KEY: Q(enabled=True) & ~has_key,
        Health.PAUSED: enabled & paused,
        Health.CAPPED: enabled & (Q(paused_until=None) | ~paused) & capped(),
        Health.FAILING: available & Q(consecutive_failures__gt=0),
        Health.ANSWERS: available & Q(consecutive_failures=0, last_check__isnull=False),
        Health.UNTRIED: available & Q(consecutive_failures=0, last_check=None),
    }[Health(health)]


def has_unread_source() -> Exists:
    """Filter for the models with a source that nobody has read yet."""
    return Exists(Source.objects.filter(model=OuterRef("pk"), read_on=None))


class UnreadSourcesFilter(admin.SimpleListFilter):
    """Models, those of the archive left out, whose sources wait for a reader."""

    title = _("sources")
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("unread", _("Non lues"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "unread":
            return queryset
        return queryset.exclude(status=LanguageModel.Status.ARCHIVED).filter(has_unread_source())


class HasEndpointFilter(admin.SimpleListFilter):
    title = _("point d’accès")
    parameter_name = "endpoint"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Avec")), ("no", _("Sans"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        connected = Exists(Endpoint.objects.filter(model=OuterRef("pk")))
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(connected if self.value() == "yes" else ~connected)


class ModelHealthFilter(admin.SimpleListFilter):
    """Models with an endpoint in this health."""

    title = _("santé")
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Health.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in Health.values:
            return queryset
        endpoints = Endpoint.objects.filter(with_health(str(self.value())), model=OuterRef("pk"))
        return queryset.filter(Exists(endpoints))


class EndpointHealthFilter(ModelHealthFilter):
    """Endpoints in this health."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(with_health(str(self.value()))) if self.value() in Health.values else queryset
