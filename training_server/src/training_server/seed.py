"""What a new installation begins with: the shipped base version, stored, registered and deployed."""

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from doodle_db.artifacts import MANIFEST_NAME, ArtifactStore
from doodle_db.label_sets import LabelSet
from doodle_db.locks import SEED_LOCK
from doodle_db.manifest import Manifest, parse_manifest
from doodle_db.model_registry import deploy, find_live, get_manifest, register_version
from doodle_web.json_logs import log_event
from training_server.errors import LabelsDifferError, NoBaseVersionError

log = logging.getLogger(__name__)


def seed(engine: Engine, store: ArtifactStore, base_models: Path | None, label_set: LabelSet) -> None:
    """
    Make sure that something is live, and that its files are in the store; does nothing where both are so.

    Safe to call at every start, from any number of processes at once.

    Args:
        engine: of a migrated database.
        store: of the versions' files.
        base_models: the folder of shipped versions; None: nothing is shipped, so nothing is deployed.
        label_set: whose base version is the first one.

    Raises:
        NoBaseVersionError: nothing is live, and the folder holds no version of the label set.
        LabelsDifferError: what is live was made for another label set.
    """
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEED_LOCK})
        live = find_live(connection)
        if live is not None:
            manifest = get_manifest(connection, live.version)
            _require_label_set(manifest, label_set)
            _restore(store, base_models, manifest)
        elif base_models is None:
            log_event(log, logging.WARNING, "nothing_live", hint="set BASE_MODELS, or deploy a version")
        else:
            _deploy_first(connection, store, find_base_version(base_models, label_set))


def find_base_version(base_models: Path, label_set: LabelSet) -> Path:
    """
    Find the folder of a label set's shipped version; the newest, if there are several.

    Raises:
        NoBaseVersionError: there is none.
    """
    folders = [path.parent for path in (base_models / label_set.name).glob(f"*/{MANIFEST_NAME}")]
    if not folders:
        raise NoBaseVersionError(
            f"Nothing is live, and BASE_MODELS holds no version of label set {label_set.name}; "
            f"`doodle pretrain` makes one. Expected {label_set.name}/<version>/{MANIFEST_NAME} in it."
        )
    return max(folders, key=lambda folder: _read_manifest(folder).created_at)


def _require_label_set(live: Manifest, label_set: LabelSet) -> None:
    """Refuse to ask people for things that the live version was never told of."""
    if live.label_set != label_set.name:
        raise LabelsDifferError(
            f"The live version {live.version} is of label set {live.label_set}, and LABEL_SET is {label_set.name}. "
            "An installation keeps the label set it began with; for another one, give it a home or database of its own."
        )


def _deploy_first(connection: Connection, store: ArtifactStore, folder: Path) -> None:
    manifest = _read_manifest(folder)
    store.store_version(folder, manifest)
    register_version(connection, manifest)
    deploy(
        connection,
        manifest.version,
        kind="publish",
        actor="installation",
        reason="first start",
        expected_live=None,
    )
    log_event(log, logging.INFO, "base_version_deployed", version=manifest.version)


def _restore(store: ArtifactStore, base_models: Path | None, live: Manifest) -> None:
    """Copy a shipped version's files anew if the store has lost them; of any other version only a backup has them."""
    if store.has_version(live.version):
        return
    folder = base_models / live.label_set / live.version if base_models else None
    if folder is not None and (folder / MANIFEST_NAME).is_file():
        store.store_version(folder, _read_manifest(folder))
        log_event(log, logging.WARNING, "live_version_restored", version=live.version)
        return
    hint = "bring back the artifact store's backup, or deploy another version"
    log_event(log, logging.ERROR, "live_version_missing", version=live.version, hint=hint)


def _read_manifest(folder: Path) -> Manifest:
    return parse_manifest((folder / MANIFEST_NAME).read_bytes())
