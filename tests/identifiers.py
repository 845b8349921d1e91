"""The names that the project's own files give: found in the source, nothing is executed."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
JS_NAME = re.compile(r"\b(?:function\*?|const|let|var|class)\s+([A-Za-z_$][\w$]*)")


def words_of(name: str) -> list[str]:
    """The words of a name, in small letters: FooBar, foo_bar and foo-bar are foo and bar."""
    return [word.lower() for word in WORD.findall(name)]


@cache
def phrase_of(name: str) -> str:
    """The words of a name with a space before and after each."""
    return f" {' '.join(words_of(name))} "


def holds(name: str, banned: str) -> bool:
    """Whether the words of `banned` stand side by side in the name."""
    return phrase_of(banned) in phrase_of(name)


@cache
def names_in_python(path: Path) -> frozenset[str]:
    """Every name that the code gives: of functions, classes, parameters, variables, attributes, aliases."""
    return frozenset(names_given(ast.parse(path.read_text(encoding="utf-8"))))


def names_given(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.alias(asname=str(name)):
                yield name


def names_in_javascript(path: Path) -> frozenset[str]:
    return frozenset(JS_NAME.findall(path.read_text(encoding="utf-8")))


def names_in(path: Path) -> Iterator[str]:
    """The name of the file, and those that it gives, but for its tests: their names are sentences."""
    yield path.stem
    if path.suffix == ".py":
        yield from (name for name in names_in_python(path) if not name.startswith("test_"))
    elif path.suffix == ".js":
        yield from names_in_javascript(path)


def tests_in(path: Path) -> Iterator[str]:
    """The names of its tests."""
    if path.suffix == ".py":
        yield from (name for name in names_in_python(path) if name.startswith("test_"))


def banned_in(
    paths: Iterable[Path], banned: Iterable[str], names: Callable[[Path], Iterable[str]] = names_in
) -> dict[str, set[str]]:
    """Each name that holds a banned word, with the files that give it."""
    words, found = tuple(banned), dict[str, set[str]]()
    for path in paths:
        for name in names(path):
            if any(holds(name, word) for word in words):
                found.setdefault(name, set()).add(str(path))
    return found


def homonyms(modules: Iterable[str], conventional: Iterable[str]) -> dict[str, list[str]]:
    """Modules (dotted) of different packages whose last name is the same, by that name."""
    by_name: dict[str, list[str]] = {}
    for module in sorted(modules):
        by_name.setdefault(module.rpartition(".")[2], []).append(module)
    return {
        name: same
        for name, same in by_name.items()
        if name not in set(conventional) and len({module.split(".")[0] for module in same}) > 1
    }
