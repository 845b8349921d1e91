"""Write one row of a file to the registry, through the forms of the admin."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.discovery.matching import NameIndex
from models_registry.exchange.diff import describe_change, format_value
from models_registry.exchange.export import endpoint_values, row_values, source_values
from models_registry.exchange.parse import FileRow, RowKind
from models_registry.forms import (
    EndpointForm,
    LanguageModelRowForm,
    LicenceForm,
    OrganisationForm,
    SourceForm,
)
from models_registry.models import Endpoint, LanguageModel, Source
from web.formatting import label_value

FORMS: dict[RowKind, type[forms.ModelForm]] = {
    RowKind.ORGANISATION: OrganisationForm,
    RowKind.LICENCE: LicenceForm,
    RowKind.MODEL: LanguageModelRowForm,
}
# Fields that another arena words in its own way: their differences are not reported.
NOT_COMPARED = {"slug", "name", "status", "aliases", "release_precision"}
SIZE_FIELDS = {"total_params_b", "active_params_b", "effective_params_b"}


class RowAction(models.TextChoices):
    CREATED = "created", gettext_lazy("Créer")
    UPDATED = "updated", gettext_lazy("Changer")
    UNCHANGED = "unchanged", gettext_lazy("Rien à changer")
    REFUSED = "refused", gettext_lazy("Refuser")


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """Result of one row of a file; changes, reasons of a refusal and notes are sentences."""

    kind: RowKind
    place: str
    name: str
    action: RowAction
    changes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(self.action.label)


class RowRefused(Exception):
    """The row breaks rules of the registry; one sentence per reason."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(reasons)
        self.reasons = tuple(reasons)


def apply_row(row: FileRow, index: NameIndex, user_id: int | None) -> RowOutcome:
    """Write the row; raises RowRefused, after which the caller must roll back.

    user_id: author of the entries in the history; None writes no history.
    """
    stored = _find_stored(row, index)
    form_class = FORMS[row.kind]
    fields = tuple(form_class._meta.fields or ())
    table = form_class._meta.model._meta
    before = row_values(stored, fields) if stored else {}
    values, notes = _values_to_write(row, before, fields)
    defaults = {name: table.get_field(name).get_default() for name in fields}
    saved = _save(form_class, stored, {**defaults, **before, **values})
    changes = _describe_changes(form_class, before, row_values(saved, fields)) if stored else []
    if row.kind is RowKind.MODEL:
        changes += _write_lists(saved, row, is_new=stored is None)
        is_enabled = saved.status == LanguageModel.Status.ENABLED
        if is_enabled and (stored is None or changes) and (issues := saved.enable_blockers()):
            raise RowRefused([issue.message for issue in issues])
    action = RowAction.CREATED if stored is None else RowAction.UPDATED if changes else RowAction.UNCHANGED
    if user_id is not None and action != RowAction.UNCHANGED:
        _log(saved, action, changes, user_id)
    return RowOutcome(row.kind, row.place, str(saved), action, tuple(changes), (), (*row.notes, *notes))


def _find_stored(row: FileRow, index: NameIndex) -> Any:
    """Row of the registry with this slug or one of these names; None for a new one."""
    model = FORMS[row.kind]._meta.model
    found = model._default_manager.filter(slug=row.slug).first()
    return found or (index.find(*row.names) if row.names else None)


def _defaults(form_class: type[forms.ModelForm], known: tuple[str, ...]) -> dict[str, Any]:
    fields = form_class._meta.model._meta
    return {name: fields.get_field(name).get_default() for name in known}


def _values_to_write(
    row: FileRow, before: Mapping[str, Any], fields: tuple[str, ...]
) -> tuple[dict[str, Any], list[str]]:
    """Values to write, and notes about those that are ignored."""
    values = {name: value for name, value in row.values.items() if name in fields}
    unknown = sorted(name for name in row.values if name not in fields)
    notes = [_("Colonnes inconnues, laissées de côté : %s.") % ", ".join(unknown)] if unknown else []
    if not (row.fill_only and before):
        return values, notes
    empty = {name for name in values if before[name] in (None, "")}
    if any(values.get(name, before[name]) != before[name] for name in ("architecture", "disclosed")):
        empty -= SIZE_FIELDS  # a size means something else under another architecture
    return {name: values[name] for name in empty}, [*notes, *_differences(values, before)]


