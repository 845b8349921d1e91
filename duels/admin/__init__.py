"""Admin page of the ideas that curators write."""

from django.contrib import admin

from duels.models import Suggestion
from models_registry.admin.base import TitledAdmin


@admin.register(Suggestion)
class SuggestionAdmin(TitledAdmin):
    """The home page and a workshop's console follow within CANDIDATES_TTL_SECONDS."""

    list_display = ("__str__", "topic", "order", "is_enabled")
    list_editable = ("order", "is_enabled")
    list_filter = ("topic", "is_enabled")
    search_fields = ("text_fr", "text_en")
    ordering = ("topic", "order", "pk")
