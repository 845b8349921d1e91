"""Forms in which servers send answers, usage, finish reasons and errors."""

import gzip
import json
import zlib
from typing import Any

import brotli
import pytest
from backports import zstd

from backends.base import FailureReason, FinishReason, Restart, Usage
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
        {"reasoning_summary": "hm", "reasoning_tokens": 3, "thinking_signature": "x"},
        {"chain_of_thought": ["hm"]},
        {"reasoning": {"steps": ["h", "m"]}},
        {"thinking": {"delta": "hm"}},
        {"thinkingText": {"text": "hm"}},
        {"content": [{"reasoningContent": {"reasoningText": {"text": "hm", "signature": "x"}}}]},
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


@pytest.mark.parametrize("pieces", [["Paris est ", "belle."], ["Paris est belle."]])
@pytest.mark.parametrize("finish", ["stop", None])
def test_a_last_delta_with_the_whole_text_is_not_shown_twice(
    reader: Reader, pieces: list[str], finish: str | None
) -> None:
    if finish is None and len(pieces) == 1:
        return  # nothing tells it from a model that repeats itself
    deltas = [event({"content": text}) for text in pieces]
    answer = reader.read(play.raw(*deltas, event({"content": "Paris est belle."}, finish), STOP, DONE))
    assert answer.text == "Paris est belle."


def test_messages_in_place_of_deltas_are_joined_and_other_choices_left_out(reader: Reader) -> None:
    pieces = [{"choices": [{"index": 0, "message": {"content": text}}]} for text in ("Pa", "ris")]
    assert reader.read(play.raw(*map(data_line, pieces), STOP, DONE)).text == "Paris"
    others = [{"choices": [{"index": 1, "delta": {"content": "Londres"}}]}]
    both = [data_line(one) for one in [pieces[0], *others, pieces[1]]]
    assert reader.read(play.raw(*both, STOP, DONE)).text == "Paris"


@pytest.mark.parametrize("field", ["data", "result", "response"])
def test_an_answer_in_an_envelope_and_ollamas_own_events_are_read(reader: Reader, field: str) -> None:
    assert reader.read(play.raw(json.dumps({field: whole({"content": "Paris"})}).encode())).text == "Paris"
    rows = [{"message": {"content": "Pa"}, "done": False}, {"message": {"content": "ris"}, "done": True}]
    assert reader.read(play.raw(*(json.dumps(row).encode() + b"\n" for row in rows))).text == "Paris"


def test_words_that_a_model_repeats_stay(reader: Reader) -> None:
    texts = ["ha", "ha", "haha", "haha", "ha"]
    answer = reader.read(play.raw(*(event({"content": text}) for text in texts), STOP, DONE))
    assert answer.text == "".join(texts)


@pytest.mark.parametrize(
    "message", [{"content": None, "refusal": "Non."}, {"refusal": ["Non."]}, {"refusal": {"message": "Non."}}]
)
def test_a_refusal_is_the_answer(reader: Reader, message: dict[str, Any]) -> None:
    for script in (play.raw(event(message), STOP, DONE), play.raw(json.dumps(whole(message)).encode())):
        answer = reader.read(script)
        assert (answer.text, answer.finish_reason) == ("Non.", FinishReason.COMPLETE)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("STOP end_turn eos eos_token stop_sequence stop_str FINISH_REASON_STOP tool_use",
         FinishReason.COMPLETE),
        ("length model_length MAX_TOKENS max-output-tokens model_context_window_exceeded truncated budget"
         " ERROR_LIMIT", FinishReason.LENGTH),
        ("content_filter content-filter SAFETY RECITATION sensitive nsfw PROHIBITED_CONTENT refusal BLOCKLIST"
         " ERROR_TOXIC", FinishReason.FILTERED),
        ("repetition OTHER 42 whatever incomplete 停止 🛑", FinishReason.UNKNOWN),
        ("error network_error insufficient_system_resource abort aborted Cancelled time_out timeout quota"
         " preempted evicted server_shutdown out_of_memory deadline_exceeded", None),
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
        ({"usage": {"prompt_tokens": 11, "total_tokens": 16}}, [Usage(11, 5)]),
        ({"usage": {"input_tokens": 11, "output_tokens": 5, "reasoning_tokens": 30}}, [Usage(11, 35, 30)]),
        ({"metrics": {"num_prompt_tokens": 11, "num_generated_tokens": 5}}, [Usage(11, 5)]),
        ({"meta": {"tokens": {"input": 11, "output": 5}}}, [Usage(11, 5)]),
        ({"usage": {"tokens": {"prompt": 11, "completion": 5}}}, [Usage(11, 5)]),
        ({"token_usage": {"in": 11, "out": 5}}, [Usage(11, 5)]),
        ({"pricing": {"input": 11, "output": 5}}, []),
    ],
)  # fmt: skip
def test_usage_is_read_under_many_names(reader: Reader, usage: dict[str, Any], expected: list[Usage]) -> None:
    script = play.raw(event({"content": "Paris est la capitale."}), event({}, "stop", **usage), DONE)
    assert reader.read(script).usage == expected


def test_usage_inside_the_choice_is_read_and_zeros_take_no_count_away(reader: Reader) -> None:
    inside = {"choices": [{"delta": {}, "usage": {"prompt_tokens": 11, "completion_tokens": 5}}]}
    script = play.raw(event({"content": "Oui"}), data_line(inside), STOP, play.usage_event(0, 0), DONE)
    assert reader.read(script).usage == [Usage(11, 5)]


@pytest.mark.parametrize("place", [b"data: : keepalive\n\n", b"event: ping\ndata: 2026-01-01 10:00\n\n",
                                   b"data: ping\n\n", b'event: ping\ndata: {"type": "ping"}\n\n',
                                   b"event: heartbeat\ndata: [1]\n\n", b"data:\n\n", b"data: [PING]\n\n",
                                   b'data: {"status": "processing", "message": "still working"}\n\n',
                                   b'data: {"code": 200, "message": "ok"}\n\n',
                                   b"\xef\xbb\xbfdata: : wait\n\n"])  # fmt: skip
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


@pytest.mark.parametrize("status", [201, 202, 206])
def test_any_success_may_hold_an_answer(reader: Reader, status: int) -> None:
    body = event({"content": "Paris"}) + STOP + DONE
    assert reader.read(Script([body], status=status)).text == "Paris"
    assert reader.read(Script([b"{}"], status=status)).failure is FailureReason.PROTOCOL_ERROR


@pytest.mark.parametrize(
    "lines",
    [
        b'data: {"choices":\ndata: [{"delta":{"content":"x"}}]}\n\n',
        b'data: data: {"choices": [{"delta": {"content": "x"}}]}\n\n',
        b'data: \xef\xbb\xbf{"choices": [{"delta": {"content": "x"}}]}\n\n',
        b'\xef\xbb\xbfdata: {"choices": [{"delta": {"content": "x"}}]}\n\n',
    ],
)
def test_an_event_in_several_lines_or_behind_marks_is_read(reader: Reader, lines: bytes) -> None:
    first = event({"content": "a"})
    assert reader.read(play.raw(first, lines, STOP, DONE)).text == "ax"


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("zstd", zstd.compress)],
)
def test_unrequested_compression_is_decoded(reader: Reader, encoding: str, compress: Any) -> None:
    body = compress(event({"content": "Paris"}) + STOP + DONE)
    script = Script([body[:20], body[20:]], headers={"Content-Encoding": encoding})
    assert reader.read(script).text == "Paris"
