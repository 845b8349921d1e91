"""The small forms of the pages: which model, how long a text."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from learn.lens import EXAMPLES, FIRST_TEXT, MAX_TEXT_CHARACTERS, Lens, look
from learn.presets import Presets, first_known, grouped
from models_registry.typed import TypedText
from science.tokens import VOCABULARIES

USUAL_MODEL = "llama-3.3-70b"
USUAL_TOKENS = "400"
LENGTHS = (
    ("30", _("Une phrase (30 jetons)")),
    ("150", _("Un paragraphe (150 jetons)")),
    ("400", _("Une réponse habituelle (400 jetons)")),
    ("1000", _("Une longue réponse (1 000 jetons)")),
    ("5000", _("Un exposé entier (5 000 jetons)")),
)


class AnswerForm(forms.Form):
    """A model and the length of its answer; what the address leaves out is the usual."""

    model = forms.ChoiceField(
        label=_("Modèle"),
        error_messages={"invalid_choice": _("Ce modèle n’est pas dans notre registre.")},
    )
    tokens = forms.ChoiceField(
        label=_("Longueur de la réponse"),
        choices=LENGTHS,
        error_messages={"invalid_choice": _("Cette longueur n’est pas proposée.")},
    )

    def __init__(self, found: Presets, address: QueryDict, usual_model: str = USUAL_MODEL) -> None:
        usual = {"model": first_known(found, usual_model), "tokens": USUAL_TOKENS}
        super().__init__(usual | address.dict())
        field = self.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grouped(found.values())
        field.required = bool(found)

    def answer(self) -> tuple[str, int] | None:
        """The slug of the model and the tokens of its answer; None for a bad address or an empty registry."""
        if not self.is_valid() or not self.cleaned_data["model"]:
            return None
        return self.cleaned_data["model"], int(self.cleaned_data["tokens"])


class LensForm(forms.Form):
    """A text to cut; a sentence of ours while nothing was sent."""

    text = TypedText(
        label=_("Votre texte"),
        strip=False,
        max_length=MAX_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        error_messages={"required": _("Écrivez ou collez un texte.")},
    )
    model = forms.ChoiceField(
        label=_("Si ce texte était écrit par"),
        error_messages={"invalid_choice": _("Ce modèle n’est pas dans notre registre.")},
    )
    whole = forms.ChoiceField(
        required=False, choices=[("", ""), *((key, key) for key in VOCABULARIES)], widget=forms.HiddenInput
    )

    def __init__(self, found: Presets, sent: QueryDict | None) -> None:
        first = {"text": str(FIRST_TEXT), "model": first_known(found, USUAL_MODEL)}
        super().__init__(None if sent is None else _with_example(sent, first), initial=first)
        field = self.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grouped(found.values())
        field.required = bool(found)

    def lens(self, found: Presets) -> Lens | None:
        """The text cut and priced; None when nothing was sent or it cannot be taken."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        return look(typed["text"], found.get(typed["model"]), whole=typed["whole"])


def _with_example(sent: QueryDict, first: dict[str, str]) -> dict[str, str]:
    """What was sent, its text replaced where one of ours was asked for."""
    values = {"model": first["model"]} | {name: str(value) for name, value in sent.items()}
    example = EXAMPLES.get(values.get("example", ""))
    return values if example is None else values | {"text": example}
