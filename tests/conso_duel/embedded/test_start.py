"""What `make run` does at each start, and what only at those that find something to prepare."""

from contextlib import closing
from pathlib import Path

import pytest

from conso_duel import run
from conso_duel.embedded import setup
from conso_duel.embedded.prepared_marker import Stamp
from conso_duel.embedded.processes import ProcessGroup
from models_registry.models import Endpoint
from tests.cast import petit_3b

TODAY = Stamp("today", {"petit": 8101})


class Watching(Exception):
    """Everything runs."""


@pytest.mark.parametrize(
    ("before", "steps"),
    [
        (None, ["foundation", "prepare", "site", "watch"]),
        (Stamp("yesterday", TODAY.model_ports), ["foundation", "prepare", "site", "watch"]),
        (TODAY, ["foundation", "site", "look_again", "watch"]),
    ],
)
def test_models_are_looked_at_whether_or_not_there_is_something_to_prepare(
    before: Stamp | None, steps: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def watch(*_: object) -> None:
        done.append("watch")
        raise Watching

    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9/0")
    monkeypatch.setattr(run, "folder_and_database", lambda: (tmp_path, "base"))
    monkeypatch.setattr(run.prepared_marker, "take", lambda *_: before)
    monkeypatch.setattr(run.prepared_marker, "for_this_start", lambda *_: TODAY)
    monkeypatch.setattr(run.signal, "signal", lambda *_: None)
    monkeypatch.setattr(run, "start_foundation", lambda *_: done.append("foundation"))
    monkeypatch.setattr(run, "prepare", lambda *_: done.append("prepare"))
    monkeypatch.setattr(run, "start_site", lambda *_: done.append("site"))
    monkeypatch.setattr(run, "look_again", lambda: done.append("look_again"))
    monkeypatch.setattr(run, "watch", watch)
    with closing(ProcessGroup()) as process_group, pytest.raises(Watching):
        run.serve(process_group)
    assert done == steps


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_not_there_this_time_is_told(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    petit_3b()
    Endpoint.objects.update(api_key_env="CLE_DE_PETIT")
    monkeypatch.setenv("CLE_DE_PETIT", "x")
    setup.look_again()
    assert "CLE_DE_PETIT" not in capfd.readouterr().err
    monkeypatch.delenv("CLE_DE_PETIT")
    setup.look_again()
    assert "la variable CLE_DE_PETIT manque" in capfd.readouterr().err
