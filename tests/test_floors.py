"""Imports point downwards only; the science, the backends and the relay know no framework."""

from pathlib import Path

import pytest

from tests import floors

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def modules() -> dict[str, Path]:
    return floors.project_modules(ROOT)


@pytest.fixture(scope="module")
def imports(modules: dict[str, Path]) -> list[floors.Import]:
    return floors.imports_of(modules)


def test_every_package_of_the_project_has_a_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= set(floors.FLOORS)


def test_the_walk_sees_the_project(imports: list[floors.Import]) -> None:
    assert any(
        found.source == "duels.models" and found.target == "models_registry.models" for found in imports
    )


def test_imports_point_down(imports: list[floors.Import]) -> None:
    assert floors.pointing_up_or_sideways(imports) == []


def test_energy_ranking_and_tokens_stand_alone(imports: list[floors.Import]) -> None:
    assert floors.between_separate_parts(imports) == []


def test_the_pure_floors_know_no_framework(imports: list[floors.Import]) -> None:
    assert floors.impure(imports) == []


def test_imports_go_in_no_circle(imports: list[floors.Import], modules: dict[str, Path]) -> None:
    assert floors.cycle(imports, modules) == []


def offending_project(root: Path, files: dict[str, str]) -> tuple[dict[str, Path], list[floors.Import]]:
    """A small project on disk: its modules and its imports."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    modules = floors.project_modules(root)
    return modules, floors.imports_of(modules)


def test_an_import_hidden_in_a_function_is_named(tmp_path: Path) -> None:
    text = "def late():\n    from duels.models import Duel\n"
    _, imports = offending_project(tmp_path, {"science/energy/x.py": text})
    assert floors.pointing_up_or_sideways(imports) == ["science.energy.x:2 imports duels.models"]


def test_a_neighbour_on_the_same_floor_is_named(tmp_path: Path) -> None:
    _, imports = offending_project(tmp_path, {"learn/views.py": "import leaderboard.models\n"})
    assert floors.pointing_up_or_sideways(imports) == ["learn.views:1 imports leaderboard.models"]


def test_energy_that_reads_ranking_is_named(tmp_path: Path) -> None:
    files = {"science/ranking/fit.py": "", "science/energy/x.py": "from ..ranking import fit\n"}
    _, imports = offending_project(tmp_path, files)
    assert floors.between_separate_parts(imports) == ["science.energy.x:1 imports science.ranking.fit"]


@pytest.mark.parametrize("framework", ["django.conf", "celery", "conso_duel.settings"])
def test_a_relay_that_knows_a_framework_is_named(tmp_path: Path, framework: str) -> None:
    _, imports = offending_project(tmp_path, {"duels/relay/redis_stream.py": f"import {framework}\n"})
    assert floors.impure(imports) == [f"duels.relay.redis_stream:1 imports {framework}"]


def test_a_circle_through_a_relative_import_is_named(tmp_path: Path) -> None:
    files = {
        "duels/lifecycle.py": "from . import tasks\n",
        "duels/tasks.py": "def run():\n    import duels.lifecycle\n",
    }
    modules, imports = offending_project(tmp_path, files)
    assert set(floors.cycle(imports, modules)) == {"duels.lifecycle", "duels.tasks"}


def test_a_wanted_import_is_not_an_offence(tmp_path: Path) -> None:
    files = {
        "duels/models.py": "from models_registry.models import LanguageModel\n",
        "models_registry/models.py": "",
    }
    modules, imports = offending_project(tmp_path, files)
    offences = (
        floors.pointing_up_or_sideways(imports) + floors.impure(imports) + floors.cycle(imports, modules)
    )
    assert offences == []
