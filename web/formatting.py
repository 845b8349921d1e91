"""Figures as pages write them: two significant digits at most, the reader's decimal mark, the unit beside."""

import math
import re
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

KILO = 1000
FIRST_OF_A_MONTH = re.compile(r"^1 (?=[^\W\d])")


def format_significant(value: float, digits: int = 2) -> str:
    """The value rounded to so many significant digits, without an exponent: 0,011 or 4,5 or 12 or 310."""
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, decimals)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return number_format(rounded, decimals, use_l10n=True, force_grouping=True).rstrip()


def watt_hours(value_wh: float, digits: int = 2) -> str:
    """An energy with its unit; kWh from a thousand on."""
    if value_wh >= KILO:
        return f"{format_significant(value_wh / KILO, digits)} kWh"
    return f"{format_significant(value_wh, digits)} Wh"


def billions(params_b: float) -> str:
    """A number of parameters given in billions: « 70,6 Md », or in millions below one billion: « 135 M »."""
    if params_b < 1:
        return _("%(number)s M") % {"number": format_decimal(params_b * KILO)}
    return _("%(number)s Md") % {"number": format_decimal(params_b)}


def percent(share: float) -> str:
    """A share between 0 and 1 in whole percent; never 0 % or 100 % for what is not just that."""
    if 0 < share < 0.005:
        return _("moins de 1 %")
    if 0.995 < share < 1:
        return _("plus de 99 %")
    return _("%(number)s %%") % {"number": format_int(100 * share)}


def format_int(value: float) -> str:
    """A count, with thousands apart."""
    return number_format(round(value), 0, use_l10n=True, force_grouping=True)


def release(day: date | None, precision: str) -> str:
    """A date of release as precisely as it is known: « décembre 2024 »."""
    if day is None:  # a draft
        return _("date non précisée")
    return dated(day, "F Y" if precision == "month" else "DATE_FORMAT")


def dated(day: date, form: str = "DATE_FORMAT") -> str:
    """A date as the reader's language writes it; form: one of Django's, or the name of one."""
    return with_ordinal(date_format(day, form))


def with_ordinal(day: str) -> str:
    """A written date; in French, the first of a month is « 1er novembre »: no form of Django's can say so."""
    return FIRST_OF_A_MONTH.sub("1er ", day) if get_language() == "fr" else day


def format_decimal(value: float) -> str:
    """Decimals as published, without trailing zeros."""
    decimals = len(f"{value:.3f}".rstrip("0").partition(".")[2])
    return number_format(value, decimals, use_l10n=True, force_grouping=True)


def localized(fr: str, en: str) -> str:
    """The text in the reader's language, of two that are kept side by side."""
    return en if (get_language() or "fr").startswith("en") else fr


def label_value(label: object, text: object) -> str:
    """« label : text », with the colon of the reader's language."""
    return _("%(label)s : %(text)s") % {"label": label, "text": text}
