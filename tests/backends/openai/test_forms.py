"""Forms in which servers send answers, usage, finish reasons and errors."""

import gzip
import json
import time
import zlib
from typing import Any

import pytest

from backends.base import FailureReason, FinishReason, Restart, Usage
from backends.openai.errors import classify, seconds_to_wait
from tests import upstream as play
from tests.backends.reading import Reader
from tests.upstream import DONE, Script, data_line, event

STOP = event({}, "stop")


def whole(message: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], **more}


@pytest.mark.parametrize(
    "delta",
    [
        {"reasoning": {"text": "hm"}},
        {"reasoning": [{"text": "h"}, {"text": "m"}]},
        {"reasoning": {"content": [{"type": "text", "text": "hm"}]}},
        {"reasoning_text": "hm"},
        {"thoughts": ["hm"]},
        {"thinking": {"thinking": "hm", "signature": "x"}},
        {"reasoning_details": [{"type": "reasoning.text", "text": "hm"}, {"type": "reasoning.encrypted"}]},
        {"reasoning_details": [{"type": "reasoning.summary", "summary": "hm"}]},
        {"reasoning": "hm", "reasoning_content": "hm", "reasoning_details": [{"text": "hm"}]},
        {"content": [{"type": "thinking", "thinking": "hm"}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}], "closed": True}]},
        {"content": [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": None}]},
        {"content": [{"text": "hm", "thought": True}]},
        {"content": {"type": "reasoning_text", "text": {"value": "hm"}}},
    ],
)
def test_reasoning_is_read_in_every_form(reader: Reader, delta: dict[str, Any]) -> None:
    answer = reader.read(play.raw(event(delta), event({"content": "Paris"}), STOP, DONE))
    assert (answer.reasoning, answer.text, answer.failure) == ("hm", "Paris", None)


@pytest.mark.parametrize(
    "content",
    [
        "Paris",
        ["Paris"],
        [{"type": "text", "text": "Paris"}],
        [{"type": "output_text", "text": {"value": "Paris"}}],
        [{"type": "tool_use", "text": "x"}, {"type": "text", "text": None}, {"text": "Paris"}],
        {"parts": [{"text": "Paris"}]},
        [{"type": "refusal", "refusal": "Paris"}],
    ],
)
def test_a_text_is_read_in_every_form(reader: Reader, content: object) -> None:
    answer = reader.read(play.raw(event({"content": content}), STOP, DONE))
    assert (answer.text, answer.failure) == ("Paris", None)


def test_reasoning_whose_opening_was_in_the_prompt_is_folded_once_it_ends(reader: Reader) -> None:
    pieces = ["Je cherche.\n", "</thi", "nk>\n\nParis."]
    script = Script([*(event({"content": piece}) for piece in pieces), STOP, DONE], delay_seconds=0.03)
    answer = reader.read(script)
    place = answer.items.index(Restart())
    answer.items = answer.items[place:]
    assert (answer.reasoning, answer.text) == ("Je cherche.", "Paris.")


@pytest.mark.parametrize("beside", [{}, {"delta": {}}, {"delta": {"content": ""}}])
@pytest.mark.parametrize("message", ["Paris est belle.", "Paris est belle. Oui.", "Une autre."])
def test_a_whole_message_after_deltas_adds_only_what_is_new(
    reader: Reader, beside: dict[str, Any], message: str
) -> None:
    last = whole({"content": message}, usage={"prompt_tokens": 3, "completion_tokens": 5})
    last["choices"][0] |= beside
    deltas = [event({"content": "Paris est "}), event({"content": "belle."})]
    answer = reader.read(play.raw(*deltas, data_line(last), DONE))
    assert answer.text == ("Paris est belle. Oui." if "Oui" in message else "Paris est belle.")
    assert (answer.usage, answer.finish_reason) == ([Usage(3, 5)], FinishReason.COMPLETE)


