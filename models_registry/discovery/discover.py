"""What a server offers, brought into the registry: known models get an endpoint, unknown ones a draft."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction

from backends.openai.client import OfferedModel
from models_registry.discovery.matching import NameIndex, is_quantised
from models_registry.models import Endpoint, LanguageModel, Licence, Organisation
from models_registry.validation import PLACEHOLDER_SLUG, make_slug

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166 leaves it to users; no country has it


class DiscoveryStatus(StrEnum):
    """What became of one offered model."""

    CONNECTED = "connected"  # a model of the registry has a new endpoint
    ALREADY = "already"  # its endpoint was there
    DRAFTED = "drafted"  # nobody knew it: a draft waits for its facts
    UNKNOWN = "unknown"  # nobody knew it, and no draft was wanted


@dataclass(frozen=True, slots=True)
class ModelServer:
    """Where the models were offered, and what each request to it takes."""

    base_url: str
    api_key_env: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DiscoveredModel:
    """One offered model; `lacks` says why it could not be enabled though that was asked."""

    offered: OfferedModel
    found: DiscoveryStatus
    model: LanguageModel | None = None
    enabled: bool = False
    lacks: tuple[str, ...] = ()

    @property
    def is_quantised(self) -> bool:
        return is_quantised(self.offered.name)


@transaction.atomic
def register_models(
    server: ModelServer, offered: Iterable[OfferedModel], *, enable: bool, draft_unknown: bool
) -> list[DiscoveredModel]:
    """Every offered model, in the server's order; a second time changes nothing."""
    return list(_discoveries(server, offered, enable, draft_unknown))


def _discoveries(
    server: ModelServer, offered: Iterable[OfferedModel], enable: bool, draft_unknown: bool
) -> Iterator[DiscoveredModel]:
    names = NameIndex()
    for one in offered:
        known = _known(server, one, names)
        if known is None and not draft_unknown:
            yield DiscoveredModel(one, DiscoveryStatus.UNKNOWN)
            continue
        model = known or _draft(one, names)
        is_new = _connect(model, server, one)
        lacks = _enable(model) if enable else ()
        found = (
            DiscoveryStatus.DRAFTED
            if known is None
            else DiscoveryStatus.CONNECTED
            if is_new
            else DiscoveryStatus.ALREADY
        )
        yield DiscoveredModel(one, found, model, model.status == LanguageModel.Status.ENABLED, lacks)


def _known(server: ModelServer, offered: OfferedModel, names: NameIndex) -> LanguageModel | None:
    """A curator who moved an endpoint to another model knew better than its name."""
    there = Endpoint.objects.filter(base_url=server.base_url, provider_model=offered.name)
    endpoint = there.select_related("model").first()
    return endpoint.model if endpoint else names.find_served(offered.name)


def _connect(model: LanguageModel, server: ModelServer, offered: OfferedModel) -> bool:
    """Whether the endpoint is new; one that is there stays as a curator left it."""
    settings = {"api_key_env": server.api_key_env, "extra_body": dict(server.options)}
    _endpoint, is_new = Endpoint.objects.get_or_create(
        model=model, base_url=server.base_url, provider_model=offered.name, defaults=settings
    )
    return is_new


def _draft(offered: OfferedModel, names: NameIndex) -> LanguageModel:
    """A draft with the little that the server tells; its size stays unknown until a curator has a source."""
    model = LanguageModel.objects.create(
        slug=_free_slug(offered.name),
        name=offered.name.rpartition("/")[2],
        organisation=_unknown_organisation(),
        licence=_unknown_licence(),
        architecture=LanguageModel.Architecture.UNDISCLOSED,
        disclosed=False,
        context_window_tokens=offered.context_window_tokens,
        aliases=[offered.name],
    )
    names.add(model)
    return model


def _free_slug(name: str) -> str:
    wanted = make_slug(name)[:100].rstrip("-.") or "modele"
    taken = set(LanguageModel.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def _unknown_organisation() -> Organisation:
    facts = {"name": "À compléter", "country": UNKNOWN_COUNTRY, "site": ""}
    return Organisation.objects.get_or_create(slug=PLACEHOLDER_SLUG, defaults=facts)[0]


def _unknown_licence() -> Licence:
    facts = {
        "name": "À compléter",
        "link": "",
        "kind": Licence.Kind.PROPRIETARY,
        "commercial_use": Licence.Permission.NO,
        "outputs_reuse": Licence.Permission.NO,
        "sentence_fr": "La licence de ce modèle n’a pas encore été vérifiée.",
        "sentence_en": "The licence of this model has not been checked yet.",
    }
    return Licence.objects.get_or_create(slug=PLACEHOLDER_SLUG, defaults=facts)[0]


def _enable(model: LanguageModel) -> tuple[str, ...]:
    """Enables a draft that may play; else what it lacks. What a curator archived stays archived."""
    if model.status != LanguageModel.Status.DRAFT:
        return ()
    if faults := model.enable_blockers():
        return tuple(fault.sentence for fault in faults)
    model.status = LanguageModel.Status.ENABLED
    model.save(update_fields=["status"])
    return ()
