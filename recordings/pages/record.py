"""« Enregistrer ce duel »: its visitor downloads it as a pack, once they have agreed to hand its texts on."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from duels.models import Duel
from duels.pages.download import exceeded_limit
from duels.pages.responses import redirect_to_duel, too_many
from duels.pages.visitor import get_own_duel
from recordings.pack_file import FORMATS, pack_response
from recordings.recorder import NothingToRecord, holds_personal_data, make_pack, record_duel
from web.fields import PlainTextField
from web.http import Request

MAX_MAKER_CHARACTERS = 120


class RecordForm(forms.Form):
    """The tick without which nothing is handed on, and the name that the pack gives, if any."""

    agreed = forms.BooleanField(
        error_messages={"required": gettext_lazy("Cochez d’abord : sans cet accord, rien n’est enregistré.")}
    )
    maker = PlainTextField(max_length=MAX_MAKER_CHARACTERS, required=False)
    file = forms.ChoiceField(choices=[(name, name) for name in FORMATS])


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: Request, code: str) -> HttpResponse:
    """The form; sent, the file that its button names."""
    duel = get_own_duel(request, code)
    if not duel.is_revealed:
        return redirect_to_duel(duel)
    form = RecordForm(request.POST or None)
    if request.method != "POST":
        return _page(request, duel, form)
    if not form.is_valid():
        return _page(request, duel, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if exceeded := exceeded_limit(duel.visitor):
        return too_many(request, exceeded.wait_seconds)
    pack = make_pack([record_duel(duel)], _("Un duel enregistré"), form.cleaned_data["maker"])
    return pack_response(pack, form.cleaned_data["file"])


def _page(request: Request, duel: Duel, form: RecordForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    context: dict[str, Any] = {"duel": duel, "form": form}
    try:
        context["holds_personal_data"] = holds_personal_data(record_duel(duel))
    except NothingToRecord:
        return redirect_to_duel(duel)
    return render(request, "recordings/record.html", context, status=status)
