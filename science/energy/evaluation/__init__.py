"""Evaluation of the methods against measured energies, the only source of the accuracies shown.

Pages read `error_table` (error by task and load, with families left out and coverage of the range),
`ratio_table` (ratios on one host and on two), `families_left_out`, `context_asked`, `deepseek_production`
and `validate` (every run at a load of 64); `make science` prints the same. All are computed once per process.
"""

from science.energy.evaluation.context_cost import ContextAsked, context_asked
from science.energy.evaluation.error_table import (
    SERVICE_LOADS,
    ErrorCell,
    Errors,
    FamilyLeftOut,
    error_cell,
    error_table,
    families_left_out,
)
from science.energy.evaluation.measurements import Measurement, Task, read_measurements
from science.energy.evaluation.method_reports import WIDER_BATCHES, MethodReport, Point, Validation, validate
from science.energy.evaluation.production import Production, deepseek_production
from science.energy.evaluation.ratio_table import Hosts, RatioCell, ratio_cell, ratio_table

__all__ = [
    "SERVICE_LOADS",
    "WIDER_BATCHES",
    "ContextAsked",
    "ErrorCell",
    "Errors",
    "FamilyLeftOut",
    "Hosts",
    "Measurement",
    "MethodReport",
    "Point",
    "Production",
    "RatioCell",
    "Task",
    "Validation",
    "context_asked",
    "deepseek_production",
    "error_cell",
    "error_table",
    "families_left_out",
    "ratio_cell",
    "ratio_table",
    "read_measurements",
    "validate",
]
