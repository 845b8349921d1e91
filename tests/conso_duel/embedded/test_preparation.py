import os
from pathlib import Path
from unittest.mock import Mock

import pytest
from pytest_django import Settings

from conso_duel.embedded import preparation


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """The management commands that are called, none of them run."""
    called = Mock()
    monkeypatch.setattr(preparation, "call_command", called)
    return called


@pytest.fixture
def own_static_file(settings: Settings, tmp_path: Path) -> Path:
    """One stylesheet, in a project of its own."""
    source = tmp_path / "source" / "page.css"
    source.parent.mkdir()
    source.write_text("p { margin: 0 }")
    settings.STATICFILES_DIRS = [source.parent]
    settings.STATE_DIR = tmp_path
    return source


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_left_alone(commands: Mock) -> None:
    preparation.apply_migrations()
    commands.assert_not_called()


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_run(commands: Mock) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="duels").delete()
    preparation.apply_migrations()
    commands.assert_called_once_with("migrate", interactive=False, verbosity=0)


def test_static_files_are_collected_once(commands: Mock, own_static_file: Path) -> None:
    preparation.collect_static_files()
    preparation.collect_static_files()
    assert commands.call_count == 1


def test_a_changed_static_file_is_collected_again(commands: Mock, own_static_file: Path) -> None:
    preparation.collect_static_files()
    os.utime(own_static_file, (1, 1))
    preparation.collect_static_files()
    assert commands.call_count == 2


def test_a_new_static_file_is_collected(commands: Mock, own_static_file: Path) -> None:
    preparation.collect_static_files()
    own_static_file.with_name("other.css").write_text("p { margin: 1px }")
    preparation.collect_static_files()
    assert commands.call_count == 2
