"""One who listens to an OpenAI-compatible server to the end, and remembers what was said."""

from backends.base import BackendError, Chunk, FailureReason, Message, Usage
from backends.connections import Connections
from backends.openai.client import OpenAICompatible, Timeouts
from tests import upstream as play
from tests.upstream import Script, Upstream

QUESTION = [Message("user", "Pourquoi le ciel est-il bleu ?")]
IMPATIENT = Timeouts(connect_seconds=1.0, first_token_seconds=0.2, between_tokens_seconds=0.2)
KEY = "sk-cle-tres-secrete"


class Heard:
    """An answer listened to until its end or its failure."""

    def __init__(self, backend: OpenAICompatible) -> None:
        self.items: list[Chunk | Usage] = []
        self.error: BackendError | None = None
        stream = backend.stream(QUESTION)
        try:
            for item in stream:
                self.items.append(item)
        except BackendError as error:
            self.error = error
        self.end = stream.end

    @property
    def text(self) -> str:
        return "".join(item.text for item in self.items if isinstance(item, Chunk) and not item.reasoning)

    @property
    def reasoning(self) -> str:
        return "".join(item.text for item in self.items if isinstance(item, Chunk) and item.reasoning)

    @property
    def usage(self) -> list[Usage]:
        return [item for item in self.items if isinstance(item, Usage)]

    @property
    def failure(self) -> FailureReason | None:
        return self.error.reason if self.error else None


class Ear:
    """Asks the model `m` of an upstream."""

    def __init__(self, upstream: Upstream, connections: Connections) -> None:
        self.upstream = upstream
        self.backend = self.backend_with(connections=connections)
        self.impatient = self.backend_with(connections=connections, timeouts=IMPATIENT)

    def backend_with(self, **settings: object) -> OpenAICompatible:
        return OpenAICompatible(self.upstream.url, "m", api_key=KEY, **settings)  # type: ignore[arg-type]

    def hear(self, script: Script, backend: OpenAICompatible | None = None) -> Heard:
        self.upstream.play("m", script)
        return Heard(backend or self.backend)


def raw_events(*contents: object) -> Script:
    return play.raw(*(play.data_line(content) for content in contents), play.DONE)
