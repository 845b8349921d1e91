"""`{% learn_menu here %}`: links to the pages of « Comprendre »."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

PAGES = {  # name of the address → what the link says
    "index": _("L’essentiel"),
    "own_question": _("Votre question"),
    "size": _("Taille"),
    "tokens": _("Jetons"),
    "architecture": _("Architecture"),
    "simulator": _("Simulateur"),
    "quiz": _("Quiz"),
    "method": _("Méthode"),
    "errors": _("Nos erreurs"),
    "training": _("Entraînement"),
    "glossary": _("Glossaire"),
}


@register.inclusion_tag("learn/_menu.html")
def learn_menu(here: str) -> dict[str, object]:
    """The links, and the title of the page called `here`."""
    return {"pages": [(f"learn:{name}", title) for name, title in PAGES.items()], "here": PAGES[here]}
