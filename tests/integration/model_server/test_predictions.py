"""POST /predict: what a drawing shows, said by the live version or by another that is registered."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.ink import draw, rasterise
from doodle_testing.builders import LABEL_SET
from doodle_testing.contract import watch_answers
from doodle_testing.drawings import cat
from doodle_testing.model_server import CONTRIBUTOR_KEY, FIRST, SECOND, THIRD, deploy_version
from doodle_testing.paper_networks import store_paper_version
from model_server.app import create_app
from model_server.config import from_environment
from model_server.operations import OPERATIONS
from model_server.parts import parts_of
from model_server.prediction.body import MAX_ITEMS, MAX_JSON_BYTES
from model_server.prediction.lane import Lane
from model_server.prediction.predictor import LARGE_BYTES

URL = "/api/v1/predict"

SQUARE = [[[0, 255, 255, 0, 0], [0, 0, 255, 255, 0]]]
BITMAP = base64.b64encode(rasterise(SQUARE, LABEL_SET.height, LABEL_SET.width).tobytes()).decode()


@dataclass(frozen=True)
class Site:
    """A service with versions, and what they lie in. Its tests change nothing that another looks at."""

    app: Flask
    engine: Engine
    settings: dict[str, str]


@pytest.fixture(scope="module")
def site(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """FIRST, which guesses cats, is live; SECOND guesses dogs, and THIRD fish."""
    url, folder = postgres.create_database("migrated"), tmp_path_factory.mktemp("versions")
    engine, store = connect_to(url), ArtifactStore(str(folder / "artifacts"))
    for version, favourite in ((FIRST, "cat"), (SECOND, "dog"), (THIRD, "fish")):
        store_paper_version(engine, store, version, favourite, folder)
    deploy_version(engine, FIRST, None)
    settings = {"DATABASE_URL": url, "CONTRIBUTOR_KEY": CONTRIBUTOR_KEY, "ARTIFACT_URL": store.url}
    app = watch_answers(create_app(from_environment(settings), engine), OPERATIONS)
    yield Site(app, engine, settings)
    engine.dispose()
    postgres.drop_database(url)


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return site.app.test_client()


def ask(client: FlaskClient, body: Any) -> Any:
    """Ask, and give the answer; it is one."""
    answer = client.post(URL, json=body)
    assert answer.status_code == 200, answer.json
    return answer.json


def faults_of(answer: TestResponse) -> list[dict[str, str]]:
    """Give the inputs at fault that a problem lists."""
    assert answer.json is not None
    return list(answer.json["errors"])


def test_strokes_are_predicted(client: FlaskClient) -> None:
    """Label, probability, three labels, whether it is known, who says so, and what was seen."""
    answer = ask(client, {"strokes": SQUARE})

    probability = np.exp(6) / (np.exp(6) + 5)
    assert answer["version"] == FIRST
    assert (answer["prediction"], answer["top"][0]["label"]) == ("cat", "cat")
    assert answer["probability"] == answer["top"][0]["probability"] == pytest.approx(probability)
    assert [each["label"] for each in answer["top"]] == ["cat", "bird", "dog"]
    assert answer["rejection_score"] == pytest.approx(-np.log(np.exp(6) + 5))
    assert (answer["known"], answer["threshold"], answer["bitmap"]) == (True, -6.0, BITMAP)


def test_a_bitmap_is_predicted_as_its_strokes_are(client: FlaskClient) -> None:
    """Whoever has drawn it already gets the same answer."""
    assert ask(client, {"bitmap": BITMAP}) == ask(client, {"strokes": SQUARE})


def test_a_small_drawing_fills_the_box(client: FlaskClient) -> None:
    """As every drawing of the pad does; where it was drawn and how large is nobody's business."""
    small = [[[100, 110, 110, 100, 100], [20, 20, 30, 30, 20]]]

    assert ask(client, {"strokes": small})["bitmap"] == BITMAP


@pytest.mark.parametrize(("top_k", "num_told"), [(1, 1), (6, 6), (100, 6)])
def test_as_many_labels_are_told_as_were_asked_for(client: FlaskClient, top_k: int, num_told: int) -> None:
    """All of them, if the version knows fewer; their probabilities then sum to 1."""
    top = ask(client, {"strokes": SQUARE, "top_k": top_k})["top"]

    assert len(top) == num_told
    assert [each["probability"] for each in top] == sorted((each["probability"] for each in top), reverse=True)
    if num_told == 6:
        assert sum(each["probability"] for each in top) == pytest.approx(1)


