"""What was measured, kept in a file as soon as it is known: a table takes a while to make."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

Result = TypeVar("Result")


def recall_or_make(path: Path, made_with: Mapping[str, Any], kind: type[Result], make: Callable[[], Result]) -> Result:
    """
    Give what a file tells, or make it and write the file.

    Args:
        path: of the file; written aside and then renamed, so that it is whole or not there.
        made_with: all that the result depends on; where the file names something else, it is made anew.
        kind: of the result: a dataclass of plain values.
        make: takes its time.
    """
    told, adapter = json.loads(json.dumps(made_with)), TypeAdapter(kind)
    if path.is_file():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["made_with"] == told:
            return adapter.validate_python(kept["measured"])
    made = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    content = {"made_with": told, "measured": adapter.dump_python(made, mode="json")}
    aside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    aside.rename(path)
    return made
