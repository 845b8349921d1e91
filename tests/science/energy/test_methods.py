import re

import pytest

from science.energy import METHODS, Method

methods = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())


@methods
def test_a_method_says_its_version_its_date_and_its_source(method: Method) -> None:
    assert METHODS[method.name] is method
    assert method.version
    assert len(method.date.split("-")) == 3
    assert method.source.startswith("https://")


@methods
def test_every_constant_has_a_source_and_words_in_both_languages(method: Method) -> None:
    for constant in method.constants:
        assert constant.source.startswith("https://")
        assert constant.fr.endswith(".")
        assert constant.en.endswith(".")


@methods
def test_what_is_left_out_is_said_in_both_languages(method: Method) -> None:
    keys = [limit.key for limit in method.limits]
    assert {"training", "network", "device", "this_site", "prompt"} <= set(keys)
    assert len(keys) == len(set(keys))
    assert all(limit.fr.endswith(".") and limit.en.endswith(".") for limit in method.limits)


@methods
def test_the_french_has_its_non_breaking_spaces(method: Method) -> None:
    for text in [constant.fr for constant in method.constants] + [limit.fr for limit in method.limits]:
        assert not any(mark in text for mark in (" :", " ;", " !", " ?", " %", "'"))


@methods
def test_both_languages_give_the_same_numbers(method: Method) -> None:
    for text in (*method.constants, *method.limits):
        french, english = (sorted(numbers(one)) for one in (text.fr, text.en))
        assert french == english, text.fr


def numbers(text: str) -> list[str]:
    """The numbers of a sentence, without their thousands separators, with a point for the decimals."""
    groups = re.sub(r"(?<=\d)[\u202f\u00a0,](?=\d{3}(?!\d))", "", text)
    return [found.replace(",", ".") for found in re.findall(r"\d+(?:[.,]\d+)?", groups)]
