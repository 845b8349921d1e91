"""A leaderboard of 1,000,000 votes in a real PostgreSQL, timed: `python -m tests.bench.leaderboard`.

From the table of votes to the published figures: summed by the database, fitted, with intervals clustered by
voter, ranks and frontier. Beside it, the fit of evalica on the same counts.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from conso_duel.embedded.processes import ProcessGroup
from tests.services import environment, postgres

Result = TypeVar("Result")

N_VOTES = 1_000_000
N_MODELS = 60
MOST_SECONDS = 2.0  # issue 6
MOST_MEGABYTES = 200.0

# Uneven voters, a few of whom vote a lot; strengths spread as in a real arena; a fifth of ties.
INVENTED_VOTES = """
INSERT INTO leaderboard_ballot (voter, first_id, second_id, first_on_a, outcome, excluded_reason,
    from_reactions, outside_id, length_difference, markdown_difference, cast_at)
SELECT ('x' || substr(md5(voter::text), 1, 15))::bit(60)::bigint, least(a, b), greatest(a, b), side < 0.5,
    CASE WHEN tie < 0.2 THEN 'tie'
         WHEN luck < 1 / (1 + exp(0.8 * (sin(greatest(a, b)) - sin(least(a, b))))) THEN 'first'
         ELSE 'second' END,
    '', false, '', length - 0.5, markdown - 0.5, now()
FROM (SELECT (power(random(), 2) * %(voters)s)::int AS voter, %(lowest)s + (random() * %(last)s)::int AS a,
             %(lowest)s + (random() * %(last)s)::int AS b, random() AS side, random() AS tie,
             random() AS luck, random() AS length, random() AS markdown
      FROM generate_series(1, %(drawn)s)) AS drawn
WHERE a <> b LIMIT %(votes)s
"""


def main(n_votes: int = N_VOTES) -> None:
    """Prints one line per step, and whether the whole keeps within the limits."""
    with (
        tempfile.TemporaryDirectory(prefix="conso-duel-bench-") as name,
        closing(ProcessGroup()) as process_group,
    ):
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL's own user passes through
        environment.prepare(folder)
        _prepare_database(process_group, folder, n_votes)
        _measure()


def _prepare_database(process_group: ProcessGroup, folder: Path, n_votes: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    database = settings.DATABASES["default"]
    postgres.start(process_group, folder / "postgres", int(database["PORT"]))
    database["NAME"] = "postgres"
    call_command("migrate", verbosity=0)
    first_id = _make_models()
    given = {"lowest": first_id, "last": N_MODELS - 1, "votes": n_votes, "voters": n_votes // 7}
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.2026)")
        cursor.execute(INVENTED_VOTES, given | {"drawn": n_votes + n_votes // 20})
        print(f"{cursor.rowcount:,} votes between {N_MODELS} models in PostgreSQL")
        cursor.execute("ANALYZE leaderboard_ballot")


def _make_models() -> int:
    """Models with following keys; returns the first."""
    from tests import cast

    size = {"architecture": "dense", "total_params_b": 8.0}
    made = [
        cast.make_model(f"modele-{number}", f"Modèle {number}", "Fabrique", cast.NOWHERE, size)
        for number in range(N_MODELS)
    ]
    return made[0].pk


def _measure() -> None:
    from leaderboard.models import OWN_SCOPE
    from leaderboard.ranking import score
    from leaderboard.ranking.aggregate import count_pairs, styled_votes
    from science.energy import ModelShape, estimate

    at_rest = _peak_megabytes()
    print(f"    {'the process at rest':<44}{at_rest:17.0f} MB")
    started = time.perf_counter()
    counts = _timed("summed by PostgreSQL and read", lambda: count_pairs(OWN_SCOPE))
    assert counts is not None
    everybody = range(N_MODELS)
    energies = [estimate(ModelShape("dense", 1.05**place), 1000) for place in everybody]
    scores = _timed(
        "fit, intervals clustered by voter, samples", lambda: score.score(counts.votes, everybody)
    )
    _timed("rank intervals", lambda: score.rank_bounds(scores, everybody))
    _timed("frontier", lambda: score.frontier_chances(scores, everybody, energies))
    seconds, megabytes = time.perf_counter() - started, _peak_megabytes()
    is_within = seconds < MOST_SECONDS and megabytes < MOST_MEGABYTES
    print(f"    {'in all':<44}{seconds:8.3f} s {megabytes:6.0f} MB  {'within' if is_within else 'BEYOND'}")
    limits = f"limits: {MOST_SECONDS} s, {MOST_MEGABYTES:.0f} MB"
    print(f"    {len(counts.votes.voter):,} rows of block and pair; {limits}")
    import_module("evalica")  # not before: it brings pandas, 70 MB
    from science.ranking.bench import evalica_fit

    _timed("beside: evalica's fit on the same counts", lambda: evalica_fit(counts.votes.scores()))
    styled = _timed(
        "beside: votes one by one, with their style", lambda: styled_votes(OWN_SCOPE, counts.model_ids)
    )
    assert styled is not None
    _timed("beside: fit and intervals at equal style", lambda: score.score_at_equal_style(styled, everybody))


def _timed(name: str, work: Callable[[], Result]) -> Result:
    started = time.perf_counter()
    result = work()
    print(f"    {name:<44}{time.perf_counter() - started:8.3f} s {_peak_megabytes():6.0f} MB")
    return result


def _peak_megabytes() -> float:
    """The most memory this process has held so far: the database's own is another process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=N_VOTES)
    main(parser.parse_args().votes)
