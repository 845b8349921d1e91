"""Against a real HTTP server on loopback."""

import json
import threading
import time
from collections.abc import Iterator

import pytest

from backends.base import BackendError, Chunk, End, FailureReason, Message, Usage
from backends.connections import Connections
from backends.openai_compatible import OfferedModel, OpenAICompatible, Timeouts
from tests import upstream as play
from tests.upstream import Script, Upstream

QUESTION = [Message("user", "Pourquoi le ciel est-il bleu ?")]
IMPATIENT = Timeouts(connect_seconds=1.0, first_token_seconds=0.2, between_tokens_seconds=0.2)
KEY = "sk-cle-tres-secrete"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture
def connections() -> Iterator[Connections]:
    pool = Connections()
    yield pool
    pool.close()


class Heard:
    """An answer listened to until its end or its failure."""

    def __init__(self, backend: OpenAICompatible) -> None:
        self.items: list[Chunk | Usage] = []
        self.error: BackendError | None = None
        stream = backend.stream(QUESTION)
        try:
            for item in stream:
                self.items.append(item)
        except BackendError as error:
            self.error = error
        self.end = stream.end

    @property
    def text(self) -> str:
        return "".join(item.text for item in self.items if isinstance(item, Chunk) and not item.reasoning)

    @property
    def reasoning(self) -> str:
        return "".join(item.text for item in self.items if isinstance(item, Chunk) and item.reasoning)

    @property
    def usage(self) -> list[Usage]:
        return [item for item in self.items if isinstance(item, Usage)]

    @property
    def failure(self) -> FailureReason | None:
        return self.error.reason if self.error else None


class Ear:
    """Asks the model `m` of an upstream."""

    def __init__(self, upstream: Upstream, connections: Connections) -> None:
        self.upstream = upstream
        self.backend = self.backend_with(connections=connections)
        self.impatient = self.backend_with(connections=connections, timeouts=IMPATIENT)

    def backend_with(self, **settings: object) -> OpenAICompatible:
        return OpenAICompatible(self.upstream.url, "m", api_key=KEY, **settings)  # type: ignore[arg-type]

    def hear(self, script: Script, backend: OpenAICompatible | None = None) -> Heard:
        self.upstream.play("m", script)
        return Heard(backend or self.backend)


@pytest.fixture
def ear(upstream: Upstream, connections: Connections) -> Ear:
    return Ear(upstream, connections)


def raw_events(*contents: object) -> Script:
    return play.raw(*(play.data_line(content) for content in contents), play.DONE)


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
    assert heard.end is End.COMPLETE


def test_an_answer_without_usage_is_complete_too(ear: Ear) -> None:
    heard = ear.hear(play.answer("Oui", usage=False))
    assert (heard.text, heard.usage, heard.end) == ("Oui", [], End.COMPLETE)


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
    assert (heard.text, heard.end) == ("Oui", End.COMPLETE)


def test_a_missing_done_is_fine_once_the_model_has_finished(ear: Ear) -> None:
    heard = ear.hear(play.raw(play.event({"content": "Oui"}), play.event({}, "stop")))
    assert (heard.text, heard.end) == ("Oui", End.COMPLETE)


def test_a_connection_broken_after_the_finish_reason_costs_nothing(ear: Ear) -> None:
    heard = ear.hear(Script([play.event({"content": "Oui"}), play.event({}, "stop")], dies=True))
    assert (heard.text, heard.end) == ("Oui", End.COMPLETE)


def test_a_missing_finish_reason_is_fine_before_done(ear: Ear) -> None:
    assert ear.hear(play.raw(play.event({"content": "Oui"}), play.DONE)).end is End.COMPLETE


@pytest.mark.parametrize(("said", "end"), [("length", End.LENGTH), ("content_filter", End.FILTERED)])
def test_the_end_says_what_stopped_the_answer(ear: Ear, said: str, end: End) -> None:
    assert ear.hear(play.answer("Oui", finish_reason=said)).end is end


