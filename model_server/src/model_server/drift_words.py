"""What was found about drift, in words that say what each figure means, and what to do about it."""

from collections.abc import Callable, Mapping

from doodle_db.drift import DriftCheck, Level, Measure

STATES: Mapping[Level, str] = {
    "steady": "What people draw is what it was.",
    "watch": "Something about the drawings has changed. It is worth a look, and no alarm.",
    "alert": "The drawings have changed much: the live version may be right less often than it was when it was tested.",
}

WAITING = "There are too few drawings yet to tell whether they change."

TITLES: Mapping[str, str] = {
    "labels": "What is drawn",
    "confidence": "How sure the live version is",
    "ink": "How much ink there is",
    "embedding": "What the drawings look like to the live version",
}

_INDEX = (
    "Population stability index: 0 where both samples fall into the same classes equally often; no upper bound. What "
    "chance alone gives in samples of this size is taken off."
)

EXPLANATIONS: Mapping[str, str] = {
    "labels": f"Shares of the labels people are asked for and say they drew. {_INDEX}",
    "confidence": f"The probability of the live version's first guess, by tenths of all drawings. {_INDEX}",
    "ink": f"The mean of a bitmap's pixels, by tenths of all drawings: thicker or thinner, larger or smaller. {_INDEX}",
    "embedding": (
        "Kernel two-sample test: the squared maximum mean discrepancy between what goes into the live version's last "
        "layer, with a Gaussian kernel as wide as the median distance of two drawings; 0 where both samples look alike "
        "to it, 2 at most."
    ),
}

THRESHOLDS = (
    "A measure is worth a look from the first threshold on and an alarm from the second, and only if chance alone "
    "gives as much in at most 1 of 400 shuffled samples, so that all four together are mistaken in at most 1 of "
    "100 checks. The state moves when two checks in a row agree, with at least 50 new drawings between them."
)

ADVICE: Mapping[str, str] = {
    "labels": "See which label: has one been added, or does somebody draw only one thing?",
    "confidence": "See what it is unsure about: the doodles it guessed wrongly, and the drawings of now.",
    "ink": "Look at the drawings of now: another device or pen, or drawings that are not finished?",
    "embedding": "Look at the drawings that tell now from before; if they are honest, the next runs learn them.",
}


def describe_measure(measure: Measure) -> str:
    """
    Say what a measure has come to.

    >>> describe_measure(Measure("ink", 0.412, 0.02, 0.001, 0.0025, 0.25, 2.0, "watch"))
    'Changed: 0.412 is above 0.25, and chance gives as much in at most 1 of 400 cases. Below 2, so no alarm.'
    """
    return _WORDS[_case(measure)](measure)


def _case(measure: Measure) -> str:
    if measure.finding != "steady":
        return measure.finding
    return "chance" if measure.value >= measure.watch else "steady"


def _not_by_chance(measure: Measure) -> str:
    return f"chance gives as much in at most 1 of {round(1 / measure.max_p_value)} cases"


_WORDS: Mapping[str, Callable[[Measure], str]] = {
    "steady": lambda each: f"As before: {each.value:.3g} is below {each.watch:g}.",
    "chance": lambda each: (
        f"Not told from chance: {each.value:.3g} is above {each.watch:g}, but chance gives as much in "
        f"{each.p_value:.1%} of cases.".replace("%", " %")
    ),
    "watch": lambda each: (
        f"Changed: {each.value:.3g} is above {each.watch:g}, and {_not_by_chance(each)}. Below {each.alert:g}, so no "
        "alarm."
    ),
    "alert": lambda each: (
        f"Changed much: {each.value:.3g} is above {each.alert:g}, and {_not_by_chance(each)}. {ADVICE[each.name]}"
    ),
}


def describe_check(check: DriftCheck) -> str:
    """Say what state the drawings are in, and what it is about."""
    changed = [TITLES[each.name].lower() for each in check.measures if each.finding != "steady"]
    words = [STATES[check.state]]
    if changed:
        words.append(f"Changed: {', '.join(changed)}.")
    if check.finding != check.state:
        words.append("The latest check alone says otherwise; the next one decides.")
    return " ".join(words)
