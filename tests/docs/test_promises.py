"""What the pages of documentation name is there: folders, files, make targets, modules."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
SECTION_LINK = re.compile(r"\]\((?!https?:)([^)#]*)#([^)]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
TREE_LINE = re.compile(r"^([a-z_.]+/)\s{2,}\S")
MODULE = re.compile(r"`((?:frontend/src|doodle_db|doodle_web|model_server|training_server|db/src)/[\w./]+)`")
ROOMS = {"doodle_db": "db/src", "doodle_web": "web/src", "model_server": "model_server/src",
         "training_server": "training_server/src"}  # fmt: skip


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link to a page or picture of ours names a file that is there."""
    missing = [target for target in LINK.findall(read(page)) if not (page.parent / target).exists()]

    assert missing == []


def anchors_of(page: Path) -> set[str]:
    """Give the names by which a page's sections can be linked to; GitHub's rule: lower case, words and hyphens only."""
    headings = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading) for heading in HEADING.findall(read(page))]
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_section_leads_there(page: Path) -> None:
    """A section that is renamed, or lost, takes no link along unnoticed."""
    links = [(page.parent / target if target else page, anchor) for target, anchor in SECTION_LINK.findall(read(page))]

    assert [anchor for target, anchor in links if target.suffix == ".md" and anchor not in anchors_of(target)] == []


def test_the_tree_in_the_readme_is_the_tree() -> None:
    """No folder is named that is not there, and none of the house is left out."""
    lines = read(ROOT / "README.md").splitlines()
    named = {match.group(1).rstrip("/") for line in lines if (match := TREE_LINE.match(line))}

    folders = {each.name for each in ROOT.iterdir() if (each / "pyproject.toml").is_file()}
    assert folders <= named
    assert {name for name in named if not (ROOT / name).is_dir()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_exists(page: Path) -> None:
    """What a reader is told to type works."""
    rules = set(re.findall(r"^([a-zA-Z0-9_-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = re.findall(r"`make ([a-z][a-z0-9-]*)|^make ([a-z][a-z0-9-]*)", read(page), re.MULTILINE)
    told = {first or second for first, second in commands}

    assert {target for target in told if target not in rules and not target.startswith("bench-")} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_named_is_there(page: Path) -> None:
    """Where a page says a rule is kept, a file of that name keeps it."""
    named = MODULE.findall(read(page))

    missing = [name for name in named if not (ROOT / ROOMS.get(name.split("/")[0], ".") / name).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_benchmark_named_exists(page: Path) -> None:
    """A figure names the script it comes from."""
    named = re.findall(r"`?make bench-([a-z0-9-]+)", read(page))

    assert [name for name in named if not (ROOT / f"tests/benchmarks/{name.replace('-', '_')}.py").is_file()] == []


def test_the_pythons_asked_for_are_those_that_make_takes() -> None:
    """Whoever reads the first page has what the first command needs."""
    taken = re.findall(r"install (Python [0-9., or]*[0-9])", (ROOT / "Makefile").read_text(encoding="utf-8"))

    assert len(taken) == 1
    assert f"{taken[0]} and make" in read(ROOT / "README.md")
