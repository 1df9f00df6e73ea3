"""What the end of a run tells of new labels."""

from dataclasses import replace

from training_server.label_plan import LabelPlan, describe_waiting
from training_server.publish import Conclusion


def tell_labels(conclusion: Conclusion, labels: LabelPlan) -> Conclusion:
    """
    Add to what a run came to which new labels it learnt, and which wait for what.

    Args:
        conclusion: of the run.
        labels: the run's.
    """
    metrics = dict(conclusion.metrics)
    if labels.grown:
        metrics["grown"] = {name: labels.stocks[name].num_train for name in labels.grown}
    summary = f"{conclusion.verdict['summary']} {describe_waiting(labels.waiting)}".strip()
    return replace(conclusion, verdict={**conclusion.verdict, "summary": summary}, metrics=metrics)
