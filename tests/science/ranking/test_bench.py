import pytest

from science.ranking import bench


@pytest.mark.slow
def test_the_bench_prints_a_time_for_each_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "N_VOTES", (2000,))
    bench.main()
    printed = capsys.readouterr().out
    assert "2,000 votes" in printed
    for step in ("fit ", "fit by evalica", "covariance by voter", "frontier", "equal style"):
        assert step in printed
