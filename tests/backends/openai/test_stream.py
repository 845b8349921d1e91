"""Failures of a real HTTP server on loopback, time limits, and how an answer is cancelled."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from backends.base import Chunk, FailureReason, FinishReason, StreamItem
from backends.openai.client import Timeouts
from tests import upstream as play
from tests.backends.reading import KEY, QUESTION, ReadAnswer, Reader
from tests.upstream import Script, Upstream
from tests.waiting import until

# Failures


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
    reader: Reader, status: int, reason: FailureReason
) -> None:
    error = reader.read(play.refuses(status)).error
    assert error is not None
    assert error.reason is reason
    assert play.SECRET_ERROR in error.detail
    assert str(error) == reason.value


def test_a_server_that_asks_for_a_pause_is_quoted(reader: Reader) -> None:
    error = reader.read(play.refuses(429, headers={"Retry-After": "17"})).error
    assert error is not None
    assert error.retry_after_seconds == 17


def test_the_detail_is_short_and_never_holds_the_key(reader: Reader) -> None:
    error = reader.read(play.refuses(401, f"bad key {KEY} " + "x" * 10_000)).error
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
def test_a_conversation_that_is_too_long_is_reported_as_such(reader: Reader, message: str) -> None:
    assert reader.read(play.refuses(400, message)).failure is FailureReason.CONTEXT_FULL


def test_a_conversation_that_is_too_long_is_recognised_by_its_code_too(reader: Reader) -> None:
    script = play.refuses(400, "Please shorten it.", code="context_length_exceeded")
    assert reader.read(script).failure is FailureReason.CONTEXT_FULL


def test_a_prompt_that_moderation_refuses_is_reported_as_such(reader: Reader) -> None:
    assert reader.read(play.refuses(400, code="content_filter")).failure is FailureReason.FILTERED


def test_an_account_without_credit_is_refused_rather_than_too_fast(reader: Reader) -> None:
    assert reader.read(play.refuses(429, code="insufficient_quota")).failure is FailureReason.UNAUTHORIZED


def test_a_death_in_the_middle_keeps_what_was_said(reader: Reader) -> None:
    answer = reader.read(play.dies_after("Parce", " que"))
    assert (answer.text, answer.failure, answer.finish_reason) == (
        "Parce que",
        FailureReason.CONNECTION_LOST,
        None,
    )


def test_a_body_that_ends_too_early_is_cut(reader: Reader) -> None:
    answer = reader.read(play.raw(play.event({"content": "Parce"})))
    assert (answer.text, answer.failure) == ("Parce", FailureReason.CONNECTION_LOST)


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
def test_what_is_no_chat_completion_is_a_protocol_error(reader: Reader, script: Script) -> None:
    assert reader.read(script).failure is FailureReason.PROTOCOL_ERROR


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"message": "overloaded", "code": 503}, FailureReason.UPSTREAM_ERROR),
        ({"message": "slow down", "code": "rate_limit_exceeded"}, FailureReason.RATE_LIMITED),
        ({"message": "prompt", "code": "context_length_exceeded"}, FailureReason.CONTEXT_FULL),
        ("something broke", FailureReason.UPSTREAM_ERROR),
    ],
)
def test_an_error_inside_the_stream_is_a_failure(
    reader: Reader, error: object, reason: FailureReason
) -> None:
    answer = reader.read(play.raw(play.event({"content": "Parce"}), play.data_line({"error": error})))
    assert (answer.text, answer.failure) == ("Parce", reason)


def test_an_error_sent_as_json_with_status_200_is_a_failure(reader: Reader) -> None:
    body = json.dumps({"error": {"message": "no", "code": 429}}).encode()
    assert reader.read(play.raw(body, content_type="application/json")).failure is FailureReason.RATE_LIMITED


def test_a_whole_document_needs_no_finish_reason_and_half_of_one_is_no_answer(reader: Reader) -> None:
    body = json.dumps({"choices": [{"message": {"content": "Oui"}}]}).encode()
    assert reader.read(play.raw(body)).text == "Oui"
    assert reader.read(play.raw(body[:-3])).failure is FailureReason.PROTOCOL_ERROR


def test_an_answer_without_a_word_is_a_failure(reader: Reader) -> None:
    assert reader.read(play.answer()).failure is FailureReason.NO_OUTPUT


@pytest.mark.parametrize("mute", [False, True])
def test_an_upstream_that_never_sends_a_token_is_silent(reader: Reader, mute: bool) -> None:
    answer = reader.read(play.silent(mute), reader.impatient)
    assert answer.failure is FailureReason.NO_OUTPUT
    assert reader.upstream.wait_until(lambda server: server.active == 0)


def test_comments_do_not_count_as_tokens(reader: Reader) -> None:
    script = Script([b": waiting\n\n"] * 100, delay_seconds=0.02)
    assert reader.read(script, reader.impatient).failure is FailureReason.NO_OUTPUT


def test_an_upstream_that_falls_silent_times_out_and_keeps_what_was_said(reader: Reader) -> None:
    answer = reader.read(play.hangs_after("Parce"), reader.impatient)
    assert (answer.text, answer.failure) == ("Parce", FailureReason.TIMEOUT)


def test_an_answer_that_is_too_slow_as_a_whole_times_out(reader: Reader) -> None:
    slow = reader.backend_with(timeouts=Timeouts(total_seconds=0.3))
    answer = reader.read(play.answer(*"abcdefghijklmnop", delay_seconds=0.05), slow)
    assert answer.failure is FailureReason.TIMEOUT
    assert "abcdefghijklmnop".startswith(answer.text)
    assert answer.text


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (Script(drips=True), FailureReason.NO_OUTPUT),
        (Script([b" "] * 500, content_type="application/json", delay_seconds=0.02), FailureReason.NO_OUTPUT),
        (Script([b" "] * 500, status=500, delay_seconds=0.02), FailureReason.UPSTREAM_ERROR),
    ],
    ids=["headers", "whole body", "error"],
)
def test_a_server_that_drips_fails_after_the_time_for_the_whole(
    reader: Reader, script: Script, reason: FailureReason
) -> None:
    punctual = reader.backend_with(timeouts=Timeouts(total_seconds=0.3))
    began = time.monotonic()
    assert reader.read(script, punctual).failure is reason
    assert time.monotonic() - began < 5  # the script takes ten
    assert reader.upstream.wait_until(lambda server: server.active == 0)


def test_headers_that_drip_are_waited_for_no_longer_than_a_first_token(reader: Reader) -> None:
    began = time.monotonic()
    assert reader.read(Script(drips=True), reader.impatient).failure is FailureReason.NO_OUTPUT
    assert time.monotonic() - began < 2


def test_a_closed_port_is_unreachable(reader: Reader) -> None:
    with Upstream() as gone:
        url = gone.url
    assert reader.read_from(reader.backend_with(url)).failure is FailureReason.UNREACHABLE


@pytest.mark.parametrize("url", ["ftp://example.org", "nowhere", "http://", "http://a b/v1"])
def test_an_address_that_cannot_be_used_is_a_bad_request_or_unreachable(reader: Reader, url: str) -> None:
    expected = (FailureReason.BAD_REQUEST, FailureReason.UNREACHABLE)
    assert reader.read_from(reader.backend_with(url)).failure in expected


def test_a_key_that_no_header_can_carry_is_a_bad_request(reader: Reader) -> None:
    answer = reader.read_from(reader.backend_with(api_key="clé\nX: 1"))
    assert answer.failure is FailureReason.BAD_REQUEST


# Cancelling


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
def test_cancelling_the_task_closes_the_connection_within_a_second(reader: Reader, script: Script) -> None:
    upstream = reader.upstream
    upstream.play("m", script)

    async def cancel() -> float:
        reading = asyncio.create_task(ReadAnswer(reader.backend.stream(QUESTION)).read())
        await until(lambda: upstream.active == 1)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        cancelled = time.monotonic()
        await until(lambda: upstream.active == 0)
        return time.monotonic() - cancelled

    assert reader.runner.run(cancel()) < 1.0


def test_closing_the_batches_closes_the_connection(reader: Reader) -> None:
    reader.upstream.play("m", play.hangs_after("Parce"))
    stream = reader.backend.stream(QUESTION)

    async def close_after_the_first() -> None:
        async with aclosing(stream.batches()) as batches:
            assert await anext(batches) == [Chunk("Parce")]
        await until(lambda: reader.upstream.active == 0, seconds=10)

    reader.runner.run(close_after_the_first())
    assert stream.finish_reason is None


def test_an_answer_that_is_closed_late_changes_nothing_for_the_next_on_its_connection(
    reader: Reader,
) -> None:
    reader.upstream.play("m", play.answer("Oui"))

    async def run() -> tuple[str | None, str | None]:
        first, second = (reader.backend.stream(QUESTION) for _ in range(2))
        ended = first.batches()
        assert [batch async for batch in ended]
        batches: AsyncGenerator[list[StreamItem], None] = second.batches()
        await anext(batches)
        await ended.aclose()
        async for _ in batches:
            pass
        return first.finish_reason, second.finish_reason

    assert reader.runner.run(run()) == (FinishReason.COMPLETE, FinishReason.COMPLETE)
    assert len({request.client for request in reader.upstream.requests}) == 1


def test_one_side_that_hangs_does_not_delay_the_other(reader: Reader) -> None:
    reader.upstream.scripts |= {"m": play.silent(), "n": play.answer("Oui")}

    async def run() -> str:
        silent = asyncio.create_task(ReadAnswer(reader.backend.stream(QUESTION)).read())
        other = ReadAnswer(reader.backend_with(model="n").stream(QUESTION))
        await other.read()
        assert not silent.done()
        silent.cancel()
        return other.text

    assert reader.runner.run(run()) == "Oui"


def test_the_pause_decides_how_often_an_answer_is_read(reader: Reader) -> None:
    reader.upstream.play("m", play.answer(*"abcdefgh", delay_seconds=0.02))

    async def run() -> list[list[StreamItem]]:
        async def pause() -> None:
            await until(lambda: reader.upstream.active == 0)

        return [batch async for batch in reader.backend.stream(QUESTION).batches(pause)]

    chunks = [item.text for batch in reader.runner.run(run()) for item in batch if isinstance(item, Chunk)]
    assert "".join(chunks) == "abcdefgh"
    assert len(chunks) <= 2
