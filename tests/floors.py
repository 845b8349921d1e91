"""Which import may point where: read from the source with ast, nothing is executed."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

FLOORS: dict[str, int] = {
    "science": 0,
    "backends": 0,
    "web": 1,
    "models_registry": 2,
    "duels": 3,
    "leaderboard": 4,
    "learn": 4,
    "recordings": 4,
    "workshops": 5,
    "api": 5,
    "open_data": 5,
    "conso_duel": 6,
}
# The folders where each part stands alone beside its neighbours.
SEPARATE_WITHIN = ("science",)
PURE = ("science", "backends", "duels.relay")
FORBIDDEN_TO_PURE = ("django", "celery", "conso_duel")


@dataclass(frozen=True)
class Import:
    """Module `source` (dotted) imports `target` (dotted) on a line of its file."""

    source: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}"


def project_modules(root: Path) -> dict[str, Path]:
    """Dotted name -> file of every module on the floors, migrations left out: they are written by Django."""
    files = [path for package in FLOORS for path in (root / package).rglob("*.py")]
    return {dotted_name(path, root): path for path in files if "migrations" not in path.parts}


def dotted_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(modules: dict[str, Path]) -> list[Import]:
    """Every import of these modules, those inside functions too."""
    return [found for name, path in modules.items() for found in imports_in(name, path, frozenset(modules))]


def imports_in(source: str, path: Path, modules: frozenset[str]) -> Iterator[Import]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(source, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute_base(source, path, node)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield Import(source, whole if whole in modules else base, node.lineno)


def absolute_base(source: str, path: Path, node: ast.ImportFrom) -> str:
    """The module that `from … import` names, its dots resolved."""
    if not node.level:
        return node.module or ""
    package = source.split(".") if path.name == "__init__.py" else source.split(".")[:-1]
    parents = package[: len(package) - (node.level - 1)]
    return ".".join([*parents, node.module] if node.module else parents)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def pointing_up_or_sideways(imports: Iterable[Import]) -> list[str]:
    """The imports that do not point down."""
    return [str(found) for found in imports if not points_down(found)]


def points_down(found: Import) -> bool:
    source, target = found.source.split(".")[0], found.target.split(".")[0]
    return source == target or target not in FLOORS or FLOORS[target] < FLOORS[source]


def between_separate_parts(imports: Iterable[Import]) -> list[str]:
    """The imports from one part to its neighbour in a folder whose parts stand alone."""
    return [str(found) for found in imports if is_between_neighbours(found)]


def is_between_neighbours(found: Import) -> bool:
    source, target = found.source.split("."), found.target.split(".")
    same_folder = source[0] == target[0] and source[0] in SEPARATE_WITHIN
    return same_folder and len(source) > 1 and len(target) > 1 and source[1] != target[1]


def impure(imports: Iterable[Import]) -> list[str]:
    """The imports by which a pure module would know the framework, the queue or the settings."""
    return [
        str(found)
        for found in imports
        if any(within(found.source, package) for package in PURE)
        and any(within(found.target, package) for package in FORBIDDEN_TO_PURE)
    ]


def cycle(imports: Iterable[Import], modules: Iterable[str]) -> list[str]:
    """The modules of one circle of imports, its first repeated at the end; empty when there is none."""
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for found in imports:
        # A package that gathers names from its own modules is not a circle by itself.
        if found.target in graph and found.target != found.source:
            graph[found.source].add(found.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []
