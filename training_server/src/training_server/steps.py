"""
The steps of one run, for real: the database, the artifact store and TensorFlow behind pipeline.Steps.

Here stands what every candidate goes through, however it was trained: the screening before, and export, verdict and
publication after. What a run reads and how it trains is its kind's: training_server.delta_steps and .scratch_steps.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from doodle_db.founder import get_founder
from doodle_db.labels import hold_labels
from doodle_db.manifest import Manifest, NetworkDefinition, TrainingData
from doodle_db.model_registry import get_live, get_manifest
from doodle_db.pins import find_pin
from doodle_db.runs import record_plan
from doodle_web.json_logs import log_event
from training_server.candidate import Candidate, Exported, renew_rejection
from training_server.clock import read_time
from training_server.export import VersionRecord, export_version
from training_server.export_check import check_exports
from training_server.fit import FitResult
from training_server.fit_plan import FitPlan
from training_server.gate import decide
from training_server.growing_report import GrowingReport
from training_server.heartbeat import WatchedRun
from training_server.holdouts import choose_checked, holdouts_of, measure, metrics_as_json, pair
from training_server.label_plan import LabelPlan, keep_labels
from training_server.learnt_labels import tell_labels
from training_server.material import Material
from training_server.multiply_adds import count_multiply_adds
from training_server.outages import outlive_outages
from training_server.publish import Conclusion, conclude, hold_back, store_candidate, tell_too_old
from training_server.report import describe_version
from training_server.report_format import Report
from training_server.rivals import Rivals
from training_server.run_report import add_candidate, add_live, add_model, add_training, begin_report, finish_report
from training_server.screening_step import Screened, add_screening, screen_doodles, tell_screening
from training_server.training_room import TrainingRoom

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class CandidateSteps(ABC):
    """The steps of one run, in one thread; see pipeline.Steps. A kind of run adds what it reads and how it trains."""

    def __init__(self, room: TrainingRoom, watched: WatchedRun, folder: Path) -> None:
        """
        Args:
            room: what the worker has.
            watched: the run.
            folder: empty, for the run's files; the caller removes it.
        """
        self._room = room
        self._watched = watched
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
        read = {"new": material.new, "replay": material.replay, "recent": material.recent, "base": material.base}
        log_event(log, logging.INFO, "drawings_read", **{f"num_{name}": len(rows) for name, rows in read.items()})
        begun = begin_report(self._run.key, self._labels.label_set, material, self._seed, self._labels.grown)
        self._keep(add_screening(begun, self._screened) if self._screened else begun)
        return material if self._is_enough(material) else None

    def _read(self) -> tuple[LabelPlan, Material]:
        # One moment for all parts. Nothing is written in here: PostgreSQL would refuse it after every heartbeat.
        engine = self._room.engine.execution_options(isolation_level="REPEATABLE READ")
        with engine.begin() as connection:
            return self._read_from(connection)

    @abstractmethod
    def _read_from(self, connection: Connection) -> tuple[LabelPlan, Material]:
        """Read labels and drawings, in one transaction of its own."""

    @abstractmethod
    def _is_enough(self, material: Material) -> bool:
        """Tell whether there is anything to train on."""

    @abstractmethod
    def train(self, material: Material) -> Candidate:
        """See pipeline.Steps."""

    def _note_plan(self, material: Material) -> None:
        nums = {"num_new_doodles": len(material.new), "num_replay_doodles": len(material.replay)}
        with self._room.engine.begin() as connection:
            record_plan(connection, self._run.key, **nums)

    def _note_network(self, definition: NetworkDefinition) -> None:
        def note() -> None:
            with self._room.engine.begin() as connection:
                record_plan(connection, self._run.key, network=definition.name)

        self._outlive(note)

    def _tell_training(self, plan: FitPlan, result: FitResult, parent_version: str | None) -> None:
        """Report how the network was trained, before anything is made of it: a training that diverged shows how."""
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
        size_bytes = sum(file.size_bytes for file in manifest.files)
        log_event(log, logging.INFO, "candidate_exported", version=manifest.version, size_bytes=size_bytes)
        described = add_model(self.report, manifest, count_multiply_adds(candidate.network))
        self._keep(add_candidate(described, material, candidate.logits, manifest.rejection))
        self._observer.enter("checking")
        bitmaps = choose_checked(material)
        check = check_exports(candidate.network, candidate.definition, folder, bitmaps, self._room.runner)
        return Exported(folder, manifest, check)

    def _describe(self, material: Material, candidate: Candidate) -> VersionRecord:
        names = self._labels.label_set.names
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
            training_data=self._count_drawings(material),
            rejection=rejection,
            report=describe_version(self.report, holdouts_of(material), candidate.logits, rejection),
        )

    @abstractmethod
    def _count_drawings(self, material: Material) -> TrainingData:
        """Say in numbers what was trained on."""

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
        metrics = {**metrics_as_json(compared), **candidate.metrics}
        conclusion = Conclusion(verdict.to_json(), metrics, compared_with=live)
        return hold_back(conclusion, self._ask(find_pin))

    def _get_founder(self) -> Manifest:
        return self._ask(lambda connection: get_manifest(connection, get_founder(connection)))

    def conclude(self, version: Exported | None, conclusion: Conclusion) -> None:
        """See pipeline.Steps."""
        self._observer.enter("publishing")
        conclusion = tell_too_old(tell_labels(conclusion, self._labels), self._run)
        conclusion = tell_screening(conclusion, self._screened) if self._screened else conclusion
        stored = store_candidate(self._room.store, version.folder, version.manifest) if version else None
        self._outlive(lambda: self._watched.flush(self._room.engine))
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


def seed_of(key: UUID) -> int:
    """
    Derive a run's seed: the same run trains the same way, another one another.

    >>> seed_of(UUID(int=0x0000000A << 96))
    10
    """
    return int.from_bytes(key.bytes[:4]) & 0x7FFFFFFF
