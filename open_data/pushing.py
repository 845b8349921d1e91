"""Send the files of a release to Hugging Face (hf:owner/name) or to an S3 bucket (s3:bucket/prefix).

Both libraries are optional (`uv sync --group push`) and read keys and addresses from their usual variables:
HF_TOKEN, HF_ENDPOINT; AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from open_data.columns import FILE_NAME
from open_data.release import CHECKSUMS, MANIFEST

TARGET = re.compile(r"(?P<scheme>hf|s3):(?P<place>[\w.-]+(?:/[\w./-]+)?)")


class InvalidTarget(ValueError):
    """The target is neither hf:owner/name nor s3:bucket/prefix."""


class PushFailed(Exception):
    """The other site refused, did not answer, or its library is missing."""


def push(folder: Path, target: str) -> None:
    """Send every file of a release, and delete there what it no longer holds.

    Raises InvalidTarget and PushFailed.
    """
    send, place = parse_target(target)
    try:
        send(folder, place)
    except ImportError as error:
        raise PushFailed(f"uv sync --group push: {error}") from error
    except Exception as error:  # each library has a tree of its own, and the network's beside it
        raise PushFailed(f"{target}: {type(error).__name__}: {error}") from error


def parse_target(target: str) -> tuple[Any, str]:
    """The function that sends to this target, and the place that it takes. Raises InvalidTarget."""
    found = TARGET.fullmatch(target)
    if found is None or (found["scheme"] == "hf" and found["place"].count("/") != 1):
        raise InvalidTarget(target)
    return {"hf": _push_to_hugging_face, "s3": _push_to_s3}[found["scheme"]], found["place"]


def _push_to_hugging_face(folder: Path, place: str) -> None:
    """One commit for the whole release; the data set must be there."""
    hub = import_module("huggingface_hub")
    operations = [
        hub.CommitOperationAdd(path_in_repo=path.name, path_or_fileobj=path) for path in _in_order(folder)
    ]
    api = hub.HfApi()
    ours = {path.name for path in folder.iterdir()}
    there = api.list_repo_files(place, repo_type="dataset")
    operations += [hub.CommitOperationDelete(path_in_repo=name) for name in _obsolete(there, ours)]
    api.create_commit(place, operations, commit_message=settings.SITE_NAME, repo_type="dataset")


def _push_to_s3(folder: Path, place: str) -> None:
    """File after file, the manifest last: whoever reads it finds all that it lists."""
    bucket, _, prefix = place.partition("/")
    prefix = f"{prefix.rstrip('/')}/" if prefix else ""
    client = import_module("boto3").client("s3")
    for path in _in_order(folder):
        client.put_object(Bucket=bucket, Key=prefix + path.name, Body=path.read_bytes())
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    there = [item["Key"].removeprefix(prefix) for page in pages for item in page.get("Contents", [])]
    for name in _obsolete(there, {path.name for path in folder.iterdir()}):
        client.delete_object(Bucket=bucket, Key=prefix + name)


def _in_order(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: (path.name in (MANIFEST, CHECKSUMS), path.name))


def _obsolete(there: list[str], ours: set[str]) -> Iterator[str]:
    """Monthly files of earlier releases; whatever else lies there is not ours."""
    for name in there:
        if FILE_NAME.fullmatch(name) and name not in ours:
            yield name
