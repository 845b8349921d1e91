"""Requests to a real HTTP server on loopback, and its answers."""

import asyncio
import json
from contextlib import ExitStack

import pytest

from backends.base import BackendError, Chunk, FailureReason, FinishReason, Usage
from backends.openai.client import OfferedModel, OpenAICompatible
from tests import upstream as play
from tests.backends.reading import KEY, QUESTION, ReadAnswer, Reader, raw_events
from tests.upstream import Script, Upstream

# Requests


def test_the_request_carries_model_messages_options_and_key(reader: Reader) -> None:
    backend = reader.backend_with(options={"temperature": 0.3, "max_tokens": 50})
    reader.read(play.answer("Oui"), backend)
    (request,) = reader.upstream.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "m",
        "messages": [{"role": "user", "content": "Pourquoi le ciel est-il bleu ?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.3,
        "max_tokens": 50,
    }


def test_an_option_of_none_leaves_the_field_out(reader: Reader) -> None:
    reader.read(play.answer("Oui"), reader.backend_with(options={"stream_options": None}))
    assert "stream_options" not in reader.upstream.requests[0].body


def test_a_server_that_refuses_stream_options_is_asked_without_them(reader: Reader) -> None:
    reader.upstream.play("m", play.answer("Oui"))
    reader.upstream.refused_field = "stream_options"
    assert reader.read_from(reader.backend).text == "Oui"
    assert ["stream_options" in request.body for request in reader.upstream.requests] == [True, False]


def test_another_refused_field_is_a_bad_request(reader: Reader) -> None:
    reader.upstream.play("m", play.answer("Oui"))
    reader.upstream.refused_field = "stream"
    assert reader.read_from(reader.backend).failure is FailureReason.BAD_REQUEST
    assert len(reader.upstream.requests) == 1


def test_nothing_is_sent_before_the_first_iteration(reader: Reader) -> None:
    stream = reader.backend.stream(QUESTION)
    stream.batches()
    assert reader.upstream.requests == []


def test_finished_answers_leave_their_connection_to_the_next(reader: Reader) -> None:
    for _ in range(3):
        assert reader.read(play.answer("Oui")).text == "Oui"
    assert len({request.client for request in reader.upstream.requests}) == 1


def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again(reader: Reader) -> None:
    async def run() -> list[str]:
        with ExitStack() as stack:
            server = stack.enter_context(Upstream({"m": play.answer("Un")}))
            first = ReadAnswer(reader.backend_with(server.url).stream(QUESTION))
            await first.read()
            await asyncio.to_thread(stack.close)  # the loop goes on, and sees the connection close
        with Upstream({"m": play.answer("Deux")}, port=server.port) as second_server:
            second = ReadAnswer(reader.backend_with(second_server.url).stream(QUESTION))
            await second.read()
        return [first.text, second.text]

    assert reader.runner.run(run()) == ["Un", "Deux"]


# Answers


def test_an_answer_comes_whole_with_its_usage(reader: Reader) -> None:
    answer = reader.read(play.answer("Parce", " que", "… "))
    assert answer.text == "Parce que… "
    assert answer.usage == [Usage(12, 3)]
    assert answer.finish_reason is FinishReason.COMPLETE


def test_an_answer_without_usage_is_complete_too(reader: Reader) -> None:
    answer = reader.read(play.answer("Oui", usage=False))
    assert (answer.text, answer.usage, answer.finish_reason) == ("Oui", [], FinishReason.COMPLETE)


def test_a_burst_of_three_thousand_chunks_keeps_every_word(reader: Reader) -> None:
    answer = reader.read(play.burst())
    assert answer.text == play.burst_text()
    assert answer.usage == [Usage(12, 3_000)]


def test_what_arrives_together_comes_as_one_chunk(reader: Reader) -> None:
    together = b"".join(play.event({"content": text}) for text in ("a", "b", "c"))
    answer = reader.read(play.raw(together, play.event({}, "stop"), play.DONE))
    assert answer.items == [Chunk("abc")]


def test_characters_cut_anywhere_are_whole(reader: Reader) -> None:
    text = "Où ça ? « 38 °C » 🦊 漢字"
    assert reader.read(play.cut_characters(text)).text == text


def test_lines_may_end_in_crlf_without_space_after_data_and_between_comments(reader: Reader) -> None:
    script = play.raw(
        b": OPENROUTER PROCESSING\r\n\r\n",
        b"event: message\r\nid: 7\r\ndata:" + play.event({"content": "Oui"})[6:-2] + b"\r\n\r\n",
        b"data:" + play.event({}, "stop")[6:-2] + b"\r\n\r\ndata:[DONE]\r\n\r\n",
    )
    assert reader.read(script).text == "Oui"


def test_a_last_line_without_line_end_counts(reader: Reader) -> None:
    answer = reader.read(play.raw(play.event({"content": "Oui"}), play.event({}, "stop").rstrip()))
    assert (answer.text, answer.finish_reason) == ("Oui", FinishReason.COMPLETE)


def test_a_missing_done_is_fine_once_the_model_has_finished(reader: Reader) -> None:
    answer = reader.read(play.raw(play.event({"content": "Oui"}), play.event({}, "stop")))
    assert (answer.text, answer.finish_reason) == ("Oui", FinishReason.COMPLETE)


def test_a_connection_broken_after_the_finish_reason_costs_nothing(reader: Reader) -> None:
    answer = reader.read(Script([play.event({"content": "Oui"}), play.event({}, "stop")], dies=True))
    assert (answer.text, answer.finish_reason) == ("Oui", FinishReason.COMPLETE)


def test_a_missing_finish_reason_is_fine_before_done(reader: Reader) -> None:
    answer = reader.read(play.raw(play.event({"content": "Oui"}), play.DONE))
    assert answer.finish_reason is FinishReason.COMPLETE


@pytest.mark.parametrize(
    ("sent", "expected"), [("length", FinishReason.LENGTH), ("content_filter", FinishReason.FILTERED)]
)
def test_the_finish_reason_says_what_stopped_the_answer(
    reader: Reader, sent: str, expected: FinishReason
) -> None:
    assert reader.read(play.answer("Oui", finish_reason=sent)).finish_reason is expected


def test_a_server_that_does_not_stream_is_read(reader: Reader) -> None:
    whole = {
        "choices": [{"message": {"role": "assistant", "content": "Oui"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 1},
    }
    answer = reader.read(play.raw(json.dumps(whole).encode(), content_type="application/json"))
    assert (answer.text, answer.usage, answer.finish_reason) == ("Oui", [Usage(5, 1)], FinishReason.COMPLETE)


def test_reasoning_comes_apart_and_its_tokens_are_counted(reader: Reader) -> None:
    answer = reader.read(play.answer("Oui", ".", reasoning=["Voyons", " voir"]))
    assert (answer.reasoning, answer.text) == ("Voyons voir", "Oui.")
    assert answer.usage == [Usage(12, 4, 2)]


def test_reasoning_between_tags_comes_apart(reader: Reader) -> None:
    answer = reader.read(play.answer("<th", "ink>\nVoyons", " voir</thi", "nk>\n\n", "Oui", " <think>."))
    assert (answer.reasoning, answer.text) == ("Voyons voir", "Oui <think>.")


def test_content_in_typed_parts_is_read(reader: Reader) -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Voyons"}]}
    answer = reader.read(
        play.raw(
            play.event({"content": [thinking]}),
            play.event({"content": [{"type": "text", "text": "Oui"}]}, "stop"),
            play.DONE,
        )
    )
    assert (answer.reasoning, answer.text) == ("Voyons", "Oui")


def test_hidden_reasoning_that_only_the_total_counts_is_added(reader: Reader) -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115}
    finish = json.loads(play.event({"content": "Oui"}, "stop")[6:])
    answer = reader.read(raw_events(finish, {"choices": [], "usage": usage}))
    assert answer.usage == [Usage(10, 105, 100)]


@pytest.mark.parametrize("count", [-1, 10**12, "douze", 1.5, True, None])
def test_a_count_that_cannot_be_is_unknown(reader: Reader, count: object) -> None:
    finish = json.loads(play.event({"content": "Oui"}, "stop")[6:])
    usage = {"prompt_tokens": 10, "completion_tokens": count}
    assert reader.read(raw_events(finish, {"choices": [], "usage": usage})).usage == [Usage(10, None)]


def test_an_emoji_escaped_in_two_halves_is_joined_and_a_lonely_half_is_replaced(reader: Reader) -> None:
    halves = [
        play.event({"content": "TEXT"}).replace(b"TEXT", escape)
        for escape in (b"a\\ud83e", b"\\udd8a b\\u0000", b"\\ud83e", b" c")
    ]
    answer = reader.read(play.raw(*halves, play.event({}, "stop"), play.DONE))
    assert answer.text == "a🦊 b\ufffd c"


def test_fifty_thousand_tokens_are_cut_at_our_limit(reader: Reader, upstream: Upstream) -> None:
    answer = reader.read(play.long_answer())
    assert len(answer.text) == 100_000
    assert play.burst_text(50_000).startswith(answer.text)
    assert answer.finish_reason is FinishReason.TOO_LONG
    assert upstream.wait_until(lambda server: server.active == 0)


# Listing


def test_the_models_that_a_server_offers_are_listed(reader: Reader) -> None:
    reader.upstream.scripts |= {"petit": play.silent(), "grand": play.silent()}
    assert reader.runner.run(reader.backend.list_models()) == (OfferedModel("petit"), OfferedModel("grand"))


def test_the_facts_in_a_list_of_models_are_read(reader: Reader) -> None:
    reader.upstream.models = [
        {"id": "vllm", "max_model_len": 8192},
        {"id": "openrouter", "context_length": 131_072},
        {"id": "llama.cpp", "meta": {"n_ctx_train": 2048, "n_params": 134_515_008}},
    ]
    assert reader.runner.run(reader.backend.list_models()) == (
        OfferedModel("vllm", 8192),
        OfferedModel("openrouter", 131_072),
        OfferedModel("llama.cpp", 2048, 0.134515008),
    )


def test_a_list_that_is_not_one_is_a_protocol_error(reader: Reader) -> None:
    reader.upstream.models = "rien"
    with pytest.raises(BackendError) as raised:
        reader.runner.run(reader.backend.list_models())
    assert raised.value.reason is FailureReason.PROTOCOL_ERROR


def test_listing_on_a_closed_port_is_unreachable() -> None:
    with Upstream() as gone:
        url = gone.url
    with pytest.raises(BackendError) as raised:
        asyncio.run(OpenAICompatible(url, "").list_models())
    assert raised.value.reason is FailureReason.UNREACHABLE
