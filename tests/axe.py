"""What axe-core finds in a page, wide and narrow, light and dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (1366, 360)
THEMES = ("light", "dark")


def faults(page: Page) -> list[str]:
    """Each rule that is broken, and the first place that breaks it."""
    violations = Axe().run(page).response["violations"]
    return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in violations]


def faults_in_every_look(page: Page) -> dict[tuple[int, str], list[str]]:
    """The faults of the page that is open, by width and theme; empty when there are none."""
    found = {}
    for width in WIDTHS:
        for theme in THEMES:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)
            found[width, theme] = faults(page)
    return {look: told for look, told in found.items() if told}
