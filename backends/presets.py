"""Addresses of well-known servers, so that a curator chooses a name instead of typing an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider or a server program that speaks OpenAI's chat completions.

    base_url: for OpenAICompatible; with « localhost » for what runs on one's own machine.
    api_key_env: the environment variable usually given to its key; empty where none is needed.
    options: what its requests need beyond the usual; a None leaves a field out.
    """

    slug: str
    name: str
    base_url: str
    api_key_env: str
    documentation: str
    options: Mapping[str, Any] = field(default_factory=dict)


PRESETS = (
    Preset(
        "openai",
        "OpenAI",
        "https://api.openai.com/v1",
        "OPENAI_API_KEY",
        "https://platform.openai.com/docs/api-reference/introduction",
    ),
    Preset(
        "mistral",
        "Mistral AI",
        "https://api.mistral.ai/v1",
        "MISTRAL_API_KEY",
        "https://docs.mistral.ai/api/",
        # Refuses the field with 422, and sends the usage without being asked:
        # https://github.com/openai/openai-agents-python/issues/442
        {"stream_options": None},
    ),
    Preset(
        "anthropic",
        "Anthropic",
        "https://api.anthropic.com/v1",
        "ANTHROPIC_API_KEY",
        "https://platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk",
    ),
    Preset(
        "google",
        "Google Gemini",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "GEMINI_API_KEY",
        "https://ai.google.dev/gemini-api/docs/openai",
    ),
    Preset(
        "albert",
        "Albert API (État français)",
        "https://albert.api.etalab.gouv.fr/v1",
        "ALBERT_API_KEY",
        "https://doc.incubateur.net/alliance/albert-api",
    ),
    Preset(
        "scaleway",
        "Scaleway Generative APIs",
        "https://api.scaleway.ai/v1",
        "SCW_SECRET_KEY",
        "https://www.scaleway.com/en/docs/generative-apis/api-cli/using-chat-api/",
    ),
    Preset(
        "ovhcloud",
        "OVHcloud AI Endpoints",
        "https://oai.endpoints.kepler.ai.cloud.ovh.net/v1",
        "OVH_AI_ENDPOINTS_ACCESS_TOKEN",
        "https://www.ovhcloud.com/en/public-cloud/ai-endpoints/catalog/",
    ),
    Preset(
        "huggingface",
        "Hugging Face Inference Providers",
        "https://router.huggingface.co/v1",
        "HF_TOKEN",
        "https://huggingface.co/docs/inference-providers/index",
    ),
    Preset(
        "openrouter",
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        "OPENROUTER_API_KEY",
        "https://openrouter.ai/docs/quickstart",
    ),
    Preset(
        "groq",
        "Groq",
        "https://api.groq.com/openai/v1",
        "GROQ_API_KEY",
        "https://console.groq.com/docs/openai",
    ),
    Preset(
        "together",
        "Together AI",
        "https://api.together.ai/v1",
        "TOGETHER_API_KEY",
        "https://docs.together.ai/docs/inference/openai-compatibility",
    ),
    Preset(
        "deepseek",
        "DeepSeek",
        "https://api.deepseek.com",
        "DEEPSEEK_API_KEY",
        "https://api-docs.deepseek.com/",
    ),
    Preset(
        "ollama",
        "Ollama",
        "http://localhost:11434/v1",
        "",
        "https://docs.ollama.com/api/openai-compatibility",
    ),
    Preset(
        "vllm",
        "vLLM",
        "http://localhost:8000/v1",
        "",
        "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
    ),
    Preset(
        "llama.cpp",
        "llama.cpp",
        "http://localhost:8080/v1",
        "",
        "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
    ),
    Preset(
        "lm-studio",
        "LM Studio",
        "http://localhost:1234/v1",
        "",
        "https://lmstudio.ai/docs/developer/openai-compat",
    ),
)


def preset_for(base_url: str) -> Preset | None:
    """The preset of an address, whatever its scheme's case or trailing slash; None for an unknown one."""
    wanted = base_url.rstrip("/").lower()
    return next((preset for preset in PRESETS if preset.base_url == wanted), None)
