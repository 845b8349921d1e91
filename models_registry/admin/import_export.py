"""Import and export of the registry: upload a file, review every row, then import what was shown."""

import codecs
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.exchange import export
from models_registry.exchange.apply import RowAction
from models_registry.exchange.parse import MAX_CHARACTERS, UnreadableFile, parse_file
from models_registry.exchange.plan import ImportPlan, PlanChanged, dry_run, run_import
from models_registry.models import LanguageModel

MAX_BYTES = 4 * MAX_CHARACTERS  # UTF-8 takes at most 4 bytes per character
ENCODINGS = ("utf-8-sig", "cp1252")  # the second is the default of French spreadsheets


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Fichier CSV ou JSON"))

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("Ce fichier est trop grand pour un registre de modèles."))
        return decode(file.read())


class ConfirmForm(forms.Form):
    """Carries the file and the digest of its plan from the dry run to the import."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=MAX_CHARACTERS, strip=False)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    leave_refused = forms.BooleanField(
        label=gettext_lazy("laisser de côté les fiches refusées"), required=False
    )


def decode(content: bytes) -> str:
    """Decode an uploaded file; raises ValidationError when it is not text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # « Texte Unicode » of spreadsheets
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("Ce fichier n’est pas du texte : exportez-le en CSV ou en JSON, en UTF-8."))


def import_page(request: HttpRequest) -> HttpResponse:
    """Render the upload form, the dry run of an upload, or run the import that a dry run showed."""
    if request.method != "POST":
        return _page(request, UploadForm())
    if "digest" in request.POST:
        return _run_confirmed(request)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    text = form.cleaned_data["file"]
    try:
        plan = dry_run(parse_file(text))
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return _page(request, form, status=422)
    return _plan_page(request, plan, text)


def _run_confirmed(request: HttpRequest) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, UploadForm(), status=422)
    confirmed = form.cleaned_data
    try:
        rows = parse_file(confirmed["text"])
    except UnreadableFile:
        return _page(request, UploadForm(), status=422)
    try:
        plan = run_import(
            rows,
            user_id=request.user.pk,
            digest=confirmed["digest"],
            leave_refused=confirmed["leave_refused"],
        )
    except PlanChanged as changed:
        messages.warning(request, _("Rien n’a été importé : relisez ce qui changerait, puis confirmez."))
        return _plan_page(request, changed.plan, confirmed["text"], status=409)
    done = _(
        "Import terminé : %(created)d fiches créées, %(updated)d changées, %(refused)d laissées de côté."
    )
    messages.success(request, done % {name: plan.counts[name] for name in ("created", "updated", "refused")})
    return redirect("admin:models_registry_languagemodel_changelist")


def _plan_page(request: HttpRequest, plan: ImportPlan, text: str, status: int = 200) -> HttpResponse:
    confirm = ConfirmForm(initial={"text": text, "digest": plan.digest})
    outcomes = sorted(plan.outcomes, key=lambda one: one.action != RowAction.REFUSED)  # refusals first
    actions = sorted(RowAction, key=lambda action: action != RowAction.REFUSED)
    tally = [(str(action.label), plan.counts[action]) for action in actions]
    return _page(
        request, UploadForm(), status=status, plan=plan, outcomes=outcomes, confirm=confirm, tally=tally
    )


def _page(request: HttpRequest, form: UploadForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Importer des fiches"),
        "opts": LanguageModel._meta,
        "form": form,
        **extra,
    }
    return render(request, "admin/models_registry/import.html", context, status=status)


def export_file(extension: str) -> HttpResponse:
    """Download the whole registry; the CSV starts with a BOM, from which spreadsheets know its encoding."""
    day = timezone.localdate().isoformat()
    if extension == "csv":
        content, kind = export.export_csv().encode("utf-8-sig"), "text/csv; charset=utf-8"
    elif extension == "json":
        content, kind = export.export_json().encode(), "application/json"
    else:
        raise Http404
    name = f"conso-duel-registre-{day}.{extension}"
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
