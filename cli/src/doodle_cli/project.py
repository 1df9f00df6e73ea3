"""The project's folder: what `doodle up` runs lies there, built beforehand."""

from dataclasses import dataclass
from pathlib import Path

from doodle_cli.errors import NotInstalledError


@dataclass(frozen=True)
class Project:
    """
    A checkout of the project.

    Attributes:
        folder: its root.
    """

    folder: Path

    @property
    def pages(self) -> Path:
        """The built frontend."""
        return self.folder / "frontend" / "dist"

    @property
    def tfjs_runner(self) -> Path:
        """The built program that runs an exported model under Node."""
        return self.folder / "frontend" / "dist-node" / "run_graph_model.mjs"

    @property
    def base_models(self) -> Path:
        """The versions shipped with the project."""
        return self.folder / "models"

    @property
    def nginx_templates(self) -> Path:
        """nginx's configuration before it is filled in, and what fills it in."""
        return self.folder / "nginx"

    def check(self) -> None:
        """
        Refuse to run what has not been built.

        Raises:
            NotInstalledError: with the command that builds it.
        """
        for path in (self.pages / "index.html", self.tfjs_runner):
            if not path.is_file():
                raise NotInstalledError(f"There is no {path}; build the frontend with `make frontend`.")


def find_project() -> Project:
    """
    Find the checkout this command was installed from.

    Raises:
        NotInstalledError: it was installed without one.
    """
    project = Project(Path(__file__).parents[3])
    if not (project.nginx_templates / "fill_in").is_file():
        raise NotInstalledError(f"{project.folder} is no checkout of the project; `doodle up` runs from one.")
    return project
