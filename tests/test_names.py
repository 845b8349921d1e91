"""Names are in the field's words, and one name means one thing across packages."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import floors, identifiers
from tests.test_house import own_files

ROOT = Path(__file__).resolve().parent.parent

# A word of our own where the field has one: publish, render, cache, store, next step, retry, receive.
BANNED = (
    "told", "kept", "laid out", "foot", "patient", "patiently", "patience", "nobody", "heard", "goodbye",
    "util", "utils", "helper", "helpers", "manager", "misc", "common",
)  # fmt: skip
# A test is a sentence, which may need some of these; not these: shown, reported, stored, rendered, used.
BANNED_IN_SENTENCES = ("told", "kept", "heard")
# Names of modules that Django, Celery and pytest look for, or that every reader knows from them.
CONVENTIONAL = ("apps", "base", "checks", "errors", "forms", "http", "models", "tasks", "urls", "views")


@pytest.fixture(scope="module", autouse=True)
def _no_garbage_collection() -> Iterator[None]:
    """The syntax trees are a million objects that go by themselves: a third of the time went in looking."""
    gc.disable()
    yield
    gc.enable()


def test_no_name_holds_a_banned_word() -> None:
    found = identifiers.banned_in(own_files(), BANNED)
    assert {name: sorted(files) for name, files in found.items()} == {}


def test_no_test_is_named_by_a_banned_word() -> None:
    found = identifiers.banned_in(own_files(".py"), BANNED_IN_SENTENCES, identifiers.tests_in)
    assert {name: sorted(files) for name, files in found.items()} == {}


def test_modules_of_different_packages_have_different_names() -> None:
    modules = floors.project_modules(ROOT)
    own = [name for name, path in modules.items() if path.name != "__init__.py"]
    assert identifiers.homonyms(own, CONVENTIONAL) == {}


@pytest.mark.parametrize("name", ["laid_out_once", "isLaidOut", "LaidOut", "LAID_OUT", "laid-out"])
def test_a_word_is_found_in_every_spelling(name: str) -> None:
    assert identifiers.holds(name, "laid out")


@pytest.mark.parametrize("name", ["footer", "laid", "out_laid", "commonly"])
def test_a_word_within_another_is_not_found(name: str) -> None:
    assert not any(identifiers.holds(name, word) for word in BANNED)


def test_every_way_to_give_a_name_is_seen(tmp_path: Path) -> None:
    source = """
import a as b
class C:
    d: int = 0
async def e(f, *g, **h):
    i = j.k(l=1)
    m.n = o
    for p, (q, r) in s: ...
    with t as u: ...
    if (v := w): ...
def test_x(): ...
"""
    file = tmp_path / "y.py"
    file.write_text(source)
    assert sorted(identifiers.names_in(file)) == [*"Cbdefghilnpqruvy"]
    assert [*identifiers.tests_in(file)] == ["test_x"]
    script = tmp_path / "z.js"
    script.write_text("export function a() { const b = c; }\nlet d = 1;\nclass E {}")
    assert sorted(identifiers.names_in(script)) == [*"Eabdz"]


def test_homonyms_within_one_package_are_no_offence() -> None:
    modules = ["duels.a.history", "duels.b.history", "learn.x", "web.y.x", "web.views", "learn.views"]
    assert identifiers.homonyms(modules, ["views"]) == {"x": ["learn.x", "web.y.x"]}
