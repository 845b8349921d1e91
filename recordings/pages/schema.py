"""The published JSON Schema of a pack: a file, since to make it takes a library that no page needs."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

FILE = Path(__file__).parent.parent / "pack-1.schema.json"


@require_safe
def pack_schema(request: HttpRequest) -> HttpResponse:
    """The schema, open to pages of other sites."""
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}
    return HttpResponse(FILE.read_bytes(), content_type="application/schema+json", headers=headers)
