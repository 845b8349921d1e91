"""No page leads to an address of the site that does not answer, or to an anchor that is not there."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve

from tests.face.pages import PAGES
from tests.face.world import World

pytestmark = pytest.mark.django_db

MOST_OF_A_KIND = 12  # pages of one view: a catalogue of 250 models has as many that are made alike
LEADING = ("href", "hx-get", "src")


class Links(HTMLParser):
    """The targets of a page's links, and the ids that one can be led to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self.ids.add(facts.get("id") or "")
        self.targets.update(target for name in LEADING if (target := facts.get(name)))


@dataclass
class Walk:
    """From page to page of one reader, by the links; each address is asked for once."""

    client: Client
    waiting: deque[str]
    pages: dict[str, Links | None] = field(default_factory=dict)  # None: not a page, a file for instance
    of_a_kind: Counter[str] = field(default_factory=Counter)
    led_to: dict[str, str] = field(default_factory=dict)  # an address, a page that leads there
    faults: list[str] = field(default_factory=list)

    def go(self) -> None:
        while self.waiting:
            self._visit(self.waiting.popleft())
        self.faults += self._missing_anchors()

    def _visit(self, address: str) -> None:
        path = urlsplit(address).path
        kind = resolve(path).view_name if path.startswith("/") and not path.startswith("/static/") else ""
        if address in self.pages or not kind or self.of_a_kind[kind] == MOST_OF_A_KIND:
            return
        self.of_a_kind[kind] += 1
        response = self.client.get(address, follow=True)
        if response.status_code != 200:
            self.faults.append(f"{response.status_code} {address}, from {self.led_to.get(address)}")
        self.pages[address] = links = Links(response.content.decode()) if is_page(response) else None
        for target in links.targets if links else ():
            found = urldefrag(urljoin(address, target)).url
            if not urlsplit(found).netloc and found not in self.pages:
                self.led_to.setdefault(found, address)
                self.waiting.append(found)

    def _missing_anchors(self) -> Iterator[str]:
        for address, links in self.pages.items():
            for target in links.targets if links else ():
                found, anchor = urldefrag(urljoin(address, target))
                reached = self.pages.get(found)
                if anchor and reached and anchor not in reached.ids:
                    yield f"#{anchor} is not in {found}, from {address}"


def is_page(response: HttpResponseBase) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")


@pytest.mark.parametrize("reader", ["newcomer", "visitor"])
def test_every_link_leads_somewhere(world: World, reader: str) -> None:
    client = Client()
    client.cookies.load(world.cookies[reader])
    kinds = [kind for kind in PAGES.values() if kind.reader == reader and kind.status == 200 and not kind.act]
    starts = [(world.duels[kind.duel] if kind.duel else "") + kind.path for kind in kinds]
    walk = Walk(client, deque(urldefrag(start).url for start in starts))
    walk.go()
    assert len(walk.pages) > 60
    assert walk.faults == []
