"""Counts and coefficients that others published, to compare with."""

import numpy as np

from science.ranking.logistic import Floats

# Wins of the row's team over the column's, and the strengths found (geometric mean 1).
# Source: https://en.wikipedia.org/wiki/Bradley-Terry_model, "Worked example of solution procedure".
WIKIPEDIA_SCORES = np.array([[0, 2, 0, 1], [3, 0, 5, 0], [0, 3, 0, 1], [4, 0, 3, 0]])
WIKIPEDIA_STRENGTHS = [0.640, 1.043, 0.660, 2.270]

# How often the row's journal was cited by the column's: Biometrika, Communications in Statistics, JASA,
# JRSS-B.
# Source: Stigler 1994, "Citation patterns in the journals of statistics and probability", Statistical Science
# 9, as in Agresti 2002, "Categorical Data Analysis", p. 448. A journal's citations of itself are left out.
BIOMETRIKA, COMMUNICATIONS, JASA, JRSS_B = range(4)
CITATION_SCORES = np.array([[0, 730, 498, 221], [33, 0, 68, 17], [320, 813, 0, 142], [284, 276, 325, 0]])
# Abilities and standard errors by reference, as the R package BradleyTerry2 prints them:
# https://github.com/hturner/BradleyTerry2/blob/master/tests/BTabilities.Rout.save
CITATIONS_FROM_BIOMETRIKA = (
    [0.0, -2.9490725, -0.4795698, 0.2689541],
    [0.0, 0.10254534, 0.06058873, 0.07082997],
)
CITATIONS_FROM_JASA = ([0.4795698, -2.4695027, 0.0, 0.7485238], [0.06058873, 0.09817049, 0.0, 0.07294356])
CITATIONS_FROM_MEAN = (
    [0.7899221, -2.1591504, 0.3103523, 1.0588761],
    [0.04333047, 0.07257974, 0.04164102, 0.05304699],
)

# Baseball of 1987, American League East: wins at home of the row's team over the column's, then its losses
# there.
# Baltimore, Boston, Cleveland, Detroit, Milwaukee, New York, Toronto. Source: Agresti 2002, p. 438, as in
# https://github.com/hturner/BradleyTerry2/blob/master/data/baseball.csv
HOME_WINS = np.array(
    [
        [0, 1, 3, 1, 2, 2, 1],
        [6, 0, 5, 2, 5, 4, 3],
        [2, 4, 0, 3, 2, 4, 3],
        [4, 6, 6, 0, 3, 4, 4],
        [6, 6, 4, 4, 0, 4, 4],
        [6, 4, 4, 5, 3, 0, 2],
        [6, 4, 4, 4, 2, 2, 0],
    ]
)
HOME_LOSSES = np.array(
    [
        [0, 6, 4, 5, 5, 4, 6],
        [0, 0, 2, 5, 1, 2, 3],
        [4, 2, 0, 3, 5, 3, 4],
        [3, 0, 1, 0, 3, 3, 2],
        [0, 1, 2, 3, 0, 3, 2],
        [1, 3, 2, 1, 3, 0, 5],
        [0, 3, 2, 3, 5, 4, 0],
    ]
)
# https://github.com/hturner/BradleyTerry2/blob/master/tests/baseball.Rout.save, relative to Baltimore.
BASEBALL_STRENGTHS = [0.0, 1.1077, 0.6839, 1.4364, 1.5814, 1.2476, 1.2945]
BASEBALL_STRENGTHS_AWAY = [0.0, 1.1438, 0.7047, 1.4754, 1.6196, 1.2813, 1.3271]
BASEBALL_HOME_ADVANTAGE = 0.3023


def relative_to(strengths: Floats, reference: int) -> Floats:
    """The strengths moved so that the reference is at zero."""
    return np.asarray(strengths - strengths[reference])
