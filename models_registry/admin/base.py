"""Base class and form fields of all pages of the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from web.formatting import label_value


class PlainNumberInput(forms.NumberInput):
    """Number input that shows 220.0 as 220."""

    def format_value(self, value: Any) -> str | None:
        whole = isinstance(value, float) and value.is_integer()
        shown: str | None = super().format_value(int(value) if whole else value)
        return shown


FORMFIELD_OVERRIDES: dict[Any, dict[str, Any]] = {
    models.URLField: {"assume_scheme": "https"},
    models.FloatField: {"widget": PlainNumberInput},
}


class RowForm(forms.ModelForm):
    """The fields of one row of a list, each named after its column and its row for who does not see them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = label_value(capfirst(str(field.label)), self.instance)


class TitledAdmin(admin.ModelAdmin):
    """Titles the list by the plural name of its rows, and names the fields in them."""

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> type[forms.ModelForm]:
        return super().get_changelist_form(request, form=RowForm, **options)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})
