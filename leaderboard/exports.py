"""A snapshot for a machine: the whole of it, with its date and its licence."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from leaderboard.models import ESTABLISHED_FROM, LISTED_FROM, Row, Snapshot
from leaderboard.pairs import PairRecord

# Chosen because the French public arena publishes its votes under it, and CC BY accepts it.
LICENCE = "Licence Ouverte / Open Licence 2.0 (Etalab)"
LICENCE_LINK = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"

MODEL_COLUMNS = ("model", "name", "organisation", "licence", "architecture")
ROW_COLUMNS = (
    "votes", "standing", "points", "points_low", "points_high", "best_rank", "worst_rank", "beats_average",
    "style_points", "style_low", "style_high", "frontier_per_1000", "frontier_per_answer",
    "wh_per_1000_low", "wh_per_1000_mid", "wh_per_1000_high", "median_tokens",
    "wh_per_answer_low", "wh_per_answer_mid", "wh_per_answer_high",
)  # fmt: skip
SNAPSHOT_COLUMNS = ("votes_of", "computed_at", "ranking_method", "energy_method", "data_licence")


def _rows(snapshot: Snapshot) -> Iterable[Row]:
    rows = snapshot.rows.select_related("model__organisation", "model__licence")
    return rows.order_by("-points", "model__slug")


def _model(row: Row) -> dict[str, str]:
    model = row.model
    names = (model.slug, model.name, model.organisation.name, model.licence.name, model.architecture)
    return dict(zip(MODEL_COLUMNS, names, strict=True))


def _figures(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ROW_COLUMNS}


def _about(snapshot: Snapshot) -> dict[str, str]:
    """What every line of the CSV repeats: a line cut out of the file still says where it is from."""
    energy = f"{snapshot.energy_method} {snapshot.energy_version}"
    values = (snapshot.scope, snapshot.computed_at.isoformat(), snapshot.ranking_method, energy, LICENCE)
    return dict(zip(SNAPSHOT_COLUMNS, values, strict=True))


def as_csv(snapshot: Snapshot) -> str:
    """One line per model, decimals with a point, under English names."""
    text = StringIO()
    writer = csv.DictWriter(text, [*MODEL_COLUMNS, *ROW_COLUMNS, *SNAPSHOT_COLUMNS])
    writer.writeheader()
    for row in _rows(snapshot):
        writer.writerow(_model(row) | _figures(row) | _about(snapshot))
    return text.getvalue()


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot with its methods, what was excluded, its models and its pairs."""
    rows = list(_rows(snapshot))
    slugs = {row.model_id: row.model.slug for row in rows}
    return {
        **_about(snapshot),
        "data_licence_link": LICENCE_LINK,
        "counted_votes": snapshot.n_votes,
        "counted_votes_by_outcome": snapshot.outcomes,
        "excluded_votes_by_reason": snapshot.excluded,
        "listed_from_votes": LISTED_FROM,
        "established_from_votes": ESTABLISHED_FROM,
        "style_effects_points": snapshot.style,
        "models": [_model(row) | _figures(row) | {"reasons": row.reasons} for row in rows],
        "pairs": [_pair(PairRecord(*record), slugs) for record in snapshot.pairs],
    }


def _pair(record: PairRecord, slugs: dict[int, str]) -> dict[str, Any]:
    return {
        "first": slugs[record.first_id],
        "second": slugs[record.second_id],
        "first_wins": record.first_wins,
        "second_wins": record.second_wins,
        "ties": record.ties,
        "both_bad": record.both_bad,
    }
