"""What a change was: the history of a row tells each field's value before and after."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest

from models_registry.admin.base import OUR_FIELDS, TitledAdmin
from models_registry.exchange.diff import change


class HistoryAdmin(TitledAdmin):
    """A page of the admin whose history says what changed, not only where."""

    formfield_overrides = OUR_FIELDS

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """Django's own structure, with « field : before → after » in place of the field's name."""
        message: list[dict[str, Any]] = [{"added": {}}] if add else []
        if not add and (changes := changes_of(form)):
            message.append({"changed": {"fields": changes}})
        for formset in formsets or []:
            message += list(_inline_changes(formset))
        return message


def _inline_changes(formset: Any) -> Iterator[dict[str, Any]]:
    for row in formset.new_objects:
        yield {"added": named(row)}
    forms_by_row = {form.instance.pk: form for form in formset.initial_forms}
    for row, _fields in formset.changed_objects:
        yield {"changed": {**named(row), "fields": changes_of(forms_by_row[row.pk])}}
    for row in formset.deleted_objects:
        yield {"deleted": named(row)}


def named(row: models.Model) -> dict[str, str]:
    """A row as the history writes it."""
    return {"name": str(row._meta.verbose_name), "object": str(row)}


def changes_of(form: forms.BaseForm) -> list[str]:
    """Each changed field of a saved form: « taille : 70 → 70,6 »."""
    return [
        change(
            form.fields[name].label or name,
            _written(form.fields[name], form.get_initial_for_field(form.fields[name], name)),
            _written(form.fields[name], form.cleaned_data.get(name)),
        )
        for name in form.changed_data
    ]


def _written(field: forms.Field, value: Any) -> Any:
    """What the page showed for this value: the label of a choice, the name of a row."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        row = value if isinstance(value, models.Model) else field.queryset.filter(pk=value).first()
        return str(row) if row else None
    choices = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return [choices.get(item, item) for item in value]
    return choices.get(value, value) if isinstance(value, str) else value
