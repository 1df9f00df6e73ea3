"""A version's own report, also of versions that were made before they had one of today's shape."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Document = dict[str, Any]

VERSION = re.compile(r"[0-9a-f]{12}")
"""A version's name; a run's key has dashes."""


def read_version_report(content: Document, manifest: Document) -> Document:
    """
    Read a version's report.json as a report.

    Args:
        content: of the file. Before there was a `format_version` it held the training under `fit`, and under each
            holdout's name its accuracy, log-loss and confusion.
        manifest: of the version.

    Returns:
        A report as docs/reports.md describes it; what an old file does not say is null or left out.
    """
    report = content if "format_version" in content else _upgrade(content, manifest)
    return {**report, "holdouts": [_add_kept(holdout, manifest) for holdout in report["holdouts"]]}


def _add_kept(holdout: Document, manifest: Document) -> Document:
    """Say what stays known, which a manifest told before reports did."""
    kept = manifest["metrics"].get(holdout["name"], {}).get("kept")
    return {**holdout, "candidate": {"kept": kept, **holdout["candidate"]}}


def _upgrade(old: Document, manifest: Document) -> Document:
    names = [label["name"] for label in manifest["labels"]]
    plan = old["fit"]["plan"]
    return {
        "run": manifest["run"],
        "stage": "tested",
        "label_set": manifest["label_set"],
        "labels": names,
        "height": manifest["input"]["height"],
        "width": manifest["input"]["width"],
        "seed": plan["seed"],
        "parts": [],
        "samples": [],
        "training": _upgrade_training(old["fit"], manifest),
        "model": _describe_model(manifest),
        "holdouts": [_upgrade_holdout(name, each, names) for name, each in old.items() if name != "fit"],
        "compared_with": None,
        "verdict": None,
        "stage_seconds": {},
    }


def _upgrade_training(fit: Document, manifest: Document) -> Document:
    unknown = {"num_steps": None, "seconds_per_step": None}
    return {**fit, **unknown, "parent_version": manifest["parent_version"]}


def _describe_model(manifest: Document) -> Document:
    return {
        "version": manifest["version"],
        "network": manifest["network"]["name"],
        "arguments": manifest["network"]["arguments"],
        "num_parameters": manifest["num_parameters"],
        "num_multiply_adds": None,
        "files": [{name: file[name] for name in ("role", "size_bytes")} for file in manifest["files"]],
    }


def _upgrade_holdout(name: str, old: Document, names: Sequence[str]) -> Document:
    counts = old["confusion"]
    confusion = [[counts.get(label, {}).get(guess, 0) for guess in names] for label in names]
    labels = [_score(label, index, confusion) for index, label in enumerate(names)]
    result = {
        "accuracy": old["accuracy"],
        "log_loss": old["log_loss"],
        "labels": labels,
        "macro": _average(labels, [1] * len(labels)),
        "weighted": _average(labels, [label["num_doodles"] for label in labels]),
        "confusion": confusion,
        "calibration": [],
        "calibration_error": None,
    }
    told = {"num_doodles": old["num_doodles"], "commonest_share": old["commonest_share"]}
    return {"name": name, **told, "candidate": result, "live": None, "mistakes": []}


def _score(label: str, index: int, confusion: Sequence[Sequence[int]]) -> Document:
    right = confusion[index][index]
    num_doodles, num_guessed = sum(confusion[index]), sum(row[index] for row in confusion)
    both = num_doodles + num_guessed
    return {
        "label": label,
        "num_doodles": num_doodles,
        "num_guessed": num_guessed,
        "precision": right / num_guessed if num_guessed else None,
        "recall": right / num_doodles if num_doodles else None,
        "f1": 2 * right / both if num_doodles else None,
        "roc_area": None,
        "roc": None,
    }


def _average(labels: Sequence[Mapping[str, Any]], weights: Sequence[int]) -> Document:
    """Give means over labels that have drawings, by the rules of docs/reports.md."""
    known = [(label, weight) for label, weight in zip(labels, weights, strict=True) if label["num_doodles"]]
    total = sum(weight for _, weight in known)
    means = {
        name: sum((label[name] or 0) * weight for label, weight in known) / total if total else None
        for name in ("precision", "recall", "f1")
    }
    return {**means, "roc_area": None}
