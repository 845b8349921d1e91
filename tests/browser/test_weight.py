"""The weight of a duel from its first byte to the vote: page, files, two answers of 200 tokens."""

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.duel_page import DUEL_PAGE, expect_done
from tests.duels.conftest import GRAND, PETIT
from tests.upstream import Upstream, answer

pytestmark = pytest.mark.usefixtures("pair", "worker", "compressed_files")

MOST_BYTES = 60_000
MOST_BYTES_WITHOUT_FILES = 40_000
MARKDOWN = (
    "## Le ciel\n\nIl est **bleu**, car l’air disperse le bleu de la lumière bien plus que le rouge ; le "
    "soir, elle en traverse davantage.\n\n- un premier point, assez long pour une ligne\n- un second, avec "
    "*emphase* et quelques mots\n\nUn dernier paragraphe dit la même chose autrement, et plus longuement.\n\n"
)
WORDS = [f"mot{number} " for number in range(200)]


def count_bytes(session: CDPSession) -> list[int]:
    """A list that grows with each head and each piece of a body that arrives, as they travel."""
    sizes: list[int] = []

    def note_body(piece: dict[str, Any]) -> None:
        sizes.append(int(piece["encodedDataLength"]))

    def note_head(received: dict[str, Any]) -> None:
        sizes.append(int(received["response"]["encodedDataLength"]))

    session.on("Network.dataReceived", note_body)
    session.on("Network.responseReceived", note_head)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return sizes


def test_a_duel_with_its_stream_and_its_vote_weighs_at_most_60_kb(page: Page, upstream: Upstream) -> None:
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*WORDS, delay_seconds=0.01))
    page.goto("/")
    page.locator("[data-prompt]").fill("Pourquoi ?")
    sizes = count_bytes(page.context.new_cdp_session(page))
    page.keyboard.press("Enter")
    page.wait_for_url(DUEL_PAGE)
    expect_done(page)
    page.wait_for_load_state("networkidle")
    assert 20_000 < sum(sizes) <= MOST_BYTES


def weigh_duel(page: Page) -> dict[str, int]:
    """Bytes of each address of one duel as they travel, static files aside."""
    addresses, sizes = dict[str, str](), Counter[str]()
    session = page.context.new_cdp_session(page)
    session.on(
        "Network.requestWillBeSent",
        lambda sent: addresses.update({sent["requestId"]: sent["request"]["url"]}),
    )
    session.on(
        "Network.responseReceived",
        lambda head: sizes.update({head["requestId"]: int(head["response"]["encodedDataLength"])}),
    )
    # The page may close its stream before the server does: then its whole size is never reported.
    session.on(
        "Network.dataReceived",
        lambda piece: sizes.update({piece["requestId"]: int(piece["encodedDataLength"])}),
    )
    session.on(
        "Network.loadingFinished",
        lambda ended: sizes.__setitem__(ended["requestId"], int(ended["encodedDataLength"])),
    )
    session.send("Network.enable")
    page.goto("/")
    page.locator("[data-prompt]").fill("Pourquoi ?")
    page.keyboard.press("Enter")
    page.wait_for_url(DUEL_PAGE)
    expect_done(page)
    page.wait_for_load_state("networkidle")
    session.detach()
    return {addresses[key]: size for key, size in sizes.items() if "/static/" not in addresses[key]}


def test_two_formatted_answers_of_400_tokens_weigh_at_most_40_kb_without_files(
    page: Page, upstream: Upstream
) -> None:
    """Home, duel and stream, without the common pace, which sends fewer events.

    The lightest of three: on a busy machine the model writes more slowly, and its text takes more events.
    """
    text = MARKDOWN * 6
    tokens = [text[place : place + 4] for place in range(0, 1_600, 4)]
    for model in (PETIT, GRAND):
        upstream.play(model, answer(*tokens, delay_seconds=0.02))
    for _ in range(3):
        own = weigh_duel(page)
        assert [url for url in own if url.endswith("/stream/")]
        if sum(own.values()) <= MOST_BYTES_WITHOUT_FILES:
            break
    assert 20_000 < sum(own.values()) <= MOST_BYTES_WITHOUT_FILES, own
