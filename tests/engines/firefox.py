"""Firefox through WebDriver BiDi, which it speaks by itself: https://w3c.github.io/webdriver-bidi/"""

import asyncio
import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.engines.engine import NO_BROWSER, TIMEOUT_SECONDS, Engine

NAMES = ("firefox-esr", "firefox")
LISTENING = "WebDriver BiDi listening on "
START_SECONDS = 60
PREFERENCES = """
user_pref("intl.accept_languages", "fr");
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
"""


def executable() -> str:
    """Path of the browser; ends the session with a sentence where there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    pytest.exit("Il manque Firefox pour les tests : apt-get install firefox-esr.", returncode=NO_BROWSER)


class Firefox(Engine):
    """A headless Firefox with a profile of its own."""

    name = "Firefox"

    def __init__(self) -> None:
        self.errors: list[str] = []  # uncaught, of the pages' scripts
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="firefox", daemon=True)
        self._thread.start()
        self._profile = Path(tempfile.mkdtemp(prefix="conso-duel-firefox-"))
        (self._profile / "user.js").write_text(PREFERENCES, encoding="utf-8")
        self._process = subprocess.Popen(
            [
                executable(),
                "--headless",
                "--no-remote",
                "--profile",
                self._profile,
                "--remote-debugging-port=0",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._count = 0
        self._wait(self._connect(self._address()), START_SECONDS)
        self.tab = self.tabs()[0]

    def _address(self) -> str:
        assert self._process.stderr
        for line in self._process.stderr:
            if line.startswith(LISTENING):
                self._drain = threading.Thread(target=self._process.stderr.read, daemon=True)
                self._drain.start()  # or its pipe fills up
                return line.removeprefix(LISTENING).strip() + "/session"
        raise AssertionError("Firefox has ended before it listened")

    def _wait(self, coroutine: Coroutine[Any, Any, Any], seconds: float = TIMEOUT_SECONDS) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(seconds)

    async def _connect(self, address: str) -> None:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(address, max_msg_size=0)
        await self._command("session.new", capabilities={})
        await self._command("session.subscribe", events=["log.entryAdded"])

    async def _command(self, method: str, **parameters: Any) -> Any:
        self._count += 1
        await self._socket.send_json({"id": self._count, "method": method, "params": parameters})
        while True:
            message = await self._socket.receive_json()
            if message.get("method") == "log.entryAdded" and message["params"]["type"] == "javascript":
                self.errors.append(message["params"]["text"])
            if message.get("id") == self._count:
                assert message["type"] == "success", message
                return message["result"]

    def _call(self, method: str, **parameters: Any) -> Any:
        return self._wait(self._command(method, **parameters))

    def tabs(self) -> list[str]:
        return [tab["context"] for tab in self._call("browsingContext.getTree")["contexts"]]

    def open_tab(self) -> str:
        """A new tab in front of the others, which are hidden from now on."""
        self.tab = self._call("browsingContext.create", type="tab")["context"]
        return self.tab

    def show_tab(self, tab: str) -> None:
        self.tab = tab
        self._call("browsingContext.activate", context=tab)

    def open(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        result = self._call(
            "script.evaluate",
            expression=f"JSON.stringify(({expression}) ?? null)",
            target={"context": self.tab},
            awaitPromise=False,
        )
        assert result["type"] == "success", result
        return json.loads(result["result"]["value"])

    def perform(self, actions: list[dict[str, Any]]) -> None:
        self._call("input.performActions", context=self.tab, actions=actions)

    def resize(self, width: int, height: int) -> None:
        self._call(
            "browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height}
        )

    def forget(self) -> None:
        self._call("storage.deleteCookies")
        self.show_tab(self.tabs()[0])
        for tab in self.tabs()[1:]:
            self._call("browsingContext.close", context=tab)
        self.errors.clear()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(TIMEOUT_SECONDS)
        assert self._process.stderr
        self._drain.join(TIMEOUT_SECONDS)
        self._process.stderr.close()
        self._wait(self._session.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        shutil.rmtree(self._profile, ignore_errors=True)
