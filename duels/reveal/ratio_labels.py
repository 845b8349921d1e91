"""Labels of the reveal: factors, methods, and the sentences of the headline."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from models_registry.pages.labels import method_name
from science.energy import Method, Ratio, Verdict
from web.formatting import dated, format_int, format_significant

NO_EFFECT_BELOW = 1.05  # what two significant digits would write as × 1,0


def format_2_digits(value: float) -> str:
    """Two significant digits at most, without a useless zero: 2 and not 2,0."""
    shown = float(f"{value:.2g}")
    return format_int(shown) if shown.is_integer() else format_significant(value)


def format_factor(factor: float) -> str:
    """The effect of a factor: « × 3,4 », « ÷ 1,5 » or « sans effet »."""
    if 1 / NO_EFFECT_BELOW < factor < NO_EFFECT_BELOW:
        return _("sans effet")
    return f"× {format_2_digits(factor)}" if factor > 1 else f"÷ {format_2_digits(1 / factor)}"


def method_label(method: Method) -> str:
    """The method's name in a sentence."""
    return _("méthode %(name)s") % {"name": method_name(method.name)}


def method_date(method: Method) -> str:
    """The date of the method's constants."""
    return dated(date.fromisoformat(method.date))


def headline(ratio: Ratio | None, names: Sequence[str] = ("A", "B")) -> str:
    """The ratio as a sentence: its error is much smaller than that of watt-hours."""
    if ratio is None:
        return _("Une seule réponse : rien à comparer")
    first, second = names
    if ratio.verdict is Verdict.SAME_ORDER:
        both = {"first": first, "second": second}
        return _("%(first)s et %(second)s ont demandé une énergie du même ordre") % both
    more, less = (first, second) if ratio.verdict is Verdict.FIRST_MORE else (second, first)
    return _("%(more)s a demandé environ %(factor)s fois plus d’énergie que %(less)s") % {
        "more": more,
        "factor": format_2_digits(ratio.factor),
        "less": less,
    }


def headline_note(ratio: Ratio | None) -> str:
    """The uncertainty of the headline."""
    if ratio is None:
        return ""
    if ratio.verdict is Verdict.SAME_ORDER:
        return _("À machine et charge égales, l’écart est trop petit pour désigner la plus gourmande.")
    interval = ratio.factor_interval
    if interval.low < 1:
        return _(
            "À machine et charge égales, l’incertitude est grande : peut-être %(high)s fois plus, "
            "peut-être même l’inverse."
        ) % {"high": format_2_digits(interval.high)}
    return pgettext("ratio", "à machine et charge égales, entre %(low)s et %(high)s fois") % {
        "low": format_2_digits(interval.low),
        "high": format_2_digits(interval.high),
    }