def test_a_server_that_does_not_stream_is_heard(ear: Ear) -> None:
    whole = {
        "choices": [{"message": {"role": "assistant", "content": "Oui"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 1},
    }
    heard = ear.hear(play.raw(json.dumps(whole).encode(), content_type="application/json"))
    assert (heard.text, heard.usage, heard.end) == ("Oui", [Usage(5, 1)], End.COMPLETE)


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
    assert heard.end is End.TOO_LONG
    assert upstream.wait_until(lambda server: server.active == 0)


# What goes wrong


@pytest.mark.parametrize(
    ("status", "reason", "retryable"),
    [
        (401, FailureReason.REFUSED, False),
        (402, FailureReason.REFUSED, False),
        (403, FailureReason.REFUSED, False),
        (404, FailureReason.BAD_REQUEST, False),
        (422, FailureReason.BAD_REQUEST, False),
        (429, FailureReason.RATE_LIMITED, True),
        (500, FailureReason.UPSTREAM_ERROR, True),
        (503, FailureReason.UPSTREAM_ERROR, True),
        (301, FailureReason.NONSENSE, False),
    ],
)
def test_a_status_has_its_reason_and_its_text_stays_in_the_detail(
    ear: Ear, status: int, reason: FailureReason, retryable: bool
) -> None:
    error = ear.hear(play.refuses(status)).error
    assert error is not None
    assert (error.reason, error.retryable) == (reason, retryable)
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
    assert ear.hear(play.refuses(429, code="insufficient_quota")).failure is FailureReason.REFUSED


def test_a_death_in_the_middle_keeps_what_was_said(ear: Ear) -> None:
    heard = ear.hear(play.dies_after("Parce", " que"))
    assert (heard.text, heard.failure, heard.end) == ("Parce que", FailureReason.CUT, None)


def test_a_body_that_ends_too_early_is_cut(ear: Ear) -> None:
    heard = ear.hear(play.raw(play.event({"content": "Parce"})))
    assert (heard.text, heard.failure) == ("Parce", FailureReason.CUT)


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
    assert ear.hear(script).failure is FailureReason.NONSENSE


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
    assert ear.hear(play.answer()).failure is FailureReason.SILENT


@pytest.mark.parametrize("mute", [False, True])
def test_an_upstream_that_never_sends_a_token_is_silent(ear: Ear, mute: bool) -> None:
    heard = ear.hear(play.silent(mute), ear.impatient)
    assert heard.failure is FailureReason.SILENT
    assert ear.upstream.wait_until(lambda server: server.active == 0)


def test_comments_do_not_count_as_tokens(ear: Ear) -> None:
    script = Script([b": waiting\n\n"] * 100, delay_seconds=0.02)
    assert ear.hear(script, ear.impatient).failure is FailureReason.SILENT


def test_an_upstream_that_falls_silent_times_out_and_keeps_what_was_said(ear: Ear) -> None:
    heard = ear.hear(play.hangs_after("Parce"), ear.impatient)
    assert (heard.text, heard.failure) == ("Parce", FailureReason.TIMEOUT)


def test_an_answer_that_is_too_slow_as_a_whole_times_out(ear: Ear, connections: Connections) -> None:
    slow = ear.backend_with(connections=connections, timeouts=Timeouts(total_seconds=0.3))
    heard = ear.hear(play.answer(*"abcdefghijklmnop", delay_seconds=0.05), slow)
    assert heard.failure is FailureReason.TIMEOUT
    assert "abcdefghijklmnop".startswith(heard.text)
    assert heard.text


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
    assert stream.end is End.STOPPED
    assert ear.upstream.wait_until(lambda server: server.active == 0, timeout_seconds=1.0)


def test_close_before_the_first_iteration_sends_nothing(ear: Ear) -> None:
    stream = ear.backend.stream(QUESTION)
    stream.close()
    assert list(stream) == []
    assert stream.end is End.STOPPED
    assert ear.upstream.requests == []


def test_leaving_the_loop_closes_the_connection(ear: Ear) -> None:
    ear.upstream.play("m", play.hangs_after("Parce", " que"))
    with ear.backend.stream(QUESTION) as stream:
        for _ in stream:
            break
    assert ear.upstream.wait_until(lambda server: server.active == 0, timeout_seconds=1.0)
    assert stream.end is End.STOPPED


def test_close_after_the_end_changes_nothing_for_the_next_answer_on_the_connection(ear: Ear) -> None:
    ear.upstream.play("m", play.answer("Oui"))
    first = ear.backend.stream(QUESTION)
    list(first)
    second = ear.backend.stream(QUESTION)
    items = iter(second)
    next(items)
    first.close()
    assert first.end is End.COMPLETE
    list(items)
    assert second.end is End.COMPLETE


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
    assert raised.value.reason is FailureReason.NONSENSE


def test_listing_on_a_closed_port_is_unreachable() -> None:
    with Upstream() as gone:
        url = gone.url
    with pytest.raises(BackendError) as raised:
        OpenAICompatible(url, "").list_models()
    assert raised.value.reason is FailureReason.UNREACHABLE
