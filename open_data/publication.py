"""Publish a release on the site, into a folder, or try it without leaving a trace."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction

from leaderboard.ballots.collect import collect
from open_data.files import sha256_of
from open_data.models import Release, ReleasedFile
from open_data.pushing import push
from open_data.release import MANIFEST, write_release


class NotOurFolder(ValueError):
    """The folder holds something else than an earlier release."""


@contextmanager
def built_release(now: datetime, beside: Path | None = None) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder with a whole release, and its manifest; deleted at the end unless it was renamed.

    beside: the folder that it will replace, so that both are on one disk.
    """
    if beside:
        beside.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".release-", dir=beside and beside.parent) as work:
        folder = Path(work) / "release"
        folder.mkdir()
        yield folder, write_release(folder, now)


def rehearse(now: datetime) -> dict[str, Any]:
    """The manifest of a release that is made and thrown away; nothing is stored."""
    with transaction.atomic():
        collect()
        with built_release(now) as (_, manifest):
            transaction.set_rollback(True)
            return manifest


def publish(
    now: datetime, out: Path | None = None, targets: Iterable[str] = ()
) -> tuple[dict[str, Any], bool]:
    """Publish on the site, into `out` and to `targets`, as `push` knows them.

    Returns the manifest, and whether the site's files have changed. Raises NotOurFolder and PushFailed.
    """
    if out and out.exists() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise NotOurFolder(out)
    collect()
    with built_release(now, beside=out) as (folder, manifest):
        has_changed = _store(folder, manifest)
        for target in targets:
            push(folder, target)
        if out:
            _replace(out, folder)
    return manifest, has_changed


@transaction.atomic
def _store(folder: Path, manifest: dict[str, Any]) -> bool:
    """Put the files in place of those of the last release, all of them at once."""
    digest = sha256_of(folder / MANIFEST)
    latest = Release.objects.select_for_update().first()
    if latest and latest.digest == digest:
        return False
    ReleasedFile.objects.all().delete()
    for path in sorted(folder.iterdir()):
        ReleasedFile.objects.create(name=path.name, content=path.read_bytes(), sha256=sha256_of(path))
    Release.objects.create(digest=digest, manifest=manifest)
    return True


def _replace(out: Path, folder: Path) -> None:
    """Rename the new folder into place. `out` is absent for a moment between two whole releases."""
    older = folder.with_name("older")
    if out.exists():
        out.rename(older)
    folder.rename(out)
    shutil.rmtree(older, ignore_errors=True)
