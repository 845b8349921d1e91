"""Endpoints: servers that answer for a model, with their settings, health and circuit breaker."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backends.base import Backend
from backends.blocked import BlockedBackend
from backends.http_client import HTTPClient
from backends.openai.client import OpenAICompatible, Timeouts
from models_registry import api_keys, spending, validation
from models_registry.endpoint_hosting import Hosted


def model_client() -> HTTPClient:
    """A client of the models' servers under this site's rules, for the running event loop."""
    return HTTPClient(allows_private=settings.PRIVATE_MODELS)


class Health(models.TextChoices):
    ANSWERS = "answers", _("répond")
    UNTRIED = "untried", _("jamais essayé")
    NO_KEY = "no_key", _("clé absente")
    FAILING = "failing", _("échecs récents")
    PAUSED = "paused", _("en pause après des échecs")
    CAPPED = "capped", _("plafond du jour atteint")
    OFF = "off", _("désactivé")


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def available(self) -> "EndpointQuerySet":
        """Enabled endpoints with their key, neither paused nor at their daily cap, by priority."""
        not_paused = Q(paused_until=None) | Q(paused_until__lte=timezone.now())
        usable = self.filter(not_paused, ~spending.capped(), enabled=True)
        return usable.filter(api_keys.has_usable_key()).order_by("priority", "pk")

    def acquire_each(self) -> Iterator["Endpoint"]:
        """Yield the available endpoints whose probe this caller acquires, each tried only when reached."""
        return (endpoint for endpoint in self.available() if endpoint.acquire_probe())


class Endpoint(Hosted):
    """A server that answers for a model."""

    FAILURES_BEFORE_PAUSE = 3
    FIRST_PAUSE = timedelta(seconds=30)
    MAX_PAUSE = timedelta(hours=1)
    SUCCESS_WRITE_INTERVAL = timedelta(
        seconds=10
    )  # a busy endpoint succeeds many times a second: write few of them

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
    # Not a URLField, which refuses names of a private network such as http://vllm:8000/v1.
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
    # The last count of tokens that its server reported and that cannot be, beside our own.
    miscounted_at = models.DateTimeField(_("compte impossible le"), null=True, blank=True, editable=False)
    miscount_reported = models.BigIntegerField(null=True, blank=True, editable=False)
    miscount_own = models.PositiveIntegerField(null=True, blank=True, editable=False)
    paused_until = models.DateTimeField(_("en pause jusqu’à"), null=True, blank=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "pk"]
        verbose_name = _("point d’accès")
        verbose_name_plural = _("points d’accès")

    def __str__(self) -> str:
        return f"{self.provider_model} @ {self.base_url}"

    def backend(self, http: HTTPClient | None = None) -> Backend:
        """Make a client of this endpoint, with the API key that the environment holds now.

        A key that is not for this address gets a blocked backend: no form validated rows that a file or a
        command wrote.
        """
        if self.has_refused_key:
            return BlockedBackend(api_keys.refusal_message(self.api_key_env, self.base_url))
        return self.BACKENDS[self.Kind(self.kind)](
            base_url=self.base_url,
            model=self.provider_model,
            api_key=api_keys.read_key(self.api_key_env, self.base_url),
            options=self.request_options(),
            timeouts=Timeouts(first_token_seconds=self.timeout_seconds),
            http=http,
        )

    def request_options(self) -> dict[str, object]:
        """Fields of the request body besides the model and the messages."""
        options: dict[str, object] = {"max_tokens": self.max_tokens, **self.extra_body}
        if self.temperature is not None:
            options["temperature"] = self.temperature
        return options

    @property
    def is_available(self) -> bool:
        """Same rule as EndpointQuerySet.available, for a loaded endpoint."""
        return self.health not in (Health.OFF, Health.NO_KEY, Health.PAUSED, Health.CAPPED)

    @property
    def is_unrestricted(self) -> bool:
        """Whether it is available whatever the database says by now: it has neither a pause nor a cap."""
        return self.enabled and not (self.missing_key or self.paused_until or self.daily_cap_eur is not None)

    @property
    def succeeded_recently(self) -> bool:
        """Whether a success is already stored and recent enough to skip writing another."""
        if self.has_failures or self.last_check is None:
            return False
        return timezone.now() - self.last_check < self.SUCCESS_WRITE_INTERVAL

    @property
    def has_failures(self) -> bool:
        """Whether a success would clear failures or a pause."""
        return bool(self.consecutive_failures or self.paused_until)

    @property
    def has_refused_key(self) -> bool:
        """Whether the API key's variable may not be sent to this address."""
        return not api_keys.is_allowed(self.api_key_env, self.base_url)

    @property
    def missing_key(self) -> str:
        """Name of the API key's variable when it is unset or not for this address; empty otherwise."""
        return "" if api_keys.read_key(self.api_key_env, self.base_url) else self.api_key_env

    @property
    def key_issue(self) -> str:
        """Why the endpoint has no key, as a sentence for a curator; empty where it has one or needs none."""
        if self.has_refused_key:
            return api_keys.refusal_message(self.api_key_env, self.base_url)
        return api_keys.missing_message(self.api_key_env) if self.missing_key else ""

    @property
    def health(self) -> "Health":
        """First state that applies; `admin.filters.with_health` states the same rules in SQL."""
        if not self.enabled:
            return Health.OFF
        if self.missing_key:
            return Health.NO_KEY
        if self.paused_until and self.paused_until > timezone.now():
            return Health.PAUSED
        if self.daily_cap_eur is not None and spending.spent_today_eur(self.pk) >= self.daily_cap_eur:
            return Health.CAPPED
        if self.consecutive_failures:
            return Health.FAILING
        return Health.ANSWERS if self.last_check else Health.UNTRIED

    def acquire_probe(self) -> bool:
        """Whether to send a request now.

        After a pause a single caller gets True and its request is the probe: a conditional UPDATE prolongs
        the pause by the probe's time-out, so all other callers get False meanwhile.
        """
        if self.paused_until is None:
            return True
        until = timezone.now() + timedelta(seconds=self.timeout_seconds)
        same_pause = Endpoint.objects.filter(pk=self.pk, paused_until=self.paused_until)
        acquired = same_pause.update(paused_until=until)
        self.paused_until = until
        return bool(acquired)

    @property
    def has_price(self) -> bool:
        return bool(self.price_in_eur or self.price_out_eur)

    def record_spending(self, tokens_in: int, tokens_out: int) -> None:
        """Add the price of one answer to today's spending."""
        amount_eur = (tokens_in * self.price_in_eur + tokens_out * self.price_out_eur) / 1_000_000
        spending.record(self.pk, amount_eur)

    def record_success(self, ttft_ms: int) -> None:
        """Store the time of a success and clear the failures and the pause."""
        Endpoint.objects.filter(pk=self.pk).update(
            last_check=timezone.now(),
            last_error="",
            ttft_ms=ttft_ms,
            consecutive_failures=0,
            paused_until=None,
        )

    @transaction.atomic
    def record_failure(self, error: str, retry_after_seconds: float | None = None) -> None:
        """Count a failure; from the third on, pause the endpoint, twice as long each time up to MAX_PAUSE.

        A server that asks to be left alone is, from the first failure on, for `retry_after_seconds` up to
        MAX_PAUSE. Requests that were already running when a pause began do not prolong it.
        """
        stored = Endpoint.objects.select_for_update().filter(pk=self.pk).first()
        if stored is None:  # removed by a curator meanwhile
            return
        stored.last_check, stored.last_error = timezone.now(), error
        if stored.paused_until == self.paused_until:
            stored.consecutive_failures += 1
            stored.paused_until = stored._pause_end(retry_after_seconds or 0)
        stored.save(update_fields=["last_check", "last_error", "consecutive_failures", "paused_until"])

    def record_refusal(self, error: str) -> None:
        """Keep the words for the curator: one question that is refused is no failure of the server."""
        Endpoint.objects.filter(pk=self.pk).update(last_error=error)
        self.release_probe()

    def release_probe(self) -> None:
        """Let the next question be the probe of a pause that has ended, since this one has shown nothing."""
        if self.paused_until:
            probed = Endpoint.objects.filter(pk=self.pk, paused_until=self.paused_until)
            probed.update(paused_until=timezone.now())

    def record_miscount(self, reported: int, own: int) -> None:
        """Store for the curator a count that cannot be; one every SUCCESS_WRITE_INTERVAL at most."""
        now = timezone.now()
        due = Q(miscounted_at=None) | Q(miscounted_at__lt=now - self.SUCCESS_WRITE_INTERVAL)
        Endpoint.objects.filter(due, pk=self.pk).update(
            miscounted_at=now, miscount_reported=reported, miscount_own=own
        )

    def _pause_end(self, asked_seconds: float) -> datetime | None:
        doublings = self.consecutive_failures - self.FAILURES_BEFORE_PAUSE
        pause = timedelta(seconds=int(asked_seconds))  # less than a second is over before the next question
        if doublings >= 0:
            pause = max(self.FIRST_PAUSE * float(2 ** min(doublings, 20)), pause)
        return timezone.now() + min(pause, self.MAX_PAUSE) if pause else None
