"""Admin page on which curators set votes aside, with a public reason, and let them count again."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leaderboard.ballots.activity import VotingPeak, busiest_hours, most_active_voters
from leaderboard.models import SetAside
from leaderboard.ranking.publish import compute_due
from models_registry.admin.base import TitledAdmin

WHICH = ("since", "until", "source", "voter")


@admin.register(SetAside)
class SetAsideAdmin(TitledAdmin):
    """Which votes is decided once; the reason may be reworded. Nothing is deleted: votes count again."""

    change_form_template = "admin/leaderboard/set_aside.html"
    list_display = ("reason_fr", "since", "until", "source", "voter", "votes", "created_at", "lifted_at")
    actions = ("lift",)
    fields = (*WHICH, "reason_fr", "reason_en")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SetAside]:
        rows: QuerySet[SetAside] = super().get_queryset(request)
        return rows.annotate(n_votes=Count("ballots", filter=Q(ballots__excluded_reason="")))

    @admin.display(description=gettext_lazy("votes"), ordering="n_votes")
    def votes(self, set_aside: SetAside) -> int:
        return int(set_aside.n_votes)  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: SetAside | None = None) -> tuple[str, ...]:
        return WHICH if obj else ()

    def save_model(self, request: HttpRequest, obj: SetAside, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        compute_due()

    @admin.action(description=gettext_lazy("Compter de nouveau ces votes"), permissions=["change"])
    def lift(self, request: HttpRequest, chosen: QuerySet[SetAside]) -> None:
        lifted = SetAside.objects.filter(pk__in=chosen.values("pk"), lifted_at=None)
        count = lifted.update(lifted_at=timezone.now())
        compute_due()
        sentence = ngettext(
            "%(n)d mise à l’écart est levée : ses votes comptent de nouveau.",
            "%(n)d mises à l’écart sont levées : leurs votes comptent de nouveau.",
            count,
        )
        messages.success(request, sentence % {"n": count})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        peaks = {
            _("Votants les plus actifs des sept derniers jours"): most_active_voters(),
            _("Heures les plus chargées des sept derniers jours"): busiest_hours(),
        }
        linked = {title: [(peak, _prefilled(peak)) for peak in found] for title, found in peaks.items()}
        return super().add_view(request, form_url, {**(extra_context or {}), "peaks": linked})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _prefilled(peak: VotingPeak) -> str:
    """The address of the form with this voter, or this hour."""
    fields = {"voter": peak.voter} if peak.voter is not None else {"since": peak.since, "until": peak.until}
    return f"{reverse('admin:leaderboard_setaside_add')}?{urlencode(fields)}"
