"""A run's report on a terminal and as a page: everything is there, and nothing in it can do harm."""

import copy
import json
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from doodle_cli.commands.report import format_report
from doodle_cli.png import encode_png
from doodle_cli.report_page import make_page
from doodle_cli.svg_chart import Axis, Line, draw_lines, fit_axis, share_axis
from doodle_cli.version_report import read_version_report

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests" / "doodle_testing" / "report.json"
VOID = {"meta", "img"}


@pytest.fixture
def report() -> dict[str, Any]:
    """A whole report of a small run."""
    content: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return content


def make_early(report: dict[str, Any]) -> dict[str, Any]:
    """The same run, when it had only read."""
    unknown: dict[str, Any] = {"training": None, "model": None, "compared_with": None, "verdict": None}
    return {**report, **unknown, "stage": "read", "holdouts": [], "stage_seconds": {}}


def test_a_label_the_parent_did_not_know_is_called_new(report: dict[str, Any]) -> None:
    """On the terminal and on the page; older reports know of no such labels."""
    grown = {**report, "new_labels": ["mouse"]}
    older = {name: value for name, value in report.items() if name != "new_labels"}

    assert [("mouse (new)" in format_report(each), "mouse (new)" in make_page(each)) for each in (grown, older)] == [
        (True, True),
        (False, False),
    ]


class Outline(HTMLParser):
    """Elements that are open, those there were, and what they say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_is_whole_and_well_formed(report: dict[str, Any]) -> None:
    """Every element is closed, every part of the report is there, every chart has a name."""
    outline = Outline(make_page(report))

    assert outline.open == []
    for words in (
        "Verdict",
        "Candidate and live",
        "Learning",
        "Worst mistakes",
        "Drawings",
        "2688192",
        "batch size",
        "not used",
    ):
        assert words in outline.words
    charts = [attributes for tag, attributes in outline.seen if tag == "svg" and attributes.get("role") == "img"]
    assert len(charts) == 2 + 2 * len(report["holdouts"])
    assert all(chart["aria-label"] for chart in charts)
    pictures = [attributes for tag, attributes in outline.seen if tag == "img"]
    assert len(pictures) == len(report["samples"]) + sum(len(each["mistakes"]) for each in report["holdouts"])


def test_the_page_needs_nothing_else(report: dict[str, Any]) -> None:
    """No script, and nothing is fetched: it can be mailed, and opened in ten years."""
    outline = Outline(make_page(report))

    sources = [attributes.get("src") or "" for _, attributes in outline.seen if "src" in attributes]
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert not {"script", "link", "iframe"} & {tag for tag, _ in outline.seen}


def test_words_are_never_markup(report: dict[str, Any]) -> None:
    """A label, or a reason in a verdict, stays text."""
    report = json.loads(json.dumps(report).replace('"cat"', '"<script>cat</script>"'))
    report["verdict"]["summary"] = "<img src=x onerror=alert(1)>"

    outline = Outline(make_page(report))

    assert "script" not in {tag for tag, _ in outline.seen}
    assert "<script>cat</script>" in outline.words
    assert "<img src=x onerror=alert(1)>" in outline.words


def test_a_run_that_has_only_read(report: dict[str, Any]) -> None:
    """Page and terminal show what there is."""
    early = make_early(report)

    assert "the run had come as far as" in Outline(make_page(early)).words
    assert format_report(early).splitlines()[:2] == [f"run         {report['run']}", "stage       read"]


def test_what_was_left_out_for_room(report: dict[str, Any]) -> None:
    """A shortened report shows its numbers."""
    short = copy.deepcopy(report)
    short["samples"] = []
    for holdout in short["holdouts"]:
        holdout["mistakes"] = []
        for result in (holdout["candidate"], holdout["live"]):
            result["confusion"] = None
            for label in result["labels"]:
                label["roc"] = None

    assert Outline(make_page(short)).open == []


def test_the_terminal_shows_both_versions_and_each_label(report: dict[str, Any]) -> None:
    """Numbers stand in columns; a label without drawings has dashes."""
    words = format_report(report)

    assert "0123456789ab: mlp, 1 parameters, 2688192 multiply-adds" in words
    assert "30 steps, 40 ms each" in words
    assert "screening   Of 8 new doodles 2 are not used" in words
    lines = {line.split()[0]: line.split() for line in words.splitlines() if line}
    assert {"candidate", "live", "macro", "weighted"} <= lines.keys()
    recent = words[words.rindex("RECENT  ") :]
    mouse = next(line.split() for line in recent.splitlines() if line.startswith("mouse"))
    assert (mouse[1], mouse[3], mouse[5]) == ("0", "-", "-")


@pytest.fixture
def version_report() -> dict[str, Any]:
    """What the shipped version's files say of it, in whatever shape they were written."""
    return read_version_report(*shipped_files())


