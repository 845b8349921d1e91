"""The system's Chromium; without one, the whole command says what to install.

Its shell without a window comes first: a new tab takes 0.15 s of processor time there, 0.65 s in the whole
browser, which draws its own buttons although nobody sees them (Chromium 156).
"""

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NO_BROWSER = 3  # exit code of the command
LONGEST_WAIT_MS = 30_000  # a quiet machine needs a fraction of a second


def executable() -> str:
    """Path of the browser; ends the session with a sentence where there is none."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if path := shutil.which(name):
            return path
    pytest.exit(
        "Il manque un navigateur pour les tests : apt-get install chromium "
        "(ou indiquez le vôtre dans la variable CHROMIUM).",
        returncode=NO_BROWSER,
    )


def launch_options() -> dict[str, Any]:
    """Small shared memory, as in a container, must not end a page."""
    return {"executable_path": executable(), "args": ["--disable-dev-shm-usage"]}


def faults_of(page: "Page") -> list[str]:
    """A list that grows with each uncaught error of the page and each breach of its security policy."""
    faults: list[str] = []

    def note_breach(message: "ConsoleMessage") -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", note_breach)
    return faults
