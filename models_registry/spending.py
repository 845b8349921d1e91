"""Daily spending of each endpoint, and the filter for endpoints that have reached their daily cap."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Spending(models.Model):
    """Cost of the answers of one endpoint on one day, in euros."""

    endpoint = models.ForeignKey("models_registry.Endpoint", models.CASCADE, related_name="spendings")
    day = models.DateField(_("jour"))
    amount_eur = models.FloatField(_("dépense (euros)"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "day"], name="one_spending_per_day")]
        verbose_name = _("dépense")

    def __str__(self) -> str:
        return f"{self.endpoint_id}, {self.day}"


def spent_today_eur(endpoint_id: int) -> float:
    """Cost of today's answers, each at the prices in force when it ended."""
    today = Spending.objects.filter(endpoint=endpoint_id, day=timezone.localdate()).first()
    return today.amount_eur if today else 0.0


def record(endpoint_id: int, amount_eur: float) -> None:
    """Add to today's spending; a free answer writes nothing."""
    if not amount_eur:
        return
    day = timezone.localdate()
    Spending.objects.bulk_create([Spending(endpoint_id=endpoint_id, day=day)], ignore_conflicts=True)
    today = Spending.objects.filter(endpoint=endpoint_id, day=day)
    today.update(amount_eur=F("amount_eur") + amount_eur)


def capped() -> Q:
    """Filter for the endpoints that have reached today's cap; a cap of 0 is reached from the start."""
    spent = Spending.objects.filter(
        endpoint=models.OuterRef("pk"),
        day=timezone.localdate(),
        amount_eur__gte=models.OuterRef("daily_cap_eur"),
    )
    return Q(daily_cap_eur__lte=0) | Q(models.Exists(spent))
