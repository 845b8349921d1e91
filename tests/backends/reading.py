"""Reads the answers of an OpenAI-compatible server to their end, and keeps all that came."""

import asyncio

from backends.base import (
    AnswerStream,
    BackendError,
    Chunk,
    FailureReason,
    Message,
    Restart,
    StreamItem,
    Usage,
)
from backends.http_client import HTTPClient
from backends.openai.client import OpenAICompatible, Timeouts
from tests import upstream as play
from tests.upstream import Script, Upstream

QUESTION = [Message("user", "Pourquoi le ciel est-il bleu ?")]
IMPATIENT = Timeouts(connect_seconds=1.0, first_token_seconds=0.2, between_tokens_seconds=0.2)
KEY = "sk-cle-tres-secrete"


class ReadAnswer:
    """An answer, read to its end or its failure."""

    def __init__(self, stream: AnswerStream) -> None:
        self.stream = stream
        self.items: list[StreamItem] = []
        self.error: BackendError | None = None

    async def read(self) -> None:
        try:
            async for batch in self.stream.batches():
                self.items += batch
        except BackendError as error:
            self.error = error

    @property
    def text(self) -> str:
        return self._joined(reasoning=False)

    @property
    def reasoning(self) -> str:
        return self._joined(reasoning=True)

    def _joined(self, *, reasoning: bool) -> str:
        """The text that a reader has in the end: a restart takes back what came before it."""
        texts: list[str] = []
        for item in self.items:
            if isinstance(item, Restart):
                texts.clear()
            elif isinstance(item, Chunk) and item.reasoning is reasoning:
                texts.append(item.text)
        return "".join(texts)

    @property
    def usage(self) -> list[Usage]:
        return [item for item in self.items if isinstance(item, Usage)]

    @property
    def finish_reason(self) -> str | None:
        return self.stream.finish_reason

    @property
    def failure(self) -> FailureReason | None:
        return self.error.reason if self.error else None


class Reader:
    """Asks the model `m` of an upstream."""

    def __init__(self, upstream: Upstream, runner: asyncio.Runner, http: HTTPClient) -> None:
        self.upstream = upstream
        self.runner = runner
        self.http = http
        self.backend = self.backend_with()
        self.impatient = self.backend_with(timeouts=IMPATIENT)

    def backend_with(self, url: str = "", model: str = "m", **settings: object) -> OpenAICompatible:
        settings = {"api_key": KEY, "http": self.http} | settings
        return OpenAICompatible(url or self.upstream.url, model, **settings)  # type: ignore[arg-type]

    def read(self, script: Script, backend: OpenAICompatible | None = None) -> ReadAnswer:
        self.upstream.play("m", script)
        return self.read_from(backend or self.backend)

    def read_from(self, backend: OpenAICompatible) -> ReadAnswer:
        answer = ReadAnswer(backend.stream(QUESTION))
        self.runner.run(answer.read())
        return answer


def raw_events(*contents: object) -> Script:
    return play.raw(*(play.data_line(content) for content in contents), play.DONE)
