"""What goes wrong with a real HTTP server on loopback, and how an answer is stopped."""

import json
import threading
import time

import pytest

from backends.base import Chunk, FailureReason, FinishReason
from backends.connections import Connections
from backends.openai.client import OpenAICompatible, Timeouts
from tests import upstream as play
from tests.backends.ear import KEY, QUESTION, Ear, Heard
from tests.upstream import Script, Upstream

# What goes wrong


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, FailureReason.UNAUTHORIZED),
        (402, FailureReason.UNAUTHORIZED),
        (403, FailureReason.UNAUTHORIZED),
        (404, FailureReason.BAD_REQUEST),
        (422, FailureReason.BAD_REQUEST),
        (429, FailureReason.RATE_LIMITED),
        (500, FailureReason.UPSTREAM_ERROR),
        (503, FailureReason.UPSTREAM_ERROR),
        (301, FailureReason.PROTOCOL_ERROR),
    ],
)
def test_a_status_has_its_reason_and_its_text_stays_in_the_detail(
    ear: Ear, status: int, reason: FailureReason
) -> None:
    error = ear.hear(play.refuses(status)).error
    assert error is not None
    assert error.reason is reason
    assert play.SECRET_ERROR in error.detail
    assert str(error) == reason.value


def test_a_server_that_asks_for_a_pause_is_quoted(ear: Ear) -> None:
    error = ear.hear(play.refuses(429, headers={"Retry-After": "17"})).error
    assert error is not None
    assert error.retry_after_seconds == 17


def test_the_detail_is_short_and_never_holds_the_key(ear: Ear) -> None:
    error = ear.hear(play.refuses(401, f"bad key {KEY} " + "x" * 10_000)).error
    assert error is not None
    assert KEY not in error.detail
    assert "[key]" in error.detail
    assert len(error.detail) < 600


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 8192 tokens.",
        "the request exceeds the available context size, try increasing it",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    ],
)
def test_a_conversation_that_is_too_long_is_told_as_such(ear: Ear, message: str) -> None:
    assert ear.hear(play.refuses(400, message)).failure is FailureReason.CONTEXT_FULL


def test_a_conversation_that_is_too_long_is_told_by_its_code_too(ear: Ear) -> None:
    script = play.refuses(400, "Please shorten it.", code="context_length_exceeded")
    assert ear.hear(script).failure is FailureReason.CONTEXT_FULL


def test_a_prompt_that_moderation_refuses_is_told_as_such(ear: Ear) -> None:
    assert ear.hear(play.refuses(400, code="content_filter")).failure is FailureReason.FILTERED


def test_an_account_without_credit_is_refused_rather_than_too_fast(ear: Ear) -> None:
    assert ear.hear(play.refuses(429, code="insufficient_quota")).failure is FailureReason.UNAUTHORIZED


def test_a_death_in_the_middle_keeps_what_was_said(ear: Ear) -> None:
    heard = ear.hear(play.dies_after("Parce", " que"))
    assert (heard.text, heard.failure, heard.end) == ("Parce que", FailureReason.CONNECTION_LOST, None)


def test_a_body_that_ends_too_early_is_cut(ear: Ear) -> None:
    heard = ear.hear(play.raw(play.event({"content": "Parce"})))
    assert (heard.text, heard.failure) == ("Parce", FailureReason.CONNECTION_LOST)


