"""The method page and `make science` say the same: both are read from the evaluation's tables."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from learn.method import error_tables
from learn.method.error_tables import error, headline
from science.energy import DEFAULT_METHOD
from science.energy.evaluation import Task, error_cell, error_table, families_left_out, ratio_table
from science.energy.evaluation.report import text
from tests.markup import flat
from web.formatting import percent


@pytest.fixture(scope="module")
def printed() -> dict[tuple[str, str], list[str]]:
    """The lines of errors that the command prints for the method in use, by task and load, as words."""
    lines: dict[tuple[str, str], list[str]] = {}
    task = ""
    for line in text().splitlines():
        if found := re.match(r"(\w+): \d+ runs of", line):
            task = found[1]
        elif found := re.match(rf"{re.escape(DEFAULT_METHOD)} +(\d+(?: to \d+)?) +(\d.*)", line):
            lines.setdefault((task, found[1]), found[2].split())
    return lines


def test_each_row_is_what_the_command_prints(printed: dict[tuple[str, str], list[str]]) -> None:
    with translation.override("en"):
        rows = [(table.task, line) for table in error_tables.task_tables() for line in table.lines]
    assert len(rows) == len(printed) == len([c for c in error_table() if c.method_name == DEFAULT_METHOD])
    for task, line in rows:
        words = printed[task, line.label.replace(",", "")]
        runs, median, within, *_ = (cell.replace("%", "").strip() for cell in line.cells)
        assert runs.replace(",", "") == words[0]
        assert float(median.removeprefix("× ")) == pytest.approx(float(words[1].removeprefix("x")), abs=0.006)
        assert float(within) == pytest.approx(float(words[3].removesuffix("%")), abs=0.5)


def test_each_row_of_ratios_is_what_the_command_prints() -> None:
    printed = [
        line.split()[3:]
        for line in text().splitlines()
        if re.match(rf"{re.escape(DEFAULT_METHOD)} +\w+ +(same|two_\w+) ", line)
    ]
    with translation.override("en"):
        rows = [line.cells for line in error_tables.ratio_lines()]
    assert len(rows) == 6
    for cells, words in zip(rows, printed, strict=True):
        pairs, median, within, factor_95, inside, order = cells
        assert pairs.replace(",", "") == words[0]
        assert float(median.removeprefix("× ")) == pytest.approx(float(words[1].strip("x")), abs=0.006)
        assert float(factor_95.removeprefix("× ")) == pytest.approx(float(words[3].strip("x")), abs=0.006)
        for share, word in ((within, words[2]), (inside, words[5]), (order, words[7])):
            printed_share = float(word.strip("%"))
            if share.startswith("more than 99"):
                assert 99 < printed_share < 100
            else:
                assert float(share.strip("%").strip()) == pytest.approx(printed_share, abs=0.55)


def test_the_page_shows_every_cell_family_and_ratio(registry: None, client: Client) -> None:
    body = flat(client.get(reverse("learn:method")).content.decode())
    tables = error_tables.task_tables()
    assert {table.task for table in tables} == set(Task)
    lines = [line for table in tables for line in table.lines]
    for line in (*lines, *error_tables.family_lines(), *error_tables.ratio_lines()):
        assert f'scope="row">{line.label}</th>' in body
        assert all(f"<td>{cell}</td>" in body for cell in line.cells)
    assert len(error_tables.family_lines()) == len(families_left_out())
    assert len(error_tables.ratio_lines()) == len(
        [c for c in ratio_table() if c.method_name == DEFAULT_METHOD]
    )


def test_the_sentences_give_the_conditions_of_their_figures(registry: None, client: Client) -> None:
    body = flat(client.get(reverse("learn:method")).content.decode())
    numbers = headline()
    for shown in (numbers.at_64, numbers.median, numbers.apart):
        assert shown in body
    least = min(cell.inside_share for cell in error_table() if cell.method_name == DEFAULT_METHOD)
    inside = f"mais {numbers.code_inside} seulement pour du code"
    assert inside in body and f"n’en contenir que {percent(least)}." in body
    known = [error_cell(DEFAULT_METHOD, task, (16, 256)).known_inside_share for task in Task]
    chat, reasoning, code = (percent(share) for share in known if share is not None)
    assert f"de 16 à 256 conversations, {chat}, {reasoning} et {code}." in body
    assert "bien plus sûr" not in body
    assert error(1.5) == "× 1,50"
