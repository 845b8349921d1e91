"""Classification of a provider's errors into FailureReason.

Every pattern is linear in the length of the text: a server, or a visitor whose question it repeats, writes
what they read.
"""

import re
from typing import Any

from backends.base import FailureReason

DETAIL_CHARACTERS = 500
MAX_READ_CHARACTERS = 100_000

# Messages for a conversation that is too long: OpenAI and Groq (code context_length_exceeded, « maximum
# context length », « reduce the length of the messages », « request too large »), llama.cpp (« exceeds the
# available context size »), vLLM (« maximum model length »), Anthropic (« prompt is too long »), Google
# (« exceeds the maximum number of tokens allowed »), text-generation-inference (« `inputs` tokens +
# `max_new_tokens` must be », « inputs must have less than »), Bedrock (« Input is too long », « too many
# total text bytes »), Moonshot (« model max length exceeded »), Cohere (« too many tokens »).
_CONTEXT_FULL = re.compile(
    r"context[ _-]?(length|size|window|limit)|(max|maximum)[ _-]?(model|context|input|sequence|prompt)"
    r"[ _-]?len"
    r"|number of tokens allowed|`?inputs`? tokens \+|must have less than \d{1,9} tokens"
    r"|(model|token|input|length|prompt)s?[ _-](max|maximum)[ _-](length|tokens?)[ _-](exceeded|reached)"
    r"|length of the (messages|prompt|input|conversation)"
    r"|(request|payload|body|entity) (is )?too (large|long)"
    r"|(inputs?|prompts?|messages?|conversation|chat|history|(?<!stop )sequences?|text|query|contents?)"
    r"( \w{1,12}){0,4} (too (long|large|big)|longer than|exceeds?)"
    r"|too many( \w{1,12}){0,3} (tokens|bytes|characters)"
    r"|(string|text|prompt|input|message|context|token)s?[ _]too[ _](long|large|many)"
    r"|exceed\w{0,4}( \w{1,12}){0,4}[ _](tokens?|length|context|characters|sequence|window)"
    r"|tokens?[ _-](limit|count)( \w{1,12}){0,2}[ _-]exceed|token limit|input[ _]length"
    r"|(shorten|reduce|truncate)( \w{1,12}){0,4} (length|prompts?|inputs?|messages?|conversation|context"
    r"|history)"
    r"|trop longu?e?|(longueur|taille|fen[eê]tre)( \w{1,12}){0,3} (d[eé]pass|maxim|contexte)"
    r"|trop de (jetons|tokens|caract[eè]res)|d[eé]passe( \w{1,12}){0,4} (contexte|jetons|tokens|longueur)"
    r"|\b\d{3,9}( \w{1,12}){0,2} (tokens?|characters|jetons|caract[eè]res)\b"
    r"[^.]{0,60}\b(limit|max|only|available|supports?|exceed|context|least)"
    r"|tokens? \d{1,9} ?> ?\d|n_ctx\b|kv cache|context overflow|too lengthy|length[ _]limit|max[ _]context"
    r"|tokens?[ _]exceed|above[ _]max[ _]length|(request|input|prompt|context)[ _]too[ _](large|long)"
    r"|(tokens?|prompt|input)\)?( \(\d{1,9}\))? exceeds?\b|\b(does(n.t| not)|will not|can(not|.t)) fit\b"
    r"|remaining context|max_(completion_)?tokens[^.]{0,30} -\d"
    r"|(more than|over|beyond|above)( \w{1,12}){0,3} (max\w{0,6} tokens|limit|handle)"
    r"|messages resulted in|input characters"
    r"|(jetons|tokens|caract[eè]res)( \w{1,12}){0,3} d[eé]pass"
    r"|(输入|请求|内容|提示).{0,8}过大|上下文|过长|太长|超长|超出.{0,20}(长度|限制|token|最大)|(长度|token).{0,12}(超|限制)"
    r"|zu lang|demasiado larg|troppo lung|長すぎ|너무 ?깁|너무 ?길",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content[ _-]?(filter|policy|management|moderation|safety|security)|content_management_policy|moderation"
    r"|data_inspection|sensitive|safety|inappropriate|unsafe|flagged|violat(es|ion)|prohibited|guardrail"
    r"|敏感|违规|不合规|安全|mod[eé]ration",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(
    r"insufficient[ _](quota|credit|balance|fund)|exceeded_current_quota|欠费", re.IGNORECASE
)
# A code of the error itself, not words: some servers repeat the visitor's text, whose quotes they escape.
_MISCONFIGURED = re.compile(
    r'"(?:code|type|reason|error)"\s{0,5}:\s{0,5}"(model_not_(found|supported|available)'
    r"|(invalid|unknown|unsupported)_(model|parameter|value)|extra_forbidden|model_decommissioned"
    r'|no_such_model|not_found_error)"',
    re.IGNORECASE,
)
_BAD_KEY = re.compile(
    r'"(?:code|type|reason|error)"\s{0,5}:\s{0,5}"(invalid_api_key|api_key_invalid|invalid_authentication'
    r'|authentication_error|billing_(hard_limit_reached|not_active)|insufficient_(quota|credits|balance))"',
    re.IGNORECASE,
)

LENGTH_STATUSES = (400, 403, 413, 422, 429, 500, 502)  # that servers and gateways send for a long text
_BY_STATUS = {
    401: FailureReason.UNAUTHORIZED,
    402: FailureReason.UNAUTHORIZED,
    403: FailureReason.UNAUTHORIZED,
    408: FailureReason.TIMEOUT,
    413: FailureReason.CONTEXT_FULL,
    429: FailureReason.RATE_LIMITED,
}
# Below 500, the statuses of a server that is ill, misconfigured or too busy; any other refuses one request.
SERVER_STATUSES = (401, 402, 403, 404, 405, 407, 408, 410, 429)
# A code in the error of a stream, at any depth, also inside JSON that is itself a string.
_NUMBER = re.compile(
    r'"(?:code|status|status_?code|http_?status|error_?code)"\s{0,5}:\s{0,5}"?([45]\d\d)(?!\d)', re.IGNORECASE
)
_NUMBER_IN_WORDS = re.compile(r"\b(?:error|code|status|http)\b[ :=/(]{0,3}([45]\d\d)\b", re.IGNORECASE)
# Words of an error without a number, and the status that says the same; the first that is found counts.
_STATUS_BY_WORDS = (
    (
        429,
        re.compile(
            r"rate[ _-]?limit|too[ _-]many[ _-]requests|resource[ _-]?exhausted|throttl|slow down", re.I
        ),
    ),
    (400, _CONTEXT_FULL),
    (401, re.compile(r"invalid[ _-]api[ _-]key|authentication|unauthorized|permission[ _-]?denied", re.I)),
    (402, _NO_CREDIT),
    (404, re.compile(r"model[ _-]not[ _-]found|not_found_error", re.I)),
    (400, re.compile(r"invalid[ _-]?request|bad[ _-]?request|invalid[ _-]argument|validation", re.I)),
)
_PAUSE = re.compile(
    r"(?:retry|try)[ _-]{0,2}(?:again[ _-])?(?:after|delay|in)[ _-]{0,2}((?:ms|seconds)?)"
    r"[\"']?[ :=]{0,4}[\"']?"
    r"(?:(\d{1,3})m(?!s))?(?:(\d{1,7}(?:\.\d{1,9})?) ?(ms|s|m)?)?",
    re.IGNORECASE,
)


def classify(status: int, text: str) -> FailureReason:
    """The reason for an HTTP status that is no success, and its body."""
    text = text[:MAX_READ_CHARACTERS]
    if 400 <= status < 500 and _BAD_KEY.search(text):
        return FailureReason.UNAUTHORIZED
    if status in LENGTH_STATUSES and _CONTEXT_FULL.search(text) and not _is_rate(status, text):
        return FailureReason.CONTEXT_FULL
    if status in (400, 403, 422, 451) and _FILTERED.search(text):
        return FailureReason.FILTERED
    if status == 429 and _NO_CREDIT.search(text):
        return FailureReason.UNAUTHORIZED
    if status < 400:
        return FailureReason.PROTOCOL_ERROR
    return _BY_STATUS.get(status) or (
        FailureReason.UPSTREAM_ERROR if status >= 500 else FailureReason.BAD_REQUEST
    )


def _is_rate(status: int, text: str) -> bool:
    """Whether an error counts what was sent in a minute or a day, though its words are those of a length."""
    if re.search(r"request too large|too long", text, re.IGNORECASE):
        return False
    return status == 429 or bool(
        re.search(r"rate[ _-]?limit|per (minute|day|hour)|\bTPM\b", text, re.IGNORECASE)
    )


def blames_request(status: int, text: str) -> bool:
    """Whether a status says that this one request is refused, by a server that is well."""
    text = text[:MAX_READ_CHARACTERS]
    is_refusal = 400 <= status < 500 and status not in SERVER_STATUSES
    return is_refusal and not (_MISCONFIGURED.search(text) or _BAD_KEY.search(text))


def event_status(error: Any, text: str) -> int:
    """The HTTP status of an error object sent with status 200, alone or inside the stream; 500 where unsaid.

    text: the error as JSON.
    """
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, int) and 400 <= code < 600:
        return code
    flat = text[:MAX_READ_CHARACTERS].replace("\\", "")
    if found := _NUMBER.search(flat) or _NUMBER_IN_WORDS.search(flat):
        return int(found[1])
    return next((status for status, words in _STATUS_BY_WORDS if words.search(flat)), 500)


def seconds_to_wait(text: str) -> float | None:
    """How long an error asks to wait, in its words: « try again in 7m12.5s », "retryDelay": "17s"."""
    for unit, minutes, number, suffix in _PAUSE.findall(text[:MAX_READ_CHARACTERS].replace("\\", "")):
        if not (minutes or number):
            continue
        factor = {"ms": 0.001, "m": 60}.get((suffix or unit).lower(), 1)
        return min(60 * float(minutes or 0) + factor * float(number or 0), 1e6)
    return None


def redact(text: str, secret: str | None) -> str:
    """The text in one short line, without the key."""
    if secret:
        text = text.replace(secret, "[key]")
    text = " ".join(text.split())
    return text if len(text) <= DETAIL_CHARACTERS else text[:DETAIL_CHARACTERS] + " […]"
