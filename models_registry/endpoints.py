"""Where a model answers, how it is asked, and how it has been doing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backends.base import Backend
from backends.blocked import BlockedBackend
from backends.openai.client import OpenAICompatible, Timeouts
from models_registry import api_keys, spending, validation


class Health(models.TextChoices):
    """How an endpoint has been doing."""

    ANSWERS = "answers", _("répond")
    UNTRIED = "untried", _("jamais essayé")
    FAILING = "failing", _("échecs récents")
    PAUSED = "paused", _("en pause après des échecs")
    CAPPED = "capped", _("plafond du jour atteint")
    OFF = "off", _("désactivé")


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def available(self) -> "EndpointQuerySet":
        """Enabled endpoints, neither paused after failures nor at their cap, the preferred first."""
        rested = Q(paused_until=None) | Q(paused_until__lte=timezone.now())
        return self.filter(rested, ~spending.capped(), enabled=True).order_by("priority", "pk")

    def acquire_each(self) -> Iterator["Endpoint"]:
        """The answering ones in turn, each taken only when it is reached: a probe is one caller's alone."""
        return (endpoint for endpoint in self.available() if endpoint.acquire_probe())


class Endpoint(models.Model):
    """A server that answers for a model, and how it has been doing."""

    FAILURES_BEFORE_PAUSE = 3
    FIRST_PAUSE = timedelta(seconds=30)
    MAX_PAUSE = timedelta(hours=1)
    SUCCESS_WRITE_INTERVAL = timedelta(seconds=10)  # a busy endpoint succeeds many times a second

    class Kind(models.TextChoices):
        OPENAI_COMPATIBLE = "openai_compatible", _("Compatible OpenAI")

    BACKENDS: ClassVar = {Kind.OPENAI_COMPATIBLE: OpenAICompatible}

    model = models.ForeignKey(
        "models_registry.LanguageModel",
        models.CASCADE,
        related_name="endpoints",
        verbose_name=_("modèle"),
    )
    kind = models.CharField(_("genre"), max_length=40, choices=Kind, default=Kind.OPENAI_COMPATIBLE)
    # Not a URLField: that one refuses the names of a private network, such as http://vllm:8000/v1.
    base_url = models.CharField(
        _("adresse"),
        max_length=200,
        validators=[validation.validate_base_url],
        help_text=_("Par exemple http://127.0.0.1:11434/v1"),
    )
    provider_model = models.CharField(
        _("nom du modèle sur ce serveur"), max_length=200, db_column="remote_name"
    )
    api_key_env = models.CharField(
        _("variable d’environnement de la clé"),
        max_length=100,
        blank=True,
        validators=[
            RegexValidator(r"^[A-Z][A-Z0-9_]*$", _("Majuscules, chiffres et tirets bas.")),
            api_keys.validate_api_key_env,
        ],
        help_text=_("Le nom de la variable, jamais la clé."),
        db_column="key_variable",
    )
    temperature = models.FloatField(
        _("température"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(2)]
    )
    max_tokens = models.PositiveIntegerField(
        _("jetons au plus"), default=2048, validators=[MinValueValidator(1)]
    )
    extra_body = models.JSONField(
        _("options en plus (JSON)"),
        db_column="extra",
        default=dict,
        blank=True,
        validators=[validation.validate_extra_body],
    )
    priority = models.PositiveSmallIntegerField(
        _("priorité"), default=10, help_text=_("La plus petite d’abord.")
    )
    timeout_seconds = models.PositiveIntegerField(
        _("délai d’attente (secondes)"), default=60, validators=[MinValueValidator(1), MaxValueValidator(170)]
    )
    price_in_eur = models.FloatField(
        _("prix du million de jetons lus (euros)"), default=0, blank=True, validators=[MinValueValidator(0)]
    )
    price_out_eur = models.FloatField(
        _("prix du million de jetons écrits (euros)"),
        default=0,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("0 pour un serveur à vous."),
    )
    daily_cap_eur = models.FloatField(
        _("plafond de dépense par jour (euros)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Au-delà, ce point d’accès attend le lendemain. Vide : pas de plafond."),
    )
    enabled = models.BooleanField(_("activé"), default=True)
    last_check = models.DateTimeField(_("dernier essai"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("dernière erreur"), blank=True, editable=False)
    ttft_ms = models.PositiveIntegerField(
        _("premier jeton (ms)"), null=True, blank=True, editable=False, db_column="first_token_ms"
    )
    consecutive_failures = models.PositiveIntegerField(
        _("échecs d’affilée"), default=0, editable=False, db_column="failures_in_row"
    )
    paused_until = models.DateTimeField(_("en pause jusqu’à"), null=True, blank=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "pk"]
        verbose_name = _("point d’accès")
        verbose_name_plural = _("points d’accès")

    def __str__(self) -> str:
        return f"{self.provider_model} @ {self.base_url}"

    def backend(self) -> Backend:
        """A client of this endpoint; the key is read from the environment at this moment.

        Nobody is asked where the variable is none for a model: not every row was typed into a form.
        """
        if not api_keys.is_allowed(self.api_key_env):
            return BlockedBackend(api_keys.refusal_message(self.api_key_env))
        return self.BACKENDS[self.Kind(self.kind)](
            base_url=self.base_url,
            model=self.provider_model,
            api_key=api_keys.read_key(self.api_key_env),
            options=self.request_options(),
            timeouts=Timeouts(first_token_seconds=self.timeout_seconds),
        )

    def request_options(self) -> dict[str, object]:
        """What is sent with each request besides the messages."""
        options: dict[str, object] = {"max_tokens": self.max_tokens, **self.extra_body}
        if self.temperature is not None:
            options["temperature"] = self.temperature
        return options

    @property
    def is_available(self) -> bool:
        """As EndpointQuerySet.answering, of an endpoint that is read already."""
        return self.health not in (Health.OFF, Health.PAUSED, Health.CAPPED)

    @property
    def succeeded_recently(self) -> bool:
        """Whether a success noted now would tell nothing new."""
        if self.consecutive_failures or self.paused_until or self.last_check is None:
            return False
        return timezone.now() - self.last_check < self.SUCCESS_WRITE_INTERVAL

    @property
    def missing_key(self) -> str:
        """The variable of the key when this server's environment lacks it, or keeps it to itself."""
        return "" if api_keys.read_key(self.api_key_env) else self.api_key_env

    @property
    def health(self) -> "Health":
        """How the endpoint is doing, by the order of what matters most."""
        if not self.enabled:
            return Health.OFF
        if self.paused_until and self.paused_until > timezone.now():
            return Health.PAUSED
        if self.daily_cap_eur is not None and spending.spent_today_eur(self.pk) >= self.daily_cap_eur:
            return Health.CAPPED
        if self.consecutive_failures:
            return Health.FAILING
        return Health.ANSWERS if self.last_check else Health.UNTRIED

    def acquire_probe(self) -> bool:
        """Whether to send a request now; after a pause only one caller may, and its request is the probe."""
        if self.paused_until is None:
            return True
        until = timezone.now() + timedelta(seconds=self.timeout_seconds)
        taken = Endpoint.objects.filter(pk=self.pk, paused_until=self.paused_until).update(paused_until=until)
        self.paused_until = until
        return bool(taken)

    @property
    def has_price(self) -> bool:
        """Whether an answer of it costs anything."""
        return bool(self.price_in_eur or self.price_out_eur)

    def record_spending(self, tokens_in: int, tokens_out: int) -> None:
        """Adds the price of one answer to the account of this day."""
        amount_eur = (tokens_in * self.price_in_eur + tokens_out * self.price_out_eur) / 1_000_000
        spending.record(self.pk, amount_eur)

    def record_success(self, ttft_ms: int) -> None:
        """The endpoint answered: its failures are forgotten."""
        Endpoint.objects.filter(pk=self.pk).update(
            last_check=timezone.now(),
            last_error="",
            ttft_ms=ttft_ms,
            consecutive_failures=0,
            paused_until=None,
        )

    @transaction.atomic
    def record_failure(self, error: str, retry_after_seconds: float | None = None) -> None:
        """One more failure; from the third on, a pause that doubles each time, then a probe.

        The pause is as long as the server asks to be left alone, where that is longer, within LONGEST_PAUSE.
        Of many requests that were under way when the pause began, none makes it longer.
        """
        stored = Endpoint.objects.select_for_update().filter(pk=self.pk).first()
        if stored is None:  # removed by a curator meanwhile
            return
        stored.last_check, stored.last_error = timezone.now(), error
        if stored.paused_until == self.paused_until:
            stored.consecutive_failures += 1
            stored.paused_until = stored._next_pause(retry_after_seconds or 0)
        stored.save(update_fields=["last_check", "last_error", "consecutive_failures", "paused_until"])

    def _next_pause(self, asked_seconds: float) -> datetime | None:
        doublings = self.consecutive_failures - self.FAILURES_BEFORE_PAUSE
        if doublings < 0:
            return None
        pause = max(self.FIRST_PAUSE * float(2 ** min(doublings, 20)), timedelta(seconds=asked_seconds))
        return timezone.now() + min(pause, self.MAX_PAUSE)
