"""Names as servers give them, gathered from the public documentation of the presets and of gateways."""

import csv
from pathlib import Path

import pytest

from models_registry.discovery.matching import NameIndex
from models_registry.seed.load import load_catalogue
from models_registry.seed.read import read_catalogue

NAMES = Path(__file__).with_name("names.csv")


@pytest.mark.slow
@pytest.mark.django_db
def test_every_usual_name_is_found_and_no_other_model_is_taken_for_it() -> None:
    load_catalogue(read_catalogue())
    index = NameIndex()
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    found = {row["served"]: index.find_served(row["served"]) for row in rows}
    wrong = {
        row["served"]: (model.slug if model else "", row["slug"])
        for row in rows
        if (model := found[row["served"]]) is not None or row["slug"]
        if (model.slug if model else "") != row["slug"]
    }
    assert wrong == {}
