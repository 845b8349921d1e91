"""The guides name files, folders and commands that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/performance.md", "docs/deploy.md")
PACKAGES = (
    "api", "backends", "conso_duel", "docs", "duels", "leaderboard", "learn", "locale", "models_registry",
    "open_data", "recordings", "science", "static", "templates", "tests", "web", "workshops",
)  # fmt: skip
CODE = re.compile(r"`([^`\n]+)`")
MODULE = re.compile(r"\w+(?:/\w+)+\.py\b")  # in code spans and diagrams, from any folder on
TARGET = re.compile(r"`make ([a-z]+)")


def paths_named(text: str) -> set[str]:
    """The paths within the project that a guide names in code spans; patterns like <package> are left out."""
    spans = {span.split(":")[0] for span in CODE.findall(text)}
    return {span for span in spans if span.split("/")[0] in PACKAGES and "/" in span and "<" not in span}


@pytest.mark.parametrize("guide", GUIDES)
def test_the_files_that_a_guide_names_exist(guide: str) -> None:
    named = paths_named((ROOT / guide).read_text(encoding="utf-8"))
    assert sorted(path for path in named if not any(ROOT.glob(path.rstrip("/")))) == []


@pytest.mark.parametrize("guide", GUIDES)
def test_the_modules_that_a_guide_names_exist(guide: str) -> None:
    modules = [f"/{file.relative_to(ROOT)}" for folder in PACKAGES for file in (ROOT / folder).rglob("*.py")]
    named = set(MODULE.findall((ROOT / guide).read_text(encoding="utf-8")))
    assert sorted(name for name in named if not any(file.endswith(f"/{name}") for file in modules)) == []


@pytest.mark.parametrize("guide", GUIDES)
def test_the_commands_that_a_guide_names_exist(guide: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(TARGET.findall((ROOT / guide).read_text(encoding="utf-8")))
    assert sorted(name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)) == []
