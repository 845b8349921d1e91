"""Dates and numbers as each language writes them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import engines
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import override

from tests import floors
from web.formatting import dated

DAY = datetime(2025, 9, 2, 14, 5, tzinfo=UTC)
FIRST = datetime(2026, 11, 1, 14, 5, tzinfo=UTC)


def test_english_dates_put_the_day_first_and_name_the_month() -> None:
    with override("en"):
        assert date_format(DAY, "DATE_FORMAT") == "2 September 2025"
        assert date_format(DAY, "DATETIME_FORMAT") == "2 September 2025, 14:05"
        assert date_format(DAY, "SHORT_DATE_FORMAT") == "2 Sep 2025"


def test_french_dates_stay_french() -> None:
    with override("fr"):
        assert date_format(DAY, "DATE_FORMAT") == "2 septembre 2025"
        assert date_format(DAY, "DATETIME_FORMAT") == "2 septembre 2025 à 14:05"


@pytest.mark.parametrize(
    ("language", "form", "written"),
    [
        ("fr", "DATE_FORMAT", "1er novembre 2026"),
        ("fr", "DATETIME_FORMAT", "1er novembre 2026 à 14:05"),
        ("fr", "SHORT_DATE_FORMAT", "01/11/2026"),
        ("fr", "c", "2026-11-01T14:05:00+00:00"),
        ("fr", "j", "1"),
        ("en", "DATE_FORMAT", "1 November 2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french(language: str, form: str, written: str) -> None:
    template = engines["django"].from_string("{{ day|date:form }}")
    with override(language), timezone.override(UTC):
        assert dated(FIRST, form) == template.render({"day": FIRST, "form": form}) == written


def test_no_page_writes_a_date_by_itself() -> None:
    root = Path(__file__).resolve().parents[2]
    files = [path for name in floors.FLOORS for path in (root / name).rglob("*.py")]
    wrote = [path for path in files if "date_format" in path.read_text(encoding="utf-8")]
    assert wrote == [root / "web" / "formatting.py"]


def test_each_language_has_its_decimal_mark_and_thousands() -> None:
    with override("en"):
        assert number_format(1234.5, 1, use_l10n=True, force_grouping=True) == "1,234.5"
    with override("fr"):
        assert number_format(1234.5, 1, use_l10n=True, force_grouping=True) == "1\xa0234,5"
