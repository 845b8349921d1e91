"""Closed lists of the registry that files, forms and tables share."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

TOKENIZER_FAMILIES: tuple[str, ...] = (
    "cl100k", "o200k", "llama2", "llama3", "llama4", "mistral_v1", "tekken", "gemma2", "gemma3", "gemma4",
    "qwen", "qwen3_5", "deepseek_v3", "phi3", "command_r", "glm4", "kimi_k2", "smollm2", "other",
)  # fmt: skip

# Ordinary tokens of a family, where known: a vocabulary of another size is another family. Counted in the
# files on board; that of Qwen3.5 ends before its special tokens, from 248,044 on:
# https://huggingface.co/docs/transformers/main/model_doc/qwen3_5
VOCABULARY_SIZES: Mapping[str, int] = {
    "cl100k": 100_256,
    "o200k": 199_998,
    "llama3": 128_000,
    "llama4": 200_000,
    "tekken": 130_072,
    "qwen": 151_643,
    "qwen3_5": 248_044,
    "deepseek_v3": 128_000,
}


def family_label(family: str) -> str:
    """The name of a family of tokens, with the size of its vocabulary where known."""
    if family == "other":
        return _("inconnue, ou une autre")
    size = VOCABULARY_SIZES.get(family)
    return f"{family} ({size // 1000}k)" if size else family