@pytest.mark.parametrize(
    "script",
    [
        play.nonsense(),
        play.raw(b""),
        play.raw(b"data: {not json\n\n"),
        play.raw(b"data: [1, 2]\n\n"),
        play.raw(b"data: " + b"[" * 100_000 + b"\n\n"),
        play.raw(b'data: {"choices": [null]}\n\n'),
        play.raw(b'data: {"choices": [{"delta": {"content": 3}}]}\n\n'),
        play.raw(b'data: {"choices": "x"}\n\n'),
        play.raw(b'data: {"choices": [], "usage": "x"}\n\n'),
        play.raw(b"data: " + b"x" * 1_100_000),
        play.raw(b"{not json", content_type="application/json"),
        play.raw(b"\xff\xfe\x00" * 50),
    ],
    ids=range(12),
)
def test_nonsense_is_told_as_such(ear: Ear, script: Script) -> None:
    assert ear.hear(script).failure is FailureReason.PROTOCOL_ERROR


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"message": "overloaded", "code": 503}, FailureReason.UPSTREAM_ERROR),
        ({"message": "slow down", "code": "rate_limit_exceeded"}, FailureReason.RATE_LIMITED),
        ({"message": "prompt", "code": "context_length_exceeded"}, FailureReason.CONTEXT_FULL),
        ("something broke", FailureReason.UPSTREAM_ERROR),
    ],
)
def test_an_error_inside_the_stream_is_a_failure(ear: Ear, error: object, reason: FailureReason) -> None:
    heard = ear.hear(play.raw(play.event({"content": "Parce"}), play.data_line({"error": error})))
    assert (heard.text, heard.failure) == ("Parce", reason)


def test_an_error_sent_as_json_with_status_200_is_a_failure(ear: Ear) -> None:
    body = json.dumps({"error": {"message": "no", "code": 429}}).encode()
    assert ear.hear(play.raw(body, content_type="application/json")).failure is FailureReason.RATE_LIMITED


def test_an_answer_without_a_word_is_a_failure(ear: Ear) -> None:
    assert ear.hear(play.answer()).failure is FailureReason.NO_OUTPUT


@pytest.mark.parametrize("mute", [False, True])
def test_an_upstream_that_never_sends_a_token_is_silent(ear: Ear, mute: bool) -> None:
    heard = ear.hear(play.silent(mute), ear.impatient)
    assert heard.failure is FailureReason.NO_OUTPUT
    assert ear.upstream.wait_until(lambda server: server.active == 0)


def test_comments_do_not_count_as_tokens(ear: Ear) -> None:
    script = Script([b": waiting\n\n"] * 100, delay_seconds=0.02)
    assert ear.hear(script, ear.impatient).failure is FailureReason.NO_OUTPUT


def test_an_upstream_that_falls_silent_times_out_and_keeps_what_was_said(ear: Ear) -> None:
    heard = ear.hear(play.hangs_after("Parce"), ear.impatient)
    assert (heard.text, heard.failure) == ("Parce", FailureReason.TIMEOUT)


def test_an_answer_that_is_too_slow_as_a_whole_times_out(ear: Ear, connections: Connections) -> None:
    slow = ear.backend_with(connections=connections, timeouts=Timeouts(total_seconds=0.3))
    heard = ear.hear(play.answer(*"abcdefghijklmnop", delay_seconds=0.05), slow)
    assert heard.failure is FailureReason.TIMEOUT
    assert "abcdefghijklmnop".startswith(heard.text)
    assert heard.text


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (Script(drips=True), FailureReason.NO_OUTPUT),
        (Script([b" "] * 500, content_type="application/json", delay_seconds=0.02), FailureReason.NO_OUTPUT),
        (Script([b" "] * 500, status=500, delay_seconds=0.02), FailureReason.UPSTREAM_ERROR),
    ],
    ids=["headers", "whole body", "error"],
)
def test_a_server_that_drips_holds_nobody_beyond_the_time_for_the_whole(
    ear: Ear, connections: Connections, script: Script, reason: FailureReason
) -> None:
    punctual = ear.backend_with(connections=connections, timeouts=Timeouts(total_seconds=0.3))
    began = time.monotonic()
    assert ear.hear(script, punctual).failure is reason
    assert time.monotonic() - began < 2
    assert ear.upstream.wait_until(lambda server: server.active == 0)


def test_headers_that_drip_are_waited_for_no_longer_than_a_first_token(ear: Ear) -> None:
    began = time.monotonic()
    assert ear.hear(Script(drips=True), ear.impatient).failure is FailureReason.NO_OUTPUT
    assert time.monotonic() - began < 2


