"""Forms of the registry: the pages of the admin and the rows of imported files use the same ones."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry import api_keys, field_words, validation
from models_registry.models import Endpoint, LanguageModel, Licence, Organisation, Source

ORGANISATION_FIELDS = ("slug", "name", "country", "site")
LICENCE_FIELDS = (
    "slug", "name", "link", "kind", "commercial_use", "outputs_reuse", "sentence_fr", "sentence_en",
)  # fmt: skip
LANGUAGE_MODEL_FIELDS = (
    "slug", "name", "organisation", "licence", "status", "release_date", "release_precision", "architecture",
    "disclosed", "total_params_b", "active_params_b", "effective_params_b", "experts_total",
    "experts_active", "weight_bits", "hypothesis_low_b", "hypothesis_high_b", "hypothesis_active_low_b",
    "hypothesis_active_high_b", "hypothesis_why_fr", "hypothesis_why_en", "reasoning",
    "context_window_tokens", "tokenizer_family", "description_fr", "description_en", "good_to_know_fr",
    "good_to_know_en", "aliases",
)  # fmt: skip
ENDPOINT_FIELDS = (
    "kind", "base_url", "provider_model", "api_key_env", "temperature", "max_tokens", "extra_body",
    "priority", "timeout_seconds", "enabled", "price_in_eur", "price_out_eur", "daily_cap_eur",
    *Endpoint.HOSTING_FIELDS,
)  # fmt: skip
SOURCE_FIELDS = ("link", "title", "read_on")


class NameListField(forms.CharField):
    """A list of names, one per line of a textarea."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [name.strip() for name in lines if str(name).strip()]


class LanguageModelForm(forms.ModelForm):
    aliases = NameListField(
        label=gettext_lazy("Autres noms"),
        required=False,
        help_text=gettext_lazy("Un nom par ligne, tel que d’autres serveurs ou arènes l’écrivent."),
    )

    class Meta:
        model = LanguageModel
        fields = LANGUAGE_MODEL_FIELDS
        labels = field_words.MODEL_LABELS
        help_texts = field_words.MODEL_HELP
        error_messages = field_words.MODEL_ERRORS

    def clean_aliases(self) -> list[str]:
        """Refuse a name of another model: discovery would connect a server to the wrong one.

        A draft of discovery that nobody completed takes no name.
        """
        names: list[str] = self.cleaned_data["aliases"]
        if not names:
            return names
        aliases_here = {name.casefold() for name in names}
        placeholders = {
            "status": LanguageModel.Status.DRAFT,
            "organisation__slug": validation.PLACEHOLDER_SLUG,
        }
        others = LanguageModel.objects.exclude(pk=self.instance.pk).exclude(**placeholders)
        for other, slug, aliases in others.values_list("name", "slug", "aliases"):
            if taken := aliases_here & {slug, *(alias.casefold() for alias in aliases)}:
                raise ValidationError(
                    _("« %(name)s » est déjà un nom de %(other)s.")
                    % {"name": sorted(taken)[0], "other": other}
                )
        return names


class SlugChoiceField(forms.ModelChoiceField):
    """A row of another table given by its slug; the error message repeats an unknown slug."""

    def __init__(self, queryset: models.QuerySet[Any], label: Any, error_messages: dict[str, Any]) -> None:
        super().__init__(queryset, to_field_name="slug", label=label, error_messages=error_messages)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(
                _("« %(slug)s » n’est pas dans le registre : créez sa fiche d’abord.") % {"slug": value}
            ) from None


