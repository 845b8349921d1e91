"""What curators see of the leaderboard: its snapshots, its sources, and a button that computes it now."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from leaderboard.compute import compute_due
from leaderboard.models import Snapshot, VoteSource

COMPUTE = "leaderboard.add_snapshot"


@admin.register(Snapshot)
class SnapshotAdmin(admin.ModelAdmin):
    """Snapshots are read, and computed again; what was published is not edited."""

    change_list_template = "admin/leaderboard/snapshots.html"
    list_display = ("computed_at", "scope", "n_votes", "ranking_method", "energy_method", "energy_version")
    list_filter = ("scope",)
    date_hierarchy = "computed_at"

    def get_urls(self) -> list[URLPattern]:
        compute = path(
            "compute/", self.admin_site.admin_view(require_POST(self.compute)), name="leaderboard_compute"
        )
        return [compute, *super().get_urls()]

    def compute(self, request: HttpRequest) -> HttpResponse:
        """The curator's button: new snapshots of everything, also where no vote has changed."""
        if not request.user.has_perm(COMPUTE):
            raise PermissionDenied
        published = len(compute_due(force=True))
        sentence = ngettext("%(n)d classement publié.", "%(n)d classements publiés.", published) % {
            "n": published
        }
        messages.success(
            request, sentence if published else _("Aucun vote ne compte encore : rien n’est publié.")
        )
        return HttpResponseRedirect(reverse("admin:leaderboard_snapshot_changelist"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_compute = request.user.has_perm(COMPUTE)
        return super().changelist_view(request, {**(extra_context or {}), "may_compute": may_compute})


@admin.register(VoteSource)
class VoteSourceAdmin(admin.ModelAdmin):
    """Name, link and licence of an imported arena; its votes come by `manage.py import_votes`."""

    list_display = ("name", "link", "licence", "imported_at")
    readonly_fields = ("slug",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
