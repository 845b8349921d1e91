"""Parse the list of models of compar:IA, the French public arena, into fields of the registry.

Its figures have no sources, and its estimated sizes no range: they fill gaps and never replace our facts.
Format: an object with `timestamp` in seconds and `models`, an object by compar:IA identifier.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from models_registry.validation import make_slug

PAGE = "https://comparia.beta.gouv.fr/modeles"
PAGE_TITLE = "compar:IA (comparia.beta.gouv.fr)"  # the same in every language
ARCHITECTURES = {"dense": "dense", "moe": "mixture_of_experts", "matformer": "matformer"}
ESTIMATED = {"maybe-dense", "maybe-moe"}  # an unpublished size that compar:IA estimates itself
FACTS = ("size", "architecture", "licence", "date")
ORGANISATIONS = {
    "01-ai": "01-ai", "AI21": "ai21", "Ai2": "ai2", "Alibaba": "alibaba", "Anthropic": "anthropic",
    "Arcee": "arcee-ai", "Cohere": "cohere", "DeepSeek": "deepseek", "EuroLLM": "eurollm",
    "Google": "google", "Liquid": "liquid-ai", "Meta": "meta", "Microsoft": "microsoft",
    "MiniMax": "minimax", "Mistral AI": "mistral-ai", "Moonshot AI": "moonshot-ai",
    "Nous": "nous-research", "Nvidia": "nvidia", "OpenAI": "openai", "Swiss AI": "swiss-ai",
    "Zhipu": "z-ai", "jpacifico": "jpacifico", "xAI": "xai",
}  # fmt: skip
LICENCES = {
    "Apache 2.0": "apache-2.0", "CC-BY-NC-4.0": "cc-by-nc-4.0", "Gemma": "gemma",
    "Jamba Open Model": "jamba-open", "LFM 1.0": "lfm-1.0", "Llama 3 Community": "llama-3",
    "Llama 3.1": "llama-3.1", "Llama 3.3": "llama-3.3", "Llama 4": "llama-4", "MIT": "mit",
    "Mistral AI Research License": "mistral-research",
}  # fmt: skip
# Licences whose name in the file depends on the maker.
MAKERS_LICENCES = {
    ("Alibaba", "proprietary"): "alibaba-cloud-terms",
    ("Anthropic", "proprietary"): "anthropic-terms",
    ("Google", "proprietary"): "gemini-terms",
    ("Liquid", "proprietary"): "liquid-terms",
    ("MiniMax", "Modified MIT"): "modified-mit-minimax",
    ("Mistral AI", "proprietary"): "mistral-terms",
    ("OpenAI", "proprietary"): "openai-terms",
}


@dataclass(frozen=True, slots=True)
class ComparIAModel:
    """A model of the file: its names there and our columns; with `errors`, it cannot be imported."""

    name: str
    slug: str
    names: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def is_comparia_file(document: Any) -> bool:
    models = document.get("models") if isinstance(document, dict) else None
    return isinstance(models, dict) and all(
        isinstance(model, dict) and "simple_name" in model for model in models.values()
    )


def parse_models(document: Mapping[str, Any]) -> Iterator[ComparIAModel]:
    """Parse the models of the file, in its order."""
    timestamp = document.get("timestamp")
    read_on = _day(timestamp)
    for key, model in document["models"].items():
        yield _parse_model(key, model, read_on)


def _day(timestamp: object) -> date | None:
    """The day of a number of seconds; None for anything that is no day."""
    try:
        return datetime.fromtimestamp(timestamp, UTC).date() if isinstance(timestamp, int | float) else None
    except (OverflowError, ValueError, OSError):
        return None


def _parse_model(key: str, model: Mapping[str, Any], read_on: date | None) -> ComparIAModel:
    name = str(model.get("id") or key)
    slug = make_slug(name)
    try:
        values = {"slug": slug, "status": "draft", "aliases": [name], **_values(model)}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        unreadable = _("Cette fiche de compar:IA est illisible : %(error)r") % {"error": error}
        return ComparIAModel(name, slug, (name, slug), errors=(unreadable,))
    source = {"link": PAGE, "title": PAGE_TITLE, "read_on": read_on}
    sources = tuple({"fact": fact, **source} for fact in FACTS)
    return ComparIAModel(name, slug, (name, slug), values, sources, notes=tuple(_notes(model)))


def _values(model: Mapping[str, Any]) -> dict[str, Any]:
    month, year = map(int, model["release_date"].split("/"))
    maker, licence = model["organisation"], str(model["license"])
    return {
        "name": model["simple_name"],
        "organisation": ORGANISATIONS.get(maker, maker),
        "licence": MAKERS_LICENCES.get((maker, licence)) or LICENCES.get(licence, licence),
        "release_date": date(year, month, 1).isoformat(),
        "release_precision": "month",
        "reasoning": bool(model.get("reasoning")),
        **_size(model),
    }


def _size(model: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the size; none for an estimated one: the registry requires a range and a reason."""
    if model["arch"] in ESTIMATED:
        return {"architecture": "undisclosed", "disclosed": False}
    architecture = ARCHITECTURES[model["arch"]]
    size = {"architecture": architecture, "disclosed": True, "total_params_b": float(model["params"])}
    if architecture == "matformer":
        size["effective_params_b"] = float(model["active_params"])
    if architecture == "mixture_of_experts":
        size["active_params_b"] = float(model["active_params"])
    return size


def _notes(model: Mapping[str, Any]) -> Iterator[str]:
    if model["arch"] in ESTIMATED:
        yield _("compar:IA suppose %(size)s milliards de paramètres, sans fourchette ni source.") % {
            "size": model["params"]
        }
    if model.get("quantization"):
        yield _("compar:IA sert ce modèle en %(bits)s : notre fiche garde la précision publiée.") % {
            "bits": model["quantization"]
        }
