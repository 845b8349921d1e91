"""System checks of a site that is about to open, for `manage.py check --deploy`."""

from typing import Any

from django.core.checks import Tags, Warning, register

from conso_duel.site.pages import legal_facts


@register(Tags.security, deploy=True)
def legal_facts_are_filled_in(**_: Any) -> list[Warning]:
    """One warning for each fact of the legal page that is empty."""
    return [
        Warning(
            f"{fact.variable} is empty: /mentions-legales/ says that nobody has filled it in.",
            hint="The law of most countries asks the publisher of a public site to tell it. See README.md.",
            id="conso_duel.W001",
        )
        for fact in legal_facts()
        if not fact.value
    ]
