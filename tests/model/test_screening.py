"""The script that makes the table of decision 0029 still runs, and the screening is worth having on real drawings."""

from pathlib import Path

import pytest

from benchmarks import quarantine


@pytest.mark.needs_data
def test_the_table_of_quarantine_can_be_made(
    data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every scenario has its line; of one liar's doodles nothing is left, even by a network that has hardly learnt."""
    monkeypatch.setenv("DOODLE_DATA_DIR", str(data_dir))

    assert quarantine.main(["--quick"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [name for name in quarantine.SCENARIOS if not any(line.startswith(f"| {name} |") for line in lines)] == []
    (one_liar,) = [line for line in lines if line.startswith("| 30 % wrong at random, one contributor |")]
    assert one_liar.split("|")[2].split(",")[0].strip() == "100%"
