"""Findings of axe-core in a page, wide and narrow, light and dark."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.face.visit import HEIGHT_PX, NARROW_PX, WIDE_PX

THEMES = ("light", "dark")
# Also two rules that axe leaves out unless they are asked for: WCAG 2.5.3 and 2.5.8.
EVERY_RULE: dict[str, Any] = {
    "rules": {"label-content-name-mismatch": {"enabled": True}, "target-size": {"enabled": True}}
}
# A theme changes colours and nothing else: tests/static/test_tokens.py holds it to that.
RULES_OF_COLOUR: dict[str, Any] = {"runOnly": ["color-contrast", "link-in-text-block"]}
RUN = """rules => axe.run({resultTypes: ["violations"], preload: false, ...rules}).then(
  ({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 200)}`))"""

# A colour half way from one theme to the other is in neither.
SETTLE = """document.getAnimations()
  .forEach((one) => one.effect.getTiming().iterations === Infinity ? one.cancel() : one.finish())"""


def faults(page: Page, rules: dict[str, Any] = EVERY_RULE) -> list[str]:
    """Each rule that is broken, and the first place that breaks it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(RUN, rules)
    return found


def faults_in_every_look(page: Page) -> dict[tuple[int, str], list[str]]:
    """The faults of the page that is open, by width and theme; empty when there are none."""
    found = {}
    for width in (NARROW_PX, WIDE_PX):
        page.set_viewport_size({"width": width, "height": HEIGHT_PX})
        for theme, rules in zip(THEMES, (EVERY_RULE, RULES_OF_COLOUR), strict=True):
            page.emulate_media(color_scheme=theme)
            page.evaluate(SETTLE)
            found[width, theme] = faults(page, rules)
    page.emulate_media(color_scheme="light")
    return {look: violations for look, violations in found.items() if violations}
