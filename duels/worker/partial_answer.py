"""An answer while a worker generates it."""

import time
from dataclasses import dataclass, field

from backends.base import Chunk, Usage
from backends.metering import Reading
from duels.models import Answer
from duels.worker.shown_pace import Point
from models_registry.models import Endpoint


@dataclass(slots=True)
class PartialAnswer:
    """An answer while it is generated."""

    started: float = field(default_factory=time.monotonic)
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    usage: Usage | None = None
    ttft_ms: int | None = None
    last_token: float | None = None  # time.monotonic()
    endpoint: Endpoint | None = None
    reading: Reading | None = None  # of this computer, where it is the one that answers
    failure: str = Answer.Failure.UNAVAILABLE
    truncation: str = ""
    stopped: bool = False
    shown_text: str = ""
    html: str = ""  # of the shown text
    pace: list[Point] = field(default_factory=list)  # of the shown text

    def add(self, chunk: Chunk) -> None:
        self.last_token = time.monotonic()
        if self.ttft_ms is None:
            self.ttft_ms = round((self.last_token - self.started) * 1000)
        (self.reasoning if chunk.reasoning else self.text).append(chunk.text)

    def restart(self) -> None:
        """Forget the text so far: it is sent again, folded or without what was doubled."""
        self.text, self.reasoning = [], []

    @property
    def has_output(self) -> bool:
        return bool(self.text or self.reasoning)

    @property
    def has_text(self) -> bool:
        return any(text.strip() for text in self.text)

    @property
    def writing_seconds(self) -> float | None:
        """From the first to the last token; None without any."""
        if self.ttft_ms is None or self.last_token is None:
            return None
        return self.last_token - self.started - self.ttft_ms / 1000