def test_a_closed_port_is_unreachable(ear: Ear) -> None:
    with Upstream() as gone:
        url = gone.url
    assert Heard(OpenAICompatible(url, "m")).failure is FailureReason.UNREACHABLE


@pytest.mark.parametrize("url", ["ftp://example.org", "nowhere", "http://", "http://a b/v1"])
def test_an_address_that_cannot_be_used_is_a_bad_request_or_unreachable(url: str) -> None:
    expected = (FailureReason.BAD_REQUEST, FailureReason.UNREACHABLE)
    assert Heard(OpenAICompatible(url, "m")).failure in expected


def test_a_key_that_no_header_can_carry_is_a_bad_request(upstream: Upstream) -> None:
    heard = Heard(OpenAICompatible(upstream.url, "m", api_key="clé\nX: 1"))
    assert heard.failure is FailureReason.BAD_REQUEST


# Stopping


@pytest.mark.parametrize(
    "script",
    [
        play.silent(),
        play.silent(mute=True),
        play.hangs_after("Parce"),
        play.answer(*"abc" * 100, delay_seconds=0.05),
    ],
    ids=["silent", "mute", "hangs", "speaks"],
)
def test_close_from_another_thread_ends_the_answer_and_the_connection_within_a_second(
    ear: Ear, script: Script
) -> None:
    ear.upstream.play("m", script)
    stream = ear.backend.stream(QUESTION)
    reader = threading.Thread(target=lambda: list(stream))
    reader.start()
    assert ear.upstream.wait_until(lambda server: server.active == 1)
    time.sleep(0.1)  # the reader waits inside a read
    stream.close()
    reader.join(timeout=1.0)
    assert not reader.is_alive()
    assert stream.end is FinishReason.STOPPED
    assert ear.upstream.wait_until(lambda server: server.active == 0, timeout_seconds=1.0)


def test_an_answer_that_is_read_among_others_never_waits_for_its_model(ear: Ear) -> None:
    ear.upstream.play("m", play.hangs_after("Parce"))
    with ear.backend.stream(QUESTION) as stream:
        items = stream.arriving()
        assert next(item for item in items if item) == Chunk("Parce")
        assert [next(items) for _ in range(3)] == [None, None, None]
        stream.close()
        assert list(items) == []
    assert stream.end is FinishReason.STOPPED


def test_close_before_the_first_iteration_sends_nothing(ear: Ear) -> None:
    stream = ear.backend.stream(QUESTION)
    stream.close()
    assert list(stream) == []
    assert stream.end is FinishReason.STOPPED
    assert ear.upstream.requests == []


def test_leaving_the_loop_closes_the_connection(ear: Ear) -> None:
    ear.upstream.play("m", play.hangs_after("Parce", " que"))
    with ear.backend.stream(QUESTION) as stream:
        for _ in stream:
            break
    assert ear.upstream.wait_until(lambda server: server.active == 0, timeout_seconds=1.0)
    assert stream.end is FinishReason.STOPPED


def test_close_after_the_end_changes_nothing_for_the_next_answer_on_the_connection(ear: Ear) -> None:
    ear.upstream.play("m", play.answer("Oui"))
    first = ear.backend.stream(QUESTION)
    list(first)
    second = ear.backend.stream(QUESTION)
    items = iter(second)
    next(items)
    first.close()
    assert first.end is FinishReason.COMPLETE
    list(items)
    assert second.end is FinishReason.COMPLETE


def test_one_side_that_hangs_does_not_hold_the_other(ear: Ear) -> None:
    ear.upstream.scripts |= {"m": play.silent(), "n": play.answer("Oui")}
    silent = ear.backend.stream(QUESTION)
    reader = threading.Thread(target=lambda: list(silent))
    reader.start()
    other = OpenAICompatible(ear.upstream.url, "n", connections=ear.backend.connections)
    assert Heard(other).text == "Oui"
    silent.close()
    reader.join(timeout=1.0)
    assert not reader.is_alive()
