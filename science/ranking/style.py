"""Differences of style between two answers, as covariates of a contextual fit."""

import numpy as np
import numpy.typing as npt

from science.ranking.logistic import Floats

STYLE = ("length", "markdown", "side")  # the columns of `style_covariates`, in order


def style_covariates(
    first_tokens: npt.ArrayLike,
    second_tokens: npt.ArrayLike,
    first_markdown: npt.ArrayLike,
    second_markdown: npt.ArrayLike,
) -> Floats:
    """Shape (m, 3): relative difference of length, relative difference of Markdown, and 1 for the side.

    first is the model shown on side a, in the rows of `VoterCounts` too. All of shape (m,), from zero up:
    tokens of each answer; headings, list items and bold passages of each answer, counted together.
    """
    length = relative_difference(first_tokens, second_tokens)
    markdown = relative_difference(first_markdown, second_markdown)
    return np.column_stack([length, markdown, np.ones_like(length)])


def relative_difference(first: npt.ArrayLike, second: npt.ArrayLike) -> Floats:
    """(first - second) / (first + second), from -1 to 1; zero where both are zero."""
    ours, theirs = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    total = ours + theirs
    return np.asarray((ours - theirs) / np.where(total > 0, total, 1.0))
