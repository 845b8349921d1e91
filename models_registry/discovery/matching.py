"""Match the model names of servers and of other arenas with the models of the registry."""

import re
from collections.abc import Iterator

from models_registry.models import LanguageModel

# Suffixes that servers append to a model's name without meaning another model.
SUFFIXES = re.compile(
    r"(?::latest|:free|\.gguf|-gguf|-instruct"
    r"|[-.:_](?:u?d?-?i?q\d(?:_[0-9a-z]+)*|fp16|bf16|f16|fp8|awq|gptq|int[48]|4bit|8bit))$"
)
QUANTISED = re.compile(r"[-.:_](?:i?q\d(?:_[0-9a-z]+)*|fp8|awq|gptq|int[48]|4bit|8bit)\b")


class NameIndex:
    """Index of all slugs and aliases of the registry, case-insensitive; a snapshot, read once."""

    def __init__(self) -> None:
        self._models: dict[str, LanguageModel] = {}
        for model in LanguageModel.objects.select_related("organisation", "licence"):
            self.add(model)

    def add(self, model: LanguageModel) -> None:
        for name in (model.slug, *model.aliases):
            self._models.setdefault(name.casefold(), model)

    def find(self, *names: str) -> LanguageModel | None:
        """First model that has exactly one of these names."""
        found = (self._models.get(name.casefold()) for name in names)
        return next((model for model in found if model), None)

    def find_served(self, name: str) -> LanguageModel | None:
        """Model that a server serves under this name, with or without a folder and suffixes."""
        return self.find(*spellings(name))


def spellings(name: str) -> Iterator[str]:
    """Yield the name in lower case, then shorter forms of it: without folder, tag or quantisation."""
    for start in dict.fromkeys((name.casefold(), name.casefold().rpartition("/")[2])):
        shorter, previous = start, ""
        while shorter != previous:
            yield shorter
            shorter, previous = SUFFIXES.sub("", shorter), shorter


def is_quantised(name: str) -> bool:
    """Whether the name states a quantisation below the released weights."""
    return bool(QUANTISED.search(name.casefold()))
