"""The list of models of a server, read in the forms that servers give it.

Forms: OpenAI's `{"data": [...]}`, a bare list (Together, GitHub Models), `{"models": [...]}` (Ollama,
LM Studio, Google, Cohere), one such object inside another, an object of models by name, and rows that are
names.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backends.openai.chunks import ErrorEvent, ProtocolError

WRAPPERS = (
    "data", "models", "body", "result", "results", "items", "response", "list", "model_list",
    "available_models", "objects",
)  # fmt: skip
MAX_WRAPPERS = 4
NAME_FIELDS = ("id", "name", "model", "model_name", "model_id", "key", "slug")
MAX_NAME_CHARACTERS = 200  # of Endpoint.provider_model
OTHER_NAME_FIELDS = ("root", "hugging_face_id", "canonical_slug", "name", "aliases")
# vLLM; OpenRouter and Together; Groq; Mistral and LM Studio; LiteLLM; Google; SGLang
WINDOW_FIELDS = (
    "max_model_len", "context_length", "context_window", "max_context_length", "max_input_tokens",
    "inputTokenLimit", "context_size",
)  # fmt: skip
MAX_WINDOW = 2**31 - 1  # of a column of integers
MAX_DIGITS = 30  # of a whole number that is read
ERROR_FIELDS = ("error", "errors", "detail", "message")


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """A model that a server lists, with its facts; None where the server gives none.

    other_names: what else the row calls it, such as vLLM's `root` or Mistral's `aliases`.
    """

    name: str
    context_window_tokens: int | None = None
    total_params_b: float | None = None
    other_names: tuple[str, ...] = ()


def parse_models(body: bytes) -> tuple[OfferedModel, ...]:
    """The models of a list, each name once; rows without a usable name are left out.

    Raises ProtocolError for something else than a list, ErrorEvent for an error that the server reports.
    """
    document = _parse_json(body)
    rows = _find_rows(document)
    if not rows and isinstance(document, Mapping) and (error := _error_of(document)):
        raise ErrorEvent(error)
    if rows is None:
        raise ProtocolError(f"not a list of models: {body[:300].decode('utf-8', 'replace')}")
    offered = [model for row in rows if (model := _offered(row))]
    if rows and not offered:
        raise ProtocolError(f"a list without names of models: {body[:300].decode('utf-8', 'replace')}")
    return tuple({model.name: model for model in reversed(offered)}.values())[::-1]


def _parse_json(body: bytes) -> Any:
    text = body.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] == "<":
        title = re.search(r"<title[^>]{0,200}>([^<]{1,200})", text, re.IGNORECASE)
        raise ProtocolError(f"a web page, not a list of models: {title[1].strip() if title else text[:100]}")
    try:
        return json.loads(text, parse_int=_parse_int, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not JSON: {text[:300]}") from error


def _parse_int(digits: str) -> int | None:
    """None for a number of more digits than Python converts."""
    return int(digits) if len(digits) <= MAX_DIGITS else None


def _find_rows(document: Any, depth: int = 0) -> list[Any] | None:
    """The rows of the list, however it is wrapped; None where there is no list."""
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping) or depth > MAX_WRAPPERS:
        return None
    empty: list[Any] | None = None
    for name in WRAPPERS:
        if name not in document:
            continue
        inside = document[name]
        rows = _find_rows(inside, depth + 1)
        if rows is None and name in ("data", "models"):
            rows = _rows_by_name(inside)
        if rows:
            return rows
        empty = rows if empty is None else empty
    return empty


def _rows_by_name(inside: Any) -> list[Any] | None:
    """The rows of an object of models by name; none for null, which Ollama sends when it has no model."""
    if inside is None:
        return []
    is_table = isinstance(inside, Mapping) and all(isinstance(row, Mapping) for row in inside.values())
    if not is_table or any(name in inside for name in ERROR_FIELDS):
        return None
    return [{"id": name, **row} for name, row in inside.items()]


def _error_of(document: Mapping[str, Any]) -> Any:
    return next((document[name] for name in ERROR_FIELDS if document.get(name)), None)


def _offered(row: Any) -> OfferedModel | None:
    """The model of a row; None without a name that can be sent back to the server."""
    if not isinstance(row, Mapping):
        row = {"id": row}
    names = [name for field in NAME_FIELDS if (name := _name(row.get(field)))]
    if not names:
        return None
    meta = row.get("meta")
    meta = meta if isinstance(meta, Mapping) else {}  # llama.cpp's
    windows = [row.get(field) for field in WINDOW_FIELDS] + [meta.get("n_ctx_train")]
    window = next((int(number) for value in windows if (number := _number(value, MAX_WINDOW))), None)
    params = _number(meta.get("n_params"), math.inf)
    others = [other for field in OTHER_NAME_FIELDS for other in _names(row.get(field)) if other != names[0]]
    return OfferedModel(
        names[0], window or None, params / 1e9 if params else None, tuple(dict.fromkeys(others))
    )


def _names(value: Any) -> Iterable[str]:
    """The names of a field that holds one or a list of them."""
    return filter(None, map(_name, value if isinstance(value, list) else [value]))


def _name(value: Any) -> str:
    """A text, or a whole number, that may be a model's name; empty for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > MAX_NAME_CHARACTERS or not value.isprintable():
        return ""
    return value.strip()


def _number(value: Any, most: float) -> float | None:
    """A number above zero, also when it is written as text; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,15}", value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if 0 < value <= most and math.isfinite(value) else None
