"""Rows of a file, written through the forms of the admin."""

import json

import pytest

from models_registry.discovery.matching import NameIndex
from models_registry.exchange.apply import RowRefused, apply_row
from models_registry.exchange.export import FORMAT
from models_registry.exchange.parse import parse_file
from models_registry.seed.load import load_catalogue
from models_registry.seed.read import read_catalogue


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("size", [{"active_params_b": 25}, {"active_params_b": 25, "architecture": "dense"}])
def test_an_imported_row_of_a_mixture_without_its_architecture_is_refused(size: dict[str, object]) -> None:
    load_catalogue(read_catalogue())
    model = {
        "slug": "neuf", "name": "Neuf", "organisation": "z-ai", "licence": "mit", "total_params_b": 218,
        **size,
    }  # fmt: skip
    (row,) = parse_file(json.dumps({"format": FORMAT, "models": [model]}))
    with pytest.raises(RowRefused) as refused:
        apply_row(row, NameIndex(), None)
    assert any("actifs" in reason for reason in refused.value.reasons)
