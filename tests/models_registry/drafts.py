"""Models of the cast before a curator has enabled them."""

from models_registry.models import LanguageModel


def as_draft(model: LanguageModel) -> LanguageModel:
    """The model as a draft."""
    model.status = LanguageModel.Status.DRAFT
    model.save(update_fields=["status"])
    return model
