"""The habits of the house that a machine can check."""

import ast
import gc
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import floors

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = sorted(name for name in floors.FLOORS if (ROOT / name).is_dir())
OWN_SUFFIXES = {".py", ".js", ".css", ".html"}
NOT_OURS = {"vendor", "migrations", "__pycache__"}
MAX_FILE_LINES = 450
MAX_SCRIPT_LINES = 110
MAX_STYLE_LINES = 810  # a declaration a line, so about as much to read as 300 lines of Python
MAX_CHARACTERS = {".html": 140, ".css": 120, ".js": 110}
LONG_FUNCTION_LINES = 35
CAPTION_LINES = 4
MAX_CAPTIONS_SHARE = 0.06
HEADLESS = {"What", "Who", "Whose", "Whoever", "Whatever"}
# Words for people: a machine stores, sends, reports, receives.
WORDS_FOR_PEOPLE = re.compile(r"\b(?:told|kept|heard|goodbye|laid out)\b", re.IGNORECASE)
COMMENTS = {
    ".py": r"#[^\n]*",
    ".html": r"\{#.*?#\}",
    ".css": r"/\*.*?\*/",
    ".js": r"/\*.*?\*/|//[^\n]*",
}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "misc", "common"}
READERS = {"env_bool", "env_int", "env_list", "env_text", "env_choice", "getenv"}


def own_files(*suffixes: str) -> list[Path]:
    """Files written by hand, with these suffixes or with any of ours."""
    folders = [ROOT / name for name in (*PACKAGES, "templates", "static", "tests")]
    found = [path for folder in folders for path in sorted(folder.rglob("*"))]
    wanted = set(suffixes) or OWN_SUFFIXES
    return [path for path in found if path.suffix in wanted and not NOT_OURS & set(path.parts)]


@pytest.fixture(scope="module", autouse=True)
def _forget_the_trees() -> Iterator[None]:
    """They are a million objects, over which every collection of garbage would go."""
    gc.disable()
    yield
    nodes_by_file.cache_clear()
    gc.enable()


@cache
def nodes_by_file() -> dict[Path, list[ast.AST]]:
    """Every Python file with all nodes of its syntax tree, that of the module first."""
    files = own_files(".py")
    trees = {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in files}
    return {path: list(ast.walk(tree)) for path, tree in trees.items()}


def docstrings() -> Iterator[tuple[Path, str]]:
    """Every docstring with its file; an empty one where there is none."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for path, nodes in nodes_by_file().items():
        yield from ((path, ast.get_docstring(node) or "") for node in nodes if isinstance(node, documented))


def variables_read(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Names of the environment variables that the code reads by a written name."""
    for node in nodes:
        if isinstance(node, ast.Call) and reads_environment(node.func):
            yield from (str(word.value) for word in node.args[:1] if isinstance(word, ast.Constant))
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and is_environ(node.value):
            yield from (str(word.value) for word in [node.slice] if isinstance(word, ast.Constant))


def reads_environment(function: ast.expr) -> bool:
    """Whether this is os.environ.get, os.getenv or one of our readers."""
    if isinstance(function, ast.Name):
        return function.id in READERS
    if not isinstance(function, ast.Attribute):
        return False
    return function.attr in READERS or (function.attr == "get" and is_environ(function.value))


