"""Numbers, energies, dates and pairs of texts as pages write them, in the reader's language."""

import math
import re
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

KILO = 1000
FIRST_OF_A_MONTH = re.compile(r"^1 (?=[^\W\d])")


def format_significant(value: float, digits: int = 2) -> str:
    """The value with so many significant digits, without an exponent: 0,011 or 4,5 or 12 or 310."""
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
    """A count of parameters, given in billions: « 70,6 Md »; in millions below one billion: « 135 M »."""
    if params_b < 1:
        return _("%(number)s M") % {"number": format_decimal(params_b * KILO)}
    return _("%(number)s Md") % {"number": format_decimal(params_b)}


def percent(share: float) -> str:
    """A share between 0 and 1 in whole percent; 0 % and 100 % stand for exactly 0 and 1."""
    if 0 < share < 0.005:
        return _("moins de 1 %")
    if 0.995 < share < 1:
        return _("plus de 99 %")
    return _("%(number)s %%") % {"number": format_int(100 * share)}


def format_int(value: float) -> str:
    """A count, with thousands apart."""
    return number_format(round(value), 0, use_l10n=True, force_grouping=True)


def release(day: date | None, precision: str) -> str:
    """A release date: the day, or the month alone where precision is "month"; day is None for a draft."""
    if day is None:
        return _("date non précisée")
    return dated(day, "F Y" if precision == "month" else "DATE_FORMAT")


def dated(day: date, form: str = "DATE_FORMAT") -> str:
    """A date in the reader's language. form: a format of Django's, or the name of one."""
    return with_ordinal(date_format(day, form))


def with_ordinal(day: str) -> str:
    """A formatted date with the French « 1er novembre », which no format of Django's can write."""
    return FIRST_OF_A_MONTH.sub("1er ", day) if get_language() == "fr" else day


def format_decimal(value: float) -> str:
    """Up to three decimals, without trailing zeros."""
    decimals = len(f"{value:.3f}".rstrip("0").partition(".")[2])
    return number_format(value, decimals, use_l10n=True, force_grouping=True)


def localized(fr: str, en: str) -> str:
    """The text of the two that is in the reader's language."""
    return en if (get_language() or "fr").startswith("en") else fr


def label_value(label: object, text: object) -> str:
    """« label : text », with the colon of the reader's language."""
    return _("%(label)s : %(text)s") % {"label": label, "text": text}
