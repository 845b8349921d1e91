"""Import rows of a file: first a dry run that shows the plan, then the same plan, all or nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import router, transaction
from django.utils.translation import gettext as _

from models_registry.discovery.matching import NameIndex
from models_registry.exchange.apply import RowAction, RowOutcome, RowRefused, apply_row
from models_registry.exchange.parse import FileRow, RowKind
from models_registry.exchange.rehearsal import rehearsal
from models_registry.models import LanguageModel

WRITING_ACTIONS = (RowAction.CREATED, RowAction.UPDATED)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Outcomes of all rows of a file, in its order."""

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
        """Hash of the outcomes: `run_import` refuses to do anything but what the dry run showed."""
        serialized = json.dumps([asdict(outcome) for outcome in self.outcomes], sort_keys=True)
        return hashlib.sha256(serialized.encode()).hexdigest()


class PlanChanged(Exception):
    """The plan is no longer that of the dry run, or it has refused rows that nobody agreed to leave out."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__(plan)
        self.plan = plan


class _Diverged(Exception):
    """The registry has changed between the plan and the transaction."""


def dry_run(rows: Sequence[FileRow]) -> ImportPlan:
    """Plan an import: write all rows to a copy of the registry, so that every rule applies."""
    with rehearsal():
        return _apply_rows(rows, user_id=None)


def run_import(
    rows: Sequence[FileRow], *, user_id: int | None, digest: str, leave_refused: bool = False
) -> ImportPlan:
    """Import the rows as in the dry run of this digest; raises PlanChanged and writes nothing otherwise.

    The plan is made again first: the transaction, for which SQLite's other writers wait, has only the rows
    that change something.
    """
    plan = dry_run(rows)
    if plan.digest != digest or (plan.refused and not leave_refused):
        raise PlanChanged(plan)
    planned = [outcome for outcome in plan.outcomes if outcome.action in WRITING_ACTIONS]
    places = {outcome.place for outcome in planned}
    try:
        with transaction.atomic():
            written = _apply_rows([row for row in rows if row.place in places], user_id)
            if list(written.outcomes) != planned:
                raise _Diverged
    except _Diverged:
        raise PlanChanged(dry_run(rows)) from None
    return plan


def _apply_rows(rows: Sequence[FileRow], user_id: int | None) -> ImportPlan:
    index = NameIndex()
    seen: set[tuple[RowKind, str]] = set()
    outcomes: list[RowOutcome] = []
    for row in rows:
        key = row.kind, row.slug
        if key in seen:
            outcomes.append(_refuse(row, [_("Cette fiche est deux fois dans le fichier.")]))
        else:
            outcomes.append(_apply_or_refuse(row, index, user_id))
        seen.add(key)
    return ImportPlan(tuple(outcomes))


def _refuse(row: FileRow, reasons: Sequence[str]) -> RowOutcome:
    name = str(row.values.get("name") or row.slug)
    return RowOutcome(
        row.kind, row.place, name, RowAction.REFUSED, reasons=tuple(reasons), notes=tuple(row.notes)
    )


def _apply_or_refuse(row: FileRow, index: NameIndex, user_id: int | None) -> RowOutcome:
    """Write the row in a savepoint: all of it, or nothing when it is refused."""
    if row.errors:
        return _refuse(row, row.errors)
    try:
        with transaction.atomic(using=router.db_for_write(LanguageModel)):
            return apply_row(row, index, user_id)
    except RowRefused as refused:
        return _refuse(row, refused.reasons)
