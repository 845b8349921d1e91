"""The base class of the browsers that Playwright does not drive."""

import json
import time
from abc import ABC, abstractmethod
from typing import Any

TIMEOUT_SECONDS = 20
POLL_SECONDS = 0.05
WIDE = (1366, 900)  # the size of the window, but for the tests that change it
NO_BROWSER = 3  # exit code of the command
ENTER, SHIFT = "\ue007", "\ue008"  # https://www.w3.org/TR/webdriver2/#keyboard-actions


class Engine(ABC):
    """One window of a browser. Keys go through the W3C's actions, which both protocols share."""

    name: str

    @abstractmethod
    def open(self, url: str) -> None:
        """Load a page, whole."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page, by way of JSON."""

    @abstractmethod
    def perform(self, actions: list[dict[str, Any]]) -> None:
        """The W3C's input actions."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the window this size, in CSS pixels."""

    @abstractmethod
    def forget(self) -> None:
        """Start again without cookies."""

    @abstractmethod
    def close(self) -> None: ...

    def wait_for(self, expression: str) -> Any:
        """The value of the expression once it is true."""
        give_up_at = time.monotonic() + TIMEOUT_SECONDS
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < give_up_at, f"{self.name}: never true: {expression}"
            time.sleep(POLL_SECONDS)
        return value

    def wait_for_text(self, selector: str, text: str) -> None:
        found = f"document.querySelector({json.dumps(selector)})?.textContent"
        self.wait_for(f"({found} ?? '').includes({json.dumps(text)})")

    def press(self, *keys: str, held: str = "") -> None:
        """Keys in a row, while another is held."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        if held:
            strokes = [{"type": "keyDown", "value": held}, *strokes, {"type": "keyUp", "value": held}]
        self.perform([{"type": "key", "id": "keyboard", "actions": strokes}])

    def click(self, selector: str) -> None:
        """Click the middle of the first such element with the mouse, scrolled into view."""
        x, y = self._settled(
            f"""(() => {{
              const place = document.querySelector({json.dumps(selector)});
              place?.scrollIntoView({{ block: "center", behavior: "instant" }});
              const box = place?.getBoundingClientRect();
              const middle = box?.width && [box.x + box.width / 2, box.y + box.height / 2].map(Math.round);
              return middle && place.contains(document.elementFromPoint(...middle)) && middle;
            }})()"""
        )
        moves = [
            {"type": "pointerMove", "x": x, "y": y, "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.perform(
            [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": moves}]
        )

    def _settled(self, expression: str) -> Any:
        """The value of the expression once it is true and stays the same: a new part may still move."""
        value = None
        while value != (value := self.wait_for(expression)):
            time.sleep(POLL_SECONDS)
        return value
