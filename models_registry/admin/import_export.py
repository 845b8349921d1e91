"""Files in and out of the registry: upload, look at every row, then import what was shown."""

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
from models_registry.exchange import plan as importing
from models_registry.exchange.apply import RowAction
from models_registry.exchange.parse import MAX_CHARACTERS, FileRow, UnreadableFile, parse_file
from models_registry.exchange.plan import ImportPlan
from models_registry.models import LanguageModel

MAX_BYTES = 4 * MAX_CHARACTERS  # the longest a character gets in UTF-8
ENCODINGS = ("utf-8-sig", "cp1252")  # the second is what French spreadsheets write without asking


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Fichier CSV ou JSON"))

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("Ce fichier est trop grand pour un registre de modèles."))
        return decoded(file.read())


class ConfirmForm(forms.Form):
    """What travels from the dry run to the import: the file itself and what was shown of it."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=MAX_CHARACTERS, strip=False)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    leave_refused = forms.BooleanField(
        label=gettext_lazy("laisser de côté les fiches refusées"), required=False
    )


def decoded(content: bytes) -> str:
    """The bytes of a file as text, whatever spreadsheet wrote them."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("Ce fichier n’est pas du texte : exportez-le en CSV ou en JSON, en UTF-8."))


def import_page(request: HttpRequest) -> HttpResponse:
    """The form, the dry run of the file that was sent, or the import of what the dry run showed."""
    if request.method != "POST":
        return _page(request, FileForm())
    if "digest" in request.POST:
        return _confirmed(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    text = form.cleaned_data["file"]
    try:
        plan = importing.dry_run(parse_file(text))
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return _page(request, form, status=422)
    return _plan_page(request, plan, text)


def _confirmed(request: HttpRequest) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, FileForm(), status=422)
    sent = form.cleaned_data
    try:
        rows = parse_file(sent["text"])
    except UnreadableFile:
        return _page(request, FileForm(), status=422)
    return _import(request, rows, sent)


def _import(request: HttpRequest, rows: list[FileRow], sent: dict[str, Any]) -> HttpResponse:
    try:
        plan = importing.run_import(
            rows,
            user_id=request.user.pk,
            digest=sent["digest"],
            leave_refused=sent["leave_refused"],
        )
    except importing.PlanChanged as changed:
        told = _("Rien n’a été importé : relisez ce qui changerait, puis confirmez.")
        messages.warning(request, told)
        return _plan_page(request, changed.plan, sent["text"], status=409)
    told = _(
        "Import terminé : %(created)d fiches créées, %(updated)d changées, %(refused)d laissées de côté."
    )
    messages.success(request, told % {name: plan.counts[name] for name in ("created", "updated", "refused")})
    return redirect("admin:models_registry_languagemodel_changelist")


def _plan_page(request: HttpRequest, plan: ImportPlan, text: str, status: int = 200) -> HttpResponse:
    confirm = ConfirmForm(initial={"text": text, "digest": plan.digest})
    return _page(request, FileForm(), status=status, plan=plan, confirm=confirm, tally=_tally(plan))


def _tally(plan: ImportPlan) -> list[tuple[str, int]]:
    """How many rows meet each fate, by its name."""
    return [(str(action.label), plan.counts[action]) for action in RowAction]


def _page(request: HttpRequest, form: FileForm, status: int = 200, **shown: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Importer des fiches"),
        "opts": LanguageModel._meta,
        "form": form,
        **shown,
    }
    return render(request, "admin/models_registry/import.html", context, status=status)


def export_file(extension: str) -> HttpResponse:
    """The whole registry as a download; the mark at the start of the CSV tells spreadsheets its encoding."""
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
