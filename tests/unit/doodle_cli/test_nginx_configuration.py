"""nginx's configuration: every name filled in, nothing smuggled in."""

from pathlib import Path

import pytest

from doodle_cli.errors import CliError
from doodle_cli.nginx import NginxAddresses, fill_in, write_configuration

TEMPLATE = Path(__file__).parents[3] / "nginx" / "doodle.conf.template"


def addresses(folder: Path) -> NginxAddresses:
    return NginxAddresses("127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", folder / "dist", folder / "artifacts")


def test_every_name_is_filled_in(tmp_path: Path) -> None:
    """The template asks for exactly what we know."""
    write_configuration(tmp_path / "nginx", TEMPLATE, addresses(tmp_path))

    filled = (tmp_path / "nginx" / "doodle.conf").read_text()
    assert "${" not in filled
    assert all(value in filled for value in addresses(tmp_path).as_names().values())


def test_the_template_uses_every_name(tmp_path: Path) -> None:
    """A name nobody asks for is a setting that does nothing."""
    template = TEMPLATE.read_text()

    assert [name for name in addresses(tmp_path).as_names() if f"${{{name}}}" not in template] == []


@pytest.mark.parametrize("folder", ['/a"b', "/a$b", "/a\\b", "/a\nb"])
def test_a_path_nginx_would_misread_is_refused(folder: str) -> None:
    """A folder's name cannot become configuration."""
    with pytest.raises(CliError, match="choose a path without quotes"):
        fill_in("root ${DOODLE_PAGES};", {"DOODLE_PAGES": folder})


def test_a_path_with_spaces_is_fine(tmp_path: Path) -> None:
    """People keep their projects in all sorts of places."""
    write_configuration(tmp_path / "nginx", TEMPLATE, addresses(tmp_path / "my doodles; no, really {}"))

    assert f'root "{tmp_path}/my doodles; no, really {{}}/dist";' in (tmp_path / "nginx" / "doodle.conf").read_text()


def test_an_unknown_name_is_refused() -> None:
    """A template and a command of different versions do not run together."""
    with pytest.raises(CliError, match="asks for DOODLE_NEW"):
        fill_in("listen ${DOODLE_NEW};", {})
