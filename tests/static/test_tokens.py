"""The colours of the site: read by everyone, in both themes, and A never taken for B."""

import re
from pathlib import Path

import pytest

from tests.static.colours import SEEN_WITHOUT, contrast, difference

TOKENS = Path(__file__).resolve().parents[2] / "static/css/tokens.css"
THEMES = ("light", "dark")
THEME = re.compile(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^{}]*)\}\s*\}")
COLOUR = re.compile(r"--[\w-]+: #[0-9a-f]{3,8}")
TEXTS = {
    "paper": ["ink", "ink-soft", "a", "b", "energy", "alert"],
    "card": ["ink", "ink-soft", "a", "b", "energy", "alert"],
    "ink": ["paper"],
    "a": ["on-side"],
    "b": ["on-side"],
    "a-light": ["ink"],
    "b-light": ["ink"],
    "energy-tint": ["ink", "ink-soft", "energy"],
    "alert-tint": ["ink", "alert"],
}
EDGES = {
    "paper": ["line-control", "a", "b", "energy"],
    "card": ["line-control", "a", "b", "energy", "a-middle", "b-middle"],
}


def colours(theme: str) -> dict[str, str]:
    """Name and `#rrggbb` of each colour; what the dark theme leaves alone is the light one's."""
    light, dark = TOKENS.read_text(encoding="utf-8").split("@media")[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if theme == "dark" else {})


def too_faint(theme: str, pairs: dict[str, list[str]], least: float) -> dict[str, float]:
    """The pairs whose contrast is below `least`, with that contrast."""
    known = colours(theme)
    ratios = {
        f"{one} on {ground}": contrast(known[one], known[ground])
        for ground, ones in pairs.items()
        for one in ones
    }
    return {pair: ratio for pair, ratio in ratios.items() if ratio < least}


def test_the_formulas_agree_with_published_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(
        4.54, abs=0.005
    )  # the faintest grey that passes AA
    # CIE L*a*b* of sRGB red and green: 53.2, 80.1, 67.2 and 87.7, -86.2, 83.2.
    assert difference("#ff0000", "#00ff00", "nothing") == pytest.approx(170.6, abs=0.2)
    # Without green cones, red and green of the same lightness become neighbours.
    assert difference("#a05000", "#6b6b00", "green cones") < difference("#a05000", "#6b6b00", "nothing") / 3


def test_a_theme_changes_colours_and_nothing_else() -> None:
    """All but colours is tried in one theme."""
    for path in TOKENS.parent.glob("*.css"):
        css = path.read_text(encoding="utf-8")
        sheets = THEME.findall(css)
        assert len(sheets) == css.count("prefers-color-scheme"), path.name
        for declaration in ";".join(sheets).split(";"):
            assert not declaration.strip() or COLOUR.fullmatch(declaration.strip()), (path.name, declaration)


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_can_be_read(theme: str) -> None:
    assert too_faint(theme, TEXTS, least=4.5) == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_edge_that_says_something_can_be_seen(theme: str) -> None:
    assert too_faint(theme, EDGES, least=3) == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("missing", SEEN_WITHOUT)
def test_the_two_sides_are_far_apart_whatever_the_eye_lacks(theme: str, missing: str) -> None:
    known = colours(theme)
    assert difference(known["a"], known["b"], missing) > 60
    assert difference(known["a-middle"], known["b-middle"], missing) > 40
    assert difference(known["a-light"], known["b-light"], missing) > 20
