"""Every setting is documented, and nothing is documented that nobody reads."""

import ast
import re
from pathlib import Path

import pytest

from doodle_cli.config import SERVICE_SETTINGS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CONFIGS = sorted(ROOT.glob("*/src/*/config.py"))
NAME = re.compile(r"[A-Z][A-Z0-9_]{2,}")


def names_in(config: Path) -> set[str]:
    """Find the names of environment variables in a config.py: every text in capitals."""
    constants = [node.value for node in ast.walk(ast.parse(config.read_text())) if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str) and NAME.fullmatch(value)}


def rows_of_the_table() -> list[list[str]]:
    """Read the table of settings: variable, read by, default, meaning."""
    section = PAGE.partition("## Settings\n")[2].partition("\n### ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.parent.name)
def test_every_setting_is_documented(config: Path) -> None:
    """Whatever a config.py reads stands on the page."""
    documented = set(re.findall(r"`([A-Z][A-Z0-9_]*)\*?`", PAGE))

    assert {name.rstrip("_") for name in names_in(config)} - {name.rstrip("_") for name in documented} == set()


def test_every_documented_setting_is_read() -> None:
    """The table names nothing that was removed or renamed."""
    read = set().union(*map(names_in, CONFIGS))

    assert [row[0] for row in rows_of_the_table() if row[0].strip("`") not in read] == []


def test_what_may_be_set_for_up_is_marked() -> None:
    """The page and the command agree about what `doodle up` passes on."""
    marked = {row[0].strip("`"): row[1] for row in rows_of_the_table() if "**up**" in row[1]}

    assert set(SERVICE_SETTINGS) == {name for name, reader in marked.items() if not reader.startswith("`doodle")}


def test_only_config_reads_the_environment() -> None:
    """os.environ stands in config.py and nowhere else."""
    sources = [path for path in ROOT.glob("*/src/*/**/*.py") if path.name != "config.py"]
    assert len(sources) > 50

    assert [str(path) for path in sources if re.search(r"os\.(environ|getenv)", path.read_text())] == []


def test_every_name_of_nginxs_template_is_documented() -> None:
    """Whoever fills the template in elsewhere finds each name explained."""
    templates = "".join(path.read_text() for path in (ROOT / "nginx").glob("*.template"))
    names = set(re.findall(r"\$\{(?:each )?([A-Z_]+)\}", templates))

    assert {name for name in names if f"`{name}`" not in PAGE} == set()