def is_environ(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ"


def test_variables_are_found_however_they_are_read() -> None:
    source = (
        "import os\nos.environ.get('A')\nos.environ['B']\nos.getenv('C')\nenv_bool('D', True)\nx.get('E')\n"
    )
    assert sorted(variables_read(ast.walk(ast.parse(source)))) == ["A", "B", "C", "D"]


def test_every_environment_variable_is_in_the_readme() -> None:
    read = {name for nodes in nodes_by_file().values() for name in variables_read(nodes)}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sorted(name for name in read if name and f"`{name}`" not in readme) == []


def longer_than(limit: int, files: list[Path]) -> dict[str, int]:
    """Name and lines of the files that exceed the limit."""
    lines = {path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n") for path in files}
    return {str(name): count for name, count in lines.items() if count > limit}


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    files = [path for path in own_files() if path.suffix != ".css"]
    assert longer_than(MAX_FILE_LINES, files) == {}


def test_no_style_sheet_is_too_long_to_be_read_at_once() -> None:
    assert longer_than(MAX_STYLE_LINES, own_files(".css")) == {}


def test_scripts_of_the_pages_are_short() -> None:
    assert longer_than(MAX_SCRIPT_LINES, own_files(".js")) == {}


def test_no_line_of_a_template_a_style_sheet_or_a_script_is_too_long() -> None:
    long_lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in own_files(*MAX_CHARACTERS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > MAX_CHARACTERS[path.suffix]
    ]
    assert long_lines == []


Function = ast.FunctionDef | ast.AsyncFunctionDef


def nodes_of_the_packages() -> Iterator[ast.AST]:
    return (node for path, nodes in nodes_by_file().items() if path.parts[0] in PACKAGES for node in nodes)


def functions_of_the_packages() -> list[Function]:
    return [node for node in nodes_of_the_packages() if isinstance(node, Function)]


def test_nine_functions_in_ten_are_short() -> None:
    lengths = [(node.end_lineno or node.lineno) - node.lineno + 1 for node in functions_of_the_packages()]
    assert statistics.quantiles(lengths, n=10)[-1] < LONG_FUNCTION_LINES


def uses(nodes: Iterable[ast.AST]) -> Counter[str]:
    """How often each name is read, alone or as an attribute."""
    return Counter(
        node.id if isinstance(node, ast.Name) else node.attr
        for node in nodes
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
    )


def captions(functions: Iterable[Function], uses: Counter[str]) -> list[str]:
    """The private functions that are used once and hold so few lines that their caller could hold them."""
    private = [node for node in functions if re.match(r"_[^_]", node.name) and not node.decorator_list]
    return [node.name for node in private if uses[node.name] == 1 and body_lines(node) <= CAPTION_LINES]


def body_lines(function: Function) -> int:
    """Lines of a function below its signature and its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_few_functions_only_caption_a_line_or_two() -> None:
    functions = functions_of_the_packages()
    read = uses(nodes_of_the_packages())
    assert len(captions(functions, read)) <= MAX_CAPTIONS_SHARE * len(functions)


def test_a_caption_is_found() -> None:
    source = """
def _once():
    '''Its docstring
    does not count.'''
    return 1
def _twice(): return 2
def _long():
    a = 1
    b = 2
    c = 3
    d = 4
    return a
def public(): return _once() + _twice() + _twice() + _long()
"""
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, Function)]
    assert captions(functions, uses(ast.walk(tree))) == ["_once"]


def test_docstrings_begin_with_a_verb_or_a_noun() -> None:
    first_words = [(str(path), text.split()[0], text) for path, text in docstrings() if text]
    assert [(path, text) for path, word, text in first_words if word in HEADLESS] == []


def test_docstrings_and_comments_say_what_machines_do() -> None:
    prose = list(docstrings())
    for path in own_files():
        found = re.findall(COMMENTS[path.suffix], path.read_text(encoding="utf-8"), re.DOTALL)
        prose += [(path.relative_to(ROOT), comment) for comment in found]
    assert [(str(path), text) for path, text in prose if WORDS_FOR_PEOPLE.search(text)] == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [str(path.relative_to(ROOT)) for path in own_files() if path.stem.lower() in VAGUE_NAMES] == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    unfinished = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    files = [path for path in own_files() if unfinished.search(path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in files] == []


def test_no_error_of_any_kind_is_swallowed() -> None:
    swallowed = [
        f"{path}:{line}" for path, nodes in nodes_by_file().items() for line in handlers_that_swallow(nodes)
    ]
    assert swallowed == []


def handlers_that_swallow(nodes: Iterable[ast.AST]) -> Iterator[int]:
    """Lines of the handlers that catch everything and pass it on to no one."""
    for node in nodes:
        if isinstance(node, ast.ExceptHandler) and catches_everything(node.type) and not passes_on(node):
            yield node.lineno


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Whether it raises, or hands the error to a thread that waits for a Future."""
    return any(
        isinstance(node, ast.Raise) or (isinstance(node, ast.Attribute) and node.attr == "set_exception")
        for node in ast.walk(handler)
    )


def catches_everything(kind: ast.expr | None) -> bool:
    return kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))


def test_a_handler_that_raises_again_swallows_nothing() -> None:
    source = "try:\n  f()\nexcept Exception:\n  raise\ntry:\n  f()\nexcept Exception:\n  pass\n"
    assert list(handlers_that_swallow(ast.walk(ast.parse(source)))) == [7]


INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
FOREIGN = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
)


@pytest.mark.parametrize("path", own_files(".html"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_carries_no_script_or_style_and_loads_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert INLINE.findall(text) + FOREIGN.findall(text) == []


PRIVATE = re.compile(r"_[^_]")
# Of Django (its documented _meta, the body of a request), psycopg and argparse, which show them in no other
# way; of our own, nothing.
PRIVATE_OF_LIBRARIES = {"_meta", "_stream", "_pool", "_actions"}


def private_names_used(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Private names that the code reads of, imports from or replaces in something that is not itself."""
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                continue
            case ast.Attribute(attr=name) | ast.alias(name=name):
                names = [name]
            case ast.Call(func=ast.Attribute(attr="setattr" | "setitem" | "delattr" | "delitem"), args=args):
                names = [str(arg.value) for arg in args[:2] if isinstance(arg, ast.Constant)]
            case _:
                continue
        private = (name for name in names if any(map(PRIVATE.match, name.split("."))))
        yield from (name for name in private if name not in PRIVATE_OF_LIBRARIES)


def test_no_test_reaches_into_private_names() -> None:
    tests = {path: nodes for path, nodes in nodes_by_file().items() if path.parts[0] == "tests"}
    found = {str(path): list(private_names_used(nodes)) for path, nodes in tests.items()}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_private_name_is_found_however_it_is_reached() -> None:
    source = """
from duels.page import _secret
import web._cache
def test_it(monkeypatch, page):
    page._cached.clear()
    monkeypatch.setattr(page, "_render", None)
    monkeypatch.setattr("duels.page._answer", None)
    assert page.__doc__ and page._meta
    self._own = 1
"""
    used = list(private_names_used(ast.walk(ast.parse(source))))
    assert sorted(used) == ["_cached", "_render", "_secret", "duels.page._answer", "web._cache"]
