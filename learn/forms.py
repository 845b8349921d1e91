"""The forms of the lessons: a model and a length, or a text to tokenize."""

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
    label = _("%(length)s (%(tokens)s jetons)")
    return [
        (str(tokens), label % {"length": length, "tokens": format_int(tokens)})
        for tokens, length in LENGTHS.items()
    ]


class AnswerForm(forms.Form):
    """A model and the length of its answer, with defaults for what the address leaves out."""

    model = forms.ChoiceField(
        label=gettext_lazy("Modèle"),
        error_messages={"invalid_choice": gettext_lazy("Ce modèle n’est pas dans notre registre.")},
    )
    tokens = forms.ChoiceField(
        label=gettext_lazy("Longueur de la réponse"),
        choices=length_choices,
        error_messages={"invalid_choice": gettext_lazy("Cette longueur n’est pas proposée.")},
    )

    def __init__(self, models: ModelsBySlug, address: QueryDict, default_model: str = DEFAULT_MODEL) -> None:
        defaults = {"model": first_known(models, default_model), "tokens": str(USUAL_ANSWER_TOKENS)}
        super().__init__(defaults | address.dict())
        field = self.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grouped_choices(models.values())
        field.required = bool(models)

    def answer(self) -> tuple[str, int] | None:
        """The slug of the model and the tokens of its answer; None if invalid or if there is no model."""
        if not self.is_valid() or not self.cleaned_data["model"]:
            return None
        return self.cleaned_data["model"], int(self.cleaned_data["tokens"])


class TokenizerForm(forms.Form):
    """A text to tokenize; before a submission, an example."""

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

    def __init__(self, models: ModelsBySlug, submitted: QueryDict | None) -> None:
        first = {"text": str(FIRST_TEXT), "model": first_known(models, DEFAULT_MODEL)}
        super().__init__(None if submitted is None else _with_example(submitted, first), initial=first)
        field = self.fields["model"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = grouped_choices(models.values())
        field.required = bool(models)

    def tokenized(self, models: ModelsBySlug) -> TokenizedText | None:
        """The text tokenized, with its energy; None before a submission or if it is invalid."""
        if not self.is_valid():
            return None
        values = self.cleaned_data
        return tokenize_all(values["text"], models.get(values["model"]), whole=values["whole"])


def _with_example(submitted: QueryDict, first: dict[str, str]) -> dict[str, str]:
    """The submitted values, with the text of the example whose button was pressed, if any."""
    values = {"model": first["model"]} | {name: str(value) for name, value in submitted.items()}
    example = EXAMPLES.get(values.get("example", ""))
    return values if example is None else values | {"text": example}
