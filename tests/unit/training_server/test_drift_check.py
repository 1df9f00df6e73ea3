"""Large and no chance: only both make a finding; only two checks move the state."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from doodle_db.drift import LEVELS, Level
from doodle_db.drift_samples import NUM_BEFORE, NUM_PRESENT, NUM_REFERENCE, STRETCH, Drawings, Key, number_blocks, part
from doodle_testing.shipped_version import find_shipped, load_shipped
from training_server.drift_check import MAX_P_VALUE, THRESHOLDS, check_drawings, judge, next_state
from training_server.drift_pictures import NUM_SHOWN
from training_server.drift_statistics import Distance
from training_server.drift_view import VersionView, open_last_layer
from training_server.embedding import embed
from training_server.errors import ExportError

TIME = datetime(2026, 1, 2, tzinfo=UTC)


def drawings(num_present: int = 100, num_reference: int = 200, *, ink: int = 200) -> Drawings:
    """Make specks at random: the present ones with as much ink as is said, of two labels."""
    number = num_present + num_reference
    bitmaps = np.random.default_rng(1).integers(0, 200, (number, 28, 28)).astype(np.uint8)
    bitmaps[:num_present] = np.minimum(bitmaps[:num_present], ink)
    return Drawings(
        num_present=num_present,
        ids=[UUID(int=value) for value in range(number)],
        labels=np.arange(number) % 2,
        label_names=("cat", "dog"),
        bitmaps=bitmaps,
        blocks=np.arange(number),
        times=[TIME] * number,
    )


@pytest.mark.parametrize("name", list(THRESHOLDS))
def test_a_finding_is_large_and_no_chance(name: str) -> None:
    """Large by chance is none, sure but small is none; both thresholds belong to their level."""
    limits = THRESHOLDS[name]

    assert judge(name, Distance(9, 0, MAX_P_VALUE * 1.01)) == "steady"
    assert judge(name, Distance(limits.watch * 0.99, 0, 0.001)) == "steady"
    assert judge(name, Distance(limits.watch, 0, 0.001)) == "watch"
    assert judge(name, Distance(limits.alert, 0, MAX_P_VALUE)) == "alert"


@pytest.mark.parametrize("state", LEVELS)
def test_one_check_moves_nothing_that_the_one_before_contradicts(state: Level) -> None:
    """The state stays between what two checks say, and where it is if that is between them."""
    assert next_state(state, "alert", "steady") == state
    assert next_state(state, "steady", "alert") == state
    for both in LEVELS:
        assert next_state(state, both, both) == both


def test_less_ink_is_found_and_told_apart_from_labels() -> None:
    """Without a version labels and ink are measured; both samples can be looked at."""
    found = check_drawings(drawings(ink=20), None, np.random.default_rng(1))

    assert {each.name: each.finding for each in found.measures} == {"labels": "steady", "ink": "alert"}
    assert found.finding == "alert"
    assert found.pictures["labels"] == {"names": ["cat", "dog"], "now": [50, 50], "before": [100, 100]}
    assert sum(found.pictures["ink"]["now"]) == 100
    assert len(found.pictures["samples"]["now"]) == NUM_SHOWN


def test_the_version_looks_as_keras_does() -> None:
    """What ONNX Runtime gives for the last layer but one is what Keras gives."""
    shipped = load_shipped(find_shipped()[0])
    bitmaps = drawings(20, 20).bitmaps

    seen = VersionView((shipped.folder / shipped.manifest.file_of("onnx").path).read_bytes()).look(bitmaps)

    told = embed(shipped.build(), bitmaps)
    np.testing.assert_allclose(seen.embeddings, told.embeddings, atol=1e-4)
    shares = np.exp(told.logits - told.logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(seen.confidence, (shares / shares.sum(axis=1, keepdims=True)).max(axis=1), atol=1e-4)


def test_a_last_layer_of_another_kind_is_refused() -> None:
    """It says so, and does not measure something else."""
    from onnx import TensorProto, helper  # noqa: PLC0415  # heavy, and for this test alone

    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 3]) for name in ("input", "logits")]
    graph = helper.make_graph([helper.make_node("Relu", ["input"], ["logits"])], "network", ends[:1], ends[1:])

    with pytest.raises(ExportError, match="not a matrix product"):
        open_last_layer(helper.make_model(graph).SerializeToString())


def keys(number: int) -> list[Key]:
    """Give places of drawings, newest first."""
    return [Key(UUID(int=value), TIME - timedelta(seconds=value)) for value in range(number)]


def test_while_there_are_few_a_third_is_the_present() -> None:
    """Each oldest first; nothing is in both, and nothing is left out."""
    present, reference = part(keys(300))

    assert [key.id.int for key in present] == list(range(99, -1, -1))
    assert [key.id.int for key in reference] == list(range(299, 99, -1))


def test_however_many_there_are_the_samples_are_bounded() -> None:
    """The reference reaches back all the way, in stretches, each drawing once."""
    present, reference = part(keys(NUM_PRESENT + NUM_BEFORE))

    assert (len(present), len(reference)) == (NUM_PRESENT, NUM_REFERENCE)
    numbers = [key.id.int for key in reference]
    assert numbers == sorted(set(numbers), reverse=True)
    assert (numbers[-1], numbers[0]) == (NUM_PRESENT, NUM_PRESENT + NUM_BEFORE - 1)
    assert sum(np.diff(numbers) < -1) == NUM_REFERENCE // STRETCH - 1


def test_a_class_behind_one_address_is_many_blocks() -> None:
    """One contributor's drawings are cut into blocks: there must be some to shuffle."""
    assert np.bincount(number_blocks([b"school"] * 100, 5)).tolist() == [5] * 20
