"""The tables of docs/cloud.md are what deploy/aws/cost.py prints, and follow the sizes that are deployed."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/cloud.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def costs() -> ModuleType:
    """The script, which belongs to no package."""
    specification = importlib.util.spec_from_file_location("cost", ROOT / "deploy/aws/cost.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["cost"] = module
    specification.loader.exec_module(module)
    return module


def table(name: str) -> str:
    """Read what stands between two marks of the page."""
    return PAGE.partition(f"<!-- {name} -->\n")[2].partition("\n<!-- end -->")[0]


def test_the_page_shows_what_the_script_prints(costs: ModuleType) -> None:
    """No figure is typed by hand: run the script, put its tables between the marks."""
    measured, assumed = costs.Measured(), costs.Assumed()

    assert table("costs") == costs.show_costs(measured, assumed)
    assert table("limits") == costs.show_limits(measured, assumed)


def test_each_size_can_start_what_its_load_needs(costs: ModuleType) -> None:
    """max_count is not below what the busiest minute takes, for requests and for streams."""
    for size, peak in costs.PEAKS.items():
        site = costs.read_numbers(size, "site")
        assert costs.count_tasks(site, peak, costs.Measured(), costs.Assumed()) <= int(site["max_count"])


def test_each_budget_is_above_what_is_to_be_expected(costs: ModuleType) -> None:
    """An example's budget rings for surprises only: its alarm at 80 % lies above the sum."""
    for size in costs.PEAKS:
        expected = sum(costs.cost(size, costs.Measured(), costs.Assumed()).values())
        assert expected < 0.8 * float(costs.read_numbers(size)["monthly_budget_usd"])


def test_terraform_counts_with_what_was_measured(costs: ModuleType) -> None:
    """requests_per_vcpu_second is the measured rate of one core, and is changed together with it."""
    text = (ROOT / "deploy/aws/variables_sizes.tf").read_text(encoding="utf-8")
    block = text.partition('variable "requests_per_vcpu_second"')[2].partition("\n}")[0]
    measured = costs.Measured()

    assert f"= {measured.posts_per_second / measured.cores:.0f}\n" in f"{block}\n"
