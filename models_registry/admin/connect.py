"""« Connecter un serveur »: an address, the list of its models, the ticked ones tested, then enabled."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.management import CommandError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backends.openai.client import OfferedModel
from backends.presets import PRESETS
from models_registry.discovery.discover import DiscoveredModel, ModelServer, register_models
from models_registry.discovery.matching import NameIndex
from models_registry.discovery.probe import ProbeResult, probe_and_record
from models_registry.discovery.server_list import list_models, server_from_options
from models_registry.models import Endpoint, LanguageModel


class ServerForm(forms.Form):
    """A server: a known one or an address, and the variable of its key."""

    preset = forms.ChoiceField(label=gettext_lazy("Serveur connu"), required=False)
    url = forms.CharField(
        label=gettext_lazy("ou son adresse"),
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "http://127.0.0.1:11434/v1", "size": 50}),
    )
    key = forms.CharField(
        label=gettext_lazy("Variable de sa clé"),
        required=False,
        help_text=gettext_lazy(
            "Le nom de la variable d’environnement, jamais la clé. Vide : celle que l’on donne d’habitude à "
            "ce serveur, ou aucune."
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
        try:
            self.server = server_from_options(
                fields.get("url"), fields.get("preset"), fields.get("key") or None
            )
            self.offered = list_models(self.server)
        except CommandError as error:
            raise forms.ValidationError(str(error)) from error
        return fields


@dataclass(frozen=True)
class Offer:
    """A model of the list, and the one of the registry that has its name."""

    name: str
    known: LanguageModel | None


@dataclass(frozen=True)
class Tested:
    """A model that was ticked: how its endpoint answered, and what its sheet lacks."""

    model: LanguageModel
    result: ProbeResult
    blockers: list[str]

    @property
    def may_play(self) -> bool:
        """Whether one tick is enough for it to play."""
        is_draft = self.model.status == LanguageModel.Status.DRAFT
        return is_draft and not (self.blockers or self.result.failure)


def connect_page(request: HttpRequest) -> HttpResponse:
    """The form of a server, then the list of its models, then the tests of those that were ticked."""
    if request.method != "POST":
        return _page(request, ServerForm())
    form = ServerForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    ticked = set(request.POST.getlist("offered"))
    if ticked:
        chosen = [one for one in form.offered if one.name in ticked]
        tested = _connect(form.server, chosen)
        return _page(request, form, tested=tested, any_may_play=any(one.may_play for one in tested))
    index = NameIndex()
    return _page(request, form, offers=[Offer(one.name, _known(index, one)) for one in form.offered])


def _known(index: NameIndex, offered: OfferedModel) -> LanguageModel | None:
    match = next(
        (match for name in (offered.name, *offered.other_names) if (match := index.match(name))), None
    )
    return match.model if match else None


def _connect(server: ModelServer, chosen: Iterable[OfferedModel]) -> list[Tested]:
    """Give the chosen models their endpoints, those that nobody knows a draft, and test each."""
    found = register_models(server, chosen, enable=False, draft_unknown=True)
    return [_test(server, one, one.model) for one in found if one.model]


def _test(server: ModelServer, found: DiscoveredModel, model: LanguageModel) -> Tested:
    endpoints = Endpoint.objects.filter(base_url=server.base_url, provider_model=found.offered.name)
    result = probe_and_record(endpoints.select_related("model").get(model=model))
    return Tested(model, result, [issue.message for issue in model.enable_blockers()])


def _page(request: HttpRequest, form: ServerForm, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Connecter un serveur"),
        "opts": LanguageModel._meta,
        "form": form,
        **extra,
    }
    return render(request, "admin/models_registry/connect.html", context, status=status)
