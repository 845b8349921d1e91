"""Where models answer: rows of a model's page, a list of everyone's health, and the trial of one."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.admin.base import FORMFIELD_OVERRIDES, TitledAdmin
from models_registry.admin.filters import EndpointHealthFilter
from models_registry.discovery.probe import ProbeResult, describe_last_error, probe, probe_and_record
from models_registry.forms import EndpointForm, EndpointFormSet
from models_registry.models import Endpoint, Health, LanguageModel
from models_registry.spending import spent_today_eur
from web.formatting import dated, label_value

TRIAL_FIELD = "-trial"  # a row's button is named after its row: « endpoints-0-trial »


def describe_health(endpoint: Endpoint) -> str:
    """How an endpoint is doing, with the figure that matters."""
    match endpoint.health:
        case Health.ANSWERS if endpoint.ttft_ms is not None:
            return _("répond en %(time)s ms") % {"time": localize(endpoint.ttft_ms)}
        case Health.PAUSED if endpoint.paused_until:
            until = dated(localtime(endpoint.paused_until), "TIME_FORMAT")
            return _("en pause jusqu’à %(until)s après %(count)d échecs") % {
                "until": until,
                "count": endpoint.consecutive_failures,
            }
        case Health.CAPPED:
            return _("plafond du jour atteint : %(spent)s € dépensés") % {
                "spent": localize(round(spent_today_eur(endpoint.pk), 2))
            }
        case Health.FAILING:
            return _("échecs d’affilée : %(count)d") % {"count": endpoint.consecutive_failures}
        case health:
            return str(health.label)


class EndpointInline(admin.StackedInline):
    model = Endpoint
    form = EndpointForm
    formset = EndpointFormSet
    formfield_overrides = FORMFIELD_OVERRIDES
    extra = 0
    verbose_name_plural = gettext_lazy("points d’accès (où le modèle répond)")
    readonly_fields = ("health_display",)
    fieldsets = (
        (None, {"fields": ("base_url", "provider_model", "api_key_env", ("enabled", "priority"))}),
        (None, {"fields": ("trial", "health_display")}),
        (
            gettext_lazy("Prix et plafond"),
            {"classes": ("collapse",), "fields": (("price_in_eur", "price_out_eur"), "daily_cap_eur")},
        ),
        (
            gettext_lazy("Réglages des requêtes"),
            {
                "classes": ("collapse",),
                "fields": ("kind", ("temperature", "max_tokens", "timeout_seconds"), "extra_body"),
            },
        ),
    )

    @admin.display(description=gettext_lazy("santé"))
    def health_display(self, endpoint: Endpoint) -> SafeString | str:
        if endpoint.pk is None:
            return _("à essayer")
        told = [describe_health(endpoint)]
        if endpoint.last_check:
            told.append(
                _("dernier essai le %(day)s")
                % {"day": dated(localtime(endpoint.last_check), "SHORT_DATETIME_FORMAT")}
            )
        if endpoint.last_error:
            told.append(describe_last_error(endpoint.last_error))
        if endpoint.missing_key:
            told.append(
                _("la variable %(name)s manque dans l’environnement du serveur")
                % {"name": endpoint.missing_key}
            )
        return " · ".join(told)


def probe_page(request: HttpRequest) -> HttpResponse:
    """The trial of the row whose button was pressed, as it is written in the form; a part for scripts."""
    row = next((name.removesuffix(TRIAL_FIELD) for name in request.POST if name.endswith(TRIAL_FIELD)), None)
    if row is None:
        return HttpResponseBadRequest()
    form = EndpointForm(
        request.POST, prefix=row, instance=_stored_endpoint(request.POST.get(f"{row}-id", ""))
    )
    shown: dict[str, Any] = {"form": form}
    if form.is_valid():
        shown["trial"] = _probe(form)
    part = request.headers.get("X-Requested-With") == "fetch"
    template = "admin/models_registry/_trial.html" if part else "admin/models_registry/trial.html"
    return render(request, template, {**admin.site.each_context(request), **shown})


def _stored_endpoint(pk: str) -> Endpoint | None:
    return Endpoint.objects.filter(pk=pk).first() if pk.isdecimal() else None


def _probe(form: EndpointForm) -> ProbeResult:
    """What was only typed is tried without touching the health of what is stored."""
    if form.instance.pk and not form.has_changed():
        return probe_and_record(form.instance)
    return probe(form.save(commit=False))


@admin.register(Endpoint)
class EndpointAdmin(TitledAdmin):
    """Everyone's health at a glance; an endpoint is changed on the page of its model."""

    list_display = (
        "model_display", "base_url", "provider_model", "key_display", "enabled", "health_display",
        "error_display", "last_check",
    )  # fmt: skip
    list_display_links = None
    list_filter = (EndpointHealthFilter, "enabled", "model__status", "base_url")
    list_select_related = ("model",)
    search_fields = ("model__name", "base_url", "provider_model")
    actions = ("try_now", "end_pause")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        endpoint = self.get_object(request, object_id)
        return redirect(_model_url(endpoint.model_id)) if endpoint else HttpResponseNotFound()

    @admin.display(description=gettext_lazy("modèle"), ordering="model__name")
    def model_display(self, endpoint: Endpoint) -> SafeString:
        return format_html('<a href="{}">{}</a>', _model_url(endpoint.model_id), endpoint.model)

    @admin.display(description=gettext_lazy("clé"), ordering="api_key_env")
    def key_display(self, endpoint: Endpoint) -> str:
        if endpoint.missing_key:
            return _("%(name)s : absente") % {"name": endpoint.api_key_env}
        return endpoint.api_key_env or _("sans clé")

    @admin.display(description=gettext_lazy("santé"))
    def health_display(self, endpoint: Endpoint) -> str:
        return describe_health(endpoint)

    @admin.display(description=gettext_lazy("dernière erreur"))
    def error_display(self, endpoint: Endpoint) -> str:
        return describe_last_error(endpoint.last_error)

    @admin.action(description=gettext_lazy("Tester maintenant"), permissions=["change"])
    def try_now(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset.select_related("model"):
            trial = probe_and_record(endpoint)
            if trial.failure:
                told = label_value(endpoint.model, f"{trial.error} {trial.detail}")
                self.message_user(request, told, messages.ERROR)
                continue
            told = _("%(model)s répond : premier jeton en %(time)s ms, %(tokens)s jetons.") % {
                "model": endpoint.model,
                "time": localize(trial.ttft_ms),
                "tokens": localize(trial.tokens_out),
            }
            self.message_user(request, told, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Lever la pause"), permissions=["change"])
    def end_pause(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        count = queryset.update(consecutive_failures=0, paused_until=None)
        self.message_user(request, _("Pauses levées : %(count)d.") % {"count": count}, messages.SUCCESS)


def _model_url(model_id: int) -> str:
    return reverse("admin:models_registry_languagemodel_change", args=[model_id])


def models_left_to_play() -> int:
    """How many models can answer now."""
    return LanguageModel.objects.playable().count()