class SecureURLField(forms.URLField):
    """A URL field that assumes https when the scheme is missing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **options})


class PlaceholderForm(forms.ModelForm):
    """A page of the web is required, but of the row that stands for what nobody has looked up yet."""

    page_field = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        slug = self.data.get("slug") if self.is_bound else self.instance.slug
        self.fields[self.page_field].required = slug != validation.PLACEHOLDER_SLUG


class OrganisationForm(PlaceholderForm):
    page_field = "site"

    class Meta:
        model = Organisation
        fields = ORGANISATION_FIELDS
        field_classes = {"site": SecureURLField}


class LicenceForm(PlaceholderForm):
    page_field = "link"

    class Meta:
        model = Licence
        fields = LICENCE_FIELDS
        field_classes = {"link": SecureURLField}


class LanguageModelRowForm(LanguageModelForm):
    """Form of a row of a file, which gives the organisation and the licence by slug."""

    organisation = SlugChoiceField(
        Organisation.objects.all(), gettext_lazy("Organisation"), field_words.MODEL_ERRORS["organisation"]
    )
    licence = SlugChoiceField(
        Licence.objects.all(), gettext_lazy("Licence"), field_words.MODEL_ERRORS["licence"]
    )


class ProbeButton(forms.Widget):
    """Submit button that posts the form, saved or not, to the probe of its row."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string("admin/models_registry/probe_button.html", {"name": name})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        """Ignore the pressed button: it changes no field of the row."""


class EndpointForm(forms.ModelForm):
    probe = forms.Field(label=gettext_lazy("Essai"), required=False, widget=ProbeButton)

    class Meta:
        model = Endpoint
        fields = ENDPOINT_FIELDS
        labels = field_words.ENDPOINT_LABELS
        help_texts = field_words.ENDPOINT_HELP
        widgets = {
            "base_url": forms.TextInput(attrs={"list": "known-addresses", "size": 50}),
            "api_key_env": forms.TextInput(attrs={"list": "known-keys", "size": 40}),
            "extra_body": forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        }

    def clean_extra_body(self) -> dict[str, Any]:
        """Read an empty field as {}; Django reads it as None."""
        extra: dict[str, Any] | None = self.cleaned_data["extra_body"]
        return {} if extra is None else extra

    def clean(self) -> dict[str, Any]:
        """Default prices to 0; require a price with a cap, which would never be reached without one.

        A key that is not for this address is refused when either changes: what is stored sends nothing.
        Empty the fields of the kinds of hosting that were not chosen.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        Endpoint.empty_other_hostings(cleaned)
        if {"api_key_env", "base_url"} & {*self.changed_data} and "base_url" in cleaned:
            try:
                api_keys.validate_pair(cleaned.get("api_key_env", ""), cleaned["base_url"])
            except ValidationError as error:
                self.add_error("api_key_env", error)
        for price in ("price_in_eur", "price_out_eur"):
            cleaned[price] = cleaned.get(price) or 0
        if cleaned.get("daily_cap_eur") and not (cleaned["price_in_eur"] or cleaned["price_out_eur"]):
            self.add_error("daily_cap_eur", _("Un plafond a besoin d’un prix : indiquez-le aussi."))
        return cleaned


class SourceForm(forms.ModelForm):
    """A source page with all the facts it states; one Source is stored for each fact."""

    facts = forms.MultipleChoiceField(
        label=gettext_lazy("Ce qu’elle dit"), choices=Source.Fact.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Source
        fields = SOURCE_FIELDS
        labels = field_words.SOURCE_LABELS
        field_classes = {"link": SecureURLField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["facts"] = [self.instance.fact]
        for field in self.fields.values():  # the table of the admin shows no labels
            field.widget.attrs |= {"aria-label": field.label, "placeholder": field.label}

    def clean_facts(self) -> list[str]:
        facts: list[str] = self.cleaned_data["facts"]
        if self.instance.fact not in facts:
            self.instance.fact = facts[0]
        return facts


class EndpointFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """Require an enabled endpoint of an enabled model, after deletions on this page."""
        super().clean()
        if any(self.errors) or self.instance.status != LanguageModel.Status.ENABLED:
            return
        enabled = sum(form.cleaned_data.get("enabled", False) for form in remaining_forms(self))
        raise_first_issue(validation.endpoint_issues(enabled))


class DeletionCheckbox(forms.CheckboxInput):
    """A checkbox that says what it does: on a phone the table of sources has no head."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        return format_html('<label>{} <span class="row-deletion">{}</span></label>', box, _("Supprimer"))


class SourceFormSet(forms.BaseInlineFormSet):
    deletion_widget = DeletionCheckbox

    def clean(self) -> None:
        """Require a source for each fact of an enabled model, after deletions on this page."""
        super().clean()
        if any(self.errors) or self.instance.status != LanguageModel.Status.ENABLED:
            return
        facts = {fact for form in remaining_forms(self) for fact in form.cleaned_data.get("facts", [])}
        raise_first_issue(validation.source_issues(facts))

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Source:
        return self._save_other_facts(form, super().save_new(form, commit))

    def save_existing(self, form: forms.ModelForm, obj: Source, commit: bool = True) -> Source:
        return self._save_other_facts(form, super().save_existing(form, obj, commit))

    def _save_other_facts(self, form: forms.ModelForm, source: Source) -> Source:
        """Store a Source for each other fact of the page; returns `source`."""
        page = {"link": source.link, "title": source.title, "read_on": source.read_on}
        for fact in form.cleaned_data["facts"]:
            Source.objects.get_or_create(
                model=self.instance, fact=fact, link=source.link, defaults={**page, "fact": fact}
            )
        return source


def remaining_forms(formset: forms.BaseInlineFormSet) -> list[forms.ModelForm]:
    """Forms whose rows exist once the page is saved."""
    filled = [form for form in formset.forms if form.instance.pk or form.has_changed()]
    return [form for form in filled if not form.cleaned_data.get("DELETE")]


def raise_first_issue(issues: Iterable[validation.ValidationIssue]) -> None:
    for issue in issues:
        raise ValidationError(issue.message)
