"""The disk of the embedded database is full: every page says so, nothing is shown as saved that is not."""

import html
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conso_duel.embedded.processes import ProcessGroup
from tests.duels.conftest import GRAND, PETIT
from tests.faults.conftest import assert_nothing_personal_in, new_folder
from tests.faults.page import PROMPT, WORD, Page
from tests.faults.processes import Site, clean_environment
from tests.upstream import Upstream, answer

SOME_ROOM_BYTES = 110_000  # for the log of SQLite's changes (WAL)
NO_ROOM_BYTES = 33_000  # just what readers share; less than the log already has
PREPARE = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests import cast
cast.petit_3b(sys.argv[1])
cast.grand_70b(sys.argv[1])
"""
LONG_PROMPT = PROMPT + " Dis-le longuement." * 350
COMMENT = LONG_PROMPT[:2000]


@pytest.fixture
def database(upstream: Upstream, static_files: None) -> Path:
    """An SQLite database with two models, all of it in its main file."""
    path = new_folder() / "conso_duel.sqlite3"
    environment = clean_environment(DATABASE_URL=f"sqlite:///{path}")
    subprocess.run([sys.executable, "-c", PREPARE, upstream.url], env=environment, check=True)
    rows(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def site(own_family: ProcessGroup, database: Path) -> Iterator[Site]:
    site = Site(own_family, database.parent, clean_environment(DATABASE_URL=f"sqlite:///{database}"))
    site.start("valkey", "worker", "web", "beat")
    yield site
    site.stop("beat", "web", "worker", "valkey")
    assert_nothing_personal_in(site)


def leave_room(site: Site, name: str, size_bytes: int) -> None:
    """From now on, no file of this process may grow beyond that size."""
    site.stop(name)
    site.start(name)
    site.limit_files(name, size_bytes)


@contextmanager
def growing_log(path: Path) -> Iterator[None]:
    """A reader who stays keeps SQLite from emptying the log of its changes."""
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM duels_duel").fetchall()
    yield
    reader.close()


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_an_answer_that_cannot_be_stored_is_not_shown_as_finished(
    site: Site, database: Path, upstream: Upstream
) -> None:
    leave_room(site, "worker", SOME_ROOM_BYTES)
    long = f"{WORD} " * (SOME_ROOM_BYTES // 10)
    upstream.play(PETIT, answer(long))
    upstream.play(GRAND, answer("Je suis bref."))
    with site.visitor() as visitor:
        with Page(visitor, visitor.open_duel(PROMPT)) as page:
            endings = page.wait_for_end().endings
        assert {ending.name[2:] for ending in endings.values()} == {"done", "failed"}
        assert "interrompue en chemin" in visitor.http.get(page.duel).text
        stored = dict(rows(database, "SELECT state, text FROM duels_answer"))
        assert stored.keys() == {"done", "failed"}
        assert stored["done"] == "Je suis bref."
        assert long.startswith(stored["failed"])  # what was shown, stored by a process that has room


def test_questions_and_votes_that_find_no_room_are_given_back_and_taken_later(
    site: Site, database: Path
) -> None:
    with site.visitor() as visitor:
        with growing_log(database):
            duel = visitor.open_duel(PROMPT)
            visitor.follow(duel)
            leave_room(site, "web", NO_ROOM_BYTES)
            question = visitor.post("/duels/", prompt=LONG_PROMPT)
            vote = visitor.post(f"{duel}vote/", choice="a", comment_a=COMMENT)
            for response, typed in ((question, LONG_PROMPT), (vote, COMMENT)):
                assert response.status_code == 503
                assert "ne peut rien enregistrer pour le moment" in response.text
                assert typed in html.unescape(response.text)
            for path in ("/", duel, "/duels/"):
                assert visitor.http.get(path).status_code == 200
        leave_room(site, "web", resource.RLIM_INFINITY)
        assert rows(database, "SELECT count(*) FROM duels_turn") == [(1,)]
        assert rows(database, "SELECT count(*) FROM duels_vote") == [(0,)]
        assert visitor.post("/duels/", prompt=LONG_PROMPT).status_code == 200
        assert 'id="reveal"' in visitor.post(f"{duel}vote/", choice="a", comment_a=COMMENT).text
        assert rows(database, "SELECT count(*) FROM duels_turn") == [(2,)]
        assert rows(database, "SELECT choice FROM duels_vote") == [("a",)]
