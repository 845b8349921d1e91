"""Brings the rows of a file into the registry: a dry run that tells all, then everything or nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from models_registry.discovery.matching import NameIndex
from models_registry.exchange.apply import RowAction, RowOutcome, RowRefused, apply_row
from models_registry.exchange.parse import FileRow, RowKind


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Every row of a file with what becomes of it, in the file's order."""

    outcomes: tuple[RowOutcome, ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(str(outcome.action) for outcome in self.outcomes)

    @property
    def refused(self) -> int:
        return self.counts[RowAction.REFUSED]

    @property
    def written(self) -> int:
        return self.counts[RowAction.CREATED] + self.counts[RowAction.UPDATED]

    @property
    def digest(self) -> str:
        """The same for the same outcomes: what was shown is what is done."""
        told = json.dumps([asdict(outcome) for outcome in self.outcomes], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


class PlanChanged(Exception):
    """The registry has moved since the dry run, or rows are refused that nobody agreed to leave out."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__(plan)
        self.plan = plan


def dry_run(rows: Sequence[FileRow]) -> ImportPlan:
    """What an import would do: it is done, then undone, so that every rule has had its say."""
    with transaction.atomic():
        plan = _apply_rows(rows, user_id=None)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def run_import(
    rows: Sequence[FileRow], *, user_id: int | None, digest: str, leave_refused: bool = False
) -> ImportPlan:
    """Imports exactly what the dry run with this digest told; raises PlanChanged, and nothing is written."""
    plan = _apply_rows(rows, user_id)
    if plan.digest != digest or (plan.refused and not leave_refused):
        raise PlanChanged(plan)
    return plan


def _apply_rows(rows: Sequence[FileRow], user_id: int | None) -> ImportPlan:
    names = NameIndex()
    seen: set[tuple[RowKind, str]] = set()
    outcomes: list[RowOutcome] = []
    for row in rows:
        key = row.kind, row.slug
        outcomes.append(_refused_as_a_double(row) if key in seen else _apply_or_refuse(row, names, user_id))
        seen.add(key)
    return ImportPlan(tuple(outcomes))


def _refused_as_a_double(row: FileRow) -> RowOutcome:
    return _refusal(row, [_("Cette fiche est deux fois dans le fichier.")])


def _refusal(row: FileRow, reasons: Sequence[str]) -> RowOutcome:
    name = str(row.values.get("name") or row.slug)
    return RowOutcome(row.kind, row.place, name, RowAction.REFUSED, (), tuple(reasons), tuple(row.notes))


def _apply_or_refuse(row: FileRow, names: NameIndex, user_id: int | None) -> RowOutcome:
    """One row, whole or not at all."""
    if row.faults:
        return _refusal(row, row.faults)
    try:
        with transaction.atomic():
            return apply_row(row, names, user_id)
    except RowRefused as refused:
        return _refusal(row, refused.reasons)