def test_messages_beside_every_delta_are_not_read_twice(reader: Reader) -> None:
    texts = ["Paris ", "est ", "belle."]
    events = [
        {"choices": [{"delta": {"content": text}, "message": {"content": "".join(texts[: place + 1])}}]}
        for place, text in enumerate(texts)
    ]
    assert reader.read(play.raw(*map(data_line, events), STOP, DONE)).text == "Paris est belle."


def test_deltas_that_each_hold_the_whole_text_are_not_repeated(reader: Reader) -> None:
    texts = ["Paris", "Paris est", "Paris est belle.", "Paris est belle. Oui."]
    answer = reader.read(play.raw(*(event({"content": text}) for text in texts), STOP, DONE))
    assert answer.text == "Paris est belle. Oui."


def test_words_that_a_model_repeats_stay(reader: Reader) -> None:
    texts = ["ha", "ha", "haha", "haha", "ha"]
    answer = reader.read(play.raw(*(event({"content": text}) for text in texts), STOP, DONE))
    assert answer.text == "".join(texts)


@pytest.mark.parametrize("message", [{"content": None, "refusal": "Non."}, {"refusal": "Non."}])
def test_a_refusal_is_the_answer(reader: Reader, message: dict[str, Any]) -> None:
    for script in (play.raw(event(message), STOP, DONE), play.raw(json.dumps(whole(message)).encode())):
        answer = reader.read(script)
        assert (answer.text, answer.finish_reason) == ("Non.", FinishReason.COMPLETE)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("STOP end_turn eos eos_token stop_sequence FINISH_REASON_STOP tool_use", FinishReason.COMPLETE),
        ("length model_length MAX_TOKENS max-output-tokens model_context_window_exceeded truncated",
         FinishReason.LENGTH),
        ("content_filter content-filter SAFETY RECITATION sensitive PROHIBITED_CONTENT refusal BLOCKLIST",
         FinishReason.FILTERED),
        ("repetition OTHER 42 whatever", FinishReason.UNKNOWN),
        ("error network_error insufficient_system_resource abort aborted Cancelled time_out timeout", None),
    ],
)  # fmt: skip
def test_finish_reasons_are_read_in_the_words_of_many_servers(
    reader: Reader, names: str, expected: FinishReason | None
) -> None:
    for name in names.split():
        answer = reader.read(play.answer("Oui", finish_reason=name))
        assert answer.finish_reason is expected, name
        assert answer.failure is (None if expected else FailureReason.UPSTREAM_ERROR), name


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}, []),
        ({"usage": {"prompt_tokens": 9, "completion_tokens": 0}}, [Usage(9, None)]),
        ({"usage": {"input_tokens": 11, "output_tokens": 5, "total_tokens": 16}}, [Usage(11, 5)]),
        ({"usage": {"prompt_tokens": 11.0, "completion_tokens": "5"}}, [Usage(11, 5)]),
        ({"x_groq": {"usage": {"prompt_tokens": 11, "completion_tokens": 5}}}, [Usage(11, 5)]),
        ({"prompt_eval_count": 11, "eval_count": 5}, [Usage(11, 5)]),
        ({"timings": {"prompt_n": 11, "predicted_n": 5}}, [Usage(11, 5)]),
        ({"usageMetadata": {"promptTokenCount": 11, "candidatesTokenCount": 3, "thoughtsTokenCount": 2,
                            "totalTokenCount": 16}}, [Usage(11, 5, 2)]),
        ({"usage": {"input_tokens": 11, "output_tokens": 5, "output_tokens_details":
                    {"reasoning_tokens": 2}}}, [Usage(11, 5, 2)]),
    ],
)  # fmt: skip
def test_usage_is_read_under_many_names(reader: Reader, usage: dict[str, Any], expected: list[Usage]) -> None:
    script = play.raw(event({"content": "Paris est la capitale."}), event({}, "stop", **usage), DONE)
    assert reader.read(script).usage == expected


