"""Discovery: register the models that a server offers.

A model of the registry gets an endpoint on the server, an unknown one a draft.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction

from backends.openai.client import OfferedModel
from models_registry.discovery.matching import Match, NameIndex, is_placeholder
from models_registry.discovery.names import is_quantised
from models_registry.endpoint_hosting import suggest_hosting
from models_registry.models import Endpoint, LanguageModel, Licence, Organisation
from models_registry.validation import PLACEHOLDER_SLUG, make_slug

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166 reserves it for users; no country has it
PLACEHOLDER_ORGANISATION = {"name": "À compléter", "country": UNKNOWN_COUNTRY, "site": ""}
PLACEHOLDER_LICENCE = {
    "name": "À compléter",
    "link": "",
    "kind": Licence.Kind.PROPRIETARY,
    "commercial_use": Licence.Permission.NO,
    "outputs_reuse": Licence.Permission.NO,
    "sentence_fr": "La licence de ce modèle n’a pas encore été vérifiée.",
    "sentence_en": "The licence of this model has not been checked yet.",
}


class DiscoveryStatus(StrEnum):
    """The outcome of registering an offered model."""

    CONNECTED = "connected"  # a model of the registry has a new endpoint
    ALREADY_CONNECTED = "already_connected"
    DRAFTED = "drafted"  # unknown: a draft was created, without its facts
    UNKNOWN = "unknown"  # unknown, and no draft was wanted


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server that offers models; extra_body goes to each of its endpoints."""

    base_url: str
    api_key_env: str = ""
    extra_body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DiscoveredModel:
    """An offered model once registered; `blockers` say why it could not be enabled as requested.

    nearest: the known model whose name looks most like an unknown one. moving: the name follows the newest
    model of a family, so the one that answers may change.
    """

    offered: OfferedModel
    status: DiscoveryStatus
    model: LanguageModel | None = None
    blockers: tuple[str, ...] = ()
    nearest: LanguageModel | None = None
    moving: bool = False

    @property
    def is_quantised(self) -> bool:
        return is_quantised(self.offered.name)


@transaction.atomic
def register_models(
    server: ModelServer, offered: Iterable[OfferedModel], *, enable: bool, draft_unknown: bool
) -> list[DiscoveredModel]:
    """Register the offered models, in the server's order; idempotent."""
    index = NameIndex()
    return [_register(server, one, index, enable, draft_unknown) for one in offered]


def _register(
    server: ModelServer, offered: OfferedModel, index: NameIndex, enable: bool, draft_unknown: bool
) -> DiscoveredModel:
    match = _find_model(server, offered, index)
    known = match.model if match else None
    nearest = index.nearest(offered.name) if known is None or is_placeholder(known) else None
    if known is None and not draft_unknown:
        return DiscoveredModel(offered, DiscoveryStatus.UNKNOWN, nearest=nearest)
    model = known or _create_draft(offered, index)
    # An existing endpoint keeps its settings: a curator may have changed them.
    requests = {"api_key_env": server.api_key_env, "extra_body": dict(server.extra_body)}
    defaults = requests | suggest_hosting(server.base_url, offered.name)
    _endpoint, is_new = Endpoint.objects.get_or_create(
        model=model, base_url=server.base_url, provider_model=offered.name, defaults=defaults
    )
    if known is None:
        status = DiscoveryStatus.DRAFTED
    else:
        status = DiscoveryStatus.CONNECTED if is_new else DiscoveryStatus.ALREADY_CONNECTED
    blockers = _enable(model) if enable else ()
    return DiscoveredModel(offered, status, model, blockers, nearest, moving=bool(match and match.moving))


def _find_model(server: ModelServer, offered: OfferedModel, index: NameIndex) -> Match | None:
    """The model of an existing endpoint, to which a curator may have moved it; else the one of this name.

    An endpoint of a draft that nobody completed moves to a model of the registry that has the name by now.
    """
    endpoints = Endpoint.objects.filter(base_url=server.base_url, provider_model=offered.name)
    endpoint = endpoints.select_related("model__organisation").first()
    if endpoint and not is_placeholder(endpoint.model):
        return Match(endpoint.model)
    names = (offered.name, *offered.other_names)
    match = next((match for name in names if (match := index.match(name))), None)
    if endpoint is None:
        return match
    if match is None or is_placeholder(match.model):
        return Match(endpoint.model)
    if not match.model.endpoints.filter(base_url=server.base_url, provider_model=offered.name).exists():
        Endpoint.objects.filter(pk=endpoint.pk).update(model=match.model)
    return match


def _create_draft(offered: OfferedModel, index: NameIndex) -> LanguageModel:
    """Create a draft of the few facts a server gives; its size waits for a curator with a source."""
    organisation, _new = Organisation.objects.get_or_create(
        slug=PLACEHOLDER_SLUG, defaults=PLACEHOLDER_ORGANISATION
    )
    licence, _new = Licence.objects.get_or_create(slug=PLACEHOLDER_SLUG, defaults=PLACEHOLDER_LICENCE)
    model = LanguageModel.objects.create(
        slug=_free_slug(offered.name),
        name=offered.name.rpartition("/")[2],
        organisation=organisation,
        licence=licence,
        architecture=LanguageModel.Architecture.UNDISCLOSED,
        disclosed=False,
        context_window_tokens=offered.context_window_tokens,
        aliases=[offered.name],
    )
    index.add(model)
    return model


def _free_slug(name: str) -> str:
    base = make_slug(name)[:100].rstrip("-.") or "modele"
    taken = set(LanguageModel.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def _enable(model: LanguageModel) -> tuple[str, ...]:
    """Enable a draft, or return why it may not be; a model that a curator archived stays archived."""
    if model.status != LanguageModel.Status.DRAFT:
        return ()
    if issues := model.enable_blockers():
        return tuple(issue.message for issue in issues)
    model.status = LanguageModel.Status.ENABLED
    model.save(update_fields=["status"])
    return ()
