"""The question of the day, as the home page announces it."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duels.pages.home_links import HomeLink
from recordings.models import DailyQuestion
from web.cached_for import cached_for


@cached_for(seconds=lambda: settings.CANDIDATES_TTL_SECONDS)
def question_of_today() -> str:
    """Its title at the last query, CANDIDATES_TTL_SECONDS ago at most; empty on a day without one."""
    today = DailyQuestion.objects.filter(day=timezone.localdate())
    return today.values_list("recording__title", flat=True).first() or ""


def link_to_today() -> HomeLink | None:
    title = question_of_today()
    return HomeLink(_("La question du jour"), title, reverse("recordings:daily")) if title else None
