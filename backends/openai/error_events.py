"""Errors that servers report beside, inside or instead of the choices of an event."""

import re
from typing import Any

ERROR_FIELDS = (
    "error", "errors", "err", "error_message", "error_msg", "errorMessage", "exception", "error_code",
    "fault",
)  # fmt: skip
ERROR_KINDS = {"error", "fail", "failed", "failure", "exception"}
CODE_FIELDS = ("code", "status", "statusCode", "status_code")
GOOD_CODES = {"None", "0", "200", "ok", "OK", "success", "Success", "processing", "in_progress", "running"}
WORD_FIELDS = ("message", "msg", "detail", "title", "reason", "Message")
ERROR_WORDS = re.compile(
    r"error|fail|exception|throttl|exceed|limit|unavailable|overload|denied|invalid|forbidden|unauthori"
    r"|not found|refus|timed? ?out|too (many|long)|abort|insufficient",
    re.IGNORECASE,
)


def find_error(event: dict[str, Any], choice: dict[str, Any]) -> Any:
    """The error that an event reports beside, inside or instead of its choices; None for a good one."""
    for holder in (event, choice, choice.get("delta")):
        found = _error_field(holder) if isinstance(holder, dict) else None
        if found is not None:
            return found
    # MiniMax: https://platform.minimax.io/docs/api-reference/errorcode
    if isinstance(status := event.get("base_resp"), dict) and status.get("status_code"):
        return {"message": status.get("status_msg"), "minimax_code": status["status_code"]}
    if choice.get("finish_reason") or event.get("usage"):
        return None
    return event if _says_error(event, has_choice=bool(choice)) else None


def _error_field(holder: dict[str, Any]) -> Any:
    """The value of a field named after an error; where it has a longer name, all that stands beside it."""
    name = next((name for name in ERROR_FIELDS if holder.get(name)), "")
    if name in ("", "error", "errors"):
        return holder.get(name)
    return {
        beside: value for beside, value in holder.items() if beside not in ("choices", "delta", "message")
    }


def _says_error(event: dict[str, Any], *, has_choice: bool) -> bool:
    """Whether an event without an error field is one: by its kind, its code, or alone by its words."""
    kinds = [str(event.get(name)).lower() for name in ("object", "type", "status", "__type")]
    codes = [str(event.get(name)) for name in CODE_FIELDS]
    is_error = event.get("success") is False or any(kind in ERROR_KINDS for kind in kinds)
    if is_error or any(re.fullmatch(r"[45]\d\d", code) for code in codes):
        return True
    words = next((event[name] for name in WORD_FIELDS if isinstance(event.get(name), str)), "")
    has_code = any(code not in GOOD_CODES for code in codes)
    return not has_choice and bool(words) and (has_code or bool(ERROR_WORDS.search(f"{kinds} {words}")))
