"""All files of a version in one zip."""

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from doodle_db.artifacts import MANIFEST_NAME, ArtifactStore
from doodle_db.manifest import Manifest

NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can say: the same version is always the same file."""


def pack_version(store: ArtifactStore, manifest: Manifest) -> bytes:
    """
    Put a version's files into a zip, in a folder of the version's name; each is compared with the manifest.

    Raises:
        UnknownVersionError: a file is not there.
        ArtifactError: a file is not what the manifest says.
        ArtifactStoreError: the store cannot be used.
    """
    contents = {MANIFEST_NAME: store.read_manifest_file(manifest.version)}
    contents |= {file.path: store.read_file(manifest, file.path) for file in manifest.files}
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for path, content in contents.items():
            entry = ZipInfo(f"{manifest.version}/{path}", NO_TIME)
            archive.writestr(entry, content, ZIP_DEFLATED)
    return packed.getvalue()
