"""Errors that servers send beside, inside or instead of an answer, and the words in which they send them."""

import json
import time

import pytest

from backends.base import FailureReason, Usage
from backends.openai.errors import blames_request, classify, seconds_to_wait
from tests import upstream as play
from tests.backends.reading import Reader
from tests.upstream import DONE, data_line, event

STOP = event({}, "stop")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"code": 429, "message": "slow down"}, FailureReason.RATE_LIMITED),
        ({"code": "429", "message": "slow down"}, FailureReason.RATE_LIMITED),
        ({"message": 'upstream: {"error": {"code": "429"}}'}, FailureReason.RATE_LIMITED),
        ({"message": json.dumps({"error": json.dumps({"status": 429})})}, FailureReason.RATE_LIMITED),
        ("Error code: 429 - too fast", FailureReason.RATE_LIMITED),
        ({"type": "rate_limit_error"}, FailureReason.RATE_LIMITED),
        ({"message": "invalid api key"}, FailureReason.UNAUTHORIZED),
        ({"message": "prompt is too long"}, FailureReason.CONTEXT_FULL),
        ([{"message": "broken"}], FailureReason.UPSTREAM_ERROR),
    ],
)
def test_an_error_beside_choices_is_a_failure(reader: Reader, error: object, reason: FailureReason) -> None:
    beside = {"error": error, "choices": [{"delta": {"content": ""}, "finish_reason": None}]}
    inside = {"choices": [{"delta": {"content": ""}, "finish_reason": "error", "error": error}]}
    for last in (beside, inside):
        answer = reader.read(play.raw(event({"content": "Par"}), data_line(last), DONE))
        assert (answer.text, answer.failure, answer.finish_reason) == ("Par", reason, None)
        assert answer.error and answer.error.detail


@pytest.mark.parametrize(
    "last",
    [
        b'{"error": {"message": "boom"}}\n\n',
        b"data: Error: upstream failed\n\n",
        b"data: [ERROR] upstream failed\n\n",
        b"data: <html><title>502 Bad Gateway</title></html>\n\n",
        b'event: error\ndata: {"message": "x"}\n\n',
        b'event: failed\ndata: {"reason": "x"}\n\n',
        data_line({"choices": [{"delta": {"error": {"message": "x"}}}]}),
        data_line({"choices": [{"delta": {}}], "error_code": 503, "error_message": "x"}),
        data_line({"choices": [], "success": False, "message": "x"}),
        data_line({"status": "error", "message": "x"}),
        data_line({"code": 500, "msg": "x"}),
        data_line({"detail": "model is unavailable"}),
        data_line({"fault": {"faultstring": "upstream"}}),
        data_line({"__type": "ModelErrorException", "Message": "x"}),
        event({}, "incomplete") + data_line({"err": "x"}),
    ],
)
def test_a_half_answer_never_passes_for_complete(reader: Reader, last: bytes) -> None:
    answer = reader.read(play.raw(event({"content": "Par"}), last, DONE))
    assert (answer.text, answer.failure) == ("Par", FailureReason.UPSTREAM_ERROR)


def test_a_count_far_below_the_text_is_a_placeholder(reader: Reader) -> None:
    script = play.raw(event({"content": "Paris est belle. " * 20}), STOP, play.usage_event(7, 1), DONE)
    assert reader.read(script).usage == [Usage(7, None)]


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Please try again in 7.66s.", 7.66),
        ("Please try again in 7m12.5s.", 432.5),
        ("try again in 250ms", 0.25),
        ('{"retryDelay": "17s"}', 17),
        ('{"retry_after": 17}', 17),
        ('{"retry_after_ms": 1500}', 1.5),
        ("Retry-After: 17", 17),
        ("Retry after 17 seconds", 17),
        ("no figure", None),
    ],
)
def test_the_pause_that_an_error_asks_for_is_read(words: str, seconds: float | None) -> None:
    assert seconds_to_wait(words) == (seconds if seconds is None else pytest.approx(seconds))


TOO_LONG = [
    "Input is too long for requested model.",
    "too many total text bytes: 12345 > 9000",
    "Invalid request: Your request exceeded model token limit: 8192",
    "model max length exceeded",
    "`inputs` must have less than 4096 tokens. Given: 5012",
    "inputs must have less than 4096 tokens",
    "too many tokens: total number of tokens in the prompt exceeds the limit of 4081",
    "Please reduce the length of the messages or completion.",
    "La conversation est trop longue pour ce modèle.",
    "L'invite dépasse la longueur de contexte.",
    "输入内容过长，请缩短后重试",
    "超出模型最大长度限制",
    "string_above_max_length: string too long",
    "Requested tokens (5000) exceed context window of 4096",
    "The prompt is too large for this model",
    "Prompt contains 9000 tokens: input length and max_tokens exceed context limit",
    "Payload too large",
    "prompt has 9000 tokens; limit is 8192",
    "max_tokens must be at least 1, got -904",
    "trying to keep 9000 tokens when context is 4096 (n_keep > n_ctx)",
    "Your messages resulted in 9000 tokens",
    "Nombre maximal de jetons dépassé",
    "request_too_large",
    "请求内容过大",
    "prompt tokens (9000) exceed limit",
    "a sequence of 9000 tokens does not fit",
]  # fmt: skip


@pytest.mark.parametrize("words", TOO_LONG)
def test_a_conversation_that_is_too_long_is_known_in_many_words(words: str) -> None:
    assert classify(400, json.dumps({"error": {"message": words}}, ensure_ascii=False)) is (
        FailureReason.CONTEXT_FULL
    )


@pytest.mark.parametrize(
    "words",
    [
        "Invalid value for temperature",
        "unknown field foo",
        "model not found",
        "bad request",
        "oops",
        "stop sequence too long",
        "max_tokens is too large: 99999. At most 4096 completion tokens",
        "Rate limit exceeded: too many tokens per minute",
    ],
)
def test_another_bad_request_is_not_taken_for_a_long_conversation(words: str) -> None:
    assert classify(400, words) is FailureReason.BAD_REQUEST


@pytest.mark.parametrize(
    ("status", "text", "is_refusal"),
    [
        (400, "oops", True), (422, "oops", True), (424, "oops", True), (499, "oops", True),
        (404, "oops", False), (405, "oops", False), (410, "oops", False), (429, "oops", False),
        (400, '{"error": {"code": "model_not_found"}}', False),
        (400, '{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}', False),
        (400, '{"error": {"message": "unknown word \\"code\\": \\"model_not_found\\""}}', True),
    ],
)  # fmt: skip
def test_a_refusal_of_one_request_is_no_fault_of_the_server(status: int, text: str, is_refusal: bool) -> None:
    assert blames_request(status, text) is is_refusal


@pytest.mark.parametrize(
    "unit",
    [
        "inputs ",
        "exceeds a ",
        "try again in ",
        "too many a ",
        "9000 tokens ",
        "max_tokens ",
        '"code" ',
        "超出",
        "`",
        " ",
    ],
)
def test_long_words_of_a_server_are_read_in_linear_time(unit: str) -> None:
    began = time.thread_time()
    classify(400, unit * 100_000)
    seconds_to_wait(unit * 100_000)
    assert time.thread_time() - began < 1.0
