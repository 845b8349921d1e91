"""Closed lists of the registry that files, forms and tables share."""

TOKENIZER_FAMILIES: tuple[str, ...] = (
    "cl100k", "o200k", "llama2", "llama3", "llama4", "mistral_v1", "tekken", "gemma2", "gemma3", "gemma4",
    "qwen", "qwen3_5", "deepseek_v3", "phi3", "command_r", "glm4", "kimi_k2", "smollm2", "other",
)  # fmt: skip
