"""Dates and numbers as each language writes them."""

from datetime import UTC, datetime

from django.utils.formats import date_format, number_format
from django.utils.translation import override

DAY = datetime(2025, 9, 2, 14, 5, tzinfo=UTC)


def test_english_dates_put_the_day_first_and_name_the_month() -> None:
    with override("en"):
        assert date_format(DAY, "DATE_FORMAT") == "2 September 2025"
        assert date_format(DAY, "DATETIME_FORMAT") == "2 September 2025, 14:05"
        assert date_format(DAY, "SHORT_DATE_FORMAT") == "2 Sep 2025"


def test_french_dates_stay_french() -> None:
    with override("fr"):
        assert date_format(DAY, "DATE_FORMAT") == "2 septembre 2025"


def test_each_language_has_its_decimal_mark_and_thousands() -> None:
    with override("en"):
        assert number_format(1234.5, 1, use_l10n=True, force_grouping=True) == "1,234.5"
    with override("fr"):
        assert number_format(1234.5, 1, use_l10n=True, force_grouping=True) == "1\xa0234,5"
