"""Check a pack and describe it as JSON Schema. It loads pydantic: pages import it when they need it."""

import json
from datetime import date
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from recordings import pack_format
from recordings.pack_format import Pack

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_PACK_BYTES = 50_000_000


class InvalidPack(Exception):
    """A file that is no pack; the message says where and why."""


@cache
def adapter() -> TypeAdapter[Pack]:
    """The checker; of fields that the format does not know, none is accepted."""
    for made in vars(pack_format).values():
        if isinstance(made, type) and hasattr(made, "__total__"):
            with_config(ConfigDict(extra="forbid"))(made)
    return TypeAdapter(Pack)


def parse_pack(content: bytes) -> Pack:
    """Read and check a pack. Raises InvalidPack."""
    if len(content) > MAX_PACK_BYTES:
        raise InvalidPack(f"> {MAX_PACK_BYTES} bytes")
    try:
        pack = adapter().validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InvalidPack(f"{place}: {first['msg']}") from error
    _check_days(pack)
    return pack


def _check_days(pack: Pack) -> None:
    """Raise InvalidPack for a day that no calendar has."""
    models = [model for duel in pack["duels"] for model in (duel["models"]["a"], duel["models"]["b"])]
    released = [model["release_date"] for model in models if model["release_date"]]
    for day in (pack["made_on"], *(duel["recorded_on"] for duel in pack["duels"]), *released):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise InvalidPack(str(error)) from error


def json_schema() -> dict[str, Any]:
    return {"$schema": DIALECT, **adapter().json_schema()}


def schema_text() -> str:
    """The published file."""
    return json.dumps(json_schema(), indent=1, sort_keys=True) + "\n"
