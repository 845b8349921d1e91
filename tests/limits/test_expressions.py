"""Every regular expression of the code takes a time in proportion to the text, whoever wrote the text.

The expressions are found by themselves: those that a module keeps, and the texts of calls of `re`.
"""

import ast
import importlib
import math
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings

PACKAGES = (
    "backends", "conso_duel/middleware", "duels", "leaderboard", "learn", "models_registry", "science/tokens",
    "web", "workshops",
)  # fmt: skip
METHODS = {"search", "match", "fullmatch", "sub", "split", "findall", "finditer"}
OF_DJANGO = {"web.compiled_query"}  # reads our own SQL
SHORTEST, SHORT, LONG = 20, 600, 6_000  # characters
SUSPECT_SECONDS = 0.01  # for LONG: what is faster holds nobody up, and is too short to be measured
MOST_EXPONENT = 1.5
MOST_WORDS = 3  # of an expression that its hostile texts are made of
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


def patterns_in(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The expressions in a module's value, in what it contains and in the attributes of its classes."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict):
        for key, one in value.items():
            inner = key if depth == 1 and isinstance(key, str) else name
            yield from patterns_in(inner, key, depth + 2)
            yield from patterns_in(inner, one, depth + 2)
    elif isinstance(value, list | tuple | set | frozenset) and depth < 4:
        for one in value:
            yield from patterns_in(name, one, depth + 2)
    elif isinstance(value, type) and depth == 0:
        yield from patterns_in(name, dict(vars(value)), depth + 1)


def calls(path: Path) -> Iterator[tuple[str, str, ast.expr | None]]:
    """Each call of a method of an expression: name of the expression, method, first argument."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            name = ast.unparse(node.func.value).rpartition(".")[2]
            yield name, node.func.attr, node.args[0] if node.args else None


class Expression(NamedTuple):
    """An expression, the module that keeps it, and how the code applies it."""

    module: str
    pattern: re.Pattern[Any]
    methods: frozenset[str]


def expressions() -> list[Expression]:
    constants, literals, methods = {}, {}, defaultdict[str, set[str]](set)
    for module, path in modules():
        for name, value in vars(importlib.import_module(module)).items():
            for inner, pattern in patterns_in(name, value):
                constants.setdefault(pattern.pattern, (module, inner, pattern))
        for name, method, argument in calls(path):
            methods[name].add(method)
            if name == "re" and isinstance(argument, ast.Constant):
                literals[argument.value, method] = module
    found = [
        Expression(module, pattern, frozenset(methods[name] or {"search"}))
        for module, name, pattern in constants.values()
        if module not in OF_DJANGO
    ]
    return found + [
        Expression(module, re.compile(source), frozenset({method}))
        for (source, method), module in literals.items()
    ]


def units(source: str) -> list[str]:
    """The pieces that hostile texts repeat: words and signs of the expression itself, alone and in pairs."""
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


def apply(one: Expression, text: str) -> None:
    subject: Any = text if isinstance(one.pattern.pattern, str) else text.encode()
    for method in one.methods:
        if method in ("match", "search", "fullmatch"):
            getattr(one.pattern, method)(subject)
        else:
            one.pattern.findall(subject)


def seconds(one: Expression, text: str, times: int = 1) -> float:
    """The least of some measurements, in time of this thread's processor."""
    measured = []
    for _ in range(times):
        started = time.thread_time()
        apply(one, text)
        measured.append(time.thread_time() - started)
    return min(measured)


def repeated(unit: str, length: int) -> str:
    """Ends with a character that no expression expects, so that what has matched is given up."""
    return (unit * (length // len(unit) + 1))[: length - 1] + "\u2603"


def exponent(one: Expression, unit: str) -> float:
    """The power of the length by which the time grows."""
    short, long = (seconds(one, repeated(unit, length), 3) for length in (SHORT, LONG))
    return math.log(long / short) / math.log(LONG / SHORT)


def is_steep(one: Expression, unit: str) -> bool:
    if one.module in BOUNDED:
        text = repeated(unit, BOUNDED[one.module])
        return seconds(one, text) > BOUNDED_SECONDS < seconds(one, text, 3)
    if any(seconds(one, repeated(unit, length)) > SUSPECT_SECONDS for length in (SHORTEST, SHORT)):
        return True  # a longer text might never end
    return seconds(one, repeated(unit, LONG)) > SUSPECT_SECONDS and exponent(one, unit) > MOST_EXPONENT


def test_every_expression_takes_a_time_in_proportion_to_a_hostile_text() -> None:
    found = expressions()
    assert len(found) > 120
    steep = {
        f"{one.module}: {one.pattern.pattern!r}"[:90]: unit
        for one in found
        for unit in units(str(one.pattern.pattern))
        if is_steep(one, unit)
    }
    assert steep == {}


@pytest.mark.parametrize("source", [r"\n\s*x", r"\s+$", r"(a+)+$"])
def test_an_expression_that_grows_faster_is_found(source: str) -> None:
    one = Expression("", re.compile(source), frozenset({"search"}))
    assert any(is_steep(one, unit) for unit in units(source))
