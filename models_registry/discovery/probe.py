"""Probe of an endpoint: one short prompt, and its result in words that a curator can act upon."""

import asyncio
import re
import time
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from backends.base import (
    AnswerStream,
    BackendError,
    Chunk,
    FailureReason,
    Message,
    Restart,
    Usage,
)
from models_registry.endpoints import Endpoint, model_client
from science import tokens

PROMPT = "Dis bonjour en une phrase."
MAX_TOKENS = 256  # enough for a model that reasons before it greets
MAX_SECONDS = 30  # a curator waits in front of the page


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Answer of an endpoint to the probe; `failure` is None when it succeeded.

    tokens_out: reported by the server, or counted here when `counted` is true; reasoning included.
    detail: the server's error message, for curators only.
    key_issue: why the API key is missing or may not go there, a sentence; nothing was sent then.
    redirected_to: the address to which the server sent the request, when that is why it failed.
    blames_server: whether the failure counts against the health of the endpoint.
    """

    text: str
    reasoning: str
    ttft_ms: int | None
    total_ms: int
    tokens_out: int
    counted: bool
    failure: FailureReason | None = None
    detail: str = ""
    key_issue: str = ""
    redirected_to: str = ""
    blames_server: bool = True

    @property
    def error(self) -> str:
        """Sentence about the failure; empty on success."""
        if self.key_issue:
            return self.key_issue
        if self.redirected_to:
            return redirect_message(self.redirected_to)
        return message_for(self.failure) if self.failure else ""

    @property
    def only_reasoned(self) -> bool:
        """Whether the reasoning used up all tokens of the answer."""
        return bool(self.reasoning and not self.text)


class _ProbeRecorder:
    """Records a stream and its timings; family is that of the model's tokens."""

    def __init__(self, family: str) -> None:
        self.family = family
        self.started = time.monotonic()
        self.chunks: list[Chunk] = []
        self.usage: Usage | None = None
        self.ttft_ms: int | None = None

    async def record(self, stream: AnswerStream) -> None:
        async for batch in stream.batches():
            if self.ttft_ms is None:
                self.ttft_ms = self.elapsed_ms()
            for item in batch:
                if isinstance(item, Restart):
                    self.chunks.clear()
                elif isinstance(item, Chunk):
                    self.chunks.append(item)
            self.usage = next((item for item in batch if isinstance(item, Usage)), None)

    def elapsed_ms(self) -> int:
        return round((time.monotonic() - self.started) * 1000)

    def result(self, error: BackendError | None = None) -> ProbeResult:
        text = "".join(chunk.text for chunk in self.chunks if not chunk.reasoning)
        reasoning = "".join(chunk.text for chunk in self.chunks if chunk.reasoning)
        reported = self.usage.tokens_out if self.usage else None
        return ProbeResult(
            text=text,
            reasoning=reasoning,
            ttft_ms=self.ttft_ms,
            total_ms=self.elapsed_ms(),
            tokens_out=self._count(text + reasoning) if reported is None else reported,
            counted=reported is None,
            failure=error.reason if error else None,
            detail=error.detail if error else "",
            redirected_to=error.redirected_to if error else "",
            blames_server=error is None or error.blames_server,
        )

    def _count(self, text: str) -> int:
        """Tokens in the model's own vocabulary where it is on board, else in the default one."""
        own = tokens.own_vocabulary(self.family)
        return tokens.count(text, own.key) if own else tokens.count(text)


def probe(endpoint: Endpoint) -> ProbeResult:
    """Send the prompt and read the whole answer; stores nothing."""
    recorder = _ProbeRecorder(endpoint.model.tokenizer_family if endpoint.model_id else "")
    if endpoint.key_issue:
        no_key = BackendError(FailureReason.UNAUTHORIZED)
        return replace(recorder.result(no_key), key_issue=endpoint.key_issue)
    try:
        asyncio.run(_ask(_limited(endpoint), recorder))
    except BackendError as error:
        return recorder.result(error)
    return recorder.result()