def test_usage_inside_the_choice_is_read_and_zeros_take_no_count_away(reader: Reader) -> None:
    inside = {"choices": [{"delta": {}, "usage": {"prompt_tokens": 11, "completion_tokens": 5}}]}
    script = play.raw(event({"content": "Oui"}), data_line(inside), STOP, play.usage_event(0, 0), DONE)
    assert reader.read(script).usage == [Usage(11, 5)]


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


@pytest.mark.parametrize("place", [b"data: : keepalive\n\n", b"event: ping\ndata: 2026-01-01 10:00\n\n",
                                   b"data: ping\n\n", b'event: ping\ndata: {"type": "ping"}\n\n',
                                   b"event: heartbeat\ndata: [1]\n\n", b"data:\n\n"])  # fmt: skip
def test_what_keeps_a_connection_open_is_passed_over_and_is_no_token(reader: Reader, place: bytes) -> None:
    answer = reader.read(play.raw(event({"content": "Pa"}), place, event({"content": "ris"}), STOP, DONE))
    assert (answer.text, answer.failure) == ("Paris", None)
    waiting = Script([place] * 100, delay_seconds=0.02)
    assert reader.read(waiting, reader.impatient).failure is FailureReason.NO_OUTPUT


@pytest.mark.parametrize("label", ["text/event-stream", "application/json", "text/plain", "text/html"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\n "])
def test_the_first_bytes_decide_and_not_the_label(reader: Reader, label: str, mark: bytes) -> None:
    document = whole({"content": "Paris"})
    delta = {"choices": [{"delta": {"content": "Paris"}}]}
    lines = json.dumps(delta).encode() + b"\n" + STOP[6:-1]
    bodies = [
        event({"content": "Paris"}) + STOP + DONE,
        json.dumps(document).encode(),
        json.dumps(document, indent=1).encode(),
        lines,
        b"[" + json.dumps(delta).encode() + b"," + STOP[6:-2] + b"]",
    ]
    for body in bodies:
        for pieces in ([mark + body], [mark + body[:9], body[9:]], [mark[:1], mark[1:] + body]):
            answer = reader.read(play.raw(*filter(None, pieces), content_type=label))
            assert (answer.text, answer.failure) == ("Paris", None), body


def test_one_event_on_several_lines_is_joined(reader: Reader) -> None:
    lines = b'data: {"choices":\ndata: [{"delta":{"content":"x"}}]}\n\n'
    assert reader.read(play.raw(lines, STOP, DONE)).text == "x"


@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_compression_that_nobody_asked_for_is_undone(reader: Reader, encoding: str, compress: Any) -> None:
    body = compress(event({"content": "Paris"}) + STOP + DONE)
    script = Script([body[:20], body[20:]], headers={"Content-Encoding": encoding})
    assert reader.read(script).text == "Paris"


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
]  # fmt: skip


@pytest.mark.parametrize("words", TOO_LONG)
def test_a_conversation_that_is_too_long_is_known_in_many_words(words: str) -> None:
    assert classify(400, json.dumps({"error": {"message": words}}, ensure_ascii=False)) is (
        FailureReason.CONTEXT_FULL
    )


@pytest.mark.parametrize(
    "words", ["Invalid value for temperature", "unknown field foo", "model not found", "bad request", "oops"]
)
def test_another_bad_request_is_not_taken_for_a_long_conversation(words: str) -> None:
    assert classify(400, words) is FailureReason.BAD_REQUEST


@pytest.mark.parametrize(
    "unit", ["inputs ", "exceeds a ", "try again in ", "too many a ", '"code" ', "超出", "`", " "]
)
def test_long_words_of_a_server_are_read_in_linear_time(unit: str) -> None:
    began = time.process_time()
    classify(400, unit * 100_000)
    seconds_to_wait(unit * 100_000)
    assert time.process_time() - began < 1.0
