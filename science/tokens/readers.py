"""Load the engine of a vocabulary from its file, in one of five formats."""

import gzip
import json
from binascii import a2b_base64
from collections.abc import Callable
from pathlib import Path

from kitoken import Kitoken

from science.tokens.engines import ByteLevelEngine, Engine, SentencePieceEngine, TiktokenEngine
from science.tokens.gguf import sentencepiece_model

Reader = Callable[[Path], Engine]


def tiktoken_ranks(pattern: str) -> Reader:
    """Reads tiktoken's own format, plain or gzipped: one "base64 rank" per line."""

    def read(path: Path) -> Engine:
        table = path.read_bytes()
        lines = (gzip.decompress(table) if path.suffix == ".gz" else table).splitlines()
        pairs = (line.split() for line in lines if line)
        return TiktokenEngine(pattern, {a2b_base64(token): int(rank) for token, rank in pairs})

    return read


def tekken(path: Path) -> Engine:
    """Reads Mistral's JSON: more ranks than the model uses, ids that come after those of special tokens."""
    file = json.loads(path.read_bytes())
    special_tokens = file["config"]["default_num_special_tokens"]
    used = file["vocab"][: file["config"]["default_vocab_size"] - special_tokens]
    ranks = {a2b_base64(token["token_bytes"]): token["rank"] for token in used}
    return TiktokenEngine(file["config"]["pattern"], ranks, first_id=special_tokens)


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
