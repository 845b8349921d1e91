"""One tiny prompt to an endpoint, and what came of it, in words a curator can act upon."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backends.base import BackendError, Chunk, FailureReason, Message, Usage
from models_registry.models import Endpoint
from science import tokens

PROMPT = "Dis bonjour en une phrase."
MAX_TOKENS = 256  # enough for a model that thinks before it greets
MAX_SECONDS = 30  # a curator waits in front of the page


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What an endpoint did with the prompt; `failure` is None when it answered.

    tokens_out: reported by the server, or counted by us when `counted` is true; reasoning included.
    detail: the server's own words, for the curator alone.
    """

    text: str
    reasoning: str
    ttft_ms: int | None
    total_ms: int
    tokens_out: int
    counted: bool
    failure: FailureReason | None = None
    detail: str = ""

    @property
    def error(self) -> str:
        """What went wrong, in a sentence; empty when nothing did."""
        return message_for(self.failure) if self.failure else ""

    @property
    def only_reasoned(self) -> bool:
        """The model had no token left for its answer."""
        return bool(self.reasoning and not self.text)


class _ProbeRecorder:
    """What has been heard so far."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.chunks: list[Chunk] = []
        self.usage: Usage | None = None
        self.ttft_ms: int | None = None

    def listen(self, stream: Iterable[Chunk | Usage]) -> None:
        for item in stream:
            if isinstance(item, Usage):
                self.usage = item
                continue
            if self.ttft_ms is None:
                self.ttft_ms = self.elapsed_ms()
            self.chunks.append(item)

    def elapsed_ms(self) -> int:
        return round((time.monotonic() - self.started) * 1000)

    def trial(self, failure: FailureReason | None = None, detail: str = "") -> ProbeResult:
        text = "".join(chunk.text for chunk in self.chunks if not chunk.reasoning)
        reasoning = "".join(chunk.text for chunk in self.chunks if chunk.reasoning)
        reported = self.usage.tokens_out if self.usage else None
        return ProbeResult(
            text=text,
            reasoning=reasoning,
            ttft_ms=self.ttft_ms,
            total_ms=self.elapsed_ms(),
            tokens_out=tokens.count(text + reasoning) if reported is None else reported,
            counted=reported is None,
            failure=failure,
            detail=detail,
        )


def probe(endpoint: Endpoint) -> ProbeResult:
    """Sends the prompt and reads the whole answer; nothing is stored."""
    listener = _ProbeRecorder()
    try:
        with _limited(endpoint).backend().stream([Message("user", PROMPT)]) as stream:
            listener.listen(stream)
    except BackendError as error:
        return listener.trial(error.reason, error.detail)
    return listener.trial()


def probe_and_record(endpoint: Endpoint) -> ProbeResult:
    """The same, kept as the endpoint's health: a curator's trial counts like a visitor's question."""
    trial = probe(endpoint)
    if trial.failure:
        endpoint.record_failure(f"{trial.failure}: {trial.detail}")
    elif trial.ttft_ms is not None:
        endpoint.record_success(trial.ttft_ms)
    return trial


def _limited(endpoint: Endpoint) -> Endpoint:
    """The same endpoint, asked for less."""
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
    """The sentence for an endpoint's stored error, followed by the server's own words."""
    reason, _separator, detail = stored.partition(": ")
    if reason not in set(FailureReason):
        return stored
    return (
        f"{message_for(FailureReason(reason))} ({detail})" if detail else message_for(FailureReason(reason))
    )


def message_for(reason: FailureReason) -> str:
    """What went wrong and where to look."""
    return {
        FailureReason.UNREACHABLE: _(
            "Le serveur est injoignable : vérifiez l’adresse, et qu’il est démarré."
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
