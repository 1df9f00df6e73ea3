"""The files that make containers say the same as each other, as the rest of the project, and as their documentation."""

import re
from pathlib import Path

import pytest

from doodle_cli.config import SERVICE_SETTINGS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "containers.md").read_text(encoding="utf-8")
COMPOSE_FILES = ("docker-compose.yml", "docker-compose.gpu.yml", "docker-compose.s3.yml", "docker-compose.tls.yml")
PYTHON_IMAGES = ("model_server/Dockerfile", "training_server/Dockerfile")
FRONTEND_IMAGES = ("nginx/Dockerfile", "training_server/Dockerfile")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", COMPOSE_FILES)
def test_every_variable_is_documented(path: str) -> None:
    """Whatever may be set stands in the table, with its default."""
    variables = dict(re.findall(r"\$\{([A-Z_]+):-([^{}$]*)\}", read(path)))
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", PAGE, re.MULTILINE))

    assert {name for name in variables if name not in rows} == set()
    assert {name for name, default in variables.items() if default and default not in rows[name]} == set()


def test_what_leads_to_the_bucket_is_passed_on_and_documented() -> None:
    """Each variable of docker-compose.s3.yml has no value of its own, and stands on the page of settings."""
    given = re.findall(r"^  ([A-Z][A-Z0-9_]+):(.*)$", read("docker-compose.s3.yml"), re.MULTILINE)

    assert "ARTIFACT_URL" in dict(given)
    assert [name for name, value in given if value or f"`{name}`" not in read("docs/operations.md")] == []


def test_whatever_leads_to_a_bucket_reaches_the_containers() -> None:
    """A variable that the page names and compose does not pass on would be missed by nobody: Amazon would be asked."""
    section = read("docs/operations.md").partition("## Versions on S3\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(AWS_[A-Z0-9_]+)`", section))

    assert "AWS_REGION" in named
    assert named - set(re.findall(r"^  (AWS_[A-Z0-9_]+):$", read("docker-compose.s3.yml"), re.MULTILINE)) == set()


def test_the_page_names_everybody_who_has_the_buckets_keys() -> None:
    """Whoever gives keys as variables knows which containers' descriptions show them."""
    services = re.findall(
        r"^  (\w+):\n    environment: \*store\n    networks: \[store\]$", read("docker-compose.s3.yml"), re.M
    )
    (named,) = re.findall(r"((?:`\w+`(?:, | and )?)+) are on one network more, `store`", " ".join(PAGE.split()))

    assert len(services) > 1
    assert sorted(re.findall(r"\w+", named.replace(" and ", ", "))) == sorted(services)


def test_what_make_up_passes_on_compose_does_too() -> None:
    """Two ways to run the stack take the same settings, but for those that only one of them can choose."""
    given_by_the_files = {"ARTIFACT_URL", "METRICS_BIND", "WORKER_NAME"}

    passed_on = set(re.findall(r"^ +[A-Z_]+: \$\{([A-Z_]+):-", read("docker-compose.yml"), re.MULTILINE))

    assert set(SERVICE_SETTINGS) - given_by_the_files <= passed_on


def test_nothing_is_documented_that_nobody_reads() -> None:
    """A variable that was removed or renamed leaves the page, too."""
    read_somewhere = "".join(read(path) for path in COMPOSE_FILES)
    documented = re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)

    assert [name for name in documented if f"${{{name}:-" not in read_somewhere] == []


@pytest.mark.parametrize("path", PYTHON_IMAGES)
def test_images_are_made_by_the_uv_that_makes_the_lock(path: str) -> None:
    """Two versions might read one lock in two ways."""
    (made_by,) = re.findall(r"^UV_VERSION := (\S+)$", read("Makefile"), re.MULTILINE)

    assert re.findall(r"^ARG UV_VERSION=(\S+)$", read(path), re.MULTILINE) == [made_by]


def test_both_kinds_of_tensorflow_are_of_one_version() -> None:
    """A model is trained by the same code with and without a GPU."""
    (locked,) = re.findall(r"^tensorflow-cpu==(\S+)", read("requirements.lock"), re.MULTILINE)

    assert re.findall(r"^tensorflow\[and-cuda\]==(\S+)", read("containers/tensorflow-cuda/added.in"), re.M) == [locked]
    assert re.findall(r"^tensorflow==(\S+)", read("containers/tensorflow-cuda/added.lock"), re.M) == [locked]


def test_what_two_images_build_alike_is_written_alike() -> None:
    """Only then is it built once."""
    first, second = (
        re.findall(r"^FROM .* AS frontend\n(?:.+\n)+", read(path), re.MULTILINE) for path in FRONTEND_IMAGES
    )

    assert len(first) == 1
    assert first == second


@pytest.mark.parametrize("path", sorted({*PYTHON_IMAGES, *FRONTEND_IMAGES}))
def test_an_image_is_built_without_asking_a_registry_for_its_syntax(path: str) -> None:
    """A `# syntax=` line is fetched before anything else is."""
    assert "# syntax" not in read(path)
    assert re.findall(r"^USER (\d+)$", read(path), re.MULTILINE) != []


@pytest.mark.parametrize("stage", ["trimmed", "base"])
def test_the_base_is_written_alike(stage: str) -> None:
    """Both images in Python stand on the same layer."""
    first, second = (re.findall(rf"^FROM .* AS {stage}\n(?:.+\n)+", read(path), re.MULTILINE) for path in PYTHON_IMAGES)

    assert len(first) == 1
    assert first == second


def test_every_machine_has_one_tensorflow() -> None:
    """An image is built for both kinds of machine; the wheels of one are not those of the other."""
    locked = dict(re.findall(r"^(tensorflow\S*)==\S+ ; (.*) \\$", read("requirements.lock"), re.MULTILINE))

    assert locked == {
        "tensorflow": "platform_machine != 'x86_64' and sys_platform == 'linux'",
        "tensorflow-cpu": "platform_machine == 'x86_64' and sys_platform == 'linux'",
    }
