"""The list of models of a server, in the forms that servers give it."""

import json
from typing import Any

import pytest

from backends.openai.chunks import ErrorEvent, ProtocolError
from backends.openai.model_list import OfferedModel, parse_models

ROW = {"id": "m", "context_length": 8192}


def parse(document: Any) -> tuple[OfferedModel, ...]:
    return parse_models(json.dumps(document).encode())


@pytest.mark.parametrize(
    "document",
    [
        [ROW],
        {"object": "list", "data": [ROW]},
        {"models": [{"name": "m", "context_length": 8192}]},
        {"models": [{"key": "m", "max_context_length": 8192}]},
        {"body": [ROW]},
        {"data": {"models": [ROW]}},
        {"status": "ok", "result": {"data": [ROW]}},
        {"data": {"m": {"context_length": 8192}}},
        {"model_list": [{"model_id": "m", "context_length": 8192}]},
        {"list": [{"slug": "m", "context_length": 8192}]},
        {"error": None, "data": [ROW]},
        [{"id": "m", "context_window": "8192"}],
        [{"id": "m", "context_length": "unknown", "max_input_tokens": 8192.0}],
    ],
)
def test_a_list_is_read_however_it_is_wrapped(document: Any) -> None:
    assert [(model.name, model.context_window_tokens) for model in parse(document)] == [("m", 8192)]


@pytest.mark.parametrize("document", [{"data": []}, {"object": "list", "data": None}, [], {"models": {}}])
def test_a_server_without_models_offers_none(document: Any) -> None:
    assert parse(document) == ()


@pytest.mark.parametrize(
    "row",
    [
        None, 1.5, True, [], {}, [[]], {"id": None}, {"id": {}}, {"id": ["x"]}, {"id": ""}, {"id": "   "},
        {"id": True}, {"id": "a\u0000b"}, {"id": "a\nb"}, {"id": "\ud800"}, {"id": "x" * 201},
        {"object": "x"},
    ],
)  # fmt: skip
def test_a_row_without_a_usable_name_loses_that_row_alone(row: Any) -> None:
    assert [model.name for model in parse({"data": [{"id": "a"}, row, {"id": "z"}]})] == ["a", "z"]


@pytest.mark.parametrize(
    "value",
    [
        '"unknown"', "1e400", "-1e400", "NaN", "Infinity", "-1", "0", "null", "true", "[8192]", '{"n": 1}',
        '"-5"', '""', "9" * 5000, str(2**31), '"99999999999999999999"', "0.0",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["context_length", "max_model_len", "meta"])
def test_a_window_that_is_no_number_is_no_window(field: str, value: str) -> None:
    body = f'{{"data": [{{"id": "a", "{field}": {value}}}, {{"id": "z", "meta": {{"n_params": {value}}}}}]}}'
    first, last = parse_models(body.encode())
    assert (first, last.name) == (OfferedModel("a"), "z")


def test_a_name_may_be_a_number_or_a_text_alone() -> None:
    assert [model.name for model in parse({"data": [{"id": 7}, "llama3:8b", {"id": None, "name": "n"}]})] == [
        "7", "llama3:8b", "n",
    ]  # fmt: skip


def test_a_name_given_twice_is_one_model_with_all_its_other_names() -> None:
    rows = [
        {"id": "mistral-small-latest", "aliases": ["mistral-small-2506", None]},
        {"id": "mistral-small-latest"},
        {"id": "albert", "root": "meta-llama/Llama-3.1-8B-Instruct", "name": "albert"},
    ]
    first, second = parse(rows)
    assert first.other_names == ("mistral-small-2506",) or second.other_names
    assert second.other_names == ("meta-llama/Llama-3.1-8B-Instruct",)


@pytest.mark.parametrize(
    "document",
    [
        {"error": "Unexpected endpoint or method. (GET /models)"},
        {"error": {"message": "no", "code": 404}, "data": []},
        {"detail": "Not Found"},
        {"message": "no Route matched"},
        {"data": {"error": {"message": "no"}}, "error": "no"},
    ],
)
def test_an_error_sent_with_status_200_is_an_error(document: Any) -> None:
    with pytest.raises(ErrorEvent):
        parse(document)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"7", b'"x"', b"{}", b'{"data": 7}', b"Ollama is running", b'{"data": [',
        b'[{"x": 1}]', b'{"data": [[{"id": "m"}]]}',
        b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe", b'{"object": "list"}',
    ],
)  # fmt: skip
def test_what_is_no_list_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_models(body)


def test_a_web_page_is_named_by_its_title() -> None:
    with pytest.raises(ProtocolError, match=r"web page.*Open WebUI"):
        parse_models(b"\n<!doctype html><html><head><title>Open WebUI</title>")


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse_models(b"\xef\xbb\xbf" + b'{"data": [{"id": "m"}]}') == (OfferedModel("m"),)
