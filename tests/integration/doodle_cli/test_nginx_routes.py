"""The proxy, for real: what goes where, and what never gets through."""

import json
from collections.abc import Iterator

import httpx
import pytest

from doodle_testing.echo_site import VERSION, Site, running_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx in front of two echoing services, with generous limits."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/v1/doodles", "model_server"),
        ("/api/v1/models/live", "model_server"),
        ("/api/v1/trainers", "model_server"),
        ("/healthz", "model_server"),
        ("/readyz", "model_server"),
        ("/api/v1/models", "model_server"),
        ("/api/v1/models/0123456789ab/archive", "training_server"),
        ("/api/v1/models/0123456789ab/comparison?with=ba9876543210", "training_server"),
        ("/api/v1/models/deletions", "training_server"),
        ("/api/v1/train", "training_server"),
        ("/api/v1/train/0b8f", "training_server"),
        ("/api/v1/search", "training_server"),
        ("/api/v1/workers", "training_server"),
    ],
)
def test_every_route_reaches_its_service(site: Site, path: str, service: str) -> None:
    """Runs, searches and workers are the training service's, everything else of the API the model service's."""
    answer = httpx.get(site.url + path)

    assert (service, path) == (answer.json()["service"], answer.json()["path"])


@pytest.mark.parametrize(
    "target",
    [
        "/internal/trigger",
        "/internal",
        "/metrics",
        "//internal/trigger",
        "/%69nternal/trigger",
        "/api/../internal/trigger",
        "/api/v1/train/../../../internal/trigger",
        "/api/v1/train/..%2f..%2f..%2finternal/trigger",
        "/api/v1/train/%2e%2e/%2e%2e/%2e%2e/internal/trigger",
        "/./metrics",
        "/Metrics",
        "/INTERNAL/trigger",
        "/metrics/",
        "/metrics//",
        "/metrics;a=b",
        "/metrics.",
        "/metrics%20",
        "/metrics?a=b",
        "/metrics#a",
        "/metrics%23",
        "/metrics%2f",
        "/metrics/%2e%2e/metrics",
        "/%6d%65%74%72%69%63%73",
        "/%256detrics",
        "/.%2fmetrics",
        "/api/%2e%2e/metrics",
        "/api/..;/metrics",
        "/api/v1/..%5c..%5cmetrics",
        "/api/v1/\\..\\..\\metrics",
        "/api/v1/%252e%252e/%252e%252e/metrics",
        "/api//../metrics",
        "/api/v1/events/../../../metrics",
        "/healthz/../metrics",
        "/healthz%2f..%2fmetrics",
        "/metrics/../api/v1/stats",
        "/internal/../api/v1/stats",
        "/internal/trigger/%2e%2e/%2e%2e/api/v1/stats",
        "/internal/trigger/..%2f..%2fapi/v1/stats",
        "/internal%2ftrigger",
        "/internal%5ctrigger",
        "///internal/trigger",
        "/%2finternal/trigger",
        "/models/../internal/trigger",
        "http://localhost/metrics",
        "http://localhost/internal/trigger",
        "http://localhost//internal/trigger",
    ],
)
def test_what_the_services_say_to_each_other_is_not_public(site: Site, target: str) -> None:
    """No spelling of /internal or /metrics gets past the proxy, whichever of two readers it was meant for."""
    seen_before = len(site.model_server.seen)
    status, body = site.get_raw(target)

    reached = [line.split(" ")[1] for line in site.model_server.seen[seen_before:]]
    if reached:
        # A name of the API that holds odd letters is a name that nobody knows, and begins like every other.
        assert [path for path in reached if not path.startswith("/api/") or ".." in path] == []
    else:
        assert status in {404, 421}
        assert json.loads(body)["status"] == status


@pytest.mark.parametrize(
    "target",
    [
        "/models/../secret",
        f"/models/{VERSION}/../../secret",
        f"/models/{VERSION}/..%2f..%2fsecret",
        f"/models/{VERSION}/%2e%2e/%2e%2e/%2e%2e/secret",
        f"/models/{VERSION}%2f..%2f..%2f..%2fsecret",
        f"/models/{VERSION}/..%5c..%5csecret",
        f"/models/{VERSION}/..%00/secret",
        f"/models/{VERSION}/.hidden",
        f"/models/{VERSION}/weights.bin.77.part",
        f"/models/{VERSION}/weights.bin/",
        f"/models/{VERSION}/",
        f"/models/{VERSION}",
        f"/models/{VERSION.upper()}/model.json",
        "/models/0123456789abcdef/model.json",
        "/models/",
        "/%2e%2e/secret",
        "/assets/..%2f..%2fsecret",
        "/../secret",
        "/..%2fartifacts/secret",
        "/assets../secret",
        "/assets/../../secret",
        "/assets/%252e%252e%252fsecret",
        "/models../secret",
        f"/models/{VERSION}../secret",
        f"/models/{VERSION}/model.json/../../../secret",
        f"/models/{VERSION}/model.json%00.png",
        f"/models/{VERSION}/%252e%252e%252fsecret",
        f"/models/{VERSION}/..;/..;/secret",
        f"/models/{VERSION}/\\..\\secret",
        f"/models/{VERSION}//model.json",
        f"/models//{VERSION}/model.json",
        f"/models/{VERSION}/./model.json",
        f"/MODELS/{VERSION}/model.json",
        f"/models/{VERSION}/Model.json",
        f"/models/{VERSION}/-model.json",
        f"/models/{VERSION}/model.json~",
        "/models/versions/secret",
        "/index.html/",
        "/.git/config",
        "/nginx.conf",
    ],
)
def test_nothing_beside_pages_and_versions_is_read(site: Site, target: str) -> None:
    """However a path is spelt, encoded or not, it names a page, a version's file, or nothing."""
    status, body = site.get_raw(target)

    assert status in {400, 404}
    assert b"secret" not in body
