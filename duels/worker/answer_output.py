"""Output of one answer while it is generated: its text at the common pace, and its HTML."""

from duels.markdown.incremental import IncrementalRenderer, Rendered
from duels.relay.pacer import PacedTurn, Pacer
from duels.relay.publisher import AnswerPublisher
from duels.worker.render_queue import RenderQueue
from duels.worker.shown_pace import ShownPace


class AnswerOutput:
    """Publishes the text of one answer at the pace of all, and as HTML what it ends.

    The text of a reasoning is not sent to pages, only that there is one: it may name its model, and it comes
    at the model's own pace.
    """

    def __init__(
        self, publisher: AnswerPublisher, pacer: Pacer, paced_turn: PacedTurn, render_queue: RenderQueue
    ) -> None:
        self.publisher = publisher
        self._render_queue = render_queue
        self.pace = ShownPace()
        self._renderer = IncrementalRenderer()
        self._shown: list[str] = []
        self._html: list[str] = []  # of the blocks that have ended
        self._last: Rendered | None = None
        self._paced = pacer.open(self._show, paced_turn)

    @property
    def shown(self) -> str:
        """The text that has left for the page."""
        return "".join(self._shown)

    def text(self, text: str) -> None:
        self._paced.add(text)

    def reasoning(self, text: str) -> None:
        """The model reasons: the other side need not wait for its first word."""
        self._paced.arrive()
        self.publisher.reasoning(text)

    def restart(self) -> None:
        """Begin again: the whole is sent once more."""
        self._shown, self._html, self._renderer = [], [], IncrementalRenderer()
        self.pace.restart()
        self._paced.restart()
        self.publisher.restart()

    async def drain(self) -> None:
        """Wait until all of the text has left for the page."""
        await self._paced.drain()

    def close(self) -> None:
        """Drop the text that waits: the answer was stopped, or taken from this worker."""
        self._paced.close()

    def render(self) -> str:
        """Render the last blocks; the HTML of all the text that has left."""
        self._render_queue.discard(self)
        self._last = self._renderer.finish()
        return self._last.html if self._last.units is None else "".join([*self._html, self._last.html])

    def publish_last(self) -> None:
        """Publish the HTML of the last blocks, once they are rendered."""
        if self._last:
            self.publisher.html(*self._last)

    def _show(self, text: str) -> None:
        self._shown.append(text)
        self.pace.add(len(text))
        self.publisher.chunk(text)
        self._renderer.add(text)
        if self._renderer.is_due:
            self._render_queue.schedule(self)

    def render_ended(self) -> None:
        """Render and publish the blocks that have ended."""
        if ended := self._renderer.take_ended():
            self._html.append(ended.html)
            self.publisher.html(*ended)
