"""What is asked of a real HTTP server on loopback, and what is heard."""

import json

import pytest

from backends.base import BackendError, Chunk, FailureReason, FinishReason, Usage
from backends.connections import Connections
from backends.openai.client import OfferedModel, OpenAICompatible
from tests import upstream as play
from tests.backends.ear import KEY, QUESTION, Ear, Heard, raw_events
from tests.upstream import Script, Upstream

# What is asked


def test_the_request_carries_model_messages_options_and_key(ear: Ear, connections: Connections) -> None:
    backend = ear.backend_with(connections=connections, options={"temperature": 0.3, "max_tokens": 50})
    ear.hear(play.answer("Oui"), backend)
    (request,) = ear.upstream.requests
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


def test_an_option_of_none_leaves_the_field_out(ear: Ear, connections: Connections) -> None:
    ear.hear(play.answer("Oui"), ear.backend_with(connections=connections, options={"stream_options": None}))
    assert "stream_options" not in ear.upstream.requests[0].body


def test_a_server_that_refuses_stream_options_is_asked_without_them(ear: Ear) -> None:
    ear.upstream.play("m", play.answer("Oui"))
    ear.upstream.refused_field = "stream_options"
    assert Heard(ear.backend).text == "Oui"
    assert ["stream_options" in request.body for request in ear.upstream.requests] == [True, False]


def test_another_refused_field_is_a_bad_request(ear: Ear) -> None:
    ear.upstream.play("m", play.answer("Oui"))
    ear.upstream.refused_field = "stream"
    assert Heard(ear.backend).failure is FailureReason.BAD_REQUEST
    assert len(ear.upstream.requests) == 1


def test_nothing_is_sent_before_the_first_iteration(ear: Ear) -> None:
    with ear.backend.stream(QUESTION):
        assert ear.upstream.requests == []


def test_finished_answers_leave_their_connection_to_the_next(ear: Ear) -> None:
    for _ in range(3):
        assert ear.hear(play.answer("Oui")).text == "Oui"
    assert len({request.client for request in ear.upstream.requests}) == 1


def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again(connections: Connections) -> None:
    with Upstream({"m": play.answer("Un")}) as first:
        port = first.port
        assert Heard(OpenAICompatible(first.url, "m", connections=connections)).text == "Un"
    with Upstream({"m": play.answer("Deux")}, port=port) as second:
        assert Heard(OpenAICompatible(second.url, "m", connections=connections)).text == "Deux"


# What is heard


def test_an_answer_comes_whole_with_its_usage(ear: Ear) -> None:
    heard = ear.hear(play.answer("Parce", " que", "… "))
    assert heard.text == "Parce que… "
    assert heard.usage == [Usage(12, 3)]
    assert heard.end is FinishReason.COMPLETE


def test_an_answer_without_usage_is_complete_too(ear: Ear) -> None:
    heard = ear.hear(play.answer("Oui", usage=False))
    assert (heard.text, heard.usage, heard.end) == ("Oui", [], FinishReason.COMPLETE)


def test_a_burst_of_three_thousand_chunks_keeps_every_word(ear: Ear) -> None:
    heard = ear.hear(play.burst())
    assert heard.text == play.burst_text()
    assert heard.usage == [Usage(12, 3_000)]


def test_what_arrives_together_comes_as_one_chunk(ear: Ear) -> None:
    together = b"".join(play.event({"content": text}) for text in ("a", "b", "c"))
    heard = ear.hear(play.raw(together, play.event({}, "stop"), play.DONE))
    assert heard.items == [Chunk("abc")]


def test_characters_cut_anywhere_are_whole(ear: Ear) -> None:
    text = "Où ça ? « 38 °C » 🦊 漢字"
    assert ear.hear(play.cut_characters(text)).text == text


def test_lines_may_end_in_crlf_without_space_after_data_and_between_comments(ear: Ear) -> None:
    script = play.raw(
        b": OPENROUTER PROCESSING\r\n\r\n",
        b"event: message\r\nid: 7\r\ndata:" + play.event({"content": "Oui"})[6:-2] + b"\r\n\r\n",
        b"data:" + play.event({}, "stop")[6:-2] + b"\r\n\r\ndata:[DONE]\r\n\r\n",
    )
    assert ear.hear(script).text == "Oui"


def test_a_last_line_without_line_end_counts(ear: Ear) -> None:
    heard = ear.hear(play.raw(play.event({"content": "Oui"}), play.event({}, "stop").rstrip()))
    assert (heard.text, heard.end) == ("Oui", FinishReason.COMPLETE)


def test_a_missing_done_is_fine_once_the_model_has_finished(ear: Ear) -> None:
    heard = ear.hear(play.raw(play.event({"content": "Oui"}), play.event({}, "stop")))
    assert (heard.text, heard.end) == ("Oui", FinishReason.COMPLETE)


def test_a_connection_broken_after_the_finish_reason_costs_nothing(ear: Ear) -> None:
    heard = ear.hear(Script([play.event({"content": "Oui"}), play.event({}, "stop")], dies=True))
    assert (heard.text, heard.end) == ("Oui", FinishReason.COMPLETE)


