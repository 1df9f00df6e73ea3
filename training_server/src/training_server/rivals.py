"""The versions a candidate is compared with, asked about the same drawings in the order of the candidate's labels."""

from dataclasses import dataclass
from pathlib import Path

from doodle_db.artifacts import ArtifactStore
from doodle_db.manifest import Manifest
from training_server.anchor import anchor_to
from training_server.holdouts import Logits, align, answer, answer_for_unknown
from training_server.lessons import Lessons
from training_server.lineage import require_known
from training_server.material import Material
from training_server.parents import load_network


@dataclass(frozen=True)
class Rivals:
    """
    Asks versions.

    Attributes:
        store: of their files.
        folder: for temporary copies of weights.
        label_names: the candidate's; a version may know fewer, but none besides.
        material: the drawings.
    """

    store: ArtifactStore
    folder: Path
    label_names: tuple[str, ...]
    material: Material

    def ask(self, version: Manifest) -> Logits:
        """
        Let a version answer on the holdouts.

        Raises:
            LabelsDifferError: it knows a label that the candidate does not.
        """
        require_known(version, self.label_names)
        logits = answer(load_network(self.store, version, self.folder), self.material)
        return align(logits, version.label_names, self.label_names)

    def ask_founder(self, founder: Manifest, live: Logits) -> Logits:
        """
        Let the founder of the live version's line answer; about labels it does not know, the live version does.

        Raises:
            LabelsDifferError: it knows a label that the candidate does not.
        """
        unknown = [self.label_names.index(name) for name in self.find_grown(founder)]
        return answer_for_unknown(self.ask(founder), live, self.material, unknown)

    def anchor(self, founder: Manifest) -> Lessons:
        """
        Let the founder of a line say how base drawings in replay are to be answered.

        Raises:
            LabelsDifferError: it knows a label that the candidate does not.
        """
        require_known(founder, self.label_names)
        network = load_network(self.store, founder, self.folder)
        return anchor_to(network, founder.label_names, self.label_names, self.material)

    def find_grown(self, version: Manifest) -> tuple[str, ...]:
        """Find the labels that the candidate knows and a version does not."""
        return tuple(name for name in self.label_names if name not in version.label_names)
