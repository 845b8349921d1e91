"""Admin of organisations and licences."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from models_registry.admin.edit_history import HistoryAdmin
from models_registry.forms import LicenceForm, OrganisationForm
from models_registry.models import Licence, Organisation


class WithModelCountAdmin(HistoryAdmin):
    """Adds a column with the number of models of each row."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(models_count=Count("language_models"))
        return rows

    @admin.display(description=_("modèles"), ordering="models_count")
    def models_display(self, row: Organisation | Licence) -> int:
        return int(row.models_count)  # type: ignore[union-attr]


@admin.register(Organisation)
class OrganisationAdmin(WithModelCountAdmin):
    form = OrganisationForm
    list_display = ("name", "country", "site", "models_display")
    list_filter = ("country",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Licence)
class LicenceAdmin(WithModelCountAdmin):
    form = LicenceForm
    list_display = ("name", "kind", "commercial_use", "outputs_reuse", "models_display")
    list_filter = ("kind", "commercial_use", "outputs_reuse")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
