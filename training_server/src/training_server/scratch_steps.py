"""A run from scratch: a network from its first weights on a dataset; then like any candidate."""

from sqlalchemy import Connection

from doodle_db.manifest import NetworkDefinition, TrainingData
from doodle_db.model_registry import get_manifest
from training_server.candidate import Candidate
from training_server.fit import FitResult
from training_server.fit_plan import adjust_plan
from training_server.label_plan import LabelPlan
from training_server.material import Material
from training_server.network_arguments import parse_arguments
from training_server.new_labels import read_label_plan
from training_server.scratch import Scratch, read_scratch_material, train_scratch
from training_server.steps import CandidateSteps


class ScratchSteps(CandidateSteps):
    """The steps of a run from scratch."""

    def _read_from(self, connection: Connection) -> tuple[LabelPlan, Material]:
        run = self._run
        labels = read_label_plan(connection, self._room.label_set, run.live_version, run.watermark_to)
        at_most = run.arguments.get("max_doodles")
        material = read_scratch_material(
            connection, run.dataset, labels.label_set, self._seed, at_most, before=run.watermark_to
        )
        return labels, material

    def _is_enough(self, material: Material) -> bool:
        return len(material.new) + len(material.replay) > 0

    def _count_drawings(self, material: Material) -> TrainingData:
        return TrainingData(
            num_new=len(material.new), num_replay=0, num_base=len(material.replay), watermark=self._run.learnt_to
        )

    def train(self, material: Material) -> Candidate:
        """See pipeline.Steps."""
        label_set = self._labels.label_set
        definition = self._define()
        self._note_network(definition)
        plan = adjust_plan(self._room.scratch_plan, {"seed": self._seed, **self._train_args}, mirror=label_set.mirror)
        self._observer.enter("training")
        scratch = Scratch(definition, plan, self._run.dataset, label_set)

        def begin_testing(result: FitResult) -> None:
            self._tell_training(plan, result, None)
            self._observer.enter("testing")

        return train_scratch(scratch, material, self._observer, begin_testing)

    def _define(self) -> NetworkDefinition:
        """Say what the network is: the one ordered, or the live version's, with the arguments ordered."""
        name = self._run.network
        if name is None:
            name = self._ask(lambda connection: get_manifest(connection, self._run.live_version)).network.name
        arguments = parse_arguments(name, self._run.arguments.get("network_args", {}))
        return NetworkDefinition(name=name, arguments=arguments.model_dump())
