"""Compare the registry with the model lists of EcoLogits, models.dev and compar:IA.

`read_list` turns a list into PublishedModel; `compare` finds what the registry lacks, what a list no longer
offers and the facts that differ; `draft_import` writes a file that the admin import reads. All lists are
leads for a curator: nothing is written to the registry.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from models_registry.discovery.discover import PLACEHOLDER_LICENCE, PLACEHOLDER_ORGANISATION
from models_registry.discovery.matching import NameIndex
from models_registry.exchange import comparia
from models_registry.exchange.export import FORMAT, VERSION
from models_registry.models import LanguageModel, Licence, Organisation
from models_registry.validation import PLACEHOLDER_SLUG, make_slug
from web.formatting import format_decimal

ECOLOGITS, MODELS_DEV, COMPARIA = "EcoLogits", "models.dev", "compar:IA"
ECOLOGITS_FILE = "data/models.json"  # inside the installed package
SIZE_TOLERANCE = 0.03  # lists round: 70 and 70.6 are the same size
PLACEHOLDER_LINK = "https://a-completer.invalid/"  # the import requires a link
UNKNOWN_SIZE_B = (1.0, 1_000.0)  # placeholder of a draft: the import requires a range
WINDOW_TOLERANCE = 0.1  # 128,000 and 131,072 tokens are both written 128k
# Dated snapshots and moving names of a model that has a name of its own.
VARIANT = re.compile(r"[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|latest|preview(?:-[\d-]+)?)$")
# Models that answer with text but that nobody talks with: search, speech, drawing, safety.
NOT_A_CHAT = re.compile(
    r"\b(?:asr|detection|embed\w*|guard|image|ocr|pii|realtime|rerank\w*|safety|search|transcribe|translate|tts"
    r"|whisper)\b",
    re.IGNORECASE,
)
# Makers under the names of the lists; a model of any other maker is left to the curator.
MAKERS = {
    "alibaba": "alibaba", "anthropic": "anthropic", "cohere": "cohere", "deepseek": "deepseek",
    "google": "google", "google_genai": "google", "meta": "meta", "minimax": "minimax",
    "mistral": "mistral-ai", "mistralai": "mistral-ai", "moonshotai": "moonshot-ai", "nvidia": "nvidia",
    "openai": "openai", "stepfun": "stepfun", "xai": "xai", "zhipuai": "z-ai",
}  # fmt: skip


class UnreadableList(ValueError):
    """The file is none of the known lists; the message is a sentence for the curator."""


class NewsKind(StrEnum):
    MISSING = "missing"
    RETIRED = "retired"
    DATE = "date"
    WINDOW = "window"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """A model of a list. Sizes in billions of parameters: a range when the list only supposes one.

    released: ISO date, or the month alone. None: the list does not say.
    """

    name: str
    maker: str = ""
    released: str | None = None
    window_tokens: int | None = None
    total_b: tuple[float, float] | None = None
    active_b: tuple[float, float] | None = None
    retired: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One difference: what the list says, and what the registry says (empty for a missing model)."""

    kind: NewsKind
    list_name: str
    model: str
    theirs: str
    ours: str = ""


def read_ecologits(document: Mapping[str, Any] | None = None) -> list[PublishedModel]:
    """Models of the installed EcoLogits, or of this copy of its `models.json`; hosted copies are left out."""
    if document is None:
        document = json.loads(_ecologits_path().read_text(encoding="utf-8"))
    return [
        _ecologits_model(model)
        for model in document["models"]
        if model["provider"] != "huggingface_hub" and _is_a_chat_model(model["name"])
    ]


