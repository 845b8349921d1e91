"""Personal data are found in sentences that were labelled before the patterns were written.

The second half of the lines (every other one) was held out: nobody looked at its sentences to mend a pattern.
Both halves give 50 of 50 found and none of 50 without personal data named; the bounds leave room for others.
"""

import time
from pathlib import Path

import pytest

from science.personal_data import Kind, find_personal_data

SENTENCES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("sentences.tsv").read_text("utf-8").splitlines()
]
HALVES = {"seen": SENTENCES[::2], "held out": SENTENCES[1::2]}
LEAST_RECALL, MOST_FALSE_ALARMS = 0.95, 0.02


def kinds(text: str) -> set[Kind]:
    return {finding.kind for finding in find_personal_data(text)}


@pytest.mark.parametrize("half", HALVES)
def test_personal_data_are_found_and_little_else(half: str) -> None:
    labelled = [(kind, text) for kind, text in HALVES[half] if kind]
    others = [text for kind, text in HALVES[half] if not kind]
    missed = [text for kind, text in labelled if kind not in kinds(text)]
    alarms = [text for text in others if kinds(text)]
    assert len(labelled) == len(others) == 50
    assert len(missed) <= (1 - LEAST_RECALL) * len(labelled), missed
    assert len(alarms) <= MOST_FALSE_ALARMS * len(others), alarms


def test_a_digit_that_does_not_fit_is_no_number() -> None:
    for text in ("FR76 3000 6000 0112 3456 7890 188", "4111 1111 1111 1112", "1 84 06 75 123 456 00"):
        assert kinds(text) == set(), text


def test_the_place_of_each_is_returned_and_none_overlap() -> None:
    text = "Écris à a.b@exemple.fr ou au 06 12 34 56 78."
    found = [(finding.kind, text[finding.start : finding.end]) for finding in find_personal_data(text)]
    assert found == [(Kind.EMAIL, "a.b@exemple.fr"), (Kind.PHONE, "06 12 34 56 78")]


HOSTILE = ("1", "1 ", "06 1", "a@", "FR76 ", "12 Aa ", "1 rue ", "+1 ", "4111 ", "a@b.fr ", "1-", "12 de la ")


@pytest.mark.parametrize("part", HOSTILE)
def test_no_text_takes_long(part: str) -> None:
    """Twice the text takes about twice the time; a quadratic pattern would take four times as long."""

    def seconds(length: int) -> float:
        text = (part * length)[:length]
        spent = []
        for _ in range(5):
            start = time.process_time()
            find_personal_data(text)
            spent.append(time.process_time() - start)
        return min(spent)

    assert seconds(64_000) < 3 * 8 * seconds(8_000) + 0.01
