"""« Comment est-ce calculé ? » says what the science computed, and types nothing by hand."""

import pytest

from duels.reveal.method_details import accuracy, explain_method, what_if_lines
from duels.reveal.options import RevealOptions, parse_options
from science.energy import METHODS, Architecture, Estimate, ModelShape, estimate
from science.energy.evaluation import validate
from web.formatting import percent

MIXTURE = ModelShape(Architecture.MIXTURE_OF_EXPERTS, 117.3, 11.9)
DENSE_8_BITS = ModelShape(Architecture.DENSE, 70, weight_bits=8)
SECRET = ModelShape(Architecture.UNDISCLOSED, None, total_range_b=(90, 610))


def energies(first: ModelShape, second: ModelShape, method: str = "physical-2026") -> list[Estimate]:
    return [estimate(shape, 300, method) for shape in (first, second)]


@pytest.mark.parametrize("name", METHODS)
def test_a_method_tells_its_version_date_steps_constants_and_limits(name: str) -> None:
    method = METHODS[name]
    card = explain_method(energies(MIXTURE, DENSE_8_BITS, name), method, RevealOptions())
    assert (card.version, card.source) == (method.version, method.source)
    assert card.date.endswith("2026")
    assert len(card.steps) >= 3
    assert card.limits == [limit.fr for limit in method.limits]
    assert len(card.constants) == len(method.constants)
    assert all(line.source.startswith("https://") for line in card.constants)


def test_the_accuracy_is_the_one_that_was_computed() -> None:
    shown, proof = accuracy(), validate()
    assert len(shown.columns) == len(proof.reports) == len(METHODS)
    by_label = {line.label: line.cells for line in shown.lines}
    assert by_label["À moins d’un facteur 2"] == [
        percent(report.accuracy.within_2_share) for report in proof.reports
    ]
    assert f"{proof.model_count} modèles" in shown.sentence


def test_each_factor_alone_has_its_effect_or_the_reason_why_it_has_none() -> None:
    dense, twice, eight_bits = what_if_lines(energies(MIXTURE, DENSE_8_BITS))
    assert dense.cells[0].startswith("×\u00a0") and dense.cells[1] == "déjà dense"
    assert all(cell.startswith("×\u00a02 (") for cell in twice.cells)
    assert eight_bits.cells[0].startswith("÷\u00a0") and eight_bits.cells[1] == "déjà 8\u00a0bits"


def test_of_a_secret_architecture_nobody_knows_what_dense_would_change() -> None:
    dense, _, _ = what_if_lines(energies(MIXTURE, SECRET))
    assert dense.cells[1] == "architecture non publiée"


def test_the_other_method_is_one_link_away_and_the_electricity_comes_along() -> None:
    physical = METHODS["physical-2026"]
    options = RevealOptions(method="ecologits-0.11.3", zone="FRA")
    card = explain_method(energies(MIXTURE, SECRET, "ecologits-0.11.3"), physical, options)
    assert [(link.query, link.is_shown) for link in card.links] == [
        ("?method=physical-2026.2&electricity=FRA", False),
        ("?method=physical-2026&electricity=FRA", False),
        ("?method=ecologits-0.11.3&electricity=FRA", True),
    ]
    assert card.of_the_day is not None and card.of_the_day.query == "?electricity=FRA"


def test_what_does_not_exist_is_no_choice() -> None:
    assert parse_options({"method": "magique", "electricity": "<b>"}) == RevealOptions()
    assert RevealOptions().query == ""
