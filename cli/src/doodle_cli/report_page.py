"""A run's report as one HTML file that needs nothing else: pictures inside, a table beside each, light and dark."""

import base64
from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from doodle_cli.png import encode_png
from doodle_cli.svg_chart import Axis, Line, draw_lines, fit_axis, share_axis

Report = dict[str, Any]

KIND_NAMES = {
    "new": "new",
    "replay": "older, shown again",
    "base_training": "base, trained on",
    "recent": "held out, recent",
    "base": "held out, base",
}


def make_page(report: Report) -> str:
    """
    Make the page.

    Args:
        report: as the API gives it; see docs/reports.md.
    """
    title = f"Report of run {report['run']}" if report["run"] else f"Report of version {report['model']['version']}"
    style = files("doodle_cli").joinpath("report_page.css").read_text(encoding="utf-8")
    sections = [
        _make_verdict(report),
        _make_comparison(report),
        _make_training(report),
        *[_make_holdout(report, holdout) for holdout in report["holdouts"]],
        _make_data(report),
        _make_model(report),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><h1>{escape(title)}</h1>"
        f"{''.join(sections)}</body></html>\n"
    )


def _make_verdict(report: Report) -> str:
    verdict = report["verdict"]
    if verdict is None and report["run"] is None:
        return ""
    if verdict is None:
        return _section("Verdict", f"<p>There is none: the run had come as far as “{report['stage']}”.</p>")
    checks = "".join(
        f"<li>{'✓' if check['passed'] else '✗'} {escape(check['words'])}</li>" for check in verdict["checks"]
    )
    numbers = [
        (check["name"], name.replace("_", " "), number)
        for check in verdict["checks"]
        for name, number in check["numbers"].items()
    ]
    table = _table(["check", "statistic", "value"], numbers)
    return _section(
        "Verdict", f"<p>{escape(verdict['summary'])}</p><ul>{checks}</ul>{_folded('Its statistics', table)}"
    )


def _make_comparison(report: Report) -> str:
    if not report["holdouts"]:
        return ""
    rows = [row for holdout in report["holdouts"] for row in _compare(holdout)]
    names = ["holdout", "figure", "candidate", f"live {report['compared_with'] or ''}".strip()]
    return _section("Candidate and live", _table(names, rows))


def _compare(holdout: Report) -> list[Sequence[Any]]:
    name = f"{holdout['name']} ({holdout['num_doodles']})"
    figures: dict[str, Callable[[Report], float | None]] = {
        "accuracy": lambda result: result["accuracy"],
        "log-loss": lambda result: result["log_loss"],
        "macro precision": lambda result: result["macro"]["precision"],
        "macro recall": lambda result: result["macro"]["recall"],
        "macro F1": lambda result: result["macro"]["f1"],
        "weighted F1": lambda result: result["weighted"]["f1"],
        "macro ROC area": lambda result: result["macro"]["roc_area"],
        "calibration error": lambda result: result["calibration_error"],
        # Reports of before this was measured tell none.
        "stays known": lambda result: result.get("kept"),
    }
    return [
        (name, figure, read(holdout["candidate"]), read(holdout["live"]) if holdout["live"] else None)
        for figure, read in figures.items()
    ]


