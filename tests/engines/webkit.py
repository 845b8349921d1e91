"""WebKit, the engine of iPads, through the WebDriver of WebKitGTK: https://www.w3.org/TR/webdriver2/"""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from conso_duel.embedded.ports import accepts_connections, free_port
from tests.engines.engine import NO_BROWSER, TIMEOUT_SECONDS, Engine

BROWSERS = ("/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/libexec/webkit2gtk-4.1/MiniBrowser")
START_SECONDS = 60
SCREEN = "1366x900x24"


def executables() -> tuple[str, str, Path]:
    """Xvfb, the driver and the browser; ends the session with a sentence where one is missing."""
    screen, driver = shutil.which("Xvfb"), shutil.which("WebKitWebDriver")
    found = [path for pattern in BROWSERS for path in Path("/").glob(pattern.lstrip("/"))]
    if screen and driver and found:
        return screen, driver, found[0]
    pytest.exit(
        "Il manque WebKit pour les tests : apt-get install webkit2gtk-driver xvfb.", returncode=NO_BROWSER
    )


class WebKit(Engine):
    """WebKitGTK's small browser on a virtual screen."""

    name = "WebKit"

    def __init__(self) -> None:
        screen, driver, self._browser = executables()
        display = self._start_screen(screen)
        port = free_port()
        # In a container, as root, its sandbox cannot be made; it opens pages of ours only.
        environment = os.environ | {
            "DISPLAY": f":{display}",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "LANG": "C.UTF-8",
            "LANGUAGE": "fr",
        }
        self._driver = subprocess.Popen(
            [driver, f"--port={port}", "--host=127.0.0.1"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        give_up_at = time.monotonic() + START_SECONDS
        while not accepts_connections("127.0.0.1", port):
            assert time.monotonic() < give_up_at, "WebKitWebDriver does not listen"
            time.sleep(0.05)
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=START_SECONDS)
        self._begin()

    def _start_screen(self, screen: str) -> str:
        """Xvfb chooses a free number and writes it."""
        reader, writer = os.pipe()
        self._screen = subprocess.Popen(
            [screen, "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"],
            pass_fds=[writer],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as numbers:
            return numbers.readline().strip()

    def _begin(self) -> None:
        options = {"binary": str(self._browser), "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._path = ""
        session = self._post("session", capabilities=capabilities)
        self._path = f"session/{session['sessionId']}/"

    def _post(self, command: str, **parameters: Any) -> Any:
        response = self._http.post(f"/{self._path}{command}", json=parameters)
        value = response.json()["value"]
        assert response.is_success, value
        return value

    def open(self, url: str) -> None:
        self._post("url", url=url)

    def evaluate(self, expression: str) -> Any:
        return self._post("execute/sync", script=f"return ({expression}) ?? null", args=[])

    def perform(self, actions: list[dict[str, Any]]) -> None:
        self._post("actions", actions=actions)

    def resize(self, width: int, height: int) -> None:
        self._post("window/rect", width=width, height=height)

    def forget(self) -> None:
        self._http.delete(f"/{self._path}cookie").raise_for_status()

    def close(self) -> None:
        self._http.delete(f"/{self._path.rstrip('/')}")
        self._http.close()
        for process in (self._driver, self._screen):
            process.terminate()
            process.wait(TIMEOUT_SECONDS)
