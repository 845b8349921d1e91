import pytest

from science.energy import METHODS, Architecture
from science.energy.evaluation import Task, read_measurements
from science.energy.evaluation.measurements import TABLES


@pytest.mark.parametrize(("task", "count"), [(Task.CHAT, 328), (Task.REASONING, 187), (Task.CODE, 50)])
def test_every_run_is_a_shape_and_an_energy(task: Task, count: int) -> None:
    runs = read_measurements(task)
    assert len(runs) == count
    for run in runs:
        assert run.shape.weight_bits == run.weight_bits
        assert run.joules_per_token > 0
        assert run.gpu in {"H100", "B200"}
        assert 0 < run.mean_batch <= run.batch * 1.001
    head = TABLES[task].read_text(encoding="utf-8")[:1000]
    assert "https://arxiv.org/abs/2505.06371" in head
    assert "NeurIPS 2025" in head
    assert ("never" in head or "nothing is fitted" in head) == (task is not Task.CHAT)


def test_a_mixture_is_read_as_one_and_a_hybrid_as_dense() -> None:
    shapes = {run.model: run.shape for run in read_measurements()}
    assert shapes["DeepSeek V3.1"].architecture is Architecture.MIXTURE_OF_EXPERTS
    assert shapes["DeepSeek V3.1"].active_params_b == 37
    assert shapes["DeepSeek V3.1"].expert_share == 8 / 256
    assert shapes["Nemotron Nano 9B V2"].architecture is Architecture.DENSE


def test_the_limit_on_small_dense_models_is_that_of_the_table() -> None:
    smallest_b = min(run.total_params_b for run in read_measurements() if run.architecture == "dense")
    for name in ("physical-2026", "physical-2026.2"):
        limits = {limit.key: limit for limit in METHODS[name].limits}
        assert f"under {smallest_b:g} billion" in limits["small_dense"].en
        assert f"moins de {smallest_b:g}\N{NO-BREAK SPACE}milliards" in limits["small_dense"].fr
