"""The page of the open data, and its files."""

from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from duels.pages.page_limits import charge_address
from leaderboard.pages.downloads import LICENCE_URL
from open_data.columns import FILE_NAME, TABLES, Table
from open_data.documentation import rules_of_publication
from open_data.models import Release, ReleasedFile
from web.http import Request
from web.rate_limit import RateLimit

SHOWN_RELEASES = 24
DOWNLOADS = RateLimit("open-data", 1_200, 3_600)  # files of one address: all of three years, several times
CONTENT_TYPES = {
    ".gz": "application/gzip",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Download:
    """One period of one table, in both formats: (format, name, bytes)."""

    month: str
    rows: int
    files: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class TableView:
    table: Table
    downloads: list[Download]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    releases = list(Release.objects.all()[:SHOWN_RELEASES])
    files = releases[0].manifest["files"] if releases else []
    context = {
        "releases": releases,
        "tables": [TableView(table, _downloads(table, files)) for table in TABLES],
        "held_back": releases[0].manifest["months_held_back"] if releases else [],
        "rules": rules_of_publication(),
        "licence_url": LICENCE_URL,
        "publisher": settings.LEGAL_PUBLISHER,
        "email": settings.LEGAL_EMAIL,
    }
    return render(request, "open_data/index.html", context)


def _downloads(table: Table, files: list[dict[str, Any]]) -> list[Download]:
    """The files of a table by month, the newest first."""
    by_month = defaultdict(list)
    for file in files:
        found = FILE_NAME.fullmatch(file["name"])
        if found and found["table"] == table.name:
            by_month[found["month"] or ""].append((found["format"], file))
    return [
        Download(month, found[0][1]["rows"], [(kind, file["name"], file["bytes"]) for kind, file in found])
        for month, found in sorted(by_month.items(), reverse=True)
    ]


@require_safe
def download(request: Request, name: str) -> HttpResponse:
    """One file of the newest release; open to pages of other sites."""
    if exceeded := charge_address(request, DOWNLOADS):
        wait = {"Retry-After": str(exceeded.wait_seconds), "Access-Control-Allow-Origin": "*"}
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers=wait)
    found = ReleasedFile.objects.filter(name=name).only("name", "sha256").first()
    if found is None:
        raise Http404
    etag = f'"{found.sha256}"'
    headers = {"ETag": etag, "Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
    unchanged: HttpResponse | None = get_conditional_response(request, etag=etag)
    if unchanged:
        return unchanged
    content_type = CONTENT_TYPES.get(Path(name).suffix, "text/plain; charset=utf-8")
    return HttpResponse(bytes(found.content), content_type=content_type, headers=headers)
