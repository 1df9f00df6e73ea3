"""The migration: a task that is run once, before anything else changes."""

from typing import Any

from roll_out.aws import Aws
from roll_out.errors import RollOutError
from roll_out.site import Site
from roll_out.waiting import Clock, wait_for


def migrate(site: Site, definition: str, aws: Aws, clock: Clock) -> None:
    """
    Run the migration, and wait for its end.

    Raises:
        RollOutError: it did not start, or failed; with the end of what it said.
    """
    print("migrating", flush=True)
    started = aws(
        "ecs", "run-task", cluster=site.cluster, task_definition=definition, launch_type="FARGATE",
        network_configuration=site.migrate["network"],
    )  # fmt: skip
    if not started["tasks"]:
        raise RollOutError(f"The migration did not start: {started['failures']}. Nothing was rolled out.")
    arn = started["tasks"][0]["taskArn"]

    def find_end() -> dict[str, Any] | None:
        task: dict[str, Any] = aws("ecs", "describe-tasks", cluster=site.cluster, tasks=arn)["tasks"][0]
        return task if task["lastStatus"] == "STOPPED" else None

    ended = wait_for(find_end, "the migration", clock)
    failed = {each["name"]: each.get("exitCode") for each in ended["containers"] if each.get("exitCode") != 0}
    if failed:
        reason = f"{ended.get('stoppedReason', '')} {read_logs(aws, site.migrate['logs'], arn)}".strip()
        raise RollOutError(f"The migration failed {failed}: {reason}. Nothing was rolled out.")


def read_logs(aws: Aws, group: str, task_arn: str) -> str:
    """Give the end of what a task said; its streams end with the task's id."""
    task = task_arn.rpartition("/")[2]
    events = aws("logs", "filter-log-events", log_group_name=group, filter_pattern="")["events"]
    return " | ".join(event["message"] for event in events if event["logStreamName"].endswith(task))[-2000:]
