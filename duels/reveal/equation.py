"""The equation of one side, term by term: size × tokens (× architecture) ≈ energy."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from duels.models import Answer
from duels.reveal.display import Term
from duels.reveal.ratio_labels import format_factor
from models_registry.pages.energy_bar import BarSegment, bar_segment
from models_registry.pages.labels import range_label
from science import tokens
from science.energy import Architecture, Change, Estimate, ModelShape, what_if
from web.formatting import billions, format_decimal, format_int, watt_hours


def terms(answers: Iterable[Answer], energy: Estimate) -> list[Term]:
    """The factors of the energy; the architecture counts where it is published and saves something."""
    found = [_size(energy.shape), _length(list(answers), energy), _architecture(energy)]
    return [term for term in found if term]


def energy_term(energy: Estimate) -> Term:
    """The result of the equation with its range."""
    caption = range_label(energy) if energy.tokens else _("rien n’a été écrit")
    return Term("energy", _("Énergie"), watt_hours(energy.mid_wh), caption, not energy.shape.is_disclosed)


def _size(shape: ModelShape) -> Term:
    if shape.total_range_b is not None:
        low, high = shape.total_range_b
        value = _("%(low)s à %(high)s") % {"low": billions(low), "high": billions(high)}
        return Term("size", _("Taille supposée"), value, _hypothesis_caption(shape), is_hypothesis=True)
    assert shape.total_params_b is not None
    caption = (
        _("de paramètres, tous utilisés pour chaque jeton")
        if shape.architecture is Architecture.DENSE
        else _("de paramètres au total")
    )
    return Term("size", _("Taille"), billions(shape.total_params_b), caption)


def _hypothesis_caption(shape: ModelShape) -> str:
    if shape.active_range_b in (None, shape.total_range_b):
        return _("de paramètres : la vraie taille n’est pas publiée")
    assert shape.active_range_b is not None
    low, high = (billions(end) for end in shape.active_range_b)
    sentence = _("de paramètres, dont %(low)s à %(high)s par jeton : la vraie taille n’est pas publiée")
    return sentence % {"low": low, "high": high}


def _length(answers: list[Answer], energy: Estimate) -> Term:
    captions = [_("jetons (des bouts de mots)")]
    if energy.reasoning_tokens:
        hidden = format_int(energy.reasoning_tokens)
        captions = [_("jetons, dont %(hidden)s de réflexion avant la réponse") % {"hidden": hidden}]
    by_us = (Answer.CountSource.COUNTED, Answer.CountSource.REPLACED)
    counted = [answer for answer in answers if answer.count_source in by_us]
    if counted:
        captions.append(_counting(counted[-1]))
    if any(answer.count_source == Answer.CountSource.REPLACED for answer in counted):
        captions.append(_("car le compte annoncé par le serveur est impossible"))
    return Term("length", _("Longueur"), format_int(energy.tokens), ", ".join(captions))


def _counting(answer: Answer) -> str:
    """How an answer was counted here, and the doubt where it was not with the model's own vocabulary."""
    if not answer.vocabulary:
        return _("comptés par nous")
    name = tokens.vocabulary(answer.vocabulary).name
    if answer.vocabulary == answer.model.tokenizer_family:
        return _("comptés par nous avec son vocabulaire, %(name)s") % {"name": name}
    text = _("comptés par nous avec %(name)s, faute de son vocabulaire (il peut y en avoir un tiers de plus)")
    return text % {"name": name}


def _architecture(energy: Estimate) -> Term | None:
    dense = next((other for other in what_if(energy) if other.change is Change.DENSE), None)
    if dense is None:
        return None
    working = billions(energy.shape.active_params_b or 0)
    captions = {
        Architecture.MIXTURE_OF_EXPERTS: _(
            "mélange d’experts : %(working)s seulement travaillent à chaque jeton"
        ),
        Architecture.MATFORMER: _("MatFormer : %(working)s seulement font les calculs"),
    }
    caption = captions[energy.shape.architecture] % {"working": working}
    return Term("architecture", _("Architecture"), format_factor(1 / dense.factor), caption)


def reasoning(energy: Estimate) -> list[BarSegment]:
    """The energy of the answer one reads, then of the reasoning before it; nothing without reasoning."""
    if not energy.reasoning_wh:
        return []
    hidden = energy.reasoning_share
    hidden_label = _("la réflexion d’avant, soit environ %(energy)s") % {
        "energy": watt_hours(energy.reasoning_wh)
    }
    return [
        bar_segment("answer", _("la réponse lue"), 0, 1 - hidden),
        bar_segment("reasoning", hidden_label, 1 - hidden, hidden),
    ]


def precision_label(shape: ModelShape, published_bits: float | None, answers: Iterable[Answer] = ()) -> str:
    """The precision that was computed with, and whether it is published or that of the file that was run."""
    bits = {"bits": format_decimal(shape.weight_bits)}
    if any(answer.hosting.get("served_bits") == shape.weight_bits for answer in answers):
        return _("%(bits)s bits, ceux du fichier servi") % bits
    return (_("%(bits)s bits") if published_bits else _("%(bits)s bits, supposés")) % bits
