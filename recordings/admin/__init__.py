"""Admin pages of recordings and of the questions of the day."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from models_registry.admin.base import FORMFIELD_OVERRIDES, TitledAdmin
from recordings.admin.upload import upload_page
from recordings.models import DailyQuestion, Recording
from recordings.offered_packs import pack_of
from recordings.pack_file import pack_response

UPLOAD_PERMISSION = "recordings.add_recording"


@admin.register(Recording)
class RecordingAdmin(TitledAdmin):
    """An imported recording is read only; whether it is offered is a curator's choice."""

    formfield_overrides = FORMFIELD_OVERRIDES
    list_display = ("title", "recorded_on", "source", "pack_title", "maker", "is_offered")
    list_editable = ("is_offered",)
    list_filter = ("is_offered", "source", "pack_title")
    search_fields = ("title",)
    readonly_fields = (
        "title", "recorded_on", "source", "pack_title", "maker", "licence", "licence_url", "imported_at",
    )  # fmt: skip
    actions = ("download_pack", "download_page")
    change_list_template = "admin/recordings/recordings.html"

    def get_urls(self) -> list[URLPattern]:
        upload = path("import/", self.admin_site.admin_view(self.upload), name="recordings_recording_upload")
        return [upload, *super().get_urls()]

    def upload(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(UPLOAD_PERMISSION):
            raise PermissionDenied
        return upload_page(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_upload = request.user.has_perm(UPLOAD_PERMISSION)
        return super().changelist_view(request, {**(extra_context or {}), "may_upload": may_upload})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody types a recording."""
        return False

    @admin.action(description=gettext_lazy("Télécharger en paquet (JSON)"))
    def download_pack(self, request: HttpRequest, recordings: QuerySet[Recording]) -> HttpResponse:
        return pack_response(pack_of(list(recordings.order_by("pk"))), "json")

    @admin.action(description=gettext_lazy("Télécharger en une page sans réseau (HTML)"))
    def download_page(self, request: HttpRequest, recordings: QuerySet[Recording]) -> HttpResponse:
        return pack_response(pack_of(list(recordings.order_by("pk"))), "html")


@admin.register(DailyQuestion)
class DailyQuestionAdmin(TitledAdmin):
    """Without a row for today there is no question of the day."""

    list_display = ("day", "recording")
    autocomplete_fields = ("recording",)
    date_hierarchy = "day"
