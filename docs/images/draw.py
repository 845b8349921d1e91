"""`make images`: the PNG files of static/, drawn by Chromium from their SVG; they are committed."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.services.browser import launch_options

ROOT = Path(__file__).resolve().parents[2]
COLOURS = 64  # a palette: flat colours and soft edges need no more, and the card weighs a third
# Drawing -> file, width and height in pixels.
PICTURES = {
    "static/favicon.svg": ("static/favicon.png", 32, 32),
    "docs/images/apple-touch-icon.svg": ("static/apple-touch-icon.png", 180, 180),
    "docs/images/social-card.svg": ("static/social-card.png", 1200, 630),
}


def main() -> None:
    with sync_playwright() as playwright, playwright.chromium.launch(**launch_options()) as browser:
        page = browser.new_page()
        for drawing, (picture, width, height) in PICTURES.items():
            drawn = Image.open(io.BytesIO(draw(page, ROOT / drawing, width, height)))
            drawn.quantize(COLOURS).save(ROOT / picture, optimize=True)


def draw(page: Page, drawing: Path, width: int, height: int) -> bytes:
    """The drawing as a PNG of that size, transparent where nothing is drawn."""
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{drawing.read_text()}")
    return page.screenshot(omit_background=True)


if __name__ == "__main__":
    main()
