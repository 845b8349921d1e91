"""Bundles of scripts hold their sources as they are, and are found as any static file."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from conso_duel.script_bundles import BUNDLES, bundle


@pytest.mark.parametrize("path", BUNDLES)
def test_a_bundle_holds_its_sources_one_after_the_other(path: str) -> None:
    sources = [
        (settings.BASE_DIR / "static" / source).read_text(encoding="utf-8") for source in BUNDLES[path]
    ]
    assert bundle(path) == "".join(f"{{\n{source}}}\n" for source in sources)
    found = finders.find(path)
    assert found
    assert Path(found).read_text(encoding="utf-8") == bundle(path)


@pytest.mark.parametrize("path", BUNDLES)
def test_its_sources_import_and_export_nothing(path: str) -> None:
    assert not re.search(r"^(import|export)\b", bundle(path), re.MULTILINE)


def test_another_file_is_not_a_bundle() -> None:
    assert finders.find("js/duel.js") == str(settings.BASE_DIR / "static/js/duel.js")
    assert finders.find("js/nothing.js") is None
