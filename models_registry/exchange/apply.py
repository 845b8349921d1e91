"""Writes one row of a file into the registry, through the form that curators fill in."""

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
# Another arena words these in its own way: no difference to tell.
NOT_COMPARED = {"slug", "name", "status", "aliases", "release_precision"}
SIZE_FIELDS = {"total_params_b", "active_params_b", "effective_params_b"}


class RowAction(models.TextChoices):
    CREATED = "created", gettext_lazy("Créer")
    UPDATED = "updated", gettext_lazy("Changer")
    UNCHANGED = "unchanged", gettext_lazy("Rien à changer")
    REFUSED = "refused", gettext_lazy("Refuser")


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row of a file, in sentences."""

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
    """The registry's rules do not take this row; one sentence for each reason."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(reasons)
        self.reasons = tuple(reasons)


def apply_row(row: FileRow, names: NameIndex, user_id: int | None) -> RowOutcome:
    """What became of the row; raises Refused, after which nothing of it may stay."""
    stored = _find_stored(row, names)
    form_class = FORMS[row.kind]
    known = tuple(form_class._meta.fields or ())
    before = row_values(stored, known) if stored else {}
    values, notes = _values(row, before, known)
    saved = _save(form_class, stored, {**_defaults(form_class, known), **before, **values})
    changes = _changes(form_class, before, row_values(saved, known)) if stored else []
    if row.kind is RowKind.MODEL:
        changes += _write_lists(saved, row, is_new=stored is None)
        if stored is None or changes:
            _check_enabled(saved)
    action = RowAction.CREATED if stored is None else RowAction.UPDATED if changes else RowAction.UNCHANGED
    if user_id is not None and action != RowAction.UNCHANGED:
        _log(saved, action, changes, user_id)
    return RowOutcome(row.kind, row.place, str(saved), action, tuple(changes), (), (*row.notes, *notes))


def _find_stored(row: FileRow, names: NameIndex) -> Any:
    """The row of the registry that this one speaks of; None for a new one."""
    model = FORMS[row.kind]._meta.model
    found = model._default_manager.filter(slug=row.slug).first()
    return found or (names.find(*row.names) if row.names else None)


def _defaults(form_class: type[forms.ModelForm], known: tuple[str, ...]) -> dict[str, Any]:
    fields = form_class._meta.model._meta
    return {name: fields.get_field(name).get_default() for name in known}


def _values(
    row: FileRow, before: Mapping[str, Any], known: tuple[str, ...]
) -> tuple[dict[str, Any], list[str]]:
    """The columns to write, and what to say about the others."""
    values = {name: value for name, value in row.values.items() if name in known}
    unknown = sorted(name for name in row.values if name not in known)
    notes = [_("Colonnes inconnues, laissées de côté : %s.") % ", ".join(unknown)] if unknown else []
    if not (row.completes and before):
        return values, notes
    empty = {name for name in values if before[name] in (None, "")}
    if any(values.get(name, before[name]) != before[name] for name in ("architecture", "disclosed")):
        empty -= SIZE_FIELDS  # a size means something else under another architecture
    return {name: values[name] for name in empty}, [*notes, *_differences(values, before)]


