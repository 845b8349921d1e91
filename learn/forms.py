"""The small forms of the pages: which model, how long a text."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learn.model_choices import ModelsBySlug, first_known, grouped_choices
from learn.tokenizer_view import EXAMPLES, FIRST_TEXT, MAX_TEXT_CHARACTERS, TokenizedText, tokenize_all
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from science.tokens import VOCABULARIES
from web.fields import PlainTextField
from web.formatting import format_int

DEFAULT_MODEL = "llama-3.3-70b"
LENGTHS = {
    30: gettext_lazy("Une phrase"),
    150: gettext_lazy("Un paragraphe"),
    USUAL_ANSWER_TOKENS: gettext_lazy("Une réponse habituelle"),
    1_000: gettext_lazy("Une longue réponse"),
    5_000: gettext_lazy("Un exposé entier"),
}


def length_choices() -> list[tuple[str, str]]:
    """Each length in tokens, with its words."""
    told = _("%(length)s (%(tokens)s jetons)")
    return [
        (str(tokens), told % {"length": length, "tokens": format_int(tokens)})
        for tokens, length in LENGTHS.items()
    ]


class AnswerForm(forms.Form):
    """A model and the length of its answer; what the address leaves out is the usual."""

    model = forms.ChoiceField(
        label=gettext_lazy("Modèle"),
        error_messages={"invalid_choice": gettext_lazy("Ce modèle n’est pas dans notre registre.")},
    )
    tokens = forms.ChoiceField(
        label=gettext_lazy("Longueur de la réponse"),
        choices=length_choices,
        error_messages={"invalid_choice": gettext_lazy("Cette longueur n’est pas proposée.")},
    )

    def __init__(self, found: ModelsBySlug, address: QueryDict, usual_model: str = DEFAULT_MODEL) -> None:
        usual = {"model": first_known(found, usual_model), "tokens": str(USUAL_ANSWER_TOKENS)}
        super().__init__(usual | address.dict())
        field = self.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grouped_choices(found.values())
        field.required = bool(found)

    def answer(self) -> tuple[str, int] | None:
        """The slug of the model and the tokens of its answer; None for a bad address or an empty registry."""
        if not self.is_valid() or not self.cleaned_data["model"]:
            return None
        return self.cleaned_data["model"], int(self.cleaned_data["tokens"])


class TokenizerForm(forms.Form):
    """A text to cut; a sentence of ours while nothing was sent."""

    text = PlainTextField(
        label=gettext_lazy("Votre texte"),
        strip=False,
        max_length=MAX_TEXT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Écrivez ou collez un texte.")},
    )
    model = forms.ChoiceField(
        label=gettext_lazy("Si ce texte était écrit par"),
        error_messages={"invalid_choice": gettext_lazy("Ce modèle n’est pas dans notre registre.")},
    )
    whole = forms.ChoiceField(
        required=False, choices=[("", ""), *((key, key) for key in VOCABULARIES)], widget=forms.HiddenInput
    )

    def __init__(self, found: ModelsBySlug, sent: QueryDict | None) -> None:
        first = {"text": str(FIRST_TEXT), "model": first_known(found, DEFAULT_MODEL)}
        super().__init__(None if sent is None else _with_example(sent, first), initial=first)
        field = self.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grouped_choices(found.values())
        field.required = bool(found)

    def lens(self, found: ModelsBySlug) -> TokenizedText | None:
        """The text cut and priced; None when nothing was sent or it cannot be taken."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        return tokenize_all(typed["text"], found.get(typed["model"]), whole=typed["whole"])


def _with_example(sent: QueryDict, first: dict[str, str]) -> dict[str, str]:
    """What was sent, its text replaced where one of ours was asked for."""
    values = {"model": first["model"]} | {name: str(value) for name, value in sent.items()}
    example = EXAMPLES.get(values.get("example", ""))
    return values if example is None else values | {"text": example}
