"""Operations of the OpenAPI description as the documentation shows them: parameters, fields, example."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse

import api.endpoints.routes  # noqa: F401  (registers every operation)
from api.openapi import openapi_document
from web.formatting import format_decimal

# An address to try for each operation that asks for something.
EXAMPLES = {
    "estimate": "model=llama-3.3-70b&tokens_out=400&tokens_in=50",
    "compare": "a_model=llama-3.3-70b&b_model=gemma-3n-e4b&a_tokens_out=400&b_tokens_out=400",
    "models": "words=mistral&limit=5",
    "model": "llama-3.3-70b",
    "model_history": "llama-3.3-70b",
    "equivalents_of": "energy_wh=0.5&low_wh=0.2&high_wh=1.5",
    "leaderboard": "limit=10",
    "meetings": "limit=10",
    "openapi": "lang=fr",
}
ORDER = (
    "/estimate", "/compare", "/models", "/models/{name}", "/leaderboard", "/leaderboard/history",
    "/leaderboard/history/{name}", "/meetings", "/equivalents", "/glossary", "/", "/openapi.json",
)  # fmt: skip
BOUNDS = (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "≤"))
SIDE_PREFIXES = ("a_", "b_")
LEAVES = ("Interval", "Text")  # the page explains their fields once
REFERENCE = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; values: those it may take, where they are few."""

    name: str
    kind: str
    default: str
    bounds: str
    values: tuple[str, ...]
    description: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a document by its path in it, such as « items[].sources[].link »."""

    path: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    path: str
    summary: str
    description: str
    example: str
    parameters: tuple[Parameter, ...]
    fields: tuple[Field, ...]


@cache
def describe_operations(language: str) -> list[Operation]:
    """Every operation, in the order of the description. language: "fr" or "en"."""
    document = openapi_document(language)
    schemas = document["components"]["schemas"]
    return [
        _operation(address, path["get"], schemas)
        for address, path in sorted(document["paths"].items(), key=lambda item: ORDER.index(item[0]))
    ]


def _operation(address: str, described: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]
    name = described["operationId"]
    example = EXAMPLES.get(name, "")
    base = reverse("api:v1").rstrip("/")
    filled = address.replace("{name}", example) if "{" in address else f"{address}?{example}".rstrip("?")
    return Operation(
        name=name,
        path=base + address,
        summary=described["summary"],
        description=described["description"],
        example=base + filled,
        parameters=tuple(
            _parameter(each, schemas)
            for each in described["parameters"]
            if not each["name"].startswith(SIDE_PREFIXES)
        ),
        fields=tuple(_fields(answer, schemas)),
    )


def _parameter(described: Mapping[str, Any], schemas: Mapping[str, Any]) -> Parameter:
    schema = _resolved(described["schema"], schemas)
    default = described["schema"].get("default", "")
    bounds = " ".join(f"{sign} {format_decimal(schema[name])}" for name, sign in BOUNDS if name in schema)
    return Parameter(
        name=described["name"],
        kind=_kind(schema),
        default=str(default),
        bounds=bounds,
        values=tuple(schema.get("enum", ())),
        description=described.get("description", ""),
        is_required=described["required"],
    )


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], path: str = "") -> Iterator[Field]:
    """Every field below a schema, its parents first."""
    schema = _resolved(schema, schemas)
    if schema.get("type") == "array":
        yield from _fields(schema.get("items", {}), schemas, f"{path}[]")
        return
    for name, inner in schema.get("properties", {}).items():
        below = f"{path}.{name}".lstrip(".")
        resolved = _resolved(inner, schemas)
        yield Field(below, _kind(resolved), inner.get("description", ""))
        if resolved.get("title") not in LEAVES:
            yield from _fields(inner, schemas, below)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema behind references and behind « or null »."""
    while True:
        choices = [
            each for each in schema.get("anyOf", schema.get("allOf", ())) if each.get("type") != "null"
        ]
        if "$ref" in schema:
            schema = schemas[schema["$ref"].removeprefix(REFERENCE)]
        elif len(choices) == 1:
            schema = choices[0]
        else:
            return schema


def _kind(schema: Mapping[str, Any]) -> str:
    if schema.get("title") in LEAVES:
        return str(schema["title"])
    return str(schema.get("type", ""))
