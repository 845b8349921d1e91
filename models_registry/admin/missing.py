"""« Ce qui manque pour l’activer »: what a model lacks before it may play, as typed so far."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory
from django.http import QueryDict

from models_registry import validation
from models_registry.forms import (
    EndpointForm,
    EndpointFormSet,
    LanguageModelForm,
    SourceForm,
    SourceFormSet,
    remaining_forms,
)
from models_registry.models import Endpoint, LanguageModel, Source
from web.formatting import label_value

SourceForms = inlineformset_factory(
    LanguageModel, Source, form=SourceForm, formset=SourceFormSet, fk_name="model", extra=0
)
EndpointForms = inlineformset_factory(
    LanguageModel, Endpoint, form=EndpointForm, formset=EndpointFormSet, fk_name="model", extra=0
)
LISTS = ("sources", "endpoints")


@dataclass(frozen=True)
class Missing:
    """The facts that a model lacks; `was_enabled` as it is stored, `is_enabled` as it is typed."""

    issues: list[validation.ValidationIssue]
    was_enabled: bool
    is_enabled: bool

    @property
    def linked_issues(self) -> list[tuple[str, str]]:
        """The id of the place that mends it, and the sentence."""
        return [
            (f"{issue.field}-group" if issue.field in LISTS else f"id_{issue.field}", issue.message)
            for issue in self.issues
        ]


def missing_in_store(model: LanguageModel) -> Missing:
    is_enabled = model.status == LanguageModel.Status.ENABLED
    return Missing(model.enable_blockers(), is_enabled, is_enabled)


def missing_in_form(typed: QueryDict, model: LanguageModel | None) -> Missing:
    """The facts that a model's posted page lacks; saves nothing. model: as stored, None for a new one."""
    status = LanguageModel.Status
    was_enabled = model is not None and model.status == status.ENABLED
    facts = typed.copy()
    facts["status"] = status.DRAFT  # what an enabled one needs comes below, each once
    form = LanguageModelForm(facts, instance=model)
    issues = [*_form_issues(form), *form.instance.enabling_issues(), *_list_issues(typed, form.instance)]
    if form.instance.is_bare_draft:  # which the form accepts as it is
        issues += validation.fact_issues(form.instance)
    return Missing(issues, was_enabled, typed.get("status") == status.ENABLED)


def initial_values(form: forms.BaseForm) -> QueryDict:
    """The values that the empty page of a new model would post."""
    values = QueryDict(mutable=True)
    for name, field in form.fields.items():
        if (value := form.get_initial_for_field(field, name)) not in (None, "", False):
            values[name] = value
    return values


def _form_issues(form: LanguageModelForm) -> Iterator[validation.ValidationIssue]:
    """Contradictions, empty fields and what is no number, in the order of the form."""
    for name, errors in form.errors.as_data().items():
        for error in errors:
            for sentence in error.messages:
                yield validation.ValidationIssue(name, _with_label(form, name, error, sentence))


def _with_label(form: LanguageModelForm, name: str, error: ValidationError, sentence: str) -> str:
    """Django's own sentences do not say which field they are about; ours do."""
    is_ours = error.code is None or (error.code == "required" and name in form.Meta.error_messages)
    return sentence if is_ours or name not in form.fields else label_value(form.fields[name].label, sentence)


def _list_issues(typed: Mapping[str, Any], model: LanguageModel) -> Iterator[validation.ValidationIssue]:
    endpoints, sources = EndpointForms(typed, instance=model), SourceForms(typed, instance=model)
    yield from validation.endpoint_issues(
        sum(row.cleaned_data.get("enabled", False) for row in _valid_rows(endpoints))
    )
    facts = {fact for row in _valid_rows(sources) for fact in row.cleaned_data.get("facts", [])}
    yield from validation.source_issues(facts)


def _valid_rows(rows: Any) -> list[forms.ModelForm]:
    """The rows of a list of forms that hold no error, once the page is saved."""
    rows.is_valid()
    return [row for row in remaining_forms(rows) if row.is_valid()]
