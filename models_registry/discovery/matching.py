"""Match the model names of servers and of other arenas with the models of the registry."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models_registry.discovery.names import (
    ACTIVE_SIZE,
    DATE,
    NUMBER,
    SIZE,
    Words,
    last_segment,
    words_of,
)
from models_registry.models import LanguageModel
from models_registry.validation import PLACEHOLDER_SLUG

MIN_LIKENESS = 1 / 3  # share of common words from which a model is suggested
OLLAMA_FOLDERS = ("ollama/", "ollama_chat/")  # LiteLLM's


@dataclass(frozen=True, slots=True)
class Match:
    """The model that a name means; `moving` when the name follows the newest one, as « -latest » does."""

    model: LanguageModel
    moving: bool = False


class NameIndex:
    """Index of all slugs and aliases of the registry, case-insensitive; a snapshot, read once.

    models: those to find, with organisation and licence; all of the registry unless given. The drafts that
    discovery made and nobody completed come last: they take no name from another model.
    """

    def __init__(self, models: Iterable[LanguageModel] | None = None) -> None:
        self._models: dict[str, LanguageModel] = {}
        self._segments: dict[str, set[LanguageModel]] = defaultdict(set)
        self._words: dict[Words, set[LanguageModel]] = defaultdict(set)
        self._derived: dict[Words, set[LanguageModel]] = defaultdict(set)
        if models is None:
            models = LanguageModel.objects.select_related("organisation", "licence")
        for model in sorted(models, key=is_placeholder):
            self.add(model)

    def add(self, model: LanguageModel) -> None:
        for name in (model.slug, *model.aliases):
            self._models.setdefault(name.casefold(), model)
            if is_placeholder(model):
                continue
            self._segments[last_segment(name)].add(model)
            if not name.casefold().endswith((":latest", "-latest")):
                self._words[words_of(name)].add(model)
        if not is_placeholder(model):
            for words in derived_words(model):
                self._derived[words].add(model)

    def find(self, *names: str) -> LanguageModel | None:
        """First model that has exactly one of these names."""
        found = (self._models.get(name.casefold()) for name in names)
        return next((model for model in found if model), None)

    def find_served(self, name: str) -> LanguageModel | None:
        """Model that a server serves under this name, however the server writes it."""
        match = self.match(name)
        return match.model if match else None

    def match(self, name: str) -> Match | None:
        """The model of this name: the same name first, then the same words; None when unsure."""
        plain = name.strip().casefold()
        if plain.startswith(OLLAMA_FOLDERS) and ":" not in plain:
            plain += ":latest"
        segment = last_segment(plain)
        if model := self.find(plain, segment) or _only(self._segments.get(segment)):
            return Match(model)
        words = words_of(plain)
        # « qwen3-coder:latest » says no size: the one of Ollama may be another than the one of the registry.
        if not any(map(str.isalpha, words)) or (segment.endswith(":latest") and not _sizes(words)):
            return None
        if "latest" in words:
            return self._match_latest(words - {"latest"})
        model = self._find_words(words)
        return Match(model) if model else None

    def nearest(self, name: str) -> LanguageModel | None:
        """The model whose name has most words in common with this one, to suggest it to a curator."""
        words = words_of(name)
        scored = [
            (len(words & other) / len(words | other), model.name, model)
            for other, models in self._words.items()
            for model in models
            if any(map(str.isalpha, words & other))
        ]
        likeness, _name, model = max(scored, key=lambda score: score[:2], default=(0.0, "", None))
        return model if likeness >= MIN_LIKENESS else None

    def _find_words(self, words: Words) -> LanguageModel | None:
        """The one model of these words; names that curators gave before those derived from the facts."""
        if not any(character.isdigit() for word in words for character in word):
            return None
        return _only(self._words.get(words) or self._derived.get(words))

    def _match_latest(self, stem: Words) -> Match | None:
        """The newest model of a family: the stem of « -latest », with a date or a version alone."""
        if model := self._find_words(stem):
            return Match(model, moving=True)
        family = {
            model
            for words, models in (*self._words.items(), *self._derived.items())
            if stem < words and all(DATE.fullmatch(word) or NUMBER.fullmatch(word) for word in words - stem)
            for model in models
            if model.release_date
        }
        newest = max(family, key=lambda model: (model.release_date, model.slug), default=None)
        return Match(newest, moving=True) if newest else None


def is_placeholder(model: LanguageModel) -> bool:
    """Whether this is a draft as discovery makes it, which no curator has completed."""
    is_draft = model.status == LanguageModel.Status.DRAFT
    return is_draft and model.organisation.slug == PLACEHOLDER_SLUG


def derived_words(model: LanguageModel) -> Iterator[Words]:
    """Words of other usual names: the display name, a date or size left out, or those of the facts."""
    for name in (model.slug, model.name, *model.aliases):
        if not name.casefold().endswith(("latest",)):
            for words in _without_details(words_of(name)):
                yield words
                yield from (words | {date} for date in _release_dates(model))
                if not _sizes(words):
                    yield from (words | sizes for sizes in _published_sizes(model))


def _without_details(words: Words) -> Iterator[Words]:
    """The words, and without their date, their active size or both, which names often leave out."""
    dates = frozenset(filter(DATE.fullmatch, words))
    active = frozenset(filter(ACTIVE_SIZE.fullmatch, words))
    yield from {words, words - dates, words - active, words - dates - active}


def _release_dates(model: LanguageModel) -> tuple[str, ...]:
    day = model.release_date
    if day is None:
        return ()
    if model.release_precision == LanguageModel.Precision.MONTH:
        return (f"{day:%y%m}",)
    return (f"{day:%y%m}", f"{day:%Y%m%d}", f"{day:%m%d}")


def _published_sizes(model: LanguageModel) -> Iterator[Words]:
    """Sizes as names write them: the total alone, or with the active share."""
    if not model.disclosed or not model.total_params_b:
        return
    total = _size_words(model.total_params_b)
    yield from (frozenset({size}) for size in total)
    if model.active_params_b:
        active = [f"a{size}" for size in _size_words(model.active_params_b)]
        yield from (frozenset({one, other}) for one in total for other in active)


def _size_words(billions: float) -> set[str]:
    return {f"{billions:.0f}b", f"{billions:.1f}b".replace(".0b", "b")} - {"0b"}


def _sizes(words: Words) -> list[str]:
    return [word for word in words if SIZE.fullmatch(word)]


def _only(models: set[LanguageModel] | None) -> LanguageModel | None:
    """The model of a set of one; None when there are several: better none than the wrong one."""
    return next(iter(models)) if models and len(models) == 1 else None
