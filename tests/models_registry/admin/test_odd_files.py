"""Files that no export wrote: each is a page with a sentence or a plan, never an error of the server."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from models_registry.exchange.parse import MAX_ROWS
from models_registry.models import LanguageModel
from tests.cast import petit_3b
from tests.models_registry.drafts import as_draft

pytestmark = pytest.mark.django_db
IMPORT = reverse("admin:models_registry_languagemodel_import")


def registry(**parts: Any) -> bytes:
    return json.dumps({"format": "conso-duel-registry", "version": 2, **parts}).encode()


HEAD = b'{"format": "conso-duel-registry", "models": ['
NESTED = json.loads("[" * 90 + "]" * 90)


def models(*rows: Any) -> bytes:
    return registry(models=list(rows))


def comparia(**model: Any) -> bytes:
    known = {
        "simple_name": "M",
        "organisation": "x",
        "license": "MIT",
        "release_date": "1/2025",
        "arch": "dense",
    }
    return json.dumps({"timestamp": 1, "models": {"m": {**known, "params": 3, **model}}}).encode()


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("fiches.csv", "slug,name\npetit-3b,Petit\n")
    return content.getvalue()


def source(**values: Any) -> bytes:
    whole = {"fact": "size", "read_on": "2026-01-01", "link": "https://a.example", "title": "t", **values}
    return models({"slug": "petit-3b", "sources": [whole]})


def endpoint(**values: Any) -> bytes:
    whole = {"base_url": "http://127.0.0.1:9/v1", "provider_model": "x", **values}
    return models({"slug": "petit-3b", "endpoints": [whole]})


# 422: the file cannot be read. 200: a plan, in which the row is refused or harmless.
ODD_FILES: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 422),
    "only a BOM": (b"\xef\xbb\xbf", 422),
    "only spaces": (b" \n\t\r\n ", 422),
    "only a header": (b"slug,name\n", 422),
    "UTF-16 with a BOM": ("slug,name\npetit-3b,Petit à part\n".encode("utf-16"), 200),
    "UTF-16 without a BOM": ("slug,name\npetit-3b,Petit\n".encode("utf-16-le"), 422),
    "UTF-32": ("slug,name\npetit-3b,Petit\n".encode("utf-32"), 422),
    "a NUL in a cell": (b"slug,name\npetit-3b,Pe\x00tit\n", 422),
    "a NUL in JSON": (models({"slug": "petit-3b", "name": "Pe\x00tit"}), 422),
    "a NUL in a name of a field": (models({"slug": "petit-3b", "na\x00me": "Petit"}), 422),
    "a lone surrogate": (models({"slug": "petit-3b", "name": "Pe\ud800tit"}), 422),
    "a lone surrogate in a list": (models({"slug": "petit-3b", "aliases": ["a", "\udfff"]}), 422),
    "a zip": (zipped(), 422),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), 422),
    "JSON nested too deep": (b'{"models":' + b"[" * 200_000, 422),
    "JSON nested deep in a value": (models({"slug": "petit-3b", "name": NESTED}), 200),
    "JSON cut short": (models({"slug": "petit-3b"})[:-9], 422),
    "a JSON text": (b'"slug"', 422),
    "JSON with a key twice": (HEAD + b'{"slug": "a", "slug": "b"}]}', 422),
    "a number of 5,000 digits": (HEAD + b"9" * 5_000 + b"]}", 422),
    "a list of something else": (registry(models=[1, None, "x", [], {"slug": 3}, {}]), 200),
    "no list": (registry(models={"slug": "petit-3b"}), 422),
    "an infinite size": (
        HEAD + b'{"slug": "petit-3b", "total_params_b": Infinity, "experts_total": NaN}]}',
        200,
    ),
    "a huge size": (models({"slug": "petit-3b", "total_params_b": 10**400}), 200),
    "a huge window": (models({"slug": "petit-3b", "context_window_tokens": 10**14}), 200),
    "lists and objects for texts": (models({"slug": "petit-3b", "name": {"a": 1}, "organisation": [1]}), 200),
    "other types": (models({"slug": "petit-3b", "status": 3, "disclosed": "x", "release_date": 1e9}), 200),
    "aliases that are no texts": (models({"slug": "petit-3b", "aliases": [1, None, {}, ["x"]]}), 200),
    "a slug of 100,000 characters": (models({"slug": "a" * 100_000, "name": "x"}), 200),
    "a source that is none": (source(fact=["size"], link={"a": 1}, read_on=[1], title=None), 200),
    "a source dated in the year 0": (source(read_on="0000-00-00"), 200),
    "an endpoint that is none": (endpoint(base_url={"a": 1}, provider_model=["x"], priority="x"), 200),
    "an endpoint of huge numbers": (endpoint(priority=10**9, max_tokens=10**14, price_in_eur=1e309), 200),
    "an endpoint with a key of elsewhere": (endpoint(api_key_env="OPENAI_API_KEY"), 200),
    "options that are no object": (endpoint(extra_body=[1, "x"]), 200),
    "options that are yes": (endpoint(extra_body=True), 200),
    "options that are a text": (endpoint(extra_body="{"), 200),
    "compar:IA without a date": (comparia(release_date=None), 200),
    "compar:IA with odd values": (comparia(release_date="13/99999999999999", arch=[], params={}), 200),
    "compar:IA without a model": (json.dumps({"timestamp": 1, "models": {}}).encode(), 422),
    "compar:IA dated far away, with a model": (comparia().replace(b": 1,", b": 1e30,"), 200),
    "a CSV with a column twice": (b"slug,name,name\npetit-3b,Petit,Grand\n", 422),
    "a CSV with a row too long": (b"slug,name\npetit-3b,Petit,x,y,z\n", 200),
    "a CSV with a quote that never ends": (b'slug,name\npetit-3b,"Petit\n' + b"x" * 200_000, 422),
    "a CSV with formulas": (b"slug,name\n=1+1,@SUM(A1)\npetit-3b,=cmd|' /C calc'!A0\n", 200),
    "a CSV with carriage returns alone": (b"slug,name\rpetit-3b,Petit\r", 200),
    "a CSV with sources that are none": (b'slug,sources\npetit-3b,"size | hier | x"\n', 200),
    "500,000 rows": (b"slug\n" + b"a\n" * 490_000, 422),
    "a million rows": (b"slug\n" + b"a\n" * 1_000_000, 422),
    "100,000 rows of JSON": (models(*[{}] * 100_000), 422),
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_an_odd_file_is_a_sentence(curator_client: Client, name: str) -> None:
    as_draft(petit_3b())
    content, status = ODD_FILES[name]
    curator_client.raise_request_exception = False
    page = curator_client.post(IMPORT, {"file": SimpleUploadedFile("fichier", content)})
    assert page.status_code == status
    if status == 422:
        assert page.context["form"].errors["file"]
        return
    plan = page.context["plan"]
    assert all(row.reasons for row in plan.outcomes if row.action == "refused")
    held = page.context["confirm"].initial
    done = curator_client.post(IMPORT, {**held, "leave_refused": "on"})
    assert done.status_code == 302
    assert LanguageModel.objects.filter(slug="petit-3b").exists()


def test_as_many_rows_as_the_limit_are_read(curator_client: Client) -> None:
    content = b"slug,name\n" + b"petit-3b,Petit\n" * MAX_ROWS
    for more, status in ((b"", 200), (b"petit-3b,Petit\n", 422)):
        file = SimpleUploadedFile("fiches.csv", content + more)
        assert curator_client.post(IMPORT, {"file": file}).status_code == status


DANGEROUS = ("=1+1", "+33 1", "-2", "@SUM(A1)", "＝1", "'=1", "''=1", "'quote", "=cmd|' /C calc'!A0")


def test_no_cell_of_an_export_begins_like_a_formula_and_each_is_read_back(curator_client: Client) -> None:
    model = as_draft(petit_3b())
    export_url = reverse("admin:models_registry_languagemodel_export", args=["csv"])
    for text in DANGEROUS:
        LanguageModel.objects.filter(pk=model.pk).update(name=text, description_fr=text, aliases=[text, "x"])
        export = curator_client.get(export_url).content
        cells = [
            cell for row in csv.reader(io.StringIO(export.decode("utf-8-sig"), newline="")) for cell in row
        ]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]
        page = curator_client.post(IMPORT, {"file": SimpleUploadedFile("fiches.csv", export)})
        assert [row.changes for row in page.context["plan"].outcomes] == [()]


def test_a_dry_run_locks_nothing_on_either_database(curator_client: Client) -> None:
    """Each statement of a dry run that writes goes to the copy, whatever the database of the site."""
    as_draft(petit_3b())
    content = models({"slug": "petit-3b", "name": "Petit à part"}, {"slug": "neuf"})
    with CaptureQueriesContext(connection) as queries:
        page = curator_client.post(IMPORT, {"file": SimpleUploadedFile("fiches.json", content)})
    assert page.context["plan"].counts == {"updated": 1, "refused": 1}
    on_the_registry = [query["sql"] for query in queries if "models_registry" in query["sql"]]
    assert on_the_registry
    assert [sql for sql in on_the_registry if not sql.startswith("SELECT") or "FOR UPDATE" in sql] == []
    assert LanguageModel.objects.get().name == "Petit-3B"
