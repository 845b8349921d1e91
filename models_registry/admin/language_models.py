"""Admin of models: facts, sources, endpoints, estimated energy, import and export."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import NestedObjects, unquote
from django.core.exceptions import PermissionDenied
from django.db import router
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from backends.presets import PRESETS
from models_registry import validation
from models_registry.admin import connect, import_export, missing
from models_registry.admin.edit_history import HistoryAdmin
from models_registry.admin.endpoints import (
    EndpointInline,
    describe_health,
    probe_page,
)
from models_registry.admin.filters import HasEndpointFilter, ModelHealthFilter, UnreadSourcesFilter
from models_registry.exchange.diff import describe_change
from models_registry.forms import LanguageModelForm, SourceForm, SourceFormSet
from models_registry.models import Endpoint, LanguageModel, Source
from models_registry.pages.energy import USUAL_ANSWER_TOKENS, energy_summary
from models_registry.pages.labels import size_label
from web import formatting

MIN_PLAYABLE = 2  # of a duel
MAX_REFUSALS_SHOWN = 5


class SourceInline(admin.TabularInline):
    model = Source
    form = SourceForm
    formset = SourceFormSet
    fields = ("facts", "link", "title", "read_on")
    extra = 1
    verbose_name_plural = gettext_lazy("sources (où chaque fait peut se lire)")


@admin.register(LanguageModel)
class LanguageModelAdmin(HistoryAdmin):
    form = LanguageModelForm
    inlines = (SourceInline, EndpointInline)
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("energy_box",)
    save_on_top = True
    fieldsets = (
        (None, {"fields": ("name", "slug", "status", ("organisation", "licence"))}),
        (gettext_lazy("Sortie"), {"fields": (("release_date", "release_precision"),)}),
        (
            gettext_lazy("Taille et architecture"),
            {
                "description": gettext_lazy(
                    "En milliards de paramètres, décimales comprises : 3,6 n’est pas 3."
                ),
                "fields": (
                    "architecture",
                    "disclosed",
                    ("total_params_b", "active_params_b", "effective_params_b"),
                    ("experts_total", "experts_active"),
                    "weight_bits",
                    "energy_box",
                ),
            },
        ),
        (
            gettext_lazy("Hypothèse, quand la taille n’est pas publiée"),
            {
                "fields": (
                    ("hypothesis_low_b", "hypothesis_high_b"),
                    ("hypothesis_active_low_b", "hypothesis_active_high_b"),
                    ("hypothesis_why_fr", "hypothesis_why_en"),
                ),
            },
        ),
        (
            gettext_lazy("Usage"),
            {"fields": ("reasoning", ("context_window_tokens", "tokenizer_family"), "aliases")},
        ),
        (
            gettext_lazy("Textes de la fiche"),
            {"fields": (("description_fr", "description_en"), ("good_to_know_fr", "good_to_know_en"))},
        ),
    )
    list_display = (
        "name", "organisation", "status", "architecture", "size_display", "energy_display", "licence_display",
        "sources_display", "endpoints_display", "release_display",
    )  # fmt: skip
    list_filter = (
        "status",
        ("organisation", admin.RelatedOnlyFieldListFilter),
        "architecture",
        "licence__kind",
        HasEndpointFilter,
        ModelHealthFilter,
        UnreadSourcesFilter,
        "disclosed",
        "reasoning",
    )
    list_select_related = ("organisation", "licence")
    list_per_page = 50
    search_fields = ("name", "slug", "aliases", "organisation__name")
    actions = ("enable", "archive", "delete_selected")
    change_list_template = "admin/models_registry/languagemodel/change_list.html"
    change_form_template = "admin/models_registry/languagemodel/change_form.html"

    class Media:
        js = tuple(
            Script(f"js/admin/{name}.js", type="module")
            for name in ("architecture", "estimate", "missing", "probe")
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LanguageModel]:
        return super().get_queryset(request).prefetch_related("sources", "endpoints")

    def get_urls(self) -> list[Any]:
        views = (
            ("estimate/", self.estimate_view, "estimate"),
            ("missing/", self.missing_view, "missing"),
            ("probe/", self.probe_view, "probe"),
            ("import/", self.import_view, "import"),
            ("connect/", self.connect_view, "connect"),
            ("export/<str:extension>/", self.export_view, "export"),
        )
        own = [
            path(route, self.admin_site.admin_view(view), name=f"models_registry_languagemodel_{name}")
            for route, view, name in views
        ]
        return own + super().get_urls()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Offer the known servers as suggestions of the address fields, and say what the model lacks."""
        model = context.get("original")
        if request.method == "POST":  # refused: what was typed counts
            stored = LanguageModel.objects.filter(pk=model.pk).first() if model else None
            lacks = missing.missing_in_form(request.POST, stored)
        elif model:
            lacks = missing.missing_in_store(model)
        else:
            lacks = missing.missing_in_form(missing.initial_values(context["adminform"].form), None)
        missing_url = reverse("admin:models_registry_languagemodel_missing")
        if model:
            missing_url += f"?model={model.pk}"
        shown = {"presets": PRESETS, "missing": lacks, "missing_url": missing_url}
        return super().render_change_form(request, {**context, **shown}, *args, **options)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], list[str]]:
        """The rows deleted with the models; their endpoints go too, though their own page deletes none."""
        listed, counts, refused, protected = super().get_deleted_objects(objs, request)
        return listed, counts, refused - {str(Endpoint._meta.verbose_name)}, protected

    def has_delete_permission(self, request: HttpRequest, obj: LanguageModel | None = None) -> bool:
        """Drafts alone are deleted: what visitors have met is archived."""
        may_delete: bool = super().has_delete_permission(request, obj)
        return may_delete and (obj is None or obj.status == LanguageModel.Status.DRAFT)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Send back to its page, with a sentence, a model that is not deleted."""
        model = self.get_object(request, unquote(object_id))
        if model and self.has_delete_permission(request) and (refusal := self._why_not_deleted(model)):
            self.message_user(request, refusal, messages.ERROR)
            return redirect("admin:models_registry_languagemodel_change", model.pk)
        return super().delete_view(request, object_id, extra_context)

    def _why_not_deleted(self, model: LanguageModel) -> str:
        """Why this model stays, in a sentence; empty for a draft that nobody has met."""
        if model.status != LanguageModel.Status.DRAFT:
            return _(
                "%(model)s n’est pas un brouillon : il reste. Pour qu’il ne joue plus, choisissez le statut "
                "« Archivé »."
            ) % {"model": model}
        if _are_cited([model]):
            return _(
                "%(model)s a déjà joué : des duels et des votes le citent, il reste. Pour le ranger, "
                "choisissez le statut « Archivé »."
            ) % {"model": model}
        return ""

    @admin.action(description=gettext_lazy("Supprimer les brouillons choisis"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[LanguageModel]) -> HttpResponse | None:
        """Ask, then delete the drafts with their endpoints; where others are chosen too, delete nothing."""
        others = queryset.exclude(status=LanguageModel.Status.DRAFT)
        if not others.exists() and _are_cited(queryset):
            others = queryset
        refusals = [why for model in others if (why := self._why_not_deleted(model))]
        for refusal in refusals[:MAX_REFUSALS_SHOWN]:
            self.message_user(request, refusal, messages.ERROR)
        if (more := len(refusals) - MAX_REFUSALS_SHOWN) > 0:
            sentence = ngettext("… et %d autre reste.", "… et %d autres restent.", more) % more
            self.message_user(request, sentence, messages.ERROR)
        if refusals:
            return None
        response: HttpResponse | None = delete_selected(self, request, queryset)
        return response

    def view_on_site(self, model: LanguageModel) -> str:
        """Public page of the model, which curators see for drafts too."""
        return reverse("models:model", args=[model.slug])

    @admin.display(
        description=gettext_lazy("taille"), ordering=Coalesce("total_params_b", "hypothesis_high_b")
    )
    def size_display(self, model: LanguageModel) -> str:
        try:
            return size_label(model.shape())
        except ValueError:
            return _("à compléter")

    @admin.display(
        description=format_lazy(gettext_lazy("énergie, {tokens} jetons"), tokens=USUAL_ANSWER_TOKENS)
    )
    def energy_display(self, model: LanguageModel) -> str:
        try:
            return energy_summary(model).energy_label
        except ValueError:
            return "–"

    @admin.display(description=gettext_lazy("licence"), ordering="licence__kind")
    def licence_display(self, model: LanguageModel) -> str:
        return model.licence.get_kind_display()

    @admin.display(description=gettext_lazy("sources"))
    def sources_display(self, model: LanguageModel) -> str:
        """Number of facts with a source, out of those that need one."""
        facts_with_source = {source.fact for source in model.sources.all()}
        return f"{len(facts_with_source)}/{len(validation.SOURCED_FACTS)}"

    @admin.display(description=gettext_lazy("points d’accès"))
    def endpoints_display(self, model: LanguageModel) -> str:
        return ", ".join(map(describe_health, model.endpoints.all())) or _("aucun serveur")

    @admin.display(description=gettext_lazy("sortie"), ordering="release_date")
    def release_display(self, model: LanguageModel) -> str:
        return formatting.release(model.release_date, model.release_precision)

    @admin.display(description=gettext_lazy("énergie estimée"))
    def energy_box(self, model: LanguageModel) -> SafeString:
        return render_to_string("admin/models_registry/energy_box.html", _energy_context(model))

    @method_decorator(require_safe)
    def estimate_view(self, request: HttpRequest) -> HttpResponse:
        """Render the energy estimate of the facts typed in the form; saves nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = LanguageModelForm(request.GET)
        form.is_valid()  # fills form.instance with the valid fields; errors elsewhere do not matter here
        return HttpResponse(
            render_to_string("admin/models_registry/_energy.html", _energy_context(form.instance))
        )

    @method_decorator(require_POST)
    def missing_view(self, request: HttpRequest) -> HttpResponse:
        """Render what the typed page lacks before its model may be enabled; saves nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pk = request.GET.get("model", "")
        stored = self.get_object(request, pk) if pk else None
        lacks = missing.missing_in_form(request.POST, stored)
        return render(request, "admin/models_registry/_missing.html", {"missing": lacks})

    @method_decorator(require_POST)
    def probe_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return probe_page(request)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        return import_export.import_page(request)

    def connect_view(self, request: HttpRequest) -> HttpResponse:
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        if "enable" not in request.POST:
            return connect.connect_page(request)
        self.enable(request, LanguageModel.objects.filter(slug__in=request.POST.getlist("model")))
        return redirect(f"{reverse('admin:models_registry_languagemodel_changelist')}?status__exact=enabled")

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest, extension: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return import_export.export_file(extension)

    @admin.action(description=gettext_lazy("Activer : ils pourront jouer"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[LanguageModel]) -> None:
        """Enable the models that may be, and report what the others lack."""
        enabled = 0
        for model in queryset.exclude(status=LanguageModel.Status.ENABLED):
            if issues := model.enable_blockers():
                why = " ".join(issue.message for issue in issues)
                refusal = _("%(model)s n’est pas activé. %(why)s") % {"model": model, "why": why}
                self.message_user(request, refusal, messages.ERROR)
                continue
            self._set_status(request, model, LanguageModel.Status.ENABLED)
            self._warn_about_missing_keys(request, model)
            enabled += 1
        self._report_count(request, ngettext("%d modèle activé.", "%d modèles activés.", enabled), enabled)

    @admin.action(description=gettext_lazy("Archiver : ils ne joueront plus"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[LanguageModel]) -> None:
        """Archive the models; warn when too few are left for a duel."""
        archived = 0
        for model in queryset.exclude(status=LanguageModel.Status.ARCHIVED):
            self._set_status(request, model, LanguageModel.Status.ARCHIVED)
            archived += 1
        self._report_count(
            request, ngettext("%d modèle archivé.", "%d modèles archivés.", archived), archived
        )
        if archived and LanguageModel.objects.playable().count() < MIN_PLAYABLE:
            warning = _(
                "Il reste moins de deux modèles qui peuvent répondre : plus aucun duel n’est possible."
            )
            self.message_user(request, warning, messages.WARNING)

    def _set_status(self, request: HttpRequest, model: LanguageModel, status: LanguageModel.Status) -> None:
        before = model.get_status_display()
        model.status = status
        model.save(update_fields=["status"])
        sentence = describe_change(_("statut"), before, status.label)
        self.log_change(request, model, [{"changed": {"fields": [sentence]}}])

    def _warn_about_missing_keys(self, request: HttpRequest, model: LanguageModel) -> None:
        for name in sorted({endpoint.missing_key for endpoint in model.endpoints.all()} - {""}):
            warning = _("%(model)s : la variable %(name)s manque dans l’environnement de ce serveur.")
            self.message_user(request, warning % {"model": model, "name": name}, messages.WARNING)

    def _report_count(self, request: HttpRequest, sentence: str, count: int) -> None:
        self.message_user(request, sentence % count, messages.SUCCESS if count else messages.INFO)


def _are_cited(models: Any) -> bool:
    """Whether a duel, a vote or a leaderboard holds one of these models, a list or a queryset."""
    collector = NestedObjects(using=router.db_for_write(LanguageModel))
    collector.collect(models)
    return bool(collector.protected)


def _energy_context(model: LanguageModel) -> dict[str, Any]:
    """Context of _energy.html: the energy, or the issues that prevent an estimate."""
    issues = list(validation.fact_issues(model))
    energy = energy_summary(model) if model.architecture and not issues else None
    return {"energy": energy, "issues": issues}
