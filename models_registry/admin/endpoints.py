"""Admin of endpoints: rows of a model's page, the list of all with their health, and the probe."""

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
from models_registry.models import Endpoint, Health
from models_registry.spending import spent_today_eur
from web.formatting import dated, label_value

PROBE_SUFFIX = "-probe"  # of the name of a row's button: « endpoints-0-probe »


def describe_health(endpoint: Endpoint) -> str:
    """Health of an endpoint with the figure that explains it."""
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


def describe_miscount(endpoint: Endpoint) -> str:
    """The last count of tokens that cannot be."""
    sentence = _(
        "le %(day)s, ce serveur a annoncé %(reported)s jetons pour une réponse où nous en comptons %(own)s : "
        "c’est notre compte qui vaut"
    )
    return sentence % {
        "day": dated(localtime(endpoint.miscounted_at), "SHORT_DATETIME_FORMAT"),
        "reported": localize(endpoint.miscount_reported),
        "own": localize(endpoint.miscount_own),
    }


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
        (None, {"fields": ("probe", "health_display")}),
        (
            gettext_lazy("Hébergement"),
            {
                "classes": ("hosting",),
                "description": gettext_lazy(
                    "L’énergie d’une réponse dépend de la machine qui l’écrit et de ce qu’elle partage."
                ),
                "fields": (
                    "hosting",
                    ("accelerator", "accelerator_count"),
                    ("simultaneous_answers", "load_is_measured"),
                    ("processor", "power_watts"),
                    "served_bits",
                ),
            },
        ),
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
        sentences = [describe_health(endpoint)]
        if endpoint.last_check:
            sentences.append(
                _("dernier essai le %(day)s")
                % {"day": dated(localtime(endpoint.last_check), "SHORT_DATETIME_FORMAT")}
            )
        if endpoint.last_error:
            sentences.append(describe_last_error(endpoint.last_error))
        if endpoint.key_issue:
            sentences.append(endpoint.key_issue)
        if endpoint.miscounted_at:
            sentences.append(describe_miscount(endpoint))
        return " · ".join(sentences)


def probe_page(request: HttpRequest) -> HttpResponse:
    """Probe the row whose button was pressed, as typed in the form; a fragment for scripts, else a page."""
    row = next(
        (name.removesuffix(PROBE_SUFFIX) for name in request.POST if name.endswith(PROBE_SUFFIX)), None
    )
    if row is None:
        return HttpResponseBadRequest()
    pk = request.POST.get(f"{row}-id", "")
    stored = Endpoint.objects.filter(pk=pk).first() if pk.isdecimal() else None
    form = EndpointForm(request.POST, prefix=row, instance=stored)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context["result"] = _probe(form)
    by_script = request.headers.get("X-Requested-With") == "fetch"
    template = "admin/models_registry/_probe_result.html" if by_script else "admin/models_registry/probe.html"
    return render(request, template, {**admin.site.each_context(request), **context})


def _probe(form: EndpointForm) -> ProbeResult:
    """Probe the form's endpoint; only an unchanged stored one has its health updated."""
    if form.instance.pk and not form.has_changed():
        return probe_and_record(form.instance)
    return probe(form.save(commit=False))


@admin.register(Endpoint)
class EndpointAdmin(TitledAdmin):
    """Read-only list of all endpoints with their health; they are edited on their model's page."""

    list_display = (
        "model_display", "base_url", "provider_model", "hosting", "key_display", "enabled",
        "health_display", "error_display", "last_check",
    )  # fmt: skip
    list_display_links = None
    list_filter = (EndpointHealthFilter, "hosting", "enabled", "model__status", "base_url")
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
        return redirect(_model_change_url(endpoint.model_id)) if endpoint else HttpResponseNotFound()

    @admin.display(description=gettext_lazy("modèle"), ordering="model__name")
    def model_display(self, endpoint: Endpoint) -> SafeString:
        return format_html('<a href="{}">{}</a>', _model_change_url(endpoint.model_id), endpoint.model)

    @admin.display(description=gettext_lazy("clé"), ordering="api_key_env")
    def key_display(self, endpoint: Endpoint) -> str:
        if endpoint.has_refused_key:
            return _("%(name)s : pas pour ce serveur") % {"name": endpoint.api_key_env}
        if endpoint.missing_key:
            return _("%(name)s : absente") % {"name": endpoint.api_key_env}
        return endpoint.api_key_env or _("sans clé")

    @admin.display(description=gettext_lazy("santé"))
    def health_display(self, endpoint: Endpoint) -> str:
        miscount = [describe_miscount(endpoint)] if endpoint.miscounted_at else []
        return " · ".join([describe_health(endpoint), *miscount])

    @admin.display(description=gettext_lazy("dernière erreur"))
    def error_display(self, endpoint: Endpoint) -> str:
        return describe_last_error(endpoint.last_error)

    @admin.action(description=gettext_lazy("Tester maintenant"), permissions=["change"])
    def try_now(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset.select_related("model"):
            result = probe_and_record(endpoint)
            if result.failure:
                error = label_value(endpoint.model, f"{result.error} {result.detail}")
                self.message_user(request, error, messages.ERROR)
                continue
            success = _("%(model)s répond : premier jeton en %(time)s ms, %(tokens)s jetons.") % {
                "model": endpoint.model,
                "time": localize(result.ttft_ms),
                "tokens": localize(result.tokens_out),
            }
            self.message_user(request, success, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Lever la pause"), permissions=["change"])
    def end_pause(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        count = queryset.update(consecutive_failures=0, paused_until=None)
        self.message_user(request, _("Pauses levées : %(count)d.") % {"count": count}, messages.SUCCESS)


def _model_change_url(model_id: int) -> str:
    return reverse("admin:models_registry_languagemodel_change", args=[model_id])
