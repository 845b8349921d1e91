"""Names of the reasons why a model finished, as many servers give them."""

import logging
import re
from functools import lru_cache
from typing import Any

from backends.base import FinishReason

logger = logging.getLogger(__name__)

# Searched in this order in the reason without case and punctuation.
_ERROR_LIKE = (
    "ratelimit", "error", "abort", "cancel", "insufficient", "unavailable", "timeout", "timedout", "fail",
    "overload", "interrupt", "disconnect", "exception", "crash", "quota", "preempt", "outofmemory", "killed",
    "deadline", "internal", "reset", "closed", "shutdown", "evict",
)  # fmt: skip
_SAFETY_LIKE = (
    "filter", "safety", "recitation", "sensitive", "blocklist", "blocked", "prohibited", "moderat",
    "guardrail", "spii", "nsfw", "csam", "refus", "policy", "copyright", "violat", "harm", "toxic", "flagged",
)  # fmt: skip
_LENGTH_LIKE = (
    "length", "maxtoken", "maxnewtoken", "maxoutput", "maxcompletion", "maxlen", "maxcontext", "tokenlimit",
    "contextwindow", "contextlimit", "truncat", "outoftokens", "limitreached", "limitexceeded", "budget",
    "toolong", "hitmax",
)  # fmt: skip
_COMPLETE = {
    "stop", "eos", "eostoken", "eosfound", "endturn", "endofturn", "endoftext", "endofsequence", "end",
    "stopsequence", "stoptoken", "stopword", "stopstring", "complete", "completed", "done", "finish",
    "finished", "success", "toolcalls", "toolcall", "tooluse", "functioncall", "functioncalls",
}  # fmt: skip
# https://docs.cohere.com/v1/reference/generate
_COHERE = {"errortoxic": FinishReason.FILTERED, "errorlimit": FinishReason.LENGTH}
_NO_REASON = {"", "null", "none", "unspecified"}
_UNFINISHED = {"inprogress", "incomplete", "notfinished", "unfinished", "running", "generating", "partial"}
_PUNCTUATION = re.compile(r"[\W_]")


def reason_name(value: Any) -> str:
    """The reason as a server gives it, without case and punctuation; empty while there is none."""
    if isinstance(value, dict):
        value = next((value[name] for name in ("type", "reason", "name") if value.get(name)), "")
    name = _plain_name(value)
    return "" if name in _NO_REASON or name in _UNFINISHED else name[:60]


def says_unfinished(value: Any) -> bool:
    """Whether a server says that there is no reason yet; after the end, the answer is not whole."""
    return _plain_name(value) in _UNFINISHED


def _plain_name(value: Any) -> str:
    name = _PUNCTUATION.sub("", str(value).lower()).removeprefix("finishreason") if value else ""
    return name or ("unreadable" if value else "")


def read_reason(name: str) -> FinishReason | None:
    """The FinishReason of a name; None when the server failed. Logs an unknown one once."""
    if name in _COHERE:
        return _COHERE[name]
    if any(word in name for word in _ERROR_LIKE):
        return None
    if any(word in name for word in _SAFETY_LIKE):
        return FinishReason.FILTERED
    if any(word in name for word in _LENGTH_LIKE):
        return FinishReason.LENGTH
    if name in _COMPLETE or not name or name.startswith(("stop", "eos")):
        return FinishReason.COMPLETE
    _log_unknown(name)
    return FinishReason.UNKNOWN


@lru_cache(256)
def _log_unknown(name: str) -> None:
    logger.warning("unknown finish reason %r: such a duel is not ranked", name)
