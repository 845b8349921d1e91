"""Classification of a provider's errors into FailureReason."""

import re
from typing import Any

from backends.base import FailureReason

DETAIL_CHARACTERS = 500

# Messages for a conversation that is too long: OpenAI and Groq (code context_length_exceeded, « maximum
# context length », « reduce the length of the messages »), llama.cpp (« exceeds the available context
# size »), vLLM (« maximum model length »), Anthropic (« prompt is too long »), Google (« exceeds the maximum
# number of tokens allowed »), text-generation-inference (« `inputs` tokens + `max_new_tokens` must be »).
_CONTEXT_FULL = re.compile(
    r"context[ _](length|size|window|limit)|prompt (is )?too long|maximum model length"
    r"|maximum number of tokens allowed|`?inputs`? tokens \+|reduce the length of the messages",
    re.IGNORECASE,
)
_FILTERED = re.compile(r"content_filter|content_policy|content management policy|moderation", re.IGNORECASE)
_NO_CREDIT = re.compile(r"insufficient_quota|insufficient (credit|balance)", re.IGNORECASE)

_BY_STATUS = {
    401: FailureReason.UNAUTHORIZED,
    402: FailureReason.UNAUTHORIZED,
    403: FailureReason.UNAUTHORIZED,
    408: FailureReason.TIMEOUT,
    413: FailureReason.CONTEXT_FULL,
    429: FailureReason.RATE_LIMITED,
}
_BY_CODE = {
    "rate_limit_exceeded": FailureReason.RATE_LIMITED,
    "invalid_api_key": FailureReason.UNAUTHORIZED,
    "model_not_found": FailureReason.BAD_REQUEST,
}


def classify(status: int, text: str) -> FailureReason:
    """The reason for an HTTP status that is not 200, and its body."""
    if status in (400, 403, 413, 422, 500) and _CONTEXT_FULL.search(text):
        return FailureReason.CONTEXT_FULL
    if status in (400, 403, 422) and _FILTERED.search(text):
        return FailureReason.FILTERED
    if status == 429 and _NO_CREDIT.search(text):
        return FailureReason.UNAUTHORIZED
    if status < 400:
        return FailureReason.PROTOCOL_ERROR
    return _BY_STATUS.get(status) or (
        FailureReason.UPSTREAM_ERROR if status >= 500 else FailureReason.BAD_REQUEST
    )


def classify_event(error: Any, text: str) -> FailureReason:
    """The reason for an error object sent with status 200, alone or inside the stream."""
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, int) and 400 <= code < 600:
        return classify(code, text)
    return _BY_CODE.get(str(code)) or classify(500, text)


def redact(text: str, secret: str | None) -> str:
    """The text in one short line, without the key."""
    if secret:
        text = text.replace(secret, "[key]")
    text = " ".join(text.split())
    return text if len(text) <= DETAIL_CHARACTERS else text[:DETAIL_CHARACTERS] + " […]"
