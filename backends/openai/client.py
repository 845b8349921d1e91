"""Any server that speaks OpenAI's chat completions: providers, vLLM, Ollama, llama.cpp, LM Studio.

Source: https://platform.openai.com/docs/api-reference/chat
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backends.base import BackendError, FailureReason, Message
from backends.http_client import HTTPClient
from backends.openai.chunks import ErrorEvent
from backends.openai.model_list import OfferedModel, parse_models
from backends.openai.requests import ERRORS, Server, Timeouts
from backends.openai.stream import OpenAIStream, opened

__all__ = ["MAX_CHARACTERS", "OfferedModel", "OpenAICompatible", "Timeouts"]

# About 25,000 tokens, 40 pages: nobody compares two longer answers, and no server fills our memory.
MAX_CHARACTERS = 100_000


@dataclass(frozen=True)
class OpenAICompatible:
    """One model on one server.

    base_url ends before /chat/completions, as in https://api.openai.com/v1. `options` go into the request as
    they are (temperature, max_tokens, anything the server knows) and win over the default fields; a None
    leaves the field out. http: None opens a client for each call.
    """

    base_url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    max_characters: int = MAX_CHARACTERS
    http: HTTPClient | None = field(default=None, repr=False)

    def stream(self, messages: Sequence[Message]) -> OpenAIStream:
        """The answer to a conversation; nothing is sent before the first batch is asked for."""
        fields = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        return OpenAIStream(self._server(), self.http, fields | dict(self.options), self.max_characters)

    async def list_models(self) -> tuple[OfferedModel, ...]:
        """The models that the server offers, whatever `model` is. Raises BackendError."""
        server, redirected_to = self._server(), ""
        deadline = asyncio.get_running_loop().time() + self.timeouts.total_seconds
        try:
            async with (
                opened(self.http) as http,
                server.open(http, server.request("GET", "/models"), deadline) as response,
            ):
                if response.status >= 300:
                    raise await server.status_error(response, deadline)
                redirected_to = server.redirection(response)
                body = await server.read_body(response, deadline)
            return parse_models(body)
        except ErrorEvent as error:  # with status 200: a wrong address, unless its code says more
            failure = server.failure(error)
            wrong_address = failure.reason is FailureReason.UPSTREAM_ERROR
            reason = FailureReason.PROTOCOL_ERROR if wrong_address else failure.reason
            raise BackendError(reason, failure.detail, redirected_to=redirected_to) from error
        except ERRORS as error:
            raise server.failure(error, redirected_to=redirected_to) from error

    def _server(self) -> Server:
        return Server(self.base_url, self.api_key, self.timeouts)
