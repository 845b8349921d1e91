"""Admin pages of the words that curators write: ideas of questions, reasons for a vote."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from duels.models import Suggestion, VoteReason
from models_registry.admin.base import TitledAdmin


@admin.register(Suggestion)
class SuggestionAdmin(TitledAdmin):
    """The home page and a workshop's console follow within CANDIDATES_TTL_SECONDS."""

    list_display = ("__str__", "topic", "order", "is_enabled")
    list_editable = ("order", "is_enabled")
    list_filter = ("topic", "is_enabled")
    search_fields = ("text_fr", "text_en")
    ordering = ("topic", "order", "pk")


@admin.register(VoteReason)
class VoteReasonAdmin(TitledAdmin):
    """The pages of duels follow within CANDIDATES_TTL_SECONDS. Votes hold the codes: none is ever deleted."""

    fields = ("label_fr", "label_en", "is_positive", "code", "order", "is_enabled")
    list_display = ("__str__", "label_en", "is_positive", "code", "order", "is_enabled")
    list_editable = ("order", "is_enabled")
    list_filter = ("is_positive", "is_enabled")
    search_fields = ("label_fr", "label_en", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: VoteReason | None = None) -> tuple[str, ...]:
        return ("is_positive", "code") if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: VoteReason | None = None) -> dict[str, Any]:
        return {} if obj else {"code": ("label_fr",)}

    def has_delete_permission(self, request: HttpRequest, obj: VoteReason | None = None) -> bool:
        return False
