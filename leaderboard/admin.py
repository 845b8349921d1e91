"""Admin pages of snapshots and of imported arenas, with a button that computes the leaderboard now."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from leaderboard import set_aside_admin as set_aside_admin  # registers its page
from leaderboard.models import Snapshot, VoteSource
from leaderboard.pages.summaries import excluded_counts, outcome_counts
from leaderboard.ranking.publish import compute_due
from models_registry.admin.base import FORMFIELD_OVERRIDES, TitledAdmin
from web.formatting import label_value

# Not a right on the snapshots themselves, which curators have none of.
COMPUTE_PERMISSION = "leaderboard.change_votesource"


@admin.register(Snapshot)
class SnapshotAdmin(TitledAdmin):
    """Read-only: a snapshot is computed, never edited."""

    change_list_template = "admin/leaderboard/snapshots.html"
    list_display = ("computed_at", "scope", "n_votes", "models_display", "methods_display")
    list_filter = ("scope",)
    date_hierarchy = "computed_at"
    fields = (
        "computed_at",
        "scope",
        "n_votes",
        "outcomes_display",
        "excluded_display",
        "models_display",
        "methods_display",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        snapshots: QuerySet[Snapshot] = super().get_queryset(request)
        return snapshots.defer("pairs").annotate(models_count=Count("rows"))

    def view_on_site(self, snapshot: Snapshot) -> str:
        """The address of the leaderboard of that day."""
        day = timezone.localdate(snapshot.computed_at)
        return f"{reverse('leaderboard:board')}?{urlencode({'votes': snapshot.scope, 'day': day})}"

    @admin.display(description=gettext_lazy("modèles"), ordering="models_count")
    def models_display(self, snapshot: Snapshot) -> int:
        return int(snapshot.models_count)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("méthodes"))
    def methods_display(self, snapshot: Snapshot) -> str:
        return f"{snapshot.ranking_method} · {snapshot.energy_method}, {snapshot.energy_version}"

    @admin.display(description=gettext_lazy("dont"))
    def outcomes_display(self, snapshot: Snapshot) -> SafeString:
        return _format_counts(outcome_counts(snapshot))

    @admin.display(description=gettext_lazy("ne comptent pas"))
    def excluded_display(self, snapshot: Snapshot) -> SafeString:
        return _format_counts(excluded_counts(snapshot))

    def get_urls(self) -> list[URLPattern]:
        compute = path(
            "compute/", self.admin_site.admin_view(require_POST(self.compute)), name="leaderboard_compute"
        )
        return [compute, *super().get_urls()]

    def compute(self, request: HttpRequest) -> HttpResponse:
        """Publish a snapshot of every scope, even where no vote has changed."""
        if not request.user.has_perm(COMPUTE_PERMISSION):
            raise PermissionDenied
        published = len(compute_due(force=True))
        sentence = ngettext("%(n)d classement publié.", "%(n)d classements publiés.", published) % {
            "n": published
        }
        messages.success(
            request, sentence if published else _("Aucun vote ne compte encore : rien n’est publié.")
        )
        return HttpResponseRedirect(reverse("admin:leaderboard_snapshot_changelist"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everybody may read a snapshot on the site; here, whoever may compute one as well."""
        may_view: bool = super().has_view_permission(request, obj)
        return may_view or request.user.has_perm(COMPUTE_PERMISSION)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_compute = request.user.has_perm(COMPUTE_PERMISSION)
        return super().changelist_view(request, {**(extra_context or {}), "may_compute": may_compute})


@admin.register(VoteSource)
class VoteSourceAdmin(TitledAdmin):
    """Name, link and licence of an arena imported by `manage.py import_votes`.

    Not deletable here: its votes, which snapshots have counted, would be deleted with it.
    """

    list_display = ("name", "link", "licence", "imported_at")
    readonly_fields = ("slug",)
    formfield_overrides = FORMFIELD_OVERRIDES

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _format_counts(counts: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((label_value(name, count),) for name, count in counts))
