"""Make a release: every file in one folder, with a manifest and checksums."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from leaderboard.pages.downloads import LICENCE, LICENCE_URL
from open_data import public_rows
from open_data.columns import LEADERBOARD, MODELS, REASONS, REMOVED, TABLES, TEXTS, VOTES
from open_data.documentation import write_documentation
from open_data.duel_rows import holds_personal_data, text_rows, vote_row
from open_data.files import sha256_of, write_table
from open_data.models import PublishedDuel
from open_data.selection import load, months, register

FORMAT_VERSION = 1
MANIFEST, CHECKSUMS = "manifest.json", "SHA256SUMS"


@dataclass(slots=True)
class Content:
    """The content of a release: keys of PublishedDuel, and rows by file name without its ending."""

    published: set[int] = field(default_factory=set)
    with_texts: set[int] = field(default_factory=set)
    held_back_texts: int = 0  # agreed to, but they seem to hold personal data
    rows: dict[str, int] = field(default_factory=dict)


def write_release(folder: Path, now: datetime) -> dict[str, Any]:
    """Write a whole release into an empty folder; returns its manifest."""
    content, chosen = Content(), months(now)
    for month in chosen.published:
        _write_month(folder, month, now, content)
    for month, snapshot in sorted(public_rows.last_snapshots(now).items()):
        rows = public_rows.leaderboard_rows(month, snapshot)
        content.rows[f"{LEADERBOARD.name}-{month}"] = write_table(folder, LEADERBOARD, rows, month)
    content.rows[MODELS.name] = write_table(folder, MODELS, public_rows.model_rows())
    content.rows[REASONS.name] = write_table(folder, REASONS, public_rows.reason_rows())
    removed = public_rows.removed_rows(content.published, content.with_texts)
    content.rows[REMOVED.name] = write_table(folder, REMOVED, removed)
    for table in TABLES:
        write_documentation(folder, table)
    return _write_manifest(folder, content, chosen.held_back)


def _write_month(folder: Path, month: str, now: datetime, content: Content) -> None:
    keys = register(month, now)
    content.published.update(keys)
    votes = (vote_row(published, duel) for published, duel in load(keys))
    content.rows[f"{VOTES.name}-{month}"] = write_table(folder, VOTES, votes, month)
    content.rows[f"{TEXTS.name}-{month}"] = write_table(folder, TEXTS, _texts(keys, content), month)


def _texts(keys: list[int], content: Content) -> Iterator[dict[str, Any]]:
    """The rows of the texts that may be published; says in `content` which these are."""
    agreed = PublishedDuel.objects.filter(pk__in=keys, duel__texts_in_open_data=True)
    for published, duel in load(list(agreed.values_list("pk", flat=True))):
        if holds_personal_data(duel):
            content.held_back_texts += 1
        else:
            content.with_texts.add(published.pk)
            yield from text_rows(published, duel)


def _write_manifest(folder: Path, content: Content, held_back: tuple[str, ...]) -> dict[str, Any]:
    """List every file with its checksum; in JSON, and as `sha256sum --check` reads it."""
    paths = sorted(folder.iterdir())
    digests = {path.name: sha256_of(path) for path in paths}
    manifest = {
        "format_version": FORMAT_VERSION,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "months_held_back": list(held_back),
        "duels_whose_texts_are_held_back": content.held_back_texts,
        "files": [
            {
                "name": path.name,
                "bytes": path.stat().st_size,
                "sha256": digests[path.name],
                "rows": content.rows.get(path.name.removesuffix(".jsonl.gz").removesuffix(".parquet")),
            }
            for path in paths
        ],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    digests[MANIFEST] = sha256_of(folder / MANIFEST)
    sums = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8")
    published = PublishedDuel.objects.filter(pk__in=content.with_texts, with_texts=False)
    published.update(with_texts=True)
    return manifest
