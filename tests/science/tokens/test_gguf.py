import io
import struct

import pytest
from kitoken import Kitoken

from science.tokens.gguf import read_metadata, sentencepiece_model

NORMAL, CONTROL, USER_DEFINED, BYTE = 1, 3, 4, 6
PIECES = [
    (b"<unk>", 0.0, CONTROL),
    *((f"<0x{byte:02X}>".encode(), 0.0, BYTE) for byte in range(256)),
    (b"a", -1.0, NORMAL),
    (b"b", -2.0, NORMAL),
    (b"ab", -3.0, NORMAL),
    ("▁".encode(), -4.0, NORMAL),
    (b"  ", -1000.0, USER_DEFINED),
]


def text(value: bytes) -> bytes:
    return struct.pack("<Q", len(value)) + value


def array(kind: int, items: list[bytes]) -> bytes:
    return struct.pack("<IIQ", 9, kind, len(items)) + b"".join(items)


def small_gguf() -> io.BytesIO:
    """The header of a GGUF file, written by hand, with a vocabulary of some pieces."""
    pairs = {
        b"general.name": struct.pack("<I", 8) + text(b"small"),
        b"small.context_length": struct.pack("<II", 4, 512),
        b"tokenizer.ggml.add_space_prefix": struct.pack("<I?", 7, False),
        b"tokenizer.ggml.tokens": array(8, [text(piece) for piece, _, _ in PIECES]),
        b"tokenizer.ggml.scores": array(6, [struct.pack("<f", score) for _, score, _ in PIECES]),
        b"tokenizer.ggml.token_type": array(5, [struct.pack("<i", kind) for _, _, kind in PIECES]),
    }
    head = struct.pack("<4sIQQ", b"GGUF", 3, 0, len(pairs))
    return io.BytesIO(head + b"".join(text(key) + value for key, value in pairs.items()))


def test_the_header_is_read_by_key() -> None:
    metadata = read_metadata(small_gguf())
    assert metadata["general.name"] == b"small"
    assert metadata["small.context_length"] == 512
    assert metadata["tokenizer.ggml.add_space_prefix"] is False
    assert metadata["tokenizer.ggml.scores"][-1] == -1000.0


def test_the_vocabulary_cuts_as_sentencepiece_would() -> None:
    tokenizer = Kitoken.from_sentencepiece(sentencepiece_model(small_gguf()))
    ids = tokenizer.encode("ab  b é")
    assert [PIECES[id_][0] for id_ in ids] == [b"ab", b"  ", b"b", "▁".encode(), b"<0xC3>", b"<0xA9>"]


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(ValueError, match="Not a GGUF file"):
        read_metadata(io.BytesIO(b"PK\3\4" + bytes(40)))
