"""The forms of the game, and the messages for invalid fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duels.candidates import CandidatePool
from duels.matchmaking import Candidate
from duels.models import (
    MAX_COMMENT_CHARACTERS,
    MAX_PROMPT_CHARACTERS,
    Duel,
    Guess,
    Reaction,
    SecondVote,
    Side,
    Vote,
    VoteComment,
)
from duels.pages.personal_data import personal_data_warning
from duels.votes.ballot_forms import PlacedGuess, factor_choices
from duels.votes.vote_reasons import Choices, VoteReasons, vote_reasons
from web.fields import PlainTextField

PERSONAL_DATA = "personal_data"  # code of the error of a prompt that seems to hold some


class PromptField(PlainTextField):
    """A text of 1 to MAX_PROMPT_CHARACTERS characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=MAX_PROMPT_CHARACTERS,
            error_messages={
                "required": _("Écrivez une question d’abord."),
                "max_length": _(
                    "Votre question est trop longue : %(show_value)s caractères sur %(limit_value)s."
                ),
                "null_characters_not_allowed": _("Votre question contient un caractère illisible."),
            },
            **options,
        )


def model_field(label: Any) -> forms.ChoiceField:
    unavailable = _("Ce modèle ne peut pas répondre en ce moment.")
    return forms.ChoiceField(required=False, label=label, error_messages={"invalid_choice": unavailable})


class AskForm(forms.Form):
    """A prompt, refused where it seems to hold personal data unless its writer sends it anyway."""

    prompt = PromptField()
    send_anyway = forms.BooleanField(required=False)

    @property
    def warns_of_personal_data(self) -> bool:
        return self.has_error("prompt", PERSONAL_DATA)

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        if "prompt" in sent and not sent.get("send_anyway"):
            warning = personal_data_warning(sent["prompt"])
            if warning:
                self.add_error("prompt", forms.ValidationError(warning, PERSONAL_DATA))
        return sent


class OpenForm(AskForm):
    """A prompt and how its two models are chosen, among the modes and models of the pool."""

    prompt = PromptField(label=_("Votre question"))
    mode = forms.ChoiceField(
        required=False,
        initial=Duel.Mode.RANDOM,
        label=_("Adversaires"),
        error_messages={"invalid_choice": _("Les modèles qui répondent en ce moment ne le permettent pas.")},
    )
    first = model_field(_("Modèle choisi"))
    second = model_field(_("Son adversaire"))

    def __init__(self, pool: CandidatePool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pool = pool
        # Functions: most visitors choose no model, and the choices are then not computed.
        self._choice("mode").choices = lambda: [
            choice for choice in Duel.Mode.choices if choice[0] in pool.modes
        ]
        self._choice("first").choices = lambda: [("", _("Choisissez un modèle")), *pool.choices]
        self._choice("second").choices = lambda: [("", _("Tiré au sort")), *pool.choices]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean_mode(self) -> str:
        return self.cleaned_data["mode"] or Duel.Mode.RANDOM

    def clean(self) -> dict[str, Any]:
        """The mode « choisir » needs one model or two different ones; other modes ignore both."""
        sent = super().clean() or self.cleaned_data
        if sent.get("mode") == Duel.Mode.CHOSEN and "first" in sent:
            if not sent["first"]:
                self.add_error("first", _("Choisissez un modèle."))
            elif sent["first"] == sent.get("second"):
                self.add_error("second", _("Choisissez deux modèles différents."))
        return sent

    @property
    def chosen(self) -> list[Candidate]:
        """The models that must play, in the mode « choisir »: one, or both."""
        sent = self.cleaned_data
        slugs = [sent["first"], sent["second"]] if sent["mode"] == Duel.Mode.CHOSEN else []
        return [self.pool.by_slug[slug] for slug in slugs if slug]


class TurnForm(AskForm):
    prompt = PromptField(label=_("Votre question suivante"))


class ReasonsBoundField(forms.BoundField):
    field: "ReasonsField"

    @property
    def choices(self) -> Choices:
        """The choices on the page: the reasons on offer, and those sent that may be disabled by now."""
        return self.field.known.choices(self.value() or ())


class ReasonsField(forms.MultipleChoiceField):
    """Codes of reasons; a disabled one is accepted, from a page that was open when a curator disabled it."""

    known = VoteReasons()  # set by its form

    def __init__(self) -> None:
        super().__init__(required=False)

    def validate(self, value: list[str]) -> None:
        for code in value:
            if code not in self.known.codes:
                message = self.error_messages["invalid_choice"]
                raise forms.ValidationError(message, code="invalid_choice", params={"value": code})

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> ReasonsBoundField:
        return ReasonsBoundField(form, self, field_name)


class FormWithReasons(forms.Form):
    """A form whose fields of reasons know those given, or those that exist now."""

    def __init__(self, *args: Any, known_reasons: VoteReasons | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known_reasons = vote_reasons() if known_reasons is None else known_reasons
        for field in self.fields.values():
            if isinstance(field, ReasonsField):
                field.known = self.known_reasons


def comment_field() -> forms.CharField:
    return PlainTextField(
        max_length=MAX_COMMENT_CHARACTERS,
        required=False,
        label=_("Un commentaire"),
    )


class VoteForm(FormWithReasons):
    """The vote, and a bet that may be left out: which side used more energy, and how many times."""

    AS_MUCH = "as_much"

    choice = forms.ChoiceField(
        choices=Vote.Choice.choices,
        label=_("Quelle réponse préférez-vous ?"),
        error_messages={"required": _("Choisissez une réponse, ou « les deux » ou « aucune ».")},
        widget=forms.RadioSelect,
    )
    bet = forms.ChoiceField(
        choices=[*((side.value, side.label) for side in Side), (AS_MUCH, Guess.Factor.AS_MUCH.label)],
        required=False,
        widget=forms.RadioSelect,
    )
    factor = forms.TypedChoiceField(
        choices=factor_choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    reasons_a = ReasonsField()
    reasons_b = ReasonsField()
    comment_a = comment_field()
    comment_b = comment_field()

    def placed_bet(self) -> PlacedGuess | None:
        """The bet; None without one. A factor alone says nothing."""
        side = self.cleaned_data["bet"]
        if side == self.AS_MUCH:
            return "", Guess.Factor.AS_MUCH.value
        return (side, self.cleaned_data["factor"] or Guess.Factor.UNSAID.value) if side else None

    def comments(self) -> list[VoteComment]:
        """One unsaved comment per side; an empty one where the voter wrote nothing."""
        sent = self.cleaned_data
        return [
            VoteComment(side=side, reasons=sent[f"reasons_{side}"], comment=sent[f"comment_{side}"])
            for side in Side.values
        ]


class ReactionForm(FormWithReasons):
    liking = forms.ChoiceField(choices=[*Reaction.Liking.choices, ("none", "")])
    reasons = ReasonsField()

    def clean(self) -> dict[str, Any]:
        """Reasons of the other kind are dropped: an answer that is liked is not « fausse »."""
        sent = super().clean() or self.cleaned_data
        is_liked = sent.get("liking") == Reaction.Liking.LIKE
        fitting = {reason.code for reason in self.known_reasons if reason.is_positive is is_liked}
        sent["reasons"] = [code for code in sent.get("reasons", []) if code in fitting]
        return sent


class SecondVoteForm(forms.Form):
    choice = forms.ChoiceField(choices=SecondVote.Choice.choices)
