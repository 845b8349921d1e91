"""A first visit to a page with an empty cache, and what the browser noted of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.face.kinds import Kind
from tests.face.world import World

WIDE_PX, NARROW_PX, HEIGHT_PX = 1366, 360, 800
SCRIPTS = Path(__file__).parent / "scripts"
POLL_MS, TIMEOUT_SECONDS = 20, 30
# A browser fetches the icon when it likes, one without a window never: here it comes once, after the rest.
FETCH_ICON = """fetch(document.querySelector("link[rel=icon][type*=svg]").href, {cache: "no-store"})
  .then((response) => response.blob()).then(() => null)"""
SUM_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SHIFTS = "new Promise((told) => requestAnimationFrame(() => setTimeout(() => told(window.shifts), 50)))"
UNFOLD = """for (const fold of document.querySelectorAll("details:not([open])")) {
  fold.open = true;
  fold.dataset.unfolded = "";
}"""
FOLD = """for (const fold of document.querySelectorAll("[data-unfolded]")) {
  fold.open = false;
  delete fold.dataset.unfolded;
}"""


def script(name: str) -> str:
    """A function to call in a page."""
    return (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")


@dataclass
class Visit:
    """The page as it stands now, and what was noted while it loaded."""

    page: Page
    kind: Kind
    address: str  # of the site
    status: int = 0  # of the newest page
    loaded: list[str] = field(default_factory=list)  # addresses
    bytes: int = 0  # as they travel, compressed, with their headers
    faults: list[str] = field(default_factory=list)
    other_hosts: set[str] = field(default_factory=set)
    shifts: dict[int, float] = field(default_factory=dict)  # by width of the window
    _awaited: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return len(self.loaded)

    def watch(self) -> None:
        """From now on, everything that is loaded or goes wrong is noted."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._begin)
        session.on("Network.loadingFinished", self._weigh)
        session.on("Network.loadingFailed", self._weigh)
        self.page.on("request", self._note_host)
        self.page.on("response", self._note_status)
        self.page.on("console", self._note_error)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def load(self, world: World, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT_PX})
        self.kind.open(self.page, world)
        self._wait_for_the_rest()
        self.shifts[width] = self.page.evaluate(SHIFTS)
        if not self.kind.made:
            self.page.evaluate(FETCH_ICON)
            self._wait_for_the_rest()

    def _wait_for_the_rest(self) -> None:
        """Until nothing is on its way but the text of a duel, which goes on."""
        started = time.monotonic()
        while self._awaited:
            assert time.monotonic() - started < TIMEOUT_SECONDS, self._awaited
            self.page.wait_for_timeout(POLL_MS)

    def _begin(self, sent: dict[str, Any]) -> None:
        address = sent["request"]["url"]
        icon_of_the_browser = sent["type"] == "Other" and "favicon" in address
        # As a stream or, where that is silent for seconds, request after request.
        text_of_a_duel = "/stream/" in address or "/events/" in address
        if not (text_of_a_duel or icon_of_the_browser or address.startswith("data:")):
            self._awaited[sent["requestId"]] = address

    def _weigh(self, finished: dict[str, Any]) -> None:
        """Count the bytes that have travelled; a file that a page names twice comes again without a byte."""
        address, size = self._awaited.pop(finished["requestId"], ""), finished.get("encodedDataLength")
        if address and size != 0:
            self.loaded.append(address)
            self.bytes += int(size or 0)

    def _note_host(self, request: Request) -> None:
        if not request.url.startswith(("data:", self.address)):
            self.other_hosts.add(request.url)

    def _note_status(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status

    def _note_error(self, message: ConsoleMessage) -> None:
        # A page whose own status is an error is one that was asked for.
        if message.type in ("error", "warning") and message.location["url"] != self.page.url:
            self.faults.append(message.text)

    @contextmanager
    def unfolded(self) -> Iterator[Page]:
        """The page with everything open that can be."""
        self.page.evaluate(UNFOLD)
        try:
            yield self.page
        finally:
            self.page.evaluate(FOLD)

    @contextmanager
    def width(self, pixels: int) -> Iterator[Page]:
        """The page in a window of this width."""
        self.page.set_viewport_size({"width": pixels, "height": HEIGHT_PX})
        try:
            yield self.page
        finally:
            self.page.set_viewport_size({"width": WIDE_PX, "height": HEIGHT_PX})


@contextmanager
def first_visit(browser: Browser, world: World, address: str, kind: Kind) -> Iterator[Visit]:
    """The page on a phone, its weight noted, then on a wide screen, where it stays."""
    with kind.context(browser, world, address) as context:
        context.add_init_script(SUM_SHIFTS)
        visit = Visit(context.new_page(), kind, address)
        visit.watch()
        visit.load(world, NARROW_PX)
        weight = list(visit.loaded), visit.bytes
        visit.load(world, WIDE_PX)
        visit.loaded, visit.bytes = weight
        yield visit
