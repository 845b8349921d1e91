"""History of rows with the values of each changed field, before and after."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest

from models_registry.admin.base import FORMFIELD_OVERRIDES, TitledAdmin
from models_registry.exchange.diff import describe_change


class HistoryAdmin(TitledAdmin):
    """Writes the values before and after a change to the row's history."""

    formfield_overrides = FORMFIELD_OVERRIDES

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """Same structure as Django's, with « field : before → after » instead of field names."""
        message: list[dict[str, Any]] = [{"added": {}}] if add else []
        if not add and (changes := describe_changes(form)):
            message.append({"changed": {"fields": changes}})
        for formset in formsets or []:
            message += list(_inline_changes(formset))
        return message


def _inline_changes(formset: Any) -> Iterator[dict[str, Any]]:
    for row in formset.new_objects:
        yield {"added": row_label(row)}
    forms_by_row = {form.instance.pk: form for form in formset.initial_forms}
    for row, _fields in formset.changed_objects:
        yield {"changed": {**row_label(row), "fields": describe_changes(forms_by_row[row.pk])}}
    for row in formset.deleted_objects:
        yield {"deleted": row_label(row)}


def row_label(row: models.Model) -> dict[str, str]:
    """Name and type of a row, as Django's history stores them."""
    return {"name": str(row._meta.verbose_name), "object": str(row)}


def describe_changes(form: forms.BaseForm) -> list[str]:
    """Sentences about the changed fields of a form: « taille : 70 → 70,6 »."""
    return [
        describe_change(
            form.fields[name].label or name,
            _displayed(form.fields[name], form.get_initial_for_field(form.fields[name], name)),
            _displayed(form.fields[name], form.cleaned_data.get(name)),
        )
        for name in form.changed_data
    ]


def _displayed(field: forms.Field, value: Any) -> Any:
    """Value as the page shows it: the label of a choice, the name of a related row."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        row = value if isinstance(value, models.Model) else field.queryset.filter(pk=value).first()
        return str(row) if row else None
    choices = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return [choices.get(item, item) for item in value]
    return choices.get(value, value) if isinstance(value, str) else value
