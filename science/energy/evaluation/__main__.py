"""`python -m science.energy.evaluation`: every table of the evaluation."""

from science.energy.evaluation.report import text

print(text())
