"""The application as the server imports it: static files first, then the limit on new duels, then pages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

SCRIPT = """
import json, sys
from conso_duel.asgi import application
from tests.asgi_client import http_scope, respond
exchanges = [respond(application, http_scope("GET", path)) for path in sys.argv[1:]]
print(json.dumps([(one.status, one.headers, len(one.body)) for one in exchanges]))
"""


@pytest.fixture
def responses(static_files: None) -> Any:
    """GETs the paths from the application, in a process of its own: it disconnects signals of this one."""

    def get(*paths: str) -> list[tuple[int, dict[str, str], int]]:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *paths],
            cwd=Path(__file__).resolve().parents[2],
            env=os.environ,
            check=True,
            capture_output=True,
        )
        return [(status, headers, length) for status, headers, length in json.loads(done.stdout)]

    return get


@pytest.mark.slow
def test_static_files_are_served_beside_pages(responses: Any) -> None:
    css = next((settings.STATIC_ROOT / "css").glob("base.*.css")).name
    static, missing, page = responses(f"/static/css/{css}", "/static/css/none.css", "/ecoconception/")
    assert (static[0], missing[0], page[0]) == (200, 404, 200)
    assert static[1]["x-content-type-options"] == page[1]["x-content-type-options"] == "nosniff"
    assert "immutable" in static[1]["cache-control"]
    assert "content-security-policy" in page[1]