async def _ask(endpoint: Endpoint, recorder: _ProbeRecorder) -> None:
    async with model_client() as http:
        await recorder.record(endpoint.backend(http).stream([Message("user", PROMPT)]))


def probe_and_record(endpoint: Endpoint) -> ProbeResult:
    """Probe the endpoint and update its health like an answer to a visitor does."""
    result = probe(endpoint)
    if result.key_issue:
        return result  # nothing was sent: the server's health is unknown
    words = f"{result.failure}: {result.detail}"
    if result.failure and result.blames_server:
        endpoint.record_failure(words)
    elif result.failure:
        endpoint.record_refusal(words)
    elif result.ttft_ms is not None:
        endpoint.record_success(result.ttft_ms)
    return result


def _limited(endpoint: Endpoint) -> Endpoint:
    """Unsaved copy of the endpoint, limited to MAX_TOKENS and MAX_SECONDS."""
    return Endpoint(
        kind=endpoint.kind,
        base_url=endpoint.base_url,
        provider_model=endpoint.provider_model,
        api_key_env=endpoint.api_key_env,
        temperature=endpoint.temperature,
        max_tokens=min(endpoint.max_tokens, MAX_TOKENS),
        extra_body=endpoint.extra_body,
        timeout_seconds=min(endpoint.timeout_seconds, MAX_SECONDS),
    )


def describe_last_error(stored: str) -> str:
    """Message for `Endpoint.last_error`, followed by the server's own message in parentheses."""
    reason, _separator, detail = stored.partition(": ")
    if reason not in set(FailureReason):
        return stored
    message = message_for(FailureReason(reason))
    return f"{message} ({detail})" if detail else message


def redirect_message(address: str) -> str:
    """Sentence with the base URL to write instead of one that redirects to this address, if it is one."""
    plain = re.sub(r"[?#].*$", "", address)
    base_url = re.sub(r"/(chat/completions|models)/?$", "", plain)
    if base_url == plain:
        return _(
            "Ce serveur renvoie vers %(url)s, qui n’est pas une adresse de modèles : vérifiez la sienne."
        ) % {"url": plain}
    return _("Ce serveur renvoie vers %(url)s : mettez cette adresse.") % {"url": base_url}


def message_for(reason: FailureReason) -> str:
    """Sentence for a curator: the cause of the failure and where to look."""
    return {
        FailureReason.UNREACHABLE: _(
            "Le serveur est injoignable : vérifiez l’adresse, et qu’il est démarré."
        ),
        FailureReason.FORBIDDEN_ADDRESS: _(
            "Le site n’envoie rien à cette adresse : une clé ne part en http que vers cette machine "
            "ou un réseau privé, eux-mêmes n’ont de modèles que si CONSO_PRIVATE_MODELS vaut 1, "
            "et les adresses internes d’un hébergeur (169.254…) sont interdites."
        ),
        FailureReason.UNAUTHORIZED: _(
            "Le serveur refuse la clé : vérifiez la variable d’environnement, le compte et son crédit."
        ),
        FailureReason.RATE_LIMITED: _("Le serveur demande d’attendre : trop de questions à la fois."),
        FailureReason.BAD_REQUEST: _(
            "Le serveur ne connaît pas ce modèle ou refuse une option : vérifiez le nom et les options."
        ),
        FailureReason.CONTEXT_FULL: _("Le serveur trouve la question trop longue pour ce modèle."),
        FailureReason.FILTERED: _("La modération du fournisseur a refusé la question d’essai."),
        FailureReason.UPSTREAM_ERROR: _("Le serveur est en panne : réessayez plus tard."),
        FailureReason.PROTOCOL_ERROR: _(
            "Ce qui répond à cette adresse ne parle pas le protocole d’OpenAI : "
            "l’adresse finit souvent par « /v1 »."
        ),
        FailureReason.NO_OUTPUT: _("Le serveur a pris la question et n’a rien écrit."),
        FailureReason.TIMEOUT: _("Le serveur a commencé, puis n’a plus rien écrit."),
        FailureReason.CONNECTION_LOST: _("La connexion a été coupée avant la fin de la réponse."),
    }[reason]
