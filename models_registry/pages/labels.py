"""Labels of sizes, energy estimates and methods, in the active language."""

from django.utils.translation import gettext as _

from science.energy import Architecture, Estimate, ModelShape, PartName
from web.formatting import KILO, billions, format_significant, watt_hours


def working_size_b(shape: ModelShape) -> float:
    """Size in billions that decides a model's class; the middle of the hypothesis when undisclosed."""
    return shape.served_sizes()[1].total_b


def size_label(shape: ModelShape) -> str:
    """Effective or total size, or both ends of the hypothesis."""
    if shape.total_range_b is not None:
        low, high = shape.total_range_b
        return _("%(low)s à %(high)s") % {"low": billions(low), "high": billions(high)}
    assert shape.total_params_b is not None
    return billions(shape.effective_params_b or shape.total_params_b)


def size_caption(shape: ModelShape) -> str:
    """Completes `size_label`: which parameters it counts."""
    if shape.total_params_b is None:
        return _("de paramètres : une hypothèse, la taille n’est pas publiée")
    if shape.architecture is Architecture.MATFORMER:
        return _("de paramètres effectifs sur %(total)s") % {"total": billions(shape.total_params_b)}
    if shape.architecture is Architecture.MIXTURE_OF_EXPERTS:
        return _("de paramètres, dont %(active)s actifs par jeton") % {
            "active": billions(shape.active_params_b or shape.total_params_b)
        }
    return _("de paramètres, tous actifs")


def range_label(energy: Estimate) -> str:
    """Both ends of an estimate; the unit is written once when both share it."""
    low = format_significant(energy.low_wh) if energy.high_wh < KILO else watt_hours(energy.low_wh)
    return _("entre %(low)s et %(high)s") % {"low": low, "high": watt_hours(energy.high_wh)}


class EnergyLabels:
    """Mixin: labels of the midpoint and the range of `energy`."""

    __slots__ = ()
    energy: Estimate

    @property
    def energy_label(self) -> str:
        return watt_hours(self.energy.mid_wh)

    @property
    def range_label(self) -> str:
        return range_label(self.energy)


def method_name(method: str) -> str:
    """Display name of a method of science.energy, without the word « méthode »."""
    return {
        "physical-2026.2": _("physique 2026.2"),
        "physical-2026": _("physique 2026"),
        "ecologits-0.11.3": "EcoLogits 0.11.3",
    }[method]


def part_label(part: PartName, energy: Estimate) -> str:
    """Name of a part of an estimate."""
    if part is PartName.GPUS and energy.gpu_count == 1:
        return _("occuper 1 puce")
    return {
        PartName.PROMPT: _("lire votre question"),
        PartName.WEIGHTS: _("relire le modèle"),
        PartName.COMPUTE: _("calculer"),
        PartName.CONTEXT: _("revenir sur ce qui précède"),
        PartName.GPUS: _("occuper %(count)s puces") % {"count": energy.gpu_count},
        PartName.COMPUTER: _("écrire la réponse") if energy.reading_wh else _("faire tourner l’ordinateur"),
        PartName.CARDS: _("faire tourner les cartes"),
        PartName.SERVER: _("faire tourner le serveur"),
    }[part]
