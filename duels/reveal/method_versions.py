"""The same duel by every method, and what the second version of ours changes for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duels.reveal.display import TableRow
from duels.reveal.ratio_labels import NO_EFFECT_BELOW, format_factor
from duels.reveal.served_by import place
from models_registry.pages.labels import method_name, range_label
from science.energy import METHODS, Estimate, HostingKind, PartName, estimate, ratio
from web.formatting import format_int, label_value, watt_hours

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class MethodVersions:
    """One row for each method; changes: what `physical-2026.2` counts here that the first did not."""

    rows: list[TableRow]
    changes: list[str]


def method_versions(estimates: Sequence[Estimate]) -> MethodVersions:
    """Both versions, and EcoLogits, on one duel."""
    return MethodVersions(compare_methods(estimates), changes_of_version_2(estimates))


def compare_methods(estimates: Sequence[Estimate]) -> list[TableRow]:
    """Both energies and their ratio at equal machine and load, one row for each method."""
    rows = []
    for name in METHODS:
        first, second = (by_method(energy, name) for energy in estimates)
        rows.append(TableRow(method_name(name), [_energy(first), _energy(second), _ratio(first, second)]))
    return rows


def by_method(energy: Estimate, name: str) -> Estimate:
    """The same answer by another method."""
    return estimate(
        energy.shape,
        energy.tokens_out,
        name,
        reasoning_tokens=energy.reasoning_tokens,
        tokens_in=energy.tokens_in,
        context_tokens=energy.context_tokens,
        hosting=energy.hosting,
    )


def _energy(energy: Estimate) -> str:
    return f"{watt_hours(energy.mid_wh)} ({range_label(energy)})" if energy.tokens else NOTHING


def _ratio(first: Estimate, second: Estimate) -> str:
    """How many times more, and who: « A : × 11 »."""
    if not (first.tokens and second.tokens):
        return NOTHING
    found = ratio(first, second)
    if found.factor < NO_EFFECT_BELOW:
        return _("autant")
    return label_value("A" if found.mid >= 1 else "B", format_factor(found.factor))


def changes_of_version_2(estimates: Sequence[Estimate]) -> list[str]:
    """The parts of these answers that `physical-2026.2` counts and the first version did not."""
    newer = [by_method(energy, "physical-2026.2") for energy in estimates]
    written = [(letter, energy) for letter, energy in zip("AB", newer, strict=True) if energy.tokens]
    return [sentence for change in (_read, _experts, _context, _places) for sentence in change(written)]


Lettered = Sequence[tuple[str, Estimate]]


def _read(answers: Lettered) -> Iterator[str]:
    read = ", ".join(label_value(letter, format_int(energy.tokens_in)) for letter, energy in answers)
    if read:
        yield _("Les jetons lus, question et historique, sont comptés (%(read)s).") % {"read": read}


def _experts(answers: Lettered) -> Iterator[str]:
    for letter, energy in answers:
        if energy.shape.experts_total and energy.shape.experts_active:
            yield _(
                "Dans %(letter)s, les poids relus sont ceux des experts que %(active)s choix sur %(total)s "
                "touchent, au lieu d’une part déduite des paramètres."
            ) % {
                "letter": letter,
                "active": format_int(energy.shape.experts_active),
                "total": format_int(energy.shape.experts_total),
            }


def _context(answers: Lettered) -> Iterator[str]:
    if any(part.name is PartName.CONTEXT for _letter, energy in answers for part in energy.parts):
        yield _("Revenir sur une longue conversation pour écrire chaque jeton est compté.")


def _places(answers: Lettered) -> Iterator[str]:
    kinds = {energy.hosting.kind for _letter, energy in answers}
    if len(answers) == 2 and kinds == {HostingKind.THIS_COMPUTER}:
        yield _("Les deux ont été écrites sur cet ordinateur : c’est lui qui est compté.")
        return
    for letter, energy in answers:
        if energy.hosting.is_cloud:
            continue
        yield _("%(letter)s a été écrite %(place)s : c’est cette machine qui est comptée.") % {
            "letter": letter,
            "place": place(energy.hosting),
        }
    clouds = [energy for _letter, energy in answers if energy.hosting.is_cloud]
    if clouds:
        yield _(
            "La charge d’un nuage est inconnue : la fourchette va de %(low)s à %(high)s réponses à la fois."
        ) % {"low": format_int(clouds[0].load.low), "high": format_int(clouds[0].load.high)}
