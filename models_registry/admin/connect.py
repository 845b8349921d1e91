"""« Connecter un serveur »: an address, the list of its models, the ticked ones tested, then enabled."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.management import CommandError
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backends.openai.client import OfferedModel
from backends.presets import PRESETS
from models_registry import api_keys
from models_registry.discovery.discover import DiscoveredModel, ModelServer, register_models
from models_registry.discovery.matching import NameIndex
from models_registry.discovery.probe import ProbeResult, probe_and_record
from models_registry.discovery.server_list import list_models, server_from_options
from models_registry.models import Endpoint, LanguageModel

MAX_TICKED = 20  # models that are tested in one request
TESTS_SECONDS = 60  # after which no further test begins: each may take MAX_SECONDS of the probe
UNFOLDED = 20  # unknown models that are shown without a fold


class ServerForm(forms.Form):
    """A server: a known one or an address, and the variable of its key."""

    preset = forms.ChoiceField(label=gettext_lazy("Serveur connu"), required=False)
    url = forms.CharField(
        label=gettext_lazy("ou l’adresse d’un autre"),
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "http://127.0.0.1:11434/v1", "size": 50}),
        help_text=gettext_lazy(
            "Telle que la donne la documentation du serveur ; elle finit souvent par /v1."
        ),
    )
    key = forms.CharField(
        label=gettext_lazy("Nom de la variable où est sa clé"),
        required=False,
        validators=[
            RegexValidator(
                api_keys.NAME_ONLY,
                gettext_lazy(
                    "Écrivez le nom de la variable, en majuscules, comme MISTRAL_API_KEY : jamais la clé "
                    "elle-même."
                ),
            )
        ],
        help_text=gettext_lazy(
            "Jamais la clé elle-même : le nom de la variable d’environnement où l’a mise la personne qui "
            "installe le site. Vide : la variable habituelle de ce serveur, ou aucune clé."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("Un autre")), *((preset.slug, preset.name) for preset in PRESETS)]
        self.fields["preset"] = forms.ChoiceField(
            label=self.fields["preset"].label, required=False, choices=choices
        )

    def clean(self) -> dict[str, Any]:
        """Ask the server for its list; what it refuses is an error of the form."""
        fields = self.cleaned_data
        if self.errors:
            return fields
        if not (fields.get("url") or fields.get("preset")):
            raise forms.ValidationError(_("Choisissez un serveur connu, ou donnez l’adresse d’un autre."))
        try:
            self.server = server_from_options(
                fields.get("url"), fields.get("preset"), fields.get("key") or None
            )
            self.offered = list_models(self.server)
        except CommandError as error:
            raise forms.ValidationError(str(error)) from error
        if not self.offered:
            raise forms.ValidationError(
                _(
                    "Le serveur répond, et ne propose aucun modèle : chargez-en un sur ce serveur, puis "
                    "redemandez sa liste."
                )
            )
        return fields


@dataclass(frozen=True)
class Offer:
    """A model of the list, and the one of the registry that has its name."""

    name: str
    known: LanguageModel | None
    is_ticked: bool = False


@dataclass(frozen=True)
class Tested:
    """A model that was ticked: how its endpoint answered, and what its sheet lacks.

    result: None where the tests before it have taken all the time there is.
    """

    model: LanguageModel
    result: ProbeResult | None
    blockers: list[str]

    @property
    def may_play(self) -> bool:
        """Whether one tick is enough for it to play."""
        is_draft = self.model.status == LanguageModel.Status.DRAFT
        return is_draft and not self.blockers and self.result is not None and not self.result.failure


def connect_page(request: HttpRequest) -> HttpResponse:
    """The form of a server, then the list of its models, then the tests of those that were ticked."""
    if request.method != "POST":
        return _page(request, ServerForm())
    form = ServerForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    ticked = set(request.POST.getlist("offered"))
    if 0 < len(ticked) <= MAX_TICKED:
        chosen = [one for one in form.offered if one.name in ticked]
        tested = _connect(form.server, chosen)
        return _page(request, form, tested=tested, any_may_play=any(one.may_play for one in tested))
    index = NameIndex()
    offers = [Offer(one.name, _known(index, one), one.name in ticked) for one in form.offered]
    known = [one for one in offers if one.known]
    unknown = [one for one in offers if not one.known]
    too_many = bool(ticked)
    return _page(
        request,
        form,
        status=422 if too_many else 200,
        known=known,
        unknown=unknown,
        folds_unknown=len(unknown) > UNFOLDED and not any(one.is_ticked for one in unknown),
        max_ticked=MAX_TICKED if too_many else None,
    )


def _known(index: NameIndex, offered: OfferedModel) -> LanguageModel | None:
    match = next(
        (match for name in (offered.name, *offered.other_names) if (match := index.match(name))), None
    )
    return match.model if match else None


def _connect(server: ModelServer, chosen: Iterable[OfferedModel]) -> list[Tested]:
    """Give the chosen models their endpoints, those that nobody knows a draft, and test each in turn."""
    found = register_models(server, chosen, enable=False, draft_unknown=True)
    deadline = time.monotonic() + TESTS_SECONDS
    return [_test(server, one, one.model, deadline) for one in found if one.model]


def _test(server: ModelServer, found: DiscoveredModel, model: LanguageModel, deadline: float) -> Tested:
    blockers = [issue.message for issue in model.enable_blockers()]
    if time.monotonic() > deadline:
        return Tested(model, None, blockers)
    endpoints = Endpoint.objects.filter(base_url=server.base_url, provider_model=found.offered.name)
    return Tested(model, probe_and_record(endpoints.select_related("model").get(model=model)), blockers)


def _page(request: HttpRequest, form: ServerForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Connecter un serveur"),
        "opts": LanguageModel._meta,
        "form": form,
        **extra,
    }
    return render(request, "admin/models_registry/connect.html", context, status=status)
