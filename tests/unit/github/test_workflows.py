"""Workflows run what was read, may do no more than they need, and are told of on their page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAGE = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_named_by_their_commit(workflow: Path) -> None:
    """A tag can be moved to another commit; the version beside it is for people and Dependabot."""
    used = re.findall(r"uses: (.*)$", read(workflow), re.MULTILINE)

    pinned = re.compile(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/workflows/\w+\.yml")
    assert [each for each in used if not pinned.fullmatch(each)] == []


def test_an_action_has_one_version() -> None:
    """Otherwise half of a workflow is updated, and nobody sees it."""
    used = set(re.findall(r"uses: ([\w-]+/[\w-]+)[\w/-]*@([0-9a-f]{40})", "".join(map(read, WORKFLOWS))))

    assert len(used) == len(dict(used))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_token_may_do_only_what_a_job_asks_for(workflow: Path) -> None:
    """Nothing for all jobs together, and no checkout that leaves the token for whatever runs after it."""
    text = read(workflow)

    assert "\npermissions: {}\n" in text
    assert text.count("uses: actions/checkout@") == text.count("persist-credentials: false")


def test_no_key_is_stored() -> None:
    """OIDC and GitHub's own token are all there is."""
    assert [path.name for path in WORKFLOWS if "secrets." in read(path)] == []


def test_ci_tests_every_python_that_is_supported() -> None:
    """What the Makefile lets in is tested."""
    (first, last) = re.findall(r"\(3, (\d+)\) <= sys.version_info < \(3, (\d+)\)", read(ROOT / "Makefile"))[0]
    (matrix,) = re.findall(r"python: \[(.*)\]", read(ROOT / ".github" / "workflows" / "ci.yml"))

    assert re.findall(r"\d+\.\d+", matrix) == [f"3.{minor}" for minor in range(int(first), int(last))]


def test_every_variable_to_be_set_is_on_the_page() -> None:
    """Setting a repository up needs no reading of workflows."""
    read_somewhere = set(re.findall(r"vars\.([A-Z_]+)", "".join(map(read, WORKFLOWS))))

    assert {name for name in read_somewhere if f"`{name}`" not in PAGE} == set()