def shipped_files() -> tuple[dict[str, Any], dict[str, Any]]:
    """Report and manifest of the version this repository ships."""
    (folder,) = (ROOT / "models" / "animals").iterdir()
    return json.loads((folder / "report.json").read_bytes()), json.loads((folder / "manifest.json").read_bytes())


def test_a_version_has_a_report(version_report: dict[str, Any]) -> None:
    """On a terminal and as a page: its scores, its network, how it was trained."""
    _, manifest = shipped_files()

    words, outline = format_report(version_report), Outline(make_page(version_report))

    assert outline.open == []
    assert manifest["version"] in words
    assert manifest["version"] in outline.words
    lines = {line.split()[0]: line.split() for line in words.splitlines()[3:] if line}
    for label, recall in manifest["metrics"]["base"]["recalls"].items():
        assert float(lines[label][3]) == pytest.approx(recall, abs=0.001)


def test_what_stays_known_is_shown(report: dict[str, Any]) -> None:
    """On the terminal and on the page; of an older report, a dash."""
    words, page = format_report(report), make_page(report)

    assert all(share in words for share in ("94.7 %", "95.6 %", "95.1 %", "96.0 %"))
    assert "<td>stays known</td><td>0.9467</td><td>0.9556</td>" in page
    for holdout in report["holdouts"]:
        for version in ("candidate", "live"):
            del holdout[version]["kept"]
    assert "<td>stays known</td><td>-</td><td>-</td>" in make_page(report)
    assert "94.7 %" not in format_report(report)


def test_what_stays_known_of_an_older_version_is_in_its_manifest() -> None:
    """Manifests told it before reports did."""
    report, manifest = shipped_files()

    (base,) = read_version_report(report, manifest)["holdouts"]

    assert base["candidate"]["kept"] == pytest.approx(manifest["metrics"]["base"]["kept"], abs=1e-6)


def test_a_version_of_before_there_were_reports() -> None:
    """Its confusion gives the scores; what it did not keep is a dash, or left out."""
    _, manifest = shipped_files()
    names = [label["name"] for label in manifest["labels"]]
    confusion = {label: dict.fromkeys(names, 0) for label in names}
    confusion["bird"] |= {"bird": 3, "cat": 1}
    confusion["cat"]["cat"] = 4
    fit = {"plan": {"seed": 7, "epochs": 2}, "best_epoch": 2, "num_validation": 0, "epochs": []}
    base = {"num_doodles": 8, "accuracy": 0.875, "log_loss": 0.5, "commonest_share": 0.5, "confusion": confusion}

    report = read_version_report({"base": base, "fit": fit}, manifest)

    (holdout,) = report["holdouts"]
    bird, cat, dog = holdout["candidate"]["labels"][:3]
    assert (bird["precision"], bird["recall"], bird["f1"]) == (1.0, 0.75, 6 / 7)
    assert (cat["precision"], cat["recall"], cat["num_guessed"]) == (0.8, 1.0, 5)
    assert (dog["precision"], dog["recall"], dog["f1"]) == (None, None, None)
    assert holdout["candidate"]["macro"]["recall"] == holdout["candidate"]["weighted"]["recall"] == 0.875
    assert "epochs, best 2" in format_report(report)


def test_ink_is_black_in_a_png() -> None:
    """Row by row, full ink is 0 and paper is 255, under a checksum."""
    content = encode_png(bytes([0, 255, 128, 0, 0, 255]), height=2, width=3)

    start = content.index(b"IDAT")
    size = int.from_bytes(content[start - 4 : start])
    assert zlib.decompress(content[start + 4 : start + 4 + size]) == bytes([0, 255, 0, 127, 0, 255, 255, 0])
    assert int.from_bytes(content[start + 4 + size : start + 8 + size]) == zlib.crc32(content[start : start + 4 + size])
    assert content[16:24] == bytes([0, 0, 0, 3, 0, 0, 0, 2])


def test_lines_run_from_the_left_below_to_the_right_above() -> None:
    """Larger is higher; a value that is not known is left out."""
    line = Line("a <b>", [(0.0, 0.0), (0.5, None), (1.0, 1.0)])

    drawn = ElementTree.fromstring(f"<div>{draw_lines('t', share_axis('x'), share_axis('y'), [line])}</div>")  # noqa: S314  # our own words

    path = next(each.get("d") for each in drawn.iter("path") if each.get("class") == "line-0")
    assert path == "M54.0 212.0L348.0 10.0"
    assert [each.text or "" for each in drawn.iter("li")] == [""]
    assert "a <b>" in "".join(drawn.itertext())


def test_an_axis_of_one_value_is_no_division_by_zero() -> None:
    """A training of one epoch, a loss of zero."""
    assert Axis("epoch", 1.0, 1.0, [1.0]).share(1.0) == 0.0
    assert (fit_axis("loss", []).high, fit_axis("loss", [0.0]).high) == (1.0, 1.0)
