"""Which model of the registry a server or another arena means by a name."""

import re
from collections.abc import Iterator

from models_registry.models import LanguageModel

# What servers append to a model's name without making another model of it.
SUFFIXES = re.compile(
    r"(?::latest|:free|\.gguf|-gguf|-instruct"
    r"|[-.:_](?:u?d?-?i?q\d(?:_[0-9a-z]+)*|fp16|bf16|f16|fp8|awq|gptq|int[48]|4bit|8bit))$"
)
QUANTISED = re.compile(r"[-.:_](?:i?q\d(?:_[0-9a-z]+)*|fp8|awq|gptq|int[48]|4bit|8bit)\b")


class NameIndex:
    """Every slug and alias of the registry, in lower case, as it was when this was made."""

    def __init__(self) -> None:
        self._models: dict[str, LanguageModel] = {}
        for model in LanguageModel.objects.select_related("organisation", "licence"):
            self.add(model)

    def add(self, model: LanguageModel) -> None:
        for name in (model.slug, *model.aliases):
            self._models.setdefault(name.casefold(), model)

    def find(self, *names: str) -> LanguageModel | None:
        """The model known under one of these very names."""
        found = (self._models.get(name.casefold()) for name in names)
        return next((model for model in found if model), None)

    def find_served(self, name: str) -> LanguageModel | None:
        """The model that a server calls so, whatever it appends or puts before."""
        return self.find(*spellings(name))


def spellings(name: str) -> Iterator[str]:
    """The name as written, then with less and less around it: no folder, no tag, no quantisation."""
    for start in dict.fromkeys((name.casefold(), name.casefold().rpartition("/")[2])):
        shorter, previous = start, ""
        while shorter != previous:
            yield shorter
            shorter, previous = SUFFIXES.sub("", shorter), shorter


def is_quantised(name: str) -> bool:
    """Whether the name says that the weights were made smaller than released."""
    return bool(QUANTISED.search(name.casefold()))