def _differences(values: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Notes on values of the file that differ from the registry's own, which stay."""
    return [
        _("%(name)s : « %(theirs)s » dans le fichier, « %(ours)s » gardé.")
        % {
            "name": LanguageModel._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
            "theirs": format_value(value),
            "ours": format_value(before[name]),
        }
        for name, value in values.items()
        if name not in NOT_COMPARED and _differs(name, value, before[name])
    ]


def _differs(name: str, theirs: Any, ours: Any) -> bool:
    """Whether the registry has another value; dates are compared by month, the file's precision."""
    if ours in (None, ""):
        return False
    return str(theirs)[:7] != str(ours)[:7] if name == "release_date" else bool(theirs != ours)


def _save(form_class: type[forms.ModelForm], stored: Any, values: Mapping[str, Any]) -> Any:
    """Save the row through its form; raises RowRefused with one sentence per error."""
    form = form_class(data=values, instance=stored)
    if not form.is_valid():
        raise RowRefused([reason for name in form.errors for reason in _error_sentences(form, name)])
    return form.save()


def _error_sentences(form: forms.BaseForm, name: str) -> list[str]:
    label = form.fields[name].label if name in form.fields else None
    return [label_value(label, sentence) if label else str(sentence) for sentence in form.errors[name]]


def _describe_changes(
    form_class: type[forms.ModelForm], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[str]:
    return [
        describe_change(
            field.label,
            _choice_label(form_class, name, before[name]),
            _choice_label(form_class, name, after[name]),
        )
        for name, field in form_class.base_fields.items()
        if name in after and before[name] != after[name]
    ]


def _choice_label(form_class: type[forms.ModelForm], name: str, value: Any) -> Any:
    """Label of a choice; any other value unchanged."""
    choices = form_class._meta.model._meta.get_field(name).flatchoices
    return dict(choices).get(value, value) if choices else value


def _write_lists(model: LanguageModel, row: FileRow, is_new: bool) -> list[str]:
    """Write the sources and endpoints of a model; returns sentences about the changes."""
    changes: list[str] = []
    if row.sources is not None and (is_new or not row.fill_only):
        changes += _write_sources(model, row.sources)
    for endpoint in row.endpoints or ():
        changes += _write_endpoint(model, endpoint)
    return changes


def _write_sources(model: LanguageModel, sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """Replace the sources by those of the file."""
    before = {_source_key(source_values(source)): source.pk for source in model.sources.all()}
    keys = [_source_key(source) for source in sources]
    removed_pks = [pk for key, pk in before.items() if key not in keys]
    new = [source for key, source in zip(keys, sources, strict=True) if key not in before]
    Source.objects.filter(pk__in=removed_pks).delete()
    for source in new:
        _save_in_list(SourceForm, Source(model=model), {**source, "facts": [source.get("fact")]})
    added = [_("sources ajoutées : %d") % len(new)] if new else []
    removed = [_("sources retirées : %d") % len(removed_pks)] if removed_pks else []
    return added + removed


def _source_key(source: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(source.get(name) or "") for name in ("fact", "link", "title", "read_on"))


def _write_endpoint(model: LanguageModel, values: Mapping[str, Any]) -> list[str]:
    """Create or update the endpoint with this URL and model name; its health is left unchanged."""
    identity = {"base_url": values.get("base_url"), "provider_model": values.get("provider_model")}
    stored = model.endpoints.filter(**identity).first()
    before = endpoint_values(stored or Endpoint())
    saved = _save_in_list(EndpointForm, stored or Endpoint(model=model), {**before, **values})
    if stored is None:
        return [_("point d’accès ajouté : %s") % saved]
    changes = _describe_changes(EndpointForm, before, endpoint_values(saved))
    return [_("point d’accès %(place)s, %(what)s") % {"place": saved, "what": what} for what in changes]


def _save_in_list(form_class: type[forms.ModelForm], row: Any, values: Mapping[str, Any]) -> Any:
    """Save a source or an endpoint; the errors name it."""
    try:
        return _save(form_class, row, values)
    except RowRefused as refused:
        listed = f"{row._meta.verbose_name} « {values.get('link') or values.get('base_url')} »"
        raise RowRefused([f"{listed}, {reason}" for reason in refused.reasons]) from None


def _log(saved: models.Model, action: RowAction, changes: Sequence[str], user_id: int) -> None:
    """Write the import to the row's history."""
    created = action == RowAction.CREATED
    message = [{"added": {}}] if created else [{"changed": {"fields": list(changes)}}]
    LogEntry.objects.create(
        user_id=user_id,
        content_type=ContentType.objects.get_for_model(saved),
        object_id=saved.pk,
        object_repr=str(saved)[:200],
        action_flag=ADDITION if created else CHANGE,
        change_message=json.dumps(message),
    )
