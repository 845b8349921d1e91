"""Files as people and spreadsheets write them."""

import json

import pytest

from models_registry.exchange.parse import MAX_CHARACTERS, RowKind, UnreadableFile, parse_file


def test_a_csv_is_read_with_any_of_the_usual_separators() -> None:
    for separator in ",;\t":
        (row,) = parse_file(f"slug{separator}name\r\npetit{separator}Petit\r\n")
        assert (row.kind, row.slug, row.values) == (
            RowKind.MODEL,
            "petit",
            {"slug": "petit", "name": "Petit"},
        )


def test_a_french_spreadsheet_is_understood() -> None:
    (row,) = parse_file("\ufeffslug;total_params_b;disclosed;reasoning\npetit;3,07;VRAI;non\n")
    assert row.values == {"slug": "petit", "total_params_b": "3.07", "disclosed": True, "reasoning": False}


def test_sources_stand_one_per_line_of_a_cell() -> None:
    (row,) = parse_file(
        'slug,sources\npetit,"size | 2026-05-04 | https://a.example | Une | fiche\nlicence |  | b | c"\n'
    )
    assert row.sources == [
        {"fact": "size", "read_on": "2026-05-04", "link": "https://a.example", "title": "Une | fiche"},
        {"fact": "licence", "read_on": "", "link": "b", "title": "c"},
    ]


def test_a_column_that_is_not_there_is_not_a_column_that_is_empty() -> None:
    (without,) = parse_file("slug,name\npetit,Petit\n")
    (empty,) = parse_file("slug,sources\npetit,\n")
    assert (without.sources, empty.sources) == (None, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("slug,name\npetit,Petit,trop\n", "plus de cases"),
        ("slug,sources\npetit,size seulement\n", "Source illisible"),
        ("slug,reasoning\npetit,parfois\n", "« oui » ou « non »"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(text: str, words: str) -> None:
    (row,) = parse_file(text)
    assert words in row.errors[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nommer les colonnes"),
        ("nom,prix\nPetit,3\n", "dont « slug »"),
        ("slug,name\n", "aucune fiche"),
        ('slug,name\n"petit,Petit\n', "mal formé"),
        ("{", "mal formé"),
        ("[1, 2]", "ni un export"),
        ('{"models": {"a": {}}}', "ni un export"),
        (json.dumps({"format": "conso-duel-registry", "models": {}}), "devrait être une liste"),
        (json.dumps({"format": "conso-duel-registry"}), "aucune fiche"),
        ("slug\n" + "a" * MAX_CHARACTERS, "trop grand"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        parse_file(text)


def test_an_entry_without_a_slug_is_refused_alone() -> None:
    text = json.dumps({"format": "conso-duel-registry", "models": [{"name": "Petit"}, "x", {"slug": "b"}]})
    assert [bool(row.errors) for row in parse_file(text)] == [True, True, False]


def test_endpoints_of_an_older_export_are_read_under_their_present_names() -> None:
    endpoint = {"base_url": "http://a.example/v1", "remote_name": "x", "key_variable": "K", "extra": {"n": 1}}
    model = {"slug": "petit", "endpoints": [endpoint]}
    (row,) = parse_file(json.dumps({"format": "conso-duel-registry", "version": 1, "models": [model]}))
    assert row.endpoints == [
        {"base_url": "http://a.example/v1", "provider_model": "x", "api_key_env": "K", "extra_body": {"n": 1}}
    ]


@pytest.mark.parametrize("lists", [{"endpoints": "x"}, {"endpoints": ["x"]}, {"sources": [3]}])
def test_sources_and_endpoints_that_are_no_lists_of_objects_are_refused(lists: dict[str, object]) -> None:
    text = json.dumps({"format": "conso-duel-registry", "models": [{"slug": "petit", **lists}]})
    (row,) = parse_file(text)
    assert "devrait être une liste" in row.errors[0]
