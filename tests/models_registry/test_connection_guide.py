"""docs/connecter-des-modeles.md agrees with the code."""

from pathlib import Path

import pytest

from backends.presets import PRESETS, Preset
from models_registry.management.commands.discover import Command

GUIDE = (Path(__file__).parents[2] / "docs" / "connecter-des-modeles.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.slug)
def test_the_guide_has_a_line_for_each_known_server(preset: Preset) -> None:
    key = f"`{preset.api_key_env}`" if preset.api_key_env else "aucune"
    line = f"| `{preset.slug}` | [{preset.name}]({preset.documentation}) | `{preset.base_url}` | {key} |"
    assert line in GUIDE.splitlines()


def test_the_guide_names_each_option_of_the_command() -> None:
    own = [
        action
        for action in Command().create_parser("manage.py", "discover")._actions
        if action.option_strings
    ]
    django = {"--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color"}
    django |= {"--force-color", "--skip-checks"}
    options = {option for action in own for option in action.option_strings if option.startswith("--")}
    assert [option for option in sorted(options - django) if f"`{option}" not in GUIDE] == []