def test_a_version_may_be_asked_for(client: FlaskClient) -> None:
    """One that is registered, live or not; the live one goes on answering everybody else."""
    assert ask(client, {"strokes": SQUARE, "version": SECOND})["prediction"] == "dog"
    assert ask(client, {"strokes": SQUARE, "version": FIRST})["prediction"] == "cat"
    assert ask(client, {"strokes": SQUARE})["version"] == FIRST


def test_a_batch_is_answered_in_order(client: FlaskClient) -> None:
    """64 drawings of two kinds, by one version, each as if it had been sent alone."""
    items = [{"strokes": SQUARE} if number % 2 else {"bitmap": BITMAP} for number in range(MAX_ITEMS)]

    answer = ask(client, {"items": items, "top_k": 1, "version": SECOND})

    alone = ask(client, {"strokes": SQUARE, "top_k": 1, "version": SECOND})
    assert answer.pop("version") == alone.pop("version") == SECOND
    assert answer == {"predictions": [alone] * MAX_ITEMS}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["body"]),
        ([], ["body"]),
        ({"strokes": SQUARE, "bitmap": BITMAP}, ["body"]),
        ({"strokes": []}, ["strokes"]),
        ({"strokes": [[[256], [0]]]}, ["strokes"]),
        ({"strokes": [[[0], [0]]] * 201}, ["strokes"]),
        ({"bitmap": BITMAP[:-4]}, ["bitmap"]),
        ({"bitmap": base64.b64encode(bytes(784)).decode()}, ["bitmap"]),
        ({"image": "not base64"}, ["image"]),
        ({"image": "data:image/gif;base64,AAAA"}, ["image"]),
        ({"image": ""}, ["image"]),
        ({"image": base64.b64encode(b"no picture").decode()}, ["image"]),
        ({"strokes": SQUARE, "top_k": 0, "version": "latest", "x": 1}, ["top_k", "version", "x"]),
        ({"items": []}, ["items"]),
        ({"items": [{"strokes": SQUARE}] * 65}, ["items"]),
        ({"items": [{"strokes": SQUARE}], "strokes": SQUARE}, ["strokes"]),
        (
            {"items": [{"strokes": SQUARE}, {"strokes": []}, {"image": "AAAA"}, {}][:3]},
            ["items[1].strokes", "items[2].image"],
        ),
        (
            {"items": [{"bitmap": "A"}, {}, {"strokes": SQUARE, "top_k": 1}]},
            ["items[0].bitmap", "items[1]", "items[2].top_k"],
        ),
        ({"items": [{"strokes": [[[0] * 9_999, [0] * 9_999]]}] * 3}, ["body"]),
    ],
)
def test_every_fault_is_named(client: FlaskClient, body: Any, fields: list[str]) -> None:
    """422 with each field that is not as expected."""
    answer = client.post(URL, json=body)

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert sorted(error["field"] for error in faults_of(answer)) == sorted(fields)


def test_a_version_nobody_knows_is_not_there(client: FlaskClient, site: Site) -> None:
    """404 naming the field; a deleted one likewise, at once."""
    assert ask(client, {"strokes": SQUARE, "version": THIRD})["prediction"] == "fish"
    with site.engine.begin() as connection:
        connection.execute(text("INSERT INTO deletions (version, actor, reason) VALUES (:v, 'a', 'b')"), {"v": THIRD})

    for version in ("f" * 12, THIRD):
        answer = client.post(URL, json={"strokes": SQUARE, "version": version})
        assert answer.status_code == 404
        assert [error["field"] for error in faults_of(answer)] == ["version"]


def make_picture(size_px: int = 600, **how: Any) -> bytes:
    """Draw our cat into a picture, with a thick pen."""
    picture = Image.new("RGB", (size_px, size_px), "white")
    pen = ImageDraw.Draw(picture)
    for stroke in cat():
        pen.line([(x * size_px / 300, y * size_px / 300) for x, y in stroke], fill="black", width=10, joint="curve")
    content = BytesIO()
    picture.save(content, "PNG", **how)
    return content.getvalue()


def test_a_picture_is_the_body_or_stands_in_json(client: FlaskClient) -> None:
    """The same bytes are the same drawing, however they come; what is asked for stands in the address, or beside it."""
    picture = make_picture()
    text = base64.b64encode(picture).decode()

    answers = [
        client.post(f"{URL}?top_k=2&version={SECOND}", data=picture, content_type="image/png").json,
        ask(client, {"image": text, "top_k": 2, "version": SECOND}),
        ask(client, {"image": f"data:image/png;base64,{text}", "top_k": 2, "version": SECOND}),
    ]

    assert answers[0] == answers[1] == answers[2]
    assert (answers[0]["prediction"], len(answers[0]["top"])) == ("dog", 2)


