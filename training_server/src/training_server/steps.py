"""The steps of one run, for real: the database, the artifact store and TensorFlow behind pipeline.Steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import keras
import numpy as np
from sqlalchemy import Connection, Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.founder import get_founder
from doodle_db.label_sets import LabelSet
from doodle_db.labels import hold_labels
from doodle_db.manifest import Manifest, TrainingData
from doodle_db.model_registry import get_live, get_manifest
from doodle_db.pins import find_pin
from doodle_db.runs import record_plan
from training_server.candidate import Candidate, Exported, renew_rejection
from training_server.clock import read_time
from training_server.dataset import join
from training_server.errors import DivergedError
from training_server.export import VersionRecord, export_version
from training_server.export_check import Runner, check_exports
from training_server.fit import FitResult, fit
from training_server.fit_plan import DELTA_PLAN, FitPlan, adjust_plan, pretrain_plan_for
from training_server.gate import GatePolicy, decide
from training_server.growing_report import GrowingReport
from training_server.growth import choose_unseen, grow, plan_growth, set_loudness
from training_server.heartbeat import WatchedRun
from training_server.holdouts import (
    answer,
    choose_checked,
    holdouts_of,
    measure,
    metrics_as_json,
    pair,
)
from training_server.label_plan import LabelPlan, keep_labels
from training_server.learnt_labels import tell_labels
from training_server.lineage import derive_definition
from training_server.material import Material, read_material
from training_server.multiply_adds import count_multiply_adds
from training_server.new_labels import read_label_plan
from training_server.outages import outlive_outages
from training_server.parents import begin_from, build_for
from training_server.publish import Conclusion, conclude, hold_back, store_candidate
from training_server.report import describe_version
from training_server.report_format import Report
from training_server.rivals import Rivals
from training_server.run_report import add_candidate, add_live, add_model, add_training, begin_report, finish_report
from training_server.screening import DEFAULT_POLICY, ScreeningPolicy
from training_server.screening_step import Screened, add_screening, screen_doodles, tell_screening
from training_server.weights import read_weights

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class TrainingRoom:
    """
    What every run on this worker finds.

    Attributes:
        engine: of the database.
        store: of the versions' files.
        label_set: what is told apart, as its file has it.
        runner: runs the exported TensorFlow.js model for the check.
        policy: of the gate.
        plan: how a delta is trained, where a request does not say otherwise.
        screening: of new doodles.
    """

    engine: Engine
    store: ArtifactStore
    label_set: LabelSet
    runner: Runner
    policy: GatePolicy = field(default_factory=GatePolicy)
    plan: FitPlan = DELTA_PLAN
    screening: ScreeningPolicy = DEFAULT_POLICY


class TrainingSteps:
    """The steps of one run, in one thread; see pipeline.Steps."""

    def __init__(self, room: TrainingRoom, watched: WatchedRun, folder: Path) -> None:
        """
        Args:
            room: what the worker has.
            watched: the run.
            folder: empty, for the run's files; the caller removes it.
        """
        self._room = room
        self._run = watched.run
        self._observer = watched.observer
        self._interruption = watched.interruption
        self._folder = folder
        self._train_args: Mapping[str, Any] = watched.run.arguments.get("train_args", {})
        self._seed = int(self._train_args.get("seed", seed_of(watched.run.key)))
        self._labels: LabelPlan = keep_labels(room.label_set)
        self._screened: Screened | None = None
        self._growing = GrowingReport(watched.run)

    @property
    def report(self) -> Report:
        """What is known of the run so far; there is nothing before it has read."""
        return self._growing.so_far

    def screen(self) -> None:
        """See pipeline.Steps."""
        self._observer.enter("screening")
        room = self._room
        self._screened = self._outlive(
            lambda: screen_doodles(room.engine, room.store, room.label_set, self._run, self._folder, room.screening)
        )

    def read(self) -> Material | None:
        """See pipeline.Steps."""
        self._observer.enter("reading")
        self._labels, material = self._outlive(self._read)
        self._outlive(lambda: self._note_plan(material))
        begun = begin_report(self._run.key, self._labels.label_set, material, self._seed, self._labels.grown)
        self._keep(add_screening(begun, self._screened) if self._screened else begun)
        return material if len(material.new) else None

    def _read(self) -> tuple[LabelPlan, Material]:
        # One moment for all parts. Nothing is written in here: PostgreSQL would refuse it after every heartbeat.
        engine = self._room.engine.execution_options(isolation_level="REPEATABLE READ")
        with engine.begin() as connection:
            labels = read_label_plan(connection, self._room.label_set, self._run.live_version, self._run.watermark_to)
            return labels, read_material(connection, labels, self._run, self._seed)

    def _note_plan(self, material: Material) -> None:
        nums = {"num_new_doodles": len(material.new), "num_replay_doodles": len(material.replay)}
        with self._room.engine.begin() as connection:
            record_plan(connection, self._run.key, **nums)

    def train(self, material: Material) -> Candidate:
        """See pipeline.Steps."""
        parent = self._ask(lambda connection: get_manifest(connection, self._run.live_version))
        definition = derive_definition(parent, self._run.arguments.get("network_args", {}))
        network = begin_from(self._room.store, parent, definition, self._folder, self._seed)
        plan = self._room.plan if network else pretrain_plan_for(self._labels.label_set)
        mirror = self._labels.label_set.mirror
        plan = plan_growth(plan, mirror=mirror) if self._labels.grown and network else plan
        plan = adjust_plan(plan, {"seed": self._seed, **self._train_args})
        parent_version = parent.version if network else None
        if network is None or self._labels.grown:
            wide = build_for(parent, definition, self._seed, len(self._labels.label_set.labels))
            network = wide if network is None else grow(network, wide, join(material.replay, material.new))
        self._observer.enter("training")
        rivals = Rivals(self._room.store, self._folder, self._labels.label_set.names, material)
        held = rivals.anchor(self._get_founder())
        result = fit(network, material.new, plan, self._observer, material.replay, held)
        self._note_validation(result)
        self._report_training(plan, result, parent_version)
        self._observer.enter("testing")
        if self._labels.grown and parent_version:
            set_loudness(network, self._labels.num_known, choose_unseen(result.validation, material.replay))
        require_finite(network, plan)
        return Candidate(network, definition, parent_version, plan, result, answer(network, material))

    def _note_validation(self, result: FitResult) -> None:
        for epoch in result.epochs if len(result.validation) else ():
            self._observer.add_validation(epoch.epoch, epoch.validation_loss, epoch.validation_accuracy)

    def _report_training(self, plan: FitPlan, result: FitResult, parent_version: str | None) -> None:
        observer = self._observer
        num_steps, seconds = observer.read_num_steps(), observer.read_epoch_seconds()
        described = add_training(
            self.report, plan, result, parent_version=parent_version, num_steps=num_steps, epoch_seconds=seconds
        )
        self._keep(described)

    def export(self, material: Material, candidate: Candidate) -> Exported:
        """See pipeline.Steps."""
        self._observer.enter("exporting")
        folder = self._folder / "version"
        folder.mkdir()
        manifest = export_version(candidate.network, self._describe(material, candidate), folder)
        described = add_model(self.report, manifest, count_multiply_adds(candidate.network))
        self._keep(add_candidate(described, material, candidate.logits, manifest.rejection))
        self._observer.enter("checking")
        bitmaps = choose_checked(material)
        check = check_exports(candidate.network, candidate.definition, folder, bitmaps, self._room.runner)
        return Exported(folder, manifest, check)

    def _describe(self, material: Material, candidate: Candidate) -> VersionRecord:
        names = self._labels.label_set.names
        watermark = self._run.watermark_to
        parent = self._ask(lambda connection: get_manifest(connection, self._run.live_version))
        kept_share = self._labels.label_set.kept_share
        rejection = renew_rejection(parent.rejection, candidate.network, candidate.result, material, kept_share)
        return VersionRecord(
            label_set=self._labels.label_set,
            network=candidate.definition,
            metrics=measure(candidate.logits, material, names, rejection),
            parent_version=candidate.parent_version,
            run=self._run.key,
            created_at=self._ask(read_time),
            training_data=TrainingData(
                num_new=len(material.new), num_replay=len(material.replay), num_base=0, watermark=watermark
            ),
            rejection=rejection,
            report=describe_version(self.report, holdouts_of(material), candidate.logits, rejection),
        )

    def find_live(self) -> str:
        """See pipeline.Steps."""
        return self._ask(get_live).version

    def judge(self, material: Material, candidate: Candidate, version: Exported, live: str) -> Conclusion:
        """See pipeline.Steps."""
        self._observer.enter("judging")
        names = self._labels.label_set.names
        manifest = self._ask(lambda connection: get_manifest(connection, live))
        rivals = Rivals(self._room.store, self._folder, names, material)
        logits = rivals.ask(manifest)
        self._growing.grow(add_live(self.report, material, candidate.logits, logits, manifest))
        founder = self._get_founder()
        asked = rivals.ask_founder(founder, logits) if founder.version != live else None
        recent, base = pair(material, names, candidate.logits, logits, asked, rivals.find_grown(manifest))
        verdict = decide(self._room.policy, recent, base, version.check)
        ours = measure(candidate.logits, material, names, version.manifest.rejection)
        compared = {"candidate": ours, "live": measure(logits, material, names, manifest.rejection)}
        conclusion = Conclusion(verdict.to_json(), metrics_as_json(compared), compared_with=live)
        return hold_back(conclusion, self._ask(find_pin))

    def _get_founder(self) -> Manifest:
        return self._ask(lambda connection: get_manifest(connection, get_founder(connection)))

    def conclude(self, version: Exported | None, conclusion: Conclusion) -> None:
        """See pipeline.Steps."""
        self._observer.enter("publishing")
        conclusion = tell_labels(conclusion, self._labels)
        conclusion = tell_screening(conclusion, self._screened) if self._screened else conclusion
        stored = store_candidate(self._room.store, version.folder, version.manifest) if version else None
        self._outlive(lambda: self._observer.flush(self._room.engine, self._run.key))
        seconds = self._observer.read_stage_seconds()
        self._growing.grow(finish_report(self.report, conclusion.verdict, seconds))
        timed = replace(conclusion, metrics={**conclusion.metrics, "seconds": seconds})
        self._outlive(lambda: self._end(stored, timed))

    def _end(self, stored: Manifest | None, conclusion: Conclusion) -> None:
        with self._room.engine.begin() as connection:
            self._growing.write(connection)
            if stored is not None:
                hold_labels(connection, self._room.label_set, stored.label_names)
            conclude(connection, self._run, stored, conclusion)

    def _keep(self, report: Report) -> None:
        self._growing.grow(report)
        self._outlive(lambda: self._growing.save(self._room.engine))

    def _ask(self, question: Callable[[Connection], Answer]) -> Answer:
        def asked() -> Answer:
            with self._room.engine.connect() as connection:
                return question(connection)

        return self._outlive(asked)

    def _outlive(self, transaction: Callable[[], Answer]) -> Answer:
        return outlive_outages(transaction, self._interruption)


def require_finite(network: keras.Model, plan: FitPlan) -> None:
    """
    Make sure that a network's weights are numbers.

    Raises:
        DivergedError: it does not.
    """
    if not all(np.isfinite(array).all() for array in read_weights(network).values()):
        raise DivergedError(f"The training diverged at a learning rate of {plan.learning_rate}; ask for a lower one.")


def seed_of(key: UUID) -> int:
    """
    Derive a run's seed: the same run trains the same way, another one another.

    >>> seed_of(UUID(int=0x0000000A << 96))
    10
    """
    return int.from_bytes(key.bytes[:4]) & 0x7FFFFFFF
