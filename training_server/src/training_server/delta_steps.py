"""A delta: new doodles and replay, trained from the live version's weights."""

from sqlalchemy import Connection

from doodle_db.manifest import TrainingData
from doodle_db.model_registry import get_manifest
from training_server.candidate import Candidate, require_finite
from training_server.dataset import join
from training_server.fit import fit
from training_server.fit_plan import adjust_plan, pretrain_plan_for
from training_server.growth import choose_unseen, grow, plan_growth, set_loudness
from training_server.holdouts import answer
from training_server.label_plan import LabelPlan
from training_server.lineage import derive_definition
from training_server.material import Material, read_material
from training_server.new_labels import read_label_plan
from training_server.parents import begin_from, build_for
from training_server.rivals import Rivals
from training_server.rounding import round_weights
from training_server.split_metrics import NUM_MEASURED_OF_DELTA, choose_test, measure_splits
from training_server.steps import CandidateSteps


class DeltaSteps(CandidateSteps):
    """The steps of a delta."""

    def _read_from(self, connection: Connection) -> tuple[LabelPlan, Material]:
        labels = read_label_plan(connection, self._room.label_set, self._run.live_version, self._run.watermark_to)
        return labels, read_material(connection, labels, self._run, self._seed)

    def _is_enough(self, material: Material) -> bool:
        return len(material.new) > 0

    def _count_drawings(self, material: Material) -> TrainingData:
        return TrainingData(
            num_new=len(material.new),
            num_replay=len(material.replay),
            num_base=0,
            watermark=self._run.learnt_to,
        )

    def train(self, material: Material) -> Candidate:
        """See pipeline.Steps."""
        parent = self._ask(lambda connection: get_manifest(connection, self._run.live_version))
        definition = derive_definition(parent, self._run.arguments.get("network_args", {}))
        self._note_network(definition)
        network = begin_from(self._room.store, parent, definition, self._folder, self._seed)
        plan = self._room.plan if network else pretrain_plan_for(self._labels.label_set)
        mirror = self._labels.label_set.mirror
        plan = plan_growth(plan, mirror=mirror) if self._labels.grown and network else plan
        plan = adjust_plan(plan, {"seed": self._seed, **self._train_args}, mirror=mirror)
        parent_version = parent.version if network else None
        if network is None or self._labels.grown:
            wide = build_for(parent, definition, self._seed, len(self._labels.label_set.labels))
            network = wide if network is None else grow(network, wide, join(material.replay, material.new))
        self._observer.enter("training")
        rivals = Rivals(self._room.store, self._folder, self._labels.label_set.names, material)
        held = rivals.anchor(self._get_founder())
        result = fit(network, material.new, plan, self._observer, material.replay, held)
        self._tell_training(plan, result, parent_version)
        self._observer.enter("testing")
        require_finite(network, plan)
        round_weights(network)
        if self._labels.grown and parent_version:
            set_loudness(network, self._labels.num_known, choose_unseen(result.validation, material.replay))
            require_finite(network, plan)
        logits = answer(network, material)
        test = choose_test(logits, material, "all")
        names = self._labels.label_set.names
        metrics = measure_splits(network, result, test, names, self._seed, NUM_MEASURED_OF_DELTA)
        return Candidate(network, definition, parent_version, plan, result, logits, metrics)
