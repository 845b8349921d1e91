"""« Importer un paquet » in the admin: the same import as `manage.py import_pack`, from an uploaded file."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recordings.importing import ImportReport, import_pack
from recordings.models import Recording
from recordings.pack_format import Pack

MAX_UPLOAD_BYTES = 5_000_000  # a duel takes 5 to 50 kB; larger packs come by the command


class PackForm(forms.Form):
    """An uploaded pack; what it holds is `cleaned_data["file"]`."""

    file = forms.FileField(
        label=gettext_lazy("Paquet (JSON)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        help_text=gettext_lazy("Un paquet de duels enregistrés ici ou sur un autre site, de 5 Mo au plus."),
    )
    is_offered = forms.BooleanField(
        label=gettext_lazy("Proposer ces duels tout de suite"),
        required=False,
        help_text=gettext_lazy("Sinon, relisez-les d’abord, et cochez un par un ceux que le site propose."),
    )

    def clean_file(self) -> Pack:
        """The pack, checked as the command checks it."""
        from recordings.pack_schema import InvalidPack, parse_pack  # loads pydantic

        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_UPLOAD_BYTES:
            raise ValidationError(
                _("Ce fichier dépasse 5 Mo : coupez le paquet, ou importez-le avec manage.py import_pack.")
            )
        try:
            return parse_pack(file.read())
        except InvalidPack as error:
            raise ValidationError(
                _("Ce fichier n’est pas un paquet de duels enregistrés, ou il est abîmé : %(error)s.")
                % {"error": error}
            ) from error


def upload_page(request: HttpRequest) -> HttpResponse:
    """The form, or the import of its pack and the list of recordings."""
    form = PackForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        context: dict[str, Any] = {
            **admin.site.each_context(request),
            "title": _("Importer un paquet"),
            "opts": Recording._meta,
            "form": form,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "admin/recordings/upload.html", context, status=status)
    report = import_pack(form.cleaned_data["file"], is_offered=form.cleaned_data["is_offered"])
    _report(request, report)
    return redirect("admin:recordings_recording_changelist")


def _report(request: HttpRequest, report: ImportReport) -> None:
    """One sentence for what was taken, what was there, and each reason of a refusal."""
    for refusal, count in sorted(report.refused.items()):
        sentence = ngettext("%(count)d duel refusé : %(why)s.", "%(count)d duels refusés : %(why)s.", count)
        messages.error(request, sentence % {"count": count, "why": refusal.label})
    if report.known:
        there = ngettext("%d duel était déjà là.", "%d duels étaient déjà là.", report.known)
        messages.info(request, there % report.known)
    if report.taken:
        taken = ngettext("%d duel importé.", "%d duels importés.", report.taken)
        messages.success(request, taken % report.taken)
