"""The pages of the curators."""

from models_registry.admin import endpoints, language_models, makers

__all__ = ["endpoints", "language_models", "makers"]
