"""Every word that a page says is in its language, and set as that language sets it."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.face.kinds import Kind
from tests.face.pages import PAGES
from tests.face.visit import Visit, script
from tests.face.world import World

pytestmark = pytest.mark.django_db

# What a line could break at, or what a typewriter would write: a plain space before a sign, after « or inside
# a number; a sign that clings to its word; a straight apostrophe or quotation mark; three points.
BAD_FRENCH = re.compile(
    r""" [:;!?»%€]|« |[\w)][;!?»](?!\w)|\w:\s|\d \d{3}(?!\w)|\d (?:Wh|mWh|kWh|Md|kB|ko|W|g|nm)\b"""
    r"""|\w'|"|\.\.\."""
)
# Guillemets, a space before a sign, and the same typewriter.
BAD_ENGLISH = re.compile(r"""[«»]|[ \u00a0\u202f][:;!?%]|\d \d{3}(?!\w)|\w'|"|\.\.\.""")
PROPER_NAMES = ("Défenseur des droits",)
FRENCH = re.compile(
    r"\b(?:le|la|les|des|du|une|un|et|ou|est|sont|pour|avec|sans|votre|vos|vous|nous|qui|que|dans|sur|ce|cette|"
    r"ces|pas|plus|au|aux|par|il|elle|ne|se|sa|son|ses|deux|[cdjlmnst]’\w+)\b|[àâçèêëîïôûùœ]",
    re.IGNORECASE,
)


def texts_of(page: Page, world: World) -> list[str]:
    """The texts of the page, but for the names that are the same in every language."""
    texts: list[str] = page.evaluate(script("words"))
    names = re.compile("|".join(map(re.escape, [*world.names, *PROPER_NAMES])))
    return [names.sub("X", text) for text in texts]


def test_french_is_set_as_french(visit: Visit, world: World) -> None:
    assert [text for text in texts_of(visit.page, world) if BAD_FRENCH.search(text)] == []


@pytest.mark.parametrize("kind", PAGES.values(), ids=PAGES.keys())
def test_an_english_page_is_english_throughout(
    browser: Browser, world: World, _web_process: str, kind: Kind
) -> None:
    with kind.context(browser, world, _web_process, "en-GB") as context:
        page = context.new_page()
        kind.open(page, world)
        assert page.locator("html").get_attribute("lang") == "en"
        texts = texts_of(page, world)
    assert [text for text in texts if BAD_ENGLISH.search(text) or FRENCH.search(text)] == []
