"""Drift in a real browser: too few drawings, steady ones, and others all of a sudden; the page follows by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from random import Random

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import create_engine

from doodle_db.doodles import Doodle
from doodle_db.drift_samples import NUM_WANTED
from doodle_testing.builders import LABEL_SET
from doodle_testing.drifting import draw, keep, watch_of
from doodle_testing.habits import draw_thinner, take_up
from doodle_testing.material import Material
from doodle_testing.pages import keep_screenshot
from doodle_testing.real_drawings import sample_doodles
from doodle_testing.stack import Stack, running_stack
from doodle_testing.windows import PATIENCE_MS, SCHEMES, SIZES, Window

NUM_FIRST, NUM_STEADY, NUM_OTHER = 120, 400, 150
UPSIDE_DOWN = 0.5

pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Drawn:
    """Drawings of many people, in the order in which they come: as usual, and otherwise."""

    usual: list[Doodle]
    otherwise: list[Doodle]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """Real drawings and a finer pen where there are any, our own and turned pads in any fresh clone."""
    data_dir, num_usual, num_other = Material.at_hand().data_dir, NUM_FIRST + NUM_STEADY, 2 * NUM_OTHER
    if data_dir is None:
        return Drawn(draw(num_usual, 1), draw(num_other, 2, UPSIDE_DOWN))
    random = Random(1)
    every = sample_doodles(data_dir, LABEL_SET, num_usual + num_other, random)
    people = [replace(each, contributor=bytes([place // 4 % 251] * 16)) for place, each in enumerate(every)]
    return Drawn(people[:num_usual], take_up(draw_thinner, people[num_usual:]))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation whose worker neither trains nor looks: the test does, when it is time."""
    home = tmp_path_factory.mktemp("drift") / "home"
    with running_stack(home, DOODLE_DATA_DIR="", DELTA_MIN_DOODLES="100000", DRIFT_SECONDS="0") as running:
        yield running


def test_a_change_is_seen_while_it_comes(stack: Stack, context: BrowserContext, drawn: Drawn) -> None:
    """From too few drawings to steady to an alert, in one window that nobody touches; nothing breaks in it."""
    engine = create_engine(stack.database_url)
    watch = watch_of(engine, stack.home / "artifacts")
    keep(engine, drawn.usual[:NUM_FIRST])

    page = Window(context.new_page(), stack.url).open("#drift")
    state = page.locator(".drift-state")
    expect(state).to_contain_text(f"{NUM_WANTED - NUM_FIRST} more drawings needed")
    expect(page.locator(".drift-findings")).to_be_hidden()

    keep(engine, drawn.usual[NUM_FIRST:])
    assert watch.turn()
    expect(state).to_contain_text("Steady", timeout=PATIENCE_MS)
    expect(page.locator(".drift-measures > li")).to_have_count(4)
    expect(page.locator("#drifting")).to_be_hidden()
    for part in (drawn.otherwise[:NUM_OTHER], drawn.otherwise[NUM_OTHER:]):
        expect(state).to_contain_text("Steady")
        keep(engine, part)
        assert watch.turn()
    engine.dispose()

    expect(state).to_contain_text("Alert", timeout=PATIENCE_MS)
    expect(page.locator("[data-measure=labels]")).to_have_attribute("data-finding", "steady")
    expect(page.locator("[data-measure=embedding]")).to_have_attribute("data-finding", "alert")
    expect(page.locator("#drifting")).to_be_visible()
    expect(page.locator(".drift-samples h2")).to_have_text("Drawings that tell now from before")
    page.set_viewport_size({"width": 1280, "height": 1180})
    keep_screenshot(page, "drift")


@pytest.mark.parametrize("context", list(product(SIZES, SCHEMES)), indirect=True, ids="-".join)
def test_it_fits_every_screen(stack: Stack, context: BrowserContext, request: pytest.FixtureRequest) -> None:
    """On a desk and on a phone, in the light and in the dark, as the test before has left it: nothing is too wide."""
    window = Window(context.new_page(), stack.url)

    page = window.open("#drift")
    expect(page.locator(".drift-state h2")).to_be_visible(timeout=PATIENCE_MS)

    assert not window.is_wider_than_the_screen()
    keep_screenshot(page, f"drift-{request.node.callspec.id}", whole=True)
