"""JSON as models' servers write it."""

import json
from typing import Any

import orjson


def parse_json(data: bytes) -> Any:
    """Parse JSON, also of servers that cut a character in two, write NaN or line breaks in strings.

    Raises ValueError.
    """
    try:
        return orjson.loads(data)  # one object per token
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data.decode("utf-8", "replace"), strict=False)
    except RecursionError as error:  # for [[[[…
        raise ValueError("nested too deeply") from error


def is_json(data: bytes) -> bool:
    try:
        parse_json(data)
    except ValueError:
        return False
    return True