def _make_training(report: Report) -> str:
    training = report["training"]
    if training is None:
        return ""
    epochs = training["epochs"]
    numbers = [epoch["epoch"] for epoch in epochs]
    x = Axis("epoch", min(numbers), max(numbers), sorted({numbers[0], numbers[len(numbers) // 2], numbers[-1]}))
    charts = [
        _chart_epochs("loss", epochs, x, None),
        _chart_epochs("accuracy", epochs, x, share_axis("accuracy")),
    ]
    columns = ["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"]
    table = _table(
        [name.replace("_", " ") for name in columns], [[epoch[name] for name in columns] for epoch in epochs]
    )
    count, pace = training["num_steps"], training["seconds_per_step"]
    steps = f"{count} steps, {_show(pace)} s each; " if count else ""
    parent = training["parent_version"] or "none"
    words = f"{steps}the weights of epoch {training['best_epoch']} were kept. Parent: {parent}."
    return _section("Learning", f"<p>{words}</p>{_figures(charts)}{_folded('As a table', table)}")


def _chart_epochs(name: str, epochs: Sequence[Report], x: Axis, y: Axis | None) -> str:
    lines = [
        Line("training", [(epoch["epoch"], epoch[name]) for epoch in epochs]),
        Line("held back", [(epoch["epoch"], epoch[f"validation_{name}"]) for epoch in epochs]),
    ]
    values = [value for line in lines for _, value in line.points if value is not None]
    return draw_lines(f"{name} by epoch", x, y or fit_axis(name, values), lines)


def _make_holdout(report: Report, holdout: Report) -> str:
    candidate, live = holdout["candidate"], holdout["live"]
    columns = ["label", "num_doodles", "num_guessed", "precision", "recall", "f1", "roc_area"]
    rows = [[label[name] for name in columns] for label in candidate["labels"]]
    for average in ("macro", "weighted"):
        numbers = candidate[average]
        rows.append([average, None, None, numbers["precision"], numbers["recall"], numbers["f1"], numbers["roc_area"]])
    has_curves = bool(candidate["calibration"])
    charts = [_chart_roc(candidate), _chart_calibration(candidate, live)] if has_curves else []
    calibration = _table(
        ["confidence", "drawings", "mean confidence", "accuracy"],
        [
            [f"{each['low']:.1f} to {each['high']:.1f}", each["num_doodles"], each["confidence"], each["accuracy"]]
            for each in candidate["calibration"]
        ],
    )
    pictures = "".join(_picture(mistake, report, _say_mistake(mistake)) for mistake in holdout["mistakes"])
    content = [
        f"<p>{holdout['num_doodles']} drawings; always guessing the commonest label is right on "
        f"{_show(holdout['commonest_share'])} of them.</p>",
        _table(["label", "drawings", "guessed", "precision", "recall", "F1", "ROC area"], rows),
        _confusion("Confusion of the candidate", report["labels"], candidate["confusion"]),
        _confusion("Confusion of the live version", report["labels"], live and live["confusion"]),
        _figures(charts),
        _folded("Calibration as a table", calibration) if has_curves else "",
        f'<h3>Worst mistakes</h3><ul class="pictures">{pictures}</ul>' if pictures else "",
    ]
    return _section(f"Held-out drawings: {holdout['name']}", "".join(content))


def _chart_roc(result: Report) -> str:
    lines = [Line(label["label"], label["roc"]) for label in result["labels"] if label["roc"]]
    axes = share_axis("others taken for it"), share_axis("its own found")
    return draw_lines("ROC: each label against the rest", *axes, lines, diagonal=True)


def _chart_calibration(candidate: Report, live: Report | None) -> str:
    results = [("candidate", candidate), *([("live", live)] if live else [])]
    lines = [
        Line(name, [(each["confidence"], each["accuracy"]) for each in result["calibration"] if each["num_doodles"]])
        for name, result in results
    ]
    axes = share_axis("confidence"), share_axis("accuracy")
    return draw_lines("Calibration: accuracy by confidence", *axes, lines, diagonal=True)


def _say_mistake(mistake: Report) -> str:
    live = f"; live: {mistake['live_guess']}" if mistake["live_guess"] else ""
    return f"{mistake['label']}, taken for {mistake['guess']} ({mistake['confidence']:.0%}){live}"


def _confusion(title: str, labels: Sequence[str], matrix: Sequence[Sequence[int]] | None) -> str:
    if not matrix:
        return ""
    head = "".join(f'<th scope="col">{escape(label)}</th>' for label in labels)
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f'<td class="heat-{_heat(count, sum(row))}">{count}</td>' for count in row)
        + "</tr>"
        for label, row in zip(labels, matrix, strict=True)
    )
    caption = f"<caption>{escape(title)}: a row a label, a column a guess</caption>"
    return _folded(
        title, f'<div class="scroll"><table class="confusion">{caption}<tr><td></td>{head}</tr>{rows}</table></div>'
    )


def _heat(count: int, total: int) -> int:
    """Give one of five shades: 0 for nothing, 4 for more than three quarters of the row."""
    return 0 if not count else 1 + min(3, count * 4 // max(1, total))


def name_labels(report: Report) -> list[str]:
    """
    Name a report's labels, and say which of them the version it began from did not know.

    >>> name_labels({"labels": ["cat", "mouse"], "new_labels": ["mouse"]})
    ['cat', 'mouse (new)']
    """
    # Reports of before labels could be added tell none.
    new = report.get("new_labels", [])
    return [f"{label} (new)" if label in new else label for label in report["labels"]]


def _make_data(report: Report) -> str:
    names = [part["name"] for part in report["parts"]]
    rows = [
        [label, *[part["counts"][index] for part in report["parts"]]] for index, label in enumerate(name_labels(report))
    ]
    total = ["all", *[part["num_doodles"] for part in report["parts"]]]
    table = _table(["label", *[KIND_NAMES.get(name, name) for name in names]], [*rows, total]) if names else ""
    pictures = "".join(_picture(sample, report, sample["label"]) for sample in report["samples"])
    sheet = f'<h3>Some of the new ones</h3><ul class="pictures">{pictures}</ul>' if pictures else ""
    left_out = f"<p>{escape(report['screening']['words'])}</p>" if report.get("screening") else ""
    return _section("Drawings", table + left_out + sheet) if table else ""


def _make_model(report: Report) -> str:
    model, training = report["model"], report["training"]
    facts: list[Sequence[Any]] = []
    if model:
        facts = [
            ("version", model["version"]),
            ("network", model["network"]),
            *[(f"argument {name}", value) for name, value in model["arguments"].items()],
            ("parameters", model["num_parameters"]),
            ("multiply-adds", model["num_multiply_adds"]),
            *[(f"{file['role']}, bytes", file["size_bytes"]) for file in model["files"]],
        ]
    plan = [(name.replace("_", " "), value) for name, value in (training or {}).get("plan", {}).items()]
    seconds = list(report["stage_seconds"].items())
    parts = {"Parameters of training": plan, "Seconds by stage": seconds}
    folded = "".join(_folded(name, _table(["what", "value"], rows)) for name, rows in parts.items() if rows)
    return _section("Model", _table(["what", "value"], facts) + folded) if facts or folded else ""


def _picture(picture: Report, report: Report, words: str) -> str:
    content = encode_png(base64.b64decode(picture["bitmap"]), report["height"], report["width"])
    source = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    return f'<li><figure><img src="{source}" alt=""><figcaption>{escape(words)}</figcaption></figure></li>'


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def _figures(charts: Sequence[str]) -> str:
    return f'<div class="figures">{"".join(f"<div>{chart}</div>" for chart in charts)}</div>'


def _folded(title: str, content: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{content}</details>"


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{escape(_show(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _show(value: Any) -> str:
    """Write a number with four digits that mean something; nothing is a dash."""
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
