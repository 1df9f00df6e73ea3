"""A candidate is its parent's network, changed only where a request says so."""

import dataclasses

import pytest

from doodle_db.label_sets import load_label_set
from doodle_testing.builders import LABEL_SET, manifest
from training_server.errors import LabelsDifferError, NetworkArgumentsError
from training_server.lineage import derive_definition, require_labels


def test_a_candidate_has_its_parents_network() -> None:
    """What a request does not name stays as it was, defaults filled in."""
    definition = derive_definition(manifest(), {"dropout": 0.5})

    assert definition.name == "mlp"
    assert definition.arguments == {"first_units": 96, "second_units": 64, "dropout": 0.5}


def test_an_argument_the_network_does_not_take_is_refused() -> None:
    """The refusal names the field as the sender wrote it."""
    with pytest.raises(NetworkArgumentsError) as refused:
        derive_definition(manifest(), {"dense_units": 64})

    assert refused.value.field == "network_args.dense_units"


def test_other_labels_cannot_be_compared() -> None:
    """A live version of another label set is neither a parent nor a rival."""
    require_labels(manifest(), LABEL_SET)
    for other in (load_label_set("digits"), dataclasses.replace(LABEL_SET, labels=LABEL_SET.labels[::-1])):
        with pytest.raises(LabelsDifferError):
            require_labels(manifest(), other)
