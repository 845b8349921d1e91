from science.energy import METHODS, Architecture
from science.energy.measurements import TABLE, read_measurements


def test_the_table_says_where_it_comes_from() -> None:
    head = TABLE.read_text(encoding="utf-8")[:1000]
    assert "https://arxiv.org/abs/2505.06371" in head
    assert "NeurIPS 2025" in head


def test_every_run_is_a_shape_and_an_energy() -> None:
    runs = read_measurements()
    assert len(runs) == 328
    for run in runs:
        assert run.shape.weight_bits == run.weight_bits
        assert run.joules_per_token > 0
        assert run.gpu in {"H100", "B200"}


def test_a_mixture_is_read_as_one_and_a_hybrid_as_dense() -> None:
    shapes = {run.model: run.shape for run in read_measurements()}
    assert shapes["DeepSeek V3.1"].architecture is Architecture.MIXTURE_OF_EXPERTS
    assert shapes["DeepSeek V3.1"].active_params_b == 37
    assert shapes["Nemotron Nano 9B V2"].architecture is Architecture.DENSE


def test_the_limit_on_small_dense_models_is_that_of_the_table() -> None:
    smallest_b = min(run.total_params_b for run in read_measurements() if run.architecture == "dense")
    limits = {limit.key: limit for limit in METHODS["physical-2026"].limits}
    assert f"under {smallest_b:g} billion" in limits["small_dense"].en
    assert f"moins de {smallest_b:g}\N{NO-BREAK SPACE}milliards" in limits["small_dense"].fr
