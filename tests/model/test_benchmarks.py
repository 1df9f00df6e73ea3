"""The scripts that make the tables of docs/accuracy.md and docs/figures.md still run, on a few rows."""

from pathlib import Path

import pytest

from benchmarks import accuracy, throughput


@pytest.mark.needs_data
def test_the_table_of_networks_can_be_made(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every network has its line, so has what is shipped; begun again, what was measured is read and not measured."""
    monkeypatch.setenv("DOODLE_DATA_DIR", str(data_dir))
    words = ["--quick", "--results", str(tmp_path)]

    accuracy.main(words)
    first = capsys.readouterr().out
    monkeypatch.setattr("benchmarks.comparisons.recipes.fit", None)
    accuracy.main(words)

    assert first == capsys.readouterr().out
    assert "always the commonest label" in first
    assert "**as shipped**" in first
    assert [name for name in accuracy.NETWORKS if f"| `{name}`" not in first] == []


def test_throughput_can_be_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Ours and the generator of rows are timed; PyTorch, which is not ours to install, is left out."""
    throughput.main(["--quick", "--no-pytorch"])

    printed = capsys.readouterr().out
    assert "| ours |" in printed
    assert "| generator of rows from a table |" in printed
