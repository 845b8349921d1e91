"""Brings the rows of a file into the registry: a dry run that tells all, then everything or nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from models_registry.discovery.matching import Names
from models_registry.exchange.apply import Action, Outcome, Refused, write
from models_registry.exchange.parse import Kind, Row


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row of a file with what becomes of it, in the file's order."""

    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(str(outcome.action) for outcome in self.outcomes)

    @property
    def refused(self) -> int:
        return self.counts[Action.REFUSED]

    @property
    def written(self) -> int:
        return self.counts[Action.CREATED] + self.counts[Action.UPDATED]

    @property
    def digest(self) -> str:
        """The same for the same outcomes: what was shown is what is done."""
        told = json.dumps([asdict(outcome) for outcome in self.outcomes], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


class PlanChanged(Exception):
    """The registry has moved since the dry run, or rows are refused that nobody agreed to leave out."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.plan = plan


def dry_run(rows: Sequence[Row]) -> Plan:
    """What an import would do: it is done, then undone, so that every rule has had its say."""
    with transaction.atomic():
        plan = _carry_out(rows, user_id=None)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def carry_out(rows: Sequence[Row], *, user_id: int | None, digest: str, leave_refused: bool = False) -> Plan:
    """Imports exactly what the dry run with this digest told; raises PlanChanged, and nothing is written."""
    plan = _carry_out(rows, user_id)
    if plan.digest != digest or (plan.refused and not leave_refused):
        raise PlanChanged(plan)
    return plan


def _carry_out(rows: Sequence[Row], user_id: int | None) -> Plan:
    names = Names()
    seen: set[tuple[Kind, str]] = set()
    outcomes: list[Outcome] = []
    for row in rows:
        key = row.kind, row.slug
        outcomes.append(_refused_as_a_double(row) if key in seen else _one(row, names, user_id))
        seen.add(key)
    return Plan(tuple(outcomes))


def _refused_as_a_double(row: Row) -> Outcome:
    return _refusal(row, [_("Cette fiche est deux fois dans le fichier.")])


def _refusal(row: Row, reasons: Sequence[str]) -> Outcome:
    name = str(row.values.get("name") or row.slug)
    return Outcome(row.kind, row.place, name, Action.REFUSED, (), tuple(reasons), tuple(row.notes))


def _one(row: Row, names: Names, user_id: int | None) -> Outcome:
    """One row, whole or not at all."""
    if row.faults:
        return _refusal(row, row.faults)
    try:
        with transaction.atomic():
            return write(row, names, user_id)
    except Refused as refused:
        return _refusal(row, refused.reasons)
