"""The warning to a writer whose question seems to hold personal data. Nothing of it is stored or logged."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from science.personal_data import Finding, Kind, find_personal_data

MAX_EXCERPT_CHARACTERS = 40
MAX_NAMED = 3  # findings in one warning
LABELS: dict[Kind, str | Promise] = {
    Kind.PHONE: gettext_lazy("un numéro de téléphone"),
    Kind.EMAIL: gettext_lazy("une adresse électronique"),
    Kind.IBAN: gettext_lazy("un numéro de compte (IBAN)"),
    Kind.NIR: gettext_lazy("un numéro de sécurité sociale"),
    Kind.CARD: gettext_lazy("un numéro de carte bancaire"),
    Kind.ADDRESS: gettext_lazy("une adresse postale"),
}


def personal_data_warning(text: str) -> str:
    """A sentence that names what was seen; empty where nothing was."""
    findings = find_personal_data(text)
    if not findings:
        return ""
    seen = ", ".join(_named(text, finding) for finding in findings[:MAX_NAMED])
    return _(
        "Rien n’est parti encore. Votre question semble contenir %(seen)s. Les modèles n’en ont sans doute "
        "pas besoin : mettez un exemple à la place, ou envoyez quand même."
    ) % {"seen": seen}


def _named(text: str, finding: Finding) -> str:
    excerpt = text[finding.start : finding.end][:MAX_EXCERPT_CHARACTERS]
    return _("%(label)s (« %(excerpt)s »)") % {"label": LABELS[finding.kind], "excerpt": excerpt}
