"""Form data of the admin's page of a model, as a browser posts it."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from models_registry.forms import EndpointForm
from models_registry.models import LanguageModel, Source

LIST = reverse("admin:models_registry_languagemodel_changelist")
ADD = reverse("admin:models_registry_languagemodel_add")


def change_url(model: LanguageModel) -> str:
    return reverse("admin:models_registry_languagemodel_change", args=[model.pk])


def form_data(client: Client, url: str, **typed: Any) -> dict[str, Any]:
    """Values of all fields of the page, overridden by `typed`; None clears a field."""
    context = page_context(client, url)
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    sent = {name: value for form in forms for bound in form for name, value in _inputs(bound)}
    return {
        name: value for name, value in {**sent, **typed}.items() if value is not None and value is not False
    }


def page_context(client: Client, url: str) -> dict[str, Any]:
    """The context of the page of this address, as its user gets it; it is not rendered."""
    request = RequestFactory().get(url)
    request.session = client.session
    request.user = get_user(request)
    view = resolve(url)
    return dict(view.func(request, *view.args, **view.kwargs).context_data)


def new_endpoint(number: int = 0, **typed: Any) -> dict[str, Any]:
    """Values of an endpoint row added on the page: its defaults, overridden by `typed`."""
    row = {
        name: value for bound in EndpointForm(prefix=f"endpoints-{number}") for name, value in _inputs(bound)
    }
    written = {f"endpoints-{number}-{name}": value for name, value in typed.items()}
    total = {"endpoints-TOTAL_FORMS": str(number + 1)}
    return {name: value for name, value in {**row, **written}.items() if value is not None} | total


def _inputs(bound: Any) -> Iterator[tuple[str, Any]]:
    """Inputs of a field, with the hidden one for its initial value."""
    yield bound.html_name, _value(bound)
    if bound.field.show_hidden_initial:
        yield bound.html_initial_name, _value(bound)


def _value(bound: Any) -> Any:
    value = bound.value()
    if isinstance(value, str | list | bool) or value is None:
        return value
    return bound.field.prepare_value(value) if not hasattr(value, "isoformat") else value.isoformat()


def with_sources(model: LanguageModel) -> LanguageModel:
    """The same model, each of its facts with a source."""
    for fact in Source.Fact.values:
        Source.objects.create(model=model, fact=fact, link=f"https://{fact}.example", title="Fiche")
    return model