def test_the_drawing_in_a_picture_is_found(client: FlaskClient) -> None:
    """What the network sees of it is nearly what the pad would have made of the same lines."""
    _, drawn = draw(cat(), LABEL_SET.height, LABEL_SET.width)

    seen = np.frombuffer(base64.b64decode(ask(client, {"image": encode(make_picture())})["bitmap"]), np.uint8)

    assert np.corrcoef(seen, drawn.ravel())[0, 1] > 0.8


def test_a_large_picture_is_taken(client: FlaskClient) -> None:
    """One that is held for its turn; a batch may hold pictures beside strokes."""
    large = make_picture(1200, compress_level=0)
    assert len(large) > LARGE_BYTES

    answer = client.post(URL, data=large, content_type="image/png")
    batch = ask(client, {"items": [{"image": encode(large)}, {"strokes": SQUARE}]})

    assert answer.json is not None
    assert batch["predictions"][0]["bitmap"] == answer.json["bitmap"]
    assert batch["predictions"][1]["bitmap"] == BITMAP


def encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.mark.parametrize("content", [b"", b"no picture", make_picture()[:500], b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_said_to_be_none(client: FlaskClient, content: bytes) -> None:
    """In words, under its field's name; whatever else is in the batch."""
    alone = client.post(URL, data=content, content_type="image/jpeg")
    batch = client.post(URL, json={"items": [{"strokes": SQUARE}, {"image": encode(content)}]})

    assert (alone.status_code, batch.status_code) == (422, 422)
    assert [each["field"] for each in faults_of(alone)] == ["image"]
    assert [each["field"] for each in faults_of(batch)] == ["items[1].image"]
    assert all(each["detail"].endswith(".") for each in faults_of(alone))


def test_strokes_do_not_wait_behind_pictures(site: Site, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """While pictures have to come again, everybody else is answered."""
    predictor = parts_of(site.app).predictor
    monkeypatch.setattr(predictor, "pictures", Lane(max_waiting=0))
    with predictor.pictures.turn():
        refused = client.post(URL, json={"image": encode(make_picture())})
        answer = ask(client, {"strokes": SQUARE})

    assert (refused.status_code, answer["prediction"]) == (503, "cat")


def test_more_parts_than_drawings_have_are_not_parsed(client: FlaskClient) -> None:
    """Brackets become fifty times their size in memory: they are counted before."""
    answer = client.post(URL, data=b"[" + b"[]," * 500_000 + b"[]]", content_type="application/json")

    assert answer.status_code == 422
    assert [error["field"] for error in faults_of(answer)] == ["body"]


def test_bodies_are_bounded(client: FlaskClient) -> None:
    """413 before it is read; of a picture, more."""
    assert client.post(URL, data=b" " * (MAX_JSON_BYTES + 1), content_type="application/json").status_code == 413


@pytest.mark.parametrize(
    ("content_type", "query", "status"),
    [
        ("text/plain", "", 415),
        ("image/gif", "", 415),
        ("application/json", "?top_k=1", 422),
        ("image/png", "?top_k=x", 422),
    ],
)
def test_what_is_no_question_is_refused(client: FlaskClient, content_type: str, query: str, status: int) -> None:
    """By its type, or by what stands in its address."""
    answer = client.post(URL + query, data=json.dumps({"strokes": SQUARE}), content_type=content_type)

    assert answer.status_code == status


def test_nothing_is_stored(client: FlaskClient, site: Site) -> None:
    """Who asks has not drawn for us."""
    ask(client, {"strokes": SQUARE})

    with site.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM doodles")).scalar_one() == 0


def test_too_many_are_told_to_come_again(site: Site, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After, at once, when the line is full."""
    predictor = parts_of(site.app).predictor
    monkeypatch.setattr(predictor, "drawings", Lane(max_waiting=0))
    with predictor.drawings.turn():
        answer = client.post(URL, json={"strokes": SQUARE})

    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
    assert ask(client, {"strokes": SQUARE})["prediction"] == "cat"


def test_before_anything_is_live_there_is_no_answer(database_url: str, engine: Engine, site: Site) -> None:
    """503: worth asking again."""
    settings = from_environment({**site.settings, "DATABASE_URL": database_url})

    assert create_app(settings, engine).test_client().post(URL, json={"strokes": SQUARE}).status_code == 503


def test_without_a_store_there_are_no_predictions(site: Site) -> None:
    """503 that says which setting is missing."""
    told = {name: value for name, value in site.settings.items() if name != "ARTIFACT_URL"}
    answer = create_app(from_environment(told), site.engine).test_client().post(URL, json={"strokes": SQUARE})

    assert answer.json is not None
    assert (answer.status_code, "ARTIFACT_URL" in answer.json["detail"]) == (503, True)
