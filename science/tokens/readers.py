"""Load the engine of a vocabulary from its file, in one of five formats.

Kitoken works without Python's lock: the event loop of a worker goes on while a thread loads a vocabulary.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

from kitoken import Kitoken

from science.tokens.engines import ByteLevelEngine, Engine, SentencePieceEngine
from science.tokens.gguf import sentencepiece_model

Reader = Callable[[Path], Engine]


def tiktoken_ranks(path: Path) -> Engine:
    """Reads tiktoken's own format, plain or gzipped: one "base64 rank" per line."""
    table = path.read_bytes()
    return ByteLevelEngine(Kitoken.from_tiktoken(gzip.decompress(table) if path.suffix == ".gz" else table))


def tekken(path: Path) -> Engine:
    """Reads Mistral's JSON."""
    return ByteLevelEngine(Kitoken.from_tekken_file(str(path)))


def hugging_face(path: Path) -> Engine:
    """Reads a tokenizer.json whose tokens are bytes."""
    return ByteLevelEngine(Kitoken.from_tokenizers_file(str(path)))


def sentencepiece(path: Path) -> Engine:
    """Reads a SentencePiece model."""
    return SentencePieceEngine(Kitoken.from_sentencepiece_file(str(path)))


def gguf(path: Path) -> Engine:
    """Reads the SentencePiece vocabulary in the header of a GGUF file, of which the first part is enough."""
    with path.open("rb") as file:
        return SentencePieceEngine(Kitoken.from_sentencepiece(sentencepiece_model(file)))
