"""What a visitor may send, and the sentence that answers what cannot be taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duels.models import (
    MAX_COMMENT_CHARACTERS,
    MAX_PROMPT_CHARACTERS,
    NEGATIVE_REASONS,
    POSITIVE_REASONS,
    Duel,
    Reaction,
    Reason,
    Side,
    Vote,
)
from duels.voting import SideRemark


class PromptField(forms.CharField):
    """A text of 1 to MAX_PROMPT_CHARACTERS characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=MAX_PROMPT_CHARACTERS,
            error_messages={
                "required": _("Écrivez une question d’abord."),
                "max_length": _(
                    "Votre question est trop longue : %(show_value)d caractères sur %(limit_value)d."
                ),
                "null_characters_not_allowed": _("Votre question contient un caractère illisible."),
            },
            widget=forms.Textarea,
            **options,
        )

    def to_python(self, value: Any) -> str:
        """Browsers send line ends as two characters: they count, and travel, as one."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class OpenForm(forms.Form):
    prompt = PromptField(label=_("Votre question"))
    mode = forms.ChoiceField(choices=Duel.Mode.choices, required=False, label=_("Adversaires"))

    def clean_mode(self) -> str:
        return self.cleaned_data["mode"] or Duel.Mode.RANDOM


class AskForm(forms.Form):
    prompt = PromptField(label=_("Votre question suivante"))


def reasons_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=Reason.choices, required=False, label=_("Pourquoi ?"), widget=forms.CheckboxSelectMultiple
    )


def comment_field() -> forms.CharField:
    return forms.CharField(
        max_length=MAX_COMMENT_CHARACTERS,
        required=False,
        label=_("Un commentaire"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class VoteForm(forms.Form):
    choice = forms.ChoiceField(
        choices=Vote.Choice.choices,
        label=_("Quelle réponse préférez-vous ?"),
        error_messages={"required": _("Choisissez une réponse, ou « les deux » ou « aucune ».")},
        widget=forms.RadioSelect,
    )
    reasons_a = reasons_field()
    reasons_b = reasons_field()
    comment_a = comment_field()
    comment_b = comment_field()

    def remarks(self) -> list[SideRemark]:
        """What was said of each side."""
        sent = self.cleaned_data
        return [SideRemark(side, sent[f"reasons_{side}"], sent[f"comment_{side}"]) for side in Side.values]


class ReactionForm(forms.Form):
    liking = forms.ChoiceField(choices=[*Reaction.Liking.choices, ("none", _("Annuler"))])
    reasons = reasons_field()

    def clean(self) -> dict[str, Any]:
        """Reasons of the other kind are dropped: an answer that is liked is not « fausse »."""
        sent = super().clean() or self.cleaned_data
        fitting = POSITIVE_REASONS if sent.get("liking") == Reaction.Liking.LIKE else NEGATIVE_REASONS
        sent["reasons"] = [reason for reason in sent.get("reasons", []) if reason in fitting]
        return sent
