"""The forms of the simulator: the model and the usage of each side, and the method."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learn.model_choices import Choices
from models_registry.models import LanguageModel
from models_registry.pages.labels import method_name
from science.energy import METHODS, Architecture, ModelShape
from web.fields import NumberField, WholeField

MAX_PARAMS_B = 100_000
MAX_EXPERTS = 10_000


def params_field(label: Any, **options: Any) -> NumberField:
    return NumberField(0.001, MAX_PARAMS_B, label=label, **options)


class ConfigurationForm(forms.Form):
    """One side: the model's figures, the tokens it writes, the conversations served together."""

    model = forms.ChoiceField(
        label=gettext_lazy("Partir d’un modèle"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Ce modèle n’est pas dans notre registre.")},
    )
    architecture = forms.ChoiceField(
        label=gettext_lazy("Architecture"),
        choices=LanguageModel.Architecture.choices,
        error_messages={"invalid_choice": gettext_lazy("Cette architecture n’existe pas ici.")},
    )
    total = params_field(gettext_lazy("Paramètres au total (milliards)"))
    total_high = params_field(gettext_lazy("jusqu’à (milliards)"), required=False)
    active = params_field(gettext_lazy("Paramètres actifs (milliards)"), required=False)
    active_high = params_field(gettext_lazy("actifs, jusqu’à (milliards)"), required=False)
    experts = WholeField(1, MAX_EXPERTS, label=gettext_lazy("Experts en tout"), required=False)
    experts_active = WholeField(1, MAX_EXPERTS, label=gettext_lazy("Experts par jeton"), required=False)
    bits = NumberField(1, 32, label=gettext_lazy("Précision (bits par paramètre)"))
    tokens = WholeField(1, 1_000_000, label=gettext_lazy("Jetons écrits"))
    batch = WholeField(1, 1024, label=gettext_lazy("Conversations servies ensemble"))

    def __init__(self, data: Mapping[str, Any], side: str, choices: Choices) -> None:
        super().__init__(data, prefix=side)
        field = self.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Mes propres chiffres")), *choices]

    def clean(self) -> dict[str, Any]:
        """Check that the figures agree, and add the shape that they describe."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._check_sizes(cleaned)
        if not self.errors:
            self._check_experts(cleaned)
        if not self.errors:
            cleaned["shape"] = build_shape(cleaned)
        return cleaned

    def _check_experts(self, cleaned: dict[str, Any]) -> None:
        total, active = cleaned["experts"], cleaned["experts_active"]
        if cleaned["architecture"] not in WITH_EXPERTS or (total is None and active is None):
            return
        if total is None or active is None:
            missing = "experts" if total is None else "experts_active"
            self.add_error(missing, _("Il faut les deux nombres d’experts, ou aucun."))
            return
        self._check_order(
            "experts_active", "experts", _("Il ne peut pas y avoir plus d’actifs que le total.")
        )
        if not self.errors and not experts_add_up(cleaned):
            self.add_error("experts_active", _("Ces experts pèseraient plus que les paramètres actifs."))

    def _check_sizes(self, cleaned: dict[str, Any]) -> None:
        required = REQUIRED_FIELDS[cleaned["architecture"]]
        for name in required:
            if cleaned[name] is None:
                self.add_error(name, _("Cette architecture a besoin de ce nombre."))
        if "active" in required:
            self._check_order("active", "total", _("Il ne peut pas y avoir plus d’actifs que le total."))
        if "total_high" in required:
            self._check_order("total", "total_high", LOW_ABOVE_HIGH)
            self._check_hypothesis(cleaned)

    def _check_hypothesis(self, cleaned: dict[str, Any]) -> None:
        if cleaned["active"] is None and cleaned["active_high"] is None:
            return
        for name in ("active", "active_high"):
            if cleaned[name] is None:
                self.add_error(name, _("Il faut les deux bouts des actifs, ou aucun."))
        self._check_order("active", "active_high", LOW_ABOVE_HIGH)
        self._check_order("active", "total", _("Il ne peut pas y avoir plus d’actifs que le total."))
        self._check_order(
            "active_high", "total_high", _("Il ne peut pas y avoir plus d’actifs que le total.")
        )

    def _check_order(self, lower: str, upper: str, sentence: Any) -> None:
        low, high = self.cleaned_data.get(lower), self.cleaned_data.get(upper)
        if low is not None and high is not None and low > high:
            self.add_error(lower, sentence)


def experts_add_up(figures: Mapping[str, Any]) -> bool:
    """Whether the chosen experts can be a part of the active parameters."""
    try:
        build_shape(figures)
    except ValueError:
        return False
    return True


WITH_EXPERTS = (Architecture.MIXTURE_OF_EXPERTS, Architecture.UNDISCLOSED)
LOW_ABOVE_HIGH = gettext_lazy("Le bas de l’hypothèse dépasse le haut.")
REQUIRED_FIELDS = {
    Architecture.DENSE: (),
    Architecture.MIXTURE_OF_EXPERTS: ("active",),
    Architecture.MATFORMER: ("active",),
    Architecture.UNDISCLOSED: ("total_high",),
}


class MethodForm(forms.Form):
    method = forms.ChoiceField(
        label=gettext_lazy("Méthode"),
        choices=lambda: [(name, capfirst(method_name(name))) for name in METHODS],
        error_messages={"invalid_choice": gettext_lazy("Cette méthode n’existe pas ici.")},
    )


@dataclass(frozen=True)
class SimulatorForms:
    """The forms of the page, bound to a query."""

    method: MethodForm
    sides: tuple[ConfigurationForm, ConfigurationForm]

    @property
    def are_valid(self) -> bool:
        return not self.errors

    @property
    def errors(self) -> dict[str, list[str]]:
        """The error messages, by name of field."""
        return {
            form.add_prefix(name): [str(message) for message in messages]
            for form in (self.method, *self.sides)
            for name, messages in form.errors.items()
        }


def build_shape(figures: Mapping[str, Any]) -> ModelShape:
    """The shape that the fields describe; fields that its architecture does not use are ignored."""
    architecture, bits = Architecture(figures["architecture"]), figures["bits"]
    total_b, active_b = figures["total"], figures["active"]
    experts = {"experts_total": figures["experts"], "experts_active": figures["experts_active"]}
    if architecture is Architecture.UNDISCLOSED:
        active_range_b = None if active_b is None else (active_b, figures["active_high"])
        return ModelShape(
            architecture,
            None,
            weight_bits=bits,
            total_range_b=(total_b, figures["total_high"]),
            active_range_b=active_range_b,
            **experts,
        )
    if architecture is Architecture.MATFORMER:
        return ModelShape(architecture, total_b, weight_bits=bits, effective_params_b=active_b)
    if architecture is Architecture.DENSE:
        return ModelShape(architecture, total_b, weight_bits=bits)
    return ModelShape(architecture, total_b, active_b, bits, **experts)
