"""Any server that speaks OpenAI's chat completions: providers, vLLM, Ollama, llama.cpp, LM Studio.

Source: https://platform.openai.com/docs/api-reference/chat
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backends.base import BackendError, FailureReason, Message
from backends.connections import Connections, Exchange
from backends.openai.chunks import json_object
from backends.openai.requests import ERRORS, Server, Timeouts
from backends.openai.stream import MAX_CHARACTERS, OpenAIStream

__all__ = ["MAX_CHARACTERS", "SHARED_CONNECTIONS", "OfferedModel", "OpenAICompatible", "Timeouts"]

SHARED_CONNECTIONS = Connections()


@dataclass(frozen=True)
class OpenAICompatible:
    """One model on one server.

    base_url ends before /chat/completions, as in https://api.openai.com/v1. `options` go into the request as
    they are (temperature, max_tokens, anything the server knows) and win over what is sent by default; a None
    leaves the field out.
    """

    base_url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    max_characters: int = MAX_CHARACTERS
    connections: Connections = field(default=SHARED_CONNECTIONS, repr=False)

    def stream(self, messages: Sequence[Message]) -> OpenAIStream:
        """The answer to a conversation; nothing is sent before the first iteration."""
        fields = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        return OpenAIStream(self._server(), fields | dict(self.options), self.max_characters)

    def list_models(self) -> tuple["OfferedModel", ...]:
        """The models that the server offers, whatever `model` is. Raises BackendError."""
        server, exchange = self._server(), Exchange(self.connections, self.timeouts.total_seconds)
        try:
            response = server.send(exchange, server.request("GET", "/models"))
            if response.status != 200:
                raise server.refusal(exchange, response)
            return tuple(map(_offered, json_object(server.whole_body(exchange))["data"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise BackendError(FailureReason.PROTOCOL_ERROR, f"not a list of models: {error!r}") from error
        except ERRORS as error:
            raise server.failure(error, exchange) from error
        finally:
            exchange.finish()

    def _server(self) -> Server:
        return Server(self.base_url, self.api_key, self.timeouts, self.connections)


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """A model that a server lists, with the facts it tells; None where it tells none."""

    name: str
    context_window_tokens: int | None = None
    total_params_b: float | None = None


def _offered(entry: dict[str, Any]) -> OfferedModel:
    """The names of the facts are vLLM's, OpenRouter's and llama.cpp's."""
    meta = entry.get("meta") or {}
    window = entry.get("max_model_len") or entry.get("context_length") or meta.get("n_ctx_train")
    params = meta.get("n_params")
    return OfferedModel(str(entry["id"]), int(window) if window else None, params / 1e9 if params else None)