def test_a_missing_finish_reason_is_fine_before_done(ear: Ear) -> None:
    assert ear.hear(play.raw(play.event({"content": "Oui"}), play.DONE)).end is FinishReason.COMPLETE


@pytest.mark.parametrize(
    ("said", "end"), [("length", FinishReason.LENGTH), ("content_filter", FinishReason.FILTERED)]
)
def test_the_end_says_what_stopped_the_answer(ear: Ear, said: str, end: FinishReason) -> None:
    assert ear.hear(play.answer("Oui", finish_reason=said)).end is end


def test_a_server_that_does_not_stream_is_heard(ear: Ear) -> None:
    whole = {
        "choices": [{"message": {"role": "assistant", "content": "Oui"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 1},
    }
    heard = ear.hear(play.raw(json.dumps(whole).encode(), content_type="application/json"))
    assert (heard.text, heard.usage, heard.end) == ("Oui", [Usage(5, 1)], FinishReason.COMPLETE)


def test_reasoning_comes_apart_and_its_tokens_are_counted(ear: Ear) -> None:
    heard = ear.hear(play.answer("Oui", ".", reasoning=["Voyons", " voir"]))
    assert (heard.reasoning, heard.text) == ("Voyons voir", "Oui.")
    assert heard.usage == [Usage(12, 4, 2)]


def test_reasoning_between_tags_comes_apart(ear: Ear) -> None:
    heard = ear.hear(play.answer("<th", "ink>\nVoyons", " voir</thi", "nk>\n\n", "Oui", " <think>."))
    assert (heard.reasoning, heard.text) == ("Voyons voir", "Oui <think>.")


def test_content_in_typed_parts_is_read(ear: Ear) -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Voyons"}]}
    heard = ear.hear(
        play.raw(
            play.event({"content": [thinking]}),
            play.event({"content": [{"type": "text", "text": "Oui"}]}, "stop"),
            play.DONE,
        )
    )
    assert (heard.reasoning, heard.text) == ("Voyons", "Oui")


def test_hidden_reasoning_that_only_the_total_counts_is_added(ear: Ear) -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115}
    finish = json.loads(play.event({"content": "Oui"}, "stop")[6:])
    heard = ear.hear(raw_events(finish, {"choices": [], "usage": usage}))
    assert heard.usage == [Usage(10, 105, 100)]


@pytest.mark.parametrize("count", [-1, 10**12, "12", 1.5, True, None])
def test_a_count_that_cannot_be_is_unknown(ear: Ear, count: object) -> None:
    finish = json.loads(play.event({"content": "Oui"}, "stop")[6:])
    usage = {"prompt_tokens": 10, "completion_tokens": count}
    assert ear.hear(raw_events(finish, {"choices": [], "usage": usage})).usage == [Usage(10, None)]


def test_an_emoji_escaped_in_two_halves_is_joined_and_a_lonely_half_is_replaced(ear: Ear) -> None:
    halves = [
        play.event({"content": "TEXT"}).replace(b"TEXT", escape)
        for escape in (b"a\\ud83e", b"\\udd8a b\\u0000", b"\\ud83e", b" c")
    ]
    heard = ear.hear(play.raw(*halves, play.event({}, "stop"), play.DONE))
    assert heard.text == "a🦊 b\ufffd c"


def test_fifty_thousand_tokens_are_cut_at_our_limit(ear: Ear, upstream: Upstream) -> None:
    heard = ear.hear(play.long_answer())
    assert len(heard.text) == 100_000
    assert play.burst_text(50_000).startswith(heard.text)
    assert heard.end is FinishReason.TOO_LONG
    assert upstream.wait_until(lambda server: server.active == 0)


# Listing


def test_the_models_that_a_server_offers_are_listed(ear: Ear) -> None:
    ear.upstream.scripts |= {"petit": play.silent(), "grand": play.silent()}
    assert ear.backend.list_models() == (OfferedModel("petit"), OfferedModel("grand"))


def test_the_facts_that_servers_tell_about_their_models_are_kept(ear: Ear) -> None:
    ear.upstream.models = [
        {"id": "vllm", "max_model_len": 8192},
        {"id": "openrouter", "context_length": 131_072},
        {"id": "llama.cpp", "meta": {"n_ctx_train": 2048, "n_params": 134_515_008}},
    ]
    assert ear.backend.list_models() == (
        OfferedModel("vllm", 8192),
        OfferedModel("openrouter", 131_072),
        OfferedModel("llama.cpp", 2048, 0.134515008),
    )


def test_a_list_that_is_not_one_is_nonsense(ear: Ear) -> None:
    ear.upstream.models = "rien"
    with pytest.raises(BackendError) as raised:
        ear.backend.list_models()
    assert raised.value.reason is FailureReason.PROTOCOL_ERROR


def test_listing_on_a_closed_port_is_unreachable() -> None:
    with Upstream() as gone:
        url = gone.url
    with pytest.raises(BackendError) as raised:
        OpenAICompatible(url, "").list_models()
    assert raised.value.reason is FailureReason.UNREACHABLE
