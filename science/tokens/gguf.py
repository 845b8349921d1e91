"""Convert the vocabulary in a GGUF file's header to a SentencePiece model."""

import struct
from functools import cache
from typing import Any, BinaryIO

# Codes and layout of GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
_NUMBERS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_STRING = 8
_ARRAY = 9

# Field numbers of https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto,
# wire types of https://protobuf.dev/programming-guides/encoding/
_VARINT, _LENGTH, _FIXED32 = 0, 2, 5
_USER_DEFINED = 4


def read_metadata(file: BinaryIO) -> dict[str, Any]:
    """The metadata of the header, by key; texts are bytes. Raises ValueError when the file is no GGUF."""
    magic, _version, _tensors, pairs = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF":
        raise ValueError(f"Not a GGUF file: it begins with {magic!r}.")
    return {_text(file).decode(): _value(file, _number(file, "<I")) for _ in range(pairs)}


def sentencepiece_model(file: BinaryIO) -> bytes:
    """The SentencePiece model (a protocol buffer) of the vocabulary, which adds no blank to a text."""
    metadata = read_metadata(file)
    columns = (metadata[f"tokenizer.ggml.{name}"] for name in ("tokens", "scores", "token_type"))
    pieces = b"".join(_message(1, _piece(*row)) for row in zip(*columns, strict=True))
    byte_pairs = _integer(3, 2) + _integer(35, 1)  # model_type BPE, byte_fallback
    as_typed = _message(1, b"identity") + _integer(3, 0) + _integer(4, 0)  # no blank added or taken away
    return pieces + _message(2, byte_pairs) + _message(3, as_typed)


def _piece(text: bytes, score: float, kind: int) -> bytes:
    # llama.cpp's converter writes the ▁ of user-defined pieces as spaces; SentencePiece wants them back.
    escaped = text.replace(b" ", "▁".encode()) if kind == _USER_DEFINED else text
    return _message(1, escaped) + _key(2, _FIXED32) + struct.pack("<f", score) + _integer(3, kind)


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _text(file)
    if kind == _ARRAY:
        item_kind, length = struct.unpack("<IQ", file.read(12))
        if item_kind in _NUMBERS:
            form = f"<{length}{_NUMBERS[item_kind][-1]}"
            return list(struct.unpack(form, file.read(struct.calcsize(form))))
        return [_value(file, item_kind) for _ in range(length)]
    return _number(file, _NUMBERS[kind])


def _text(file: BinaryIO) -> bytes:
    return file.read(_number(file, "<Q"))


def _number(file: BinaryIO, form: str) -> Any:
    return struct.unpack(form, file.read(struct.calcsize(form)))[0]


def _message(field: int, body: bytes) -> bytes:
    return _key(field, _LENGTH) + _varint(len(body)) + body


@cache
def _integer(field: int, value: int) -> bytes:
    return _key(field, _VARINT) + _varint(value)


@cache
def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


@cache
def _varint(value: int) -> bytes:
    """Seven bits a byte, lowest first; the top bit says that more follow."""
    if value < 0x80:
        return bytes((value,))
    return bytes((value & 0x7F | 0x80,)) + _varint(value >> 7)
