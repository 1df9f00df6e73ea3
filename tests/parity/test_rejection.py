"""What is unknown to the page is unknown to the server: TypeScript and Python."""

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.manifest import InkRange, Rejection
from doodle_db.rejection import energy, is_unknown, measure_ink
from doodle_testing.scribbles import scribble
from doodle_testing.strange_pictures import make_noise
from doodle_testing.typescript_ink import is_installed
from doodle_testing.typescript_rejection import judge_in_typescript

pytestmark = pytest.mark.skipif(not is_installed(), reason="needs frontend/node_modules: run `make frontend`")

INK = InkRange(min_edges=0.5, max_edges=1.9, min_grey=0.1, max_grey=0.4)


def make_pictures(height: int, width: int) -> NDArray[np.uint8]:
    """Drawings, noise of every kind, blank paper and full ink."""
    plain = np.stack([np.full((height, width), tone, np.uint8) for tone in (0, 1, 255)])
    noise = make_noise(5, 1, height, width).values()
    return np.concatenate([scribble(120, 1, height, width), *noise, plain])


def make_logits(num: int) -> NDArray[np.float32]:
    """From doubt to certainty; the last so large that their exponentials are not numbers."""
    random = np.random.default_rng(2)
    logits = random.normal(0, 1, (num, 6)) * random.uniform(0, 12, (num, 1))
    logits[-1] = 1000
    return logits.astype(np.float32)


@pytest.mark.parametrize(("height", "width"), [(28, 28), (20, 33)])
@pytest.mark.parametrize("ink", [INK, None], ids=["with an ink range", "as older versions have it"])
def test_both_languages_say_the_same(height: int, width: int, ink: InkRange | None) -> None:
    """Measures are equal to the bit, being quotients of whole numbers; the energy is, but for its last digits."""
    pictures = make_pictures(height, width)
    logits = make_logits(len(pictures))
    rejection = Rejection(score="energy", threshold=-3.0, ink=ink)

    verdicts = judge_in_typescript(rejection, logits, pictures)

    measured = measure_ink(pictures)
    assert [verdict.edges for verdict in verdicts] == measured.edges.tolist()
    assert [verdict.grey for verdict in verdicts] == measured.grey.tolist()
    np.testing.assert_allclose([verdict.energy for verdict in verdicts], energy(logits), rtol=1e-12)
    unknown = is_unknown(rejection, logits, pictures)
    assert [verdict.unknown for verdict in verdicts] == unknown.tolist()
    assert 0.1 < unknown.mean() < 0.95


def test_both_languages_agree_on_the_very_ends() -> None:
    """A bitmap that measures exactly what the range allows is ink in both."""
    pictures = make_pictures(28, 28)[:1]
    edges, grey = (float(measure[0]) for measure in (measure_ink(pictures).edges, measure_ink(pictures).grey))
    ink = InkRange(min_edges=edges, max_edges=edges, min_grey=grey, max_grey=grey)
    rejection, logits = Rejection(score="energy", threshold=0, ink=ink), np.full((1, 6), 9, np.float32)

    (verdict,) = judge_in_typescript(rejection, logits, pictures)

    assert (verdict.unknown, is_unknown(rejection, logits, pictures)[0]) == (False, False)