def _differences(values: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Where the file says otherwise and the registry keeps its own, sourced fact."""
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
    """Whether both say something, and not the same; a month holds its days."""
    if ours in (None, ""):
        return False
    return str(theirs)[:7] != str(ours)[:7] if name == "release_date" else bool(theirs != ours)


def _save(form_class: type[forms.ModelForm], stored: Any, values: Mapping[str, Any]) -> Any:
    """The row as its form saves it; raises Refused with one sentence per fault."""
    form = form_class(data=values, instance=stored)
    if not form.is_valid():
        raise RowRefused([reason for name in form.errors for reason in _reasons(form, name)])
    return form.save()


def _reasons(form: forms.BaseForm, name: str) -> list[str]:
    label = form.fields[name].label if name in form.fields else None
    return [label_value(label, sentence) if label else str(sentence) for sentence in form.errors[name]]


def _changes(
    form_class: type[forms.ModelForm], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[str]:
    return [
        describe_change(
            field.label, _shown(form_class, name, before[name]), _shown(form_class, name, after[name])
        )
        for name, field in form_class.base_fields.items()
        if name in after and before[name] != after[name]
    ]


def _shown(form_class: type[forms.ModelForm], name: str, value: Any) -> Any:
    """The label of a choice, any other value as it is."""
    choices = form_class._meta.model._meta.get_field(name).flatchoices
    return dict(choices).get(value, value) if choices else value


def _write_lists(model: LanguageModel, row: FileRow, is_new: bool) -> list[str]:
    """The sources and endpoints of a model, and what changed among them."""
    changes: list[str] = []
    if row.sources is not None and (is_new or not row.completes):
        changes += _write_sources(model, row.sources)
    for endpoint in row.endpoints or ():
        changes += _write_endpoint(model, endpoint)
    return changes


def _check_enabled(model: LanguageModel) -> None:
    """Raises Refused when the model would be enabled and lacks something."""
    if model.status == LanguageModel.Status.ENABLED and (faults := model.enable_blockers()):
        raise RowRefused([fault.sentence for fault in faults])


def _write_sources(model: LanguageModel, wanted: Sequence[Mapping[str, Any]]) -> list[str]:
    """The file's list is the list: what it does not name goes."""
    before = {_source_key(source_values(source)): source.pk for source in model.sources.all()}
    keys = [_source_key(source) for source in wanted]
    gone = [pk for key, pk in before.items() if key not in keys]
    new = [source for key, source in zip(keys, wanted, strict=True) if key not in before]
    Source.objects.filter(pk__in=gone).delete()
    for source in new:
        _save_in_list(SourceForm, Source(model=model), {**source, "facts": [source.get("fact")]})
    added = [_("sources ajoutées : %d") % len(new)] if new else []
    removed = [_("sources retirées : %d") % len(gone)] if gone else []
    return added + removed


def _source_key(source: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(source.get(name) or "") for name in ("fact", "link", "title", "read_on"))


def _write_endpoint(model: LanguageModel, values: Mapping[str, Any]) -> list[str]:
    """One endpoint, found by its address and its name there; its health is left alone."""
    place = {"base_url": values.get("base_url"), "provider_model": values.get("provider_model")}
    stored = model.endpoints.filter(**place).first()
    before = endpoint_values(stored or Endpoint())
    saved = _save_in_list(EndpointForm, stored or Endpoint(model=model), {**before, **values})
    if stored is None:
        return [_("point d’accès ajouté : %s") % saved]
    changes = _changes(EndpointForm, before, endpoint_values(saved))
    return [_("point d’accès %(place)s, %(what)s") % {"place": saved, "what": what} for what in changes]


def _save_in_list(form_class: type[forms.ModelForm], row: Any, values: Mapping[str, Any]) -> Any:
    """A row of one of the model's lists; its fault is told with the row it is in."""
    try:
        return _save(form_class, row, values)
    except RowRefused as refused:
        listed = f"{row._meta.verbose_name} « {values.get('link') or values.get('base_url')} »"
        raise RowRefused([f"{listed}, {reason}" for reason in refused.reasons]) from None


def _log(saved: models.Model, action: RowAction, changes: Sequence[str], user_id: int) -> None:
    """The import in the history of each row that it touched."""
    created = action == RowAction.CREATED
    told = [{"added": {}}] if created else [{"changed": {"fields": list(changes)}}]
    LogEntry.objects.create(
        user_id=user_id,
        content_type=ContentType.objects.get_for_model(saved),
        object_id=saved.pk,
        object_repr=str(saved)[:200],
        action_flag=ADDITION if created else CHANGE,
        change_message=json.dumps(told),
    )
