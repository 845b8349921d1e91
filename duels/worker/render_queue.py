"""The Markdown of all answers that were read at one moment, rendered one right after the other.

Rendered as soon as it is read, each would find the processor's caches taken by other code
(docs/performance-log.md).
"""

import asyncio
from typing import Protocol


class Rendering(Protocol):
    """Renders the blocks of one answer that have ended."""

    def render_ended(self) -> None: ...


class RenderQueue:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._due: dict[Rendering, None] = {}  # in the order of their coming

    def schedule(self, answer: Rendering) -> None:
        """Render this answer once all that is ready now has run."""
        if not self._due:
            asyncio.get_running_loop().call_soon(self._render)
        self._due[answer] = None

    def discard(self, answer: Rendering) -> None:
        """Do not render this answer any more: its end is rendered with all of the rest."""
        self._due.pop(answer, None)

    def _render(self) -> None:
        """Render all; one that breaks is logged by the event loop, and takes nothing from the others."""
        due = list(self._due)
        try:
            for answer in due:
                del self._due[answer]
                answer.render_ended()
        finally:
            if self._due:
                asyncio.get_running_loop().call_soon(self._render)
