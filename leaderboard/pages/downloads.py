"""A whole snapshot as CSV or JSON, with its date and its licence."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Any

from django.conf import settings

from duels.votes.vote_reasons import vote_reasons
from leaderboard.models import (
    ESTABLISHED_FROM,
    LISTED_FROM,
    OWN_SCOPE,
    WHOLE_SCOPE,
    Row,
    Snapshot,
    VoteSource,
)
from leaderboard.ranking.pairs import PairRecord
from web.csv_cells import escape_cell

# Chosen because the French public arena publishes its votes under it, and CC BY accepts it.
LICENCE = "Licence Ouverte / Open Licence 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"

MODEL_COLUMNS = ("model", "name", "organisation", "licence", "architecture")
ROW_COLUMNS = (
    "votes", "standing", "points", "points_low", "points_high", "best_rank", "worst_rank", "beats_average",
    "style_points", "style_low", "style_high", "frontier_per_1000", "frontier_per_answer",
    "wh_per_1000_low", "wh_per_1000_mid", "wh_per_1000_high", "median_tokens",
    "wh_per_answer_low", "wh_per_answer_mid", "wh_per_answer_high",
)  # fmt: skip
UNKNOWN_LICENCE = "not told by this arena"
SNAPSHOT_COLUMNS = ("votes_of", "computed_at", "ranking_method", "energy_method", "data_licence")


@dataclass(frozen=True, slots=True)
class DataLicence:
    """The licence of the votes of one arena; `licence` is empty where the arena states none.

    link: the text of the licence for our own votes, the page of the arena for others.
    """

    votes_of: str
    name: str
    licence: str
    link: str


def licences(scope: str, sources: Iterable[VoteSource] | None = None) -> list[DataLicence]:
    """The licences of the votes of a scope: one for each arena they come from, ours first.

    sources: all imported arenas, if the caller has loaded them.
    """
    sources = VoteSource.objects.all() if sources is None else sources
    ours = [DataLicence(OWN_SCOPE, settings.SITE_NAME, LICENCE, LICENCE_URL)]
    imported = [
        DataLicence(source.slug, source.name, source.licence, source.link)
        for source in sources
        if scope in (source.slug, WHOLE_SCOPE)
    ]
    return ours + imported if scope in (OWN_SCOPE, WHOLE_SCOPE) else imported


def _licence_label(licences: Sequence[DataLicence]) -> str:
    if len(licences) == 1:
        return licences[0].licence or UNKNOWN_LICENCE
    return "; ".join(f"{each.votes_of}: {each.licence or UNKNOWN_LICENCE}" for each in licences)


def _rows(snapshot: Snapshot) -> Iterable[Row]:
    rows = snapshot.rows.select_related("model__organisation", "model__licence")
    return rows.order_by("-points", "model__slug")


def _model_columns(row: Row) -> dict[str, str]:
    model = row.model
    names = (model.slug, model.name, model.organisation.name, model.licence.name, model.architecture)
    return dict(zip(MODEL_COLUMNS, names, strict=True))


def _row_columns(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ROW_COLUMNS}


def _snapshot_columns(snapshot: Snapshot) -> dict[str, str]:
    """Columns repeated on every line of the CSV, so that a line copied elsewhere carries its source."""
    energy = f"{snapshot.energy_method} {snapshot.energy_version}"
    licence = _licence_label(licences(snapshot.scope))
    values = (snapshot.scope, snapshot.computed_at.isoformat(), snapshot.ranking_method, energy, licence)
    return dict(zip(SNAPSHOT_COLUMNS, values, strict=True))


def snapshot_csv(snapshot: Snapshot) -> str:
    """One line for each model; decimal points, English column names."""
    text = StringIO()
    writer = csv.DictWriter(text, [*MODEL_COLUMNS, *ROW_COLUMNS, *SNAPSHOT_COLUMNS])
    writer.writeheader()
    about = _snapshot_columns(snapshot)
    for row in _rows(snapshot):
        cells = _model_columns(row) | _row_columns(row) | about
        writer.writerow({name: escape_cell(cell) for name, cell in cells.items()})
    return text.getvalue()


def snapshot_json(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot with its methods, excluded ballots, models and pairs."""
    rows = list(_rows(snapshot))
    slugs = {row.model_id: row.model.slug for row in rows}
    return {
        **_snapshot_columns(snapshot),
        "data_licences": [asdict(each) for each in licences(snapshot.scope)],
        "counted_votes": snapshot.n_votes,
        "counted_votes_by_outcome": snapshot.outcomes,
        "excluded_votes_by_reason": snapshot.excluded,
        "set_aside": snapshot.set_asides,
        "listed_from_votes": LISTED_FROM,
        "established_from_votes": ESTABLISHED_FROM,
        "style_effects_points": snapshot.style,
        "vote_reasons": [asdict(reason) for reason in vote_reasons()],
        "models": [_model_columns(row) | _row_columns(row) | {"reasons": row.reasons} for row in rows],
        "pairs": [_pair_json(PairRecord(*record), slugs) for record in snapshot.pairs],
    }


def _pair_json(record: PairRecord, slugs: dict[int, str]) -> dict[str, Any]:
    return {
        "first": slugs[record.first_id],
        "second": slugs[record.second_id],
        "first_wins": record.first_wins,
        "second_wins": record.second_wins,
        "ties": record.ties,
        "both_bad": record.both_bad,
    }