def read_list(text: str) -> tuple[str, list[PublishedModel]]:
    """Name and models of a JSON list of models.dev or compar:IA. Raises UnreadableList."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise UnreadableList(_("Ce JSON est mal formé : %(error)s") % {"error": error}) from error
    if comparia.is_comparia_file(document):
        return COMPARIA, [_comparia_model(key, model) for key, model in document["models"].items()]
    if isinstance(document, dict) and document and all(_is_provider(value) for value in document.values()):
        return MODELS_DEV, list(_models_dev_models(document))
    raise UnreadableList(_("Ce fichier n’est ni l’« api.json » de models.dev, ni la liste de compar:IA."))


def compare(list_name: str, published: Iterable[PublishedModel], index: NameIndex) -> list[NewsItem]:
    """Differences between a list and the registry, each once, in the order of the list."""
    return list(dict.fromkeys(_news(list_name, published, index)))


def _news(list_name: str, published: Iterable[PublishedModel], index: NameIndex) -> Iterator[NewsItem]:
    for theirs in published:
        ours = index.find_served(theirs.name)
        if ours is None:
            if not theirs.retired:
                yield NewsItem(NewsKind.MISSING, list_name, theirs.label or theirs.name, _describe(theirs))
        else:
            yield from _differences(list_name, theirs, ours)


def draft_import(missing: Mapping[str, Iterable[PublishedModel]]) -> str:
    """An import file with a draft for each missing model, by list.

    Licence, sources and description are for the curator; a supposed size is given as a range.
    """
    makers = set(Organisation.objects.values_list("slug", flat=True))
    drafts: dict[str, dict[str, Any]] = {}
    for list_name, models in missing.items():
        for model in models:
            draft = _draft(list_name, model, makers)
            drafts.setdefault(draft["slug"], draft)
    document = {
        "format": FORMAT,
        "version": VERSION,
        **_placeholders(makers),
        "models": list(drafts.values()),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def missing_models(published: Iterable[PublishedModel], index: NameIndex) -> list[PublishedModel]:
    return [model for model in published if not model.retired and index.find_served(model.name) is None]


def _ecologits_path() -> Path:
    spec = find_spec("ecologits")  # finds the package without running any of its code
    folders = (spec.submodule_search_locations or []) if spec else []
    path = next((path for folder in folders if (path := Path(folder, ECOLOGITS_FILE)).is_file()), None)
    if path is None:
        raise UnreadableList(_("La liste d’EcoLogits est introuvable : le paquet n’est pas installé."))
    return path


def _ecologits_model(model: Mapping[str, Any]) -> PublishedModel:
    parameters = model["architecture"]["parameters"]
    is_mixture = isinstance(parameters, dict) and "total" in parameters
    return PublishedModel(
        model["name"],
        model["provider"],
        total_b=_bounds(parameters["total"] if is_mixture else parameters),
        active_b=_bounds(parameters["active"]) if is_mixture else None,
    )


def _bounds(value: Any) -> tuple[float, float]:
    """A number, or an object with `min` and `max`, as a range."""
    if isinstance(value, dict):
        return float(value["min"]), float(value["max"])
    return float(value), float(value)


def _comparia_model(key: str, model: Mapping[str, Any]) -> PublishedModel:
    month, _slash, year = str(model.get("release_date") or "").partition("/")
    total, active = model.get("params"), model.get("active_params")
    return PublishedModel(
        str(model.get("id") or key),
        comparia.ORGANISATIONS.get(model.get("organisation", ""), ""),
        f"{year}-{month}" if year else None,
        total_b=_bounds(total) if total else None,
        active_b=_bounds(active) if active else None,
        retired=model.get("status") in ("archived", "disabled"),
        label=str(model.get("simple_name") or ""),
    )


def _is_a_chat_model(name: str) -> bool:
    """Whether this is a model to talk with, under its own name rather than that of a dated copy."""
    return not VARIANT.search(name) and not NOT_A_CHAT.search(name)


def _is_provider(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("models"), dict)


def _models_dev_models(document: Mapping[str, Any]) -> Iterator[PublishedModel]:
    """Models that makers serve themselves: a reseller's dates and windows are not the model's.

    A maker may resell too: the part before the slash of such a name is another maker's.
    """
    for provider, service in document.items():
        if provider not in MAKERS:
            continue
        for name, model in service["models"].items():
            owner = name.rpartition("/")[0] or provider
            outputs = (model.get("modalities") or {}).get("output") or ["text"]
            if "text" in outputs and MAKERS.get(owner) == MAKERS[provider] and _is_a_chat_model(name):
                yield PublishedModel(
                    name,
                    provider,
                    model.get("release_date"),
                    (model.get("limit") or {}).get("context") or None,
                    retired=model.get("status") == "deprecated",
                    label=str(model.get("name") or ""),
                )


def _differences(list_name: str, theirs: PublishedModel, ours: LanguageModel) -> Iterator[NewsItem]:
    if theirs.retired and _is_still_here(list_name, ours):
        yield NewsItem(
            NewsKind.RETIRED, list_name, ours.name, _("retiré"), str(ours.get_status_display().lower())
        )
    if theirs.released and ours.release_date and not _same_date(theirs.released, ours):
        yield NewsItem(NewsKind.DATE, list_name, ours.name, theirs.released, ours.release_date.isoformat())
    window = ours.context_window_tokens
    if theirs.window_tokens and window and not _close(theirs.window_tokens, window, WINDOW_TOLERANCE):
        yield NewsItem(NewsKind.WINDOW, list_name, ours.name, str(theirs.window_tokens), str(window))
    for label, their_range, our_range in (
        (_("total"), theirs.total_b, _total_range(ours)),
        (_("actifs"), theirs.active_b, _active_range(ours)),
    ):
        if their_range and our_range and not _agree(our_range, their_range):
            yield NewsItem(
                NewsKind.SIZE,
                list_name,
                ours.name,
                f"{label} {_format_range(their_range)}",
                _format_range(our_range),
            )


def _is_still_here(list_name: str, ours: LanguageModel) -> bool:
    """Whether a retirement changes anything here: compar:IA rests models that their makers still serve."""
    if list_name == COMPARIA:
        return ours.status == LanguageModel.Status.ENABLED
    return ours.status != LanguageModel.Status.ARCHIVED


def _same_date(released: str, ours: LanguageModel) -> bool:
    """Whether the dates agree, to the month when either side knows no more."""
    by_month = len(released) < len("2026-01-01") or ours.release_precision == LanguageModel.Precision.MONTH
    length = len("2026-01") if by_month else len("2026-01-01")
    return released[:length] == str(ours.release_date)[:length]


def _total_range(model: LanguageModel) -> tuple[float, float] | None:
    return _stored_range(model.total_params_b, model.hypothesis_low_b, model.hypothesis_high_b)


def _active_range(model: LanguageModel) -> tuple[float, float] | None:
    active = model.active_params_b or model.effective_params_b
    return _stored_range(active, model.hypothesis_active_low_b, model.hypothesis_active_high_b)


def _stored_range(value: float | None, low: float | None, high: float | None) -> tuple[float, float] | None:
    if value is not None:
        return value, value
    return None if low is None or high is None else (low, high)


def _agree(ours: tuple[float, float], theirs: tuple[float, float]) -> bool:
    """Whether our range holds theirs, whole, but for rounding; lists also cut 14.7 down to 14."""
    low, high = ours
    if low == high and theirs == (int(low), int(low)):
        return True
    return low * (1 - SIZE_TOLERANCE) <= theirs[0] and theirs[1] <= high * (1 + SIZE_TOLERANCE)


def _close(theirs: float, ours: float, tolerance: float) -> bool:
    return abs(theirs - ours) <= tolerance * ours


def _format_range(bounds: tuple[float, float]) -> str:
    low, high = (format_decimal(bound) for bound in bounds)
    return low if low == high else f"{low}–{high}"


def _describe(model: PublishedModel) -> str:
    """Facts of a missing model in one cell."""
    facts = [
        model.released or "",
        _format_range(model.total_b) if model.total_b else "",
        str(model.window_tokens or ""),
    ]
    return ", ".join(fact for fact in facts if fact)


def _placeholders(makers: Collection[str]) -> dict[str, Any]:
    """The organisation and the licence « À compléter », where the registry has none yet."""
    rows: dict[str, Any] = {}
    if PLACEHOLDER_SLUG not in makers:
        rows["organisations"] = [
            {**PLACEHOLDER_ORGANISATION, "slug": PLACEHOLDER_SLUG, "site": PLACEHOLDER_LINK}
        ]
    if not Licence.objects.filter(slug=PLACEHOLDER_SLUG).exists():
        rows["licences"] = [{**PLACEHOLDER_LICENCE, "slug": PLACEHOLDER_SLUG, "link": PLACEHOLDER_LINK}]
    return rows


def _draft(list_name: str, model: PublishedModel, makers: Collection[str]) -> dict[str, Any]:
    name = model.name.rpartition("/")[2]
    maker = MAKERS.get(model.maker, model.maker)
    return {
        "slug": make_slug(name),
        "name": model.label or name,
        "organisation": maker if maker in makers else PLACEHOLDER_SLUG,
        "licence": PLACEHOLDER_SLUG,
        "status": "draft",
        "aliases": [model.name],
        "context_window_tokens": model.window_tokens,
        **_draft_date(model.released),
        **_draft_size(list_name, model),
        "sources": [],
    }


def _draft_date(released: str | None) -> dict[str, Any]:
    if not released:
        return {}
    whole = len(released) == len("2026-01-01")
    day = date.fromisoformat(released if whole else f"{released[:7]}-01")
    return {"release_date": day.isoformat(), "release_precision": "day" if whole else "month"}


def _draft_size(list_name: str, model: PublishedModel) -> dict[str, Any]:
    """The size as a hypothesis, from half to twice the list's own; a curator says whether it is published."""
    low, high = model.total_b or UNKNOWN_SIZE_B
    why = (
        _("À vérifier : repris de %(list)s, de la moitié au double.")
        if model.total_b
        else (_("À compléter : %(list)s ne donne pas de taille."))
    )
    size: dict[str, Any] = {
        "architecture": "undisclosed",
        "disclosed": False,
        "hypothesis_low_b": low / 2,
        "hypothesis_high_b": high * 2,
        "hypothesis_why_fr": why % {"list": list_name},
    }
    if model.active_b and model.active_b[0] < model.active_b[1]:
        size["hypothesis_active_low_b"], size["hypothesis_active_high_b"] = model.active_b
    return size
