"""A candidate is its parent's network, changed only where a request says so."""

import dataclasses

import pytest

from doodle_db.label_sets import Label, load_label_set
from doodle_testing.builders import LABEL_SET, manifest
from training_server.errors import LabelsDifferError, NetworkArgumentsError
from training_server.lineage import derive_definition, require_known, require_labels


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
    """A version of another label set is no parent; one that does not know all labels yet is, in its own order."""
    more = (*LABEL_SET.labels[::-1], Label("mouse", "a mouse", "🐭"))
    for same in (LABEL_SET, dataclasses.replace(LABEL_SET, labels=more)):
        require_labels(manifest(), same)
    for other in (load_label_set("digits"), dataclasses.replace(LABEL_SET, labels=LABEL_SET.labels[1:])):
        with pytest.raises(LabelsDifferError):
            require_labels(manifest(), other)


def test_a_candidate_must_know_what_its_rival_knows() -> None:
    """A version of more labels that went live meanwhile is no rival of a candidate that would take one away."""
    require_known(manifest(), (*LABEL_SET.names, "mouse"))
    with pytest.raises(LabelsDifferError, match="Train again"):
        require_known(manifest(), LABEL_SET.names[1:])
