"""Every regular expression of the code takes a time in proportion to the text, whoever wrote the text.

The expressions are found by themselves: those that a module keeps, and the texts of calls of `re`.
"""

import ast
import importlib
import math
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

PACKAGES = (
    "backends", "conso_duel/middleware", "duels", "leaderboard", "learn", "models_registry", "science/tokens",
    "web", "workshops",
)  # fmt: skip
CALLS = {
    "re.search", "re.match", "re.fullmatch", "re.sub", "re.split", "re.findall", "re.finditer",
}  # fmt: skip
SHORT, LONG = 500, 2_000  # characters
SUSPECT_SECONDS = 0.01  # for LONG: what is faster holds nobody up, and is too short to be measured
MOST_EXPONENT = 1.5
MOST_WORDS = 6  # of an expression that its hostile texts are made of
ANY_UNITS = (" ", "\n", "\t", "a", "a ", "Aa ", "1", "1.", "\u00a0")
# Searched in pieces of a text of a bounded length: around one name, in one address, in one name of a model.
BOUNDED = {"leaderboard.ballots.self_description": 160}
BOUNDED_SECONDS = 0.005


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if path.stem != "__main__" and not {"migrations", "management"} & set(path.parts):
                name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
                yield name.removesuffix(".__init__"), path


def patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The expressions in a module's value, in what it contains and in the attributes of its classes."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in (*value, *value.values()):
            yield from patterns_in(one, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset) and depth < 3:
        for one in value:
            yield from patterns_in(one, depth + 1)
    elif isinstance(value, type) and depth == 0:
        yield from patterns_in(dict(vars(value)), depth + 1)


def literal_calls(path: Path) -> Iterator[re.Pattern[Any]]:
    """The expressions that are written in a call of `re`, as a constant, outside of module constants."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS):
            continue
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str | bytes):
            yield re.compile(node.args[0].value)


def expressions() -> dict[tuple[str, str], re.Pattern[Any]]:
    found = {}
    for name, path in modules():
        for value in vars(importlib.import_module(name)).values():
            for pattern in patterns_in(value):
                found.setdefault(pattern.pattern, (name, pattern))
        for pattern in literal_calls(path):
            found.setdefault(pattern.pattern, (name, pattern))
    return {(name, str(source)): pattern for source, (name, pattern) in found.items()}


def units(source: str) -> list[str]:
    """What hostile texts repeat: the words and the signs of the expression itself, alone and in pairs."""
    bare = re.sub(r"\\[a-zA-Z]|\\", "", source)
    words = sorted(set(re.findall(r"[^\W\d_]{2,}", bare)), key=len)
    words = words[:: max(1, len(words) // MOST_WORDS)]
    signs = sorted(set(re.findall(r"[^\w\s]", bare)))
    pairs = sorted(set(re.findall(r"[^\w\s]{2}", bare)))[:MOST_WORDS]
    return [
        *ANY_UNITS,
        *words,
        *(f"{word} " for word in words),
        *signs,
        *pairs,
        *(f"{sign}a" for sign in signs),
    ]


def seconds(pattern: re.Pattern[Any], text: str, times: int = 1) -> float:
    """The least of some measurements, in time of this thread's processor."""
    subject: Any = text if isinstance(pattern.pattern, str) else text.encode()
    measured = []
    for _ in range(times):
        started = time.thread_time()
        for _ in pattern.finditer(subject):
            pass
        pattern.fullmatch(subject)
        measured.append(time.thread_time() - started)
    return min(measured)


def repeated(unit: str, length: int) -> str:
    """Ends with a character that no expression expects, so that what has matched is given up."""
    return (unit * (length // len(unit) + 1))[: length - 1] + "\u2603"


def exponent(pattern: re.Pattern[Any], unit: str) -> float:
    """The power of the length by which the time grows."""
    short, long = (seconds(pattern, repeated(unit, length), 3) for length in (SHORT, LONG))
    return math.log(long / short) / math.log(LONG / SHORT)


def is_steep(name: str, pattern: re.Pattern[Any], unit: str) -> bool:
    if name in BOUNDED:
        text = repeated(unit, BOUNDED[name])
        return seconds(pattern, text) > BOUNDED_SECONDS < seconds(pattern, text, 3)
    is_suspect = seconds(pattern, repeated(unit, LONG)) > SUSPECT_SECONDS
    return is_suspect and exponent(pattern, unit) > MOST_EXPONENT


def test_every_expression_takes_a_time_in_proportion_to_a_hostile_text() -> None:
    found = expressions()
    assert len(found) > 120
    steep = {
        f"{name}: {source[:60]}": repr(unit)
        for (name, source), pattern in found.items()
        for unit in units(source)
        if is_steep(name, pattern, unit)
    }
    assert steep == {}


@pytest.mark.parametrize("source", [r"(\n\s*)+x", r"(a+)+$", r"\s+$", r"(?:\w+[ ]?)*:"])
def test_an_expression_that_grows_faster_is_found(source: str) -> None:
    pattern = re.compile(source)
    hostile = {
        unit: repeated(unit, 26 if "+)+" in source or ")*" in source else LONG) for unit in units(source)
    }
    assert any(seconds(pattern, text) > SUSPECT_SECONDS for text in hostile.values())
