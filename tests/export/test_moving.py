"""Moving about in the drawing: wheel, drag, pinch, flight, and a stage that changes its size."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from export.browsing import Visit
from export.networks import network
from playwright.sync_api import expect

from graphwatch.export.page.render import write_html

Open = Callable[..., Visit]
pytestmark = pytest.mark.usefixtures("handles")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, handles: None) -> Path:
    path = tmp_path_factory.mktemp("jejaring") / "jejaring.html"
    write_html(network(), path)
    return path


@pytest.fixture
def page(visit: Open, file: Path) -> Visit:
    return visit(file).ready()


def scale(page: Visit) -> float:
    found: float = page.run("gw.camera.scale()")
    return found


def drawn(page: Visit) -> Any:
    """The drawing, once it rests."""
    page.rests(400)
    return page.run(
        "(() => { const c = document.querySelector('#network canvas');"
        " return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].join(); })()"
    )


def test_the_wheel_zooms_around_the_pointer(page: Visit) -> None:
    before, (x, y) = scale(page), page.place(3)
    page.page.mouse.move(x, y)
    page.page.mouse.wheel(0, -300)
    page.rests()
    assert scale(page) > 1.3 * before
    # Browsers tell the place of a wheel in whole pixels.
    assert page.place(3) == pytest.approx((x, y), abs=1)
    page.page.mouse.wheel(0, 300)
    page.rests()
    assert scale(page) == pytest.approx(before)


def test_zoom_has_bounds(page: Visit) -> None:
    for sign, bound in ((-1, 6), (1, 0.01)):
        for _ in range(12):
            page.page.mouse.move(600, 400)
            page.page.mouse.wheel(0, sign * 900)
        page.rests()
        assert scale(page) == bound
    page.click("#fit")
    assert 0.1 < scale(page) < 1.6


def test_a_drag_moves_the_drawing_with_the_pointer_and_chooses_nothing(page: Visit) -> None:
    x, y = page.place(3)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 60, y + 35, steps=4)
    # Beyond the stage, too.
    page.page.mouse.move(20, y + 35)
    page.page.mouse.move(x + 60, y + 35)
    page.page.mouse.up()
    assert page.place(3) == pytest.approx((x + 60, y + 35), abs=0.01)
    assert page.run("gw.chosen()") is None
    page.page.mouse.move(x, y + 90)
    assert page.place(3) == pytest.approx((x + 60, y + 35), abs=0.01)


def test_what_a_movement_leaves_is_what_is_drawn_anew(page: Visit) -> None:
    page.page.mouse.move(600, 400)
    page.page.mouse.down()
    page.page.mouse.move(480, 460, steps=6)
    page.page.mouse.up()
    page.page.mouse.move(20, 400)
    left = drawn(page)
    page.click("#dark")
    page.click("#dark")
    assert drawn(page) == left


def test_two_fingers_zoom_and_one_moves(visit: Open, file: Path) -> None:
    phone = visit(file, viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True).ready()
    fingers = phone.page.context.new_cdp_session(phone.page)

    def touch(type: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": type, "touchPoints": places})

    box = phone.find("#network").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before, held = scale(phone), phone.run("gw.camera.pointAt({ x: 195, y: 200 })")
    touch("touchStart", (x - 40, y), (x + 40, y))
    for reach in (50, 65, 80):
        touch("touchMove", (x - reach, y), (x + reach, y))
    touch("touchEnd")
    assert scale(phone) == pytest.approx(2 * before, rel=0.01)
    touch("touchStart", (x, y))
    touch("touchMove", (x - 30, y - 20))
    touch("touchMove", (x - 60, y - 40))
    touch("touchEnd")
    assert scale(phone) == pytest.approx(2 * before, rel=0.01)
    assert phone.run("gw.camera.pointAt({ x: 195, y: 200 })") != held
    assert phone.run("gw.chosen()") is None
    assert phone.run("scrollY") == 0


def test_a_finger_chooses_what_it_taps(visit: Open, file: Path) -> None:
    phone = visit(file, viewport={"width": 390, "height": 844}, has_touch=True).ready()
    phone.page.touchscreen.tap(*phone.place(3))
    expect(phone.find("#details h2")).to_contain_text("warga_")


def test_a_flight_ends_where_it_was_meant_to(visit: Open, file: Path) -> None:
    moving = visit(file, reduced_motion="no-preference").ready()
    still = visit(file).ready()
    for page in (moving, still):
        page.click("[data-cluster='2']")
    moving.rests(600)
    assert moving.place(3) == pytest.approx(still.place(3), abs=0.01)
    assert scale(moving) == pytest.approx(scale(still))


def test_the_whole_stays_in_sight_until_the_reader_moves_it(page: Visit) -> None:
    before = scale(page)
    page.page.set_viewport_size({"width": 1100, "height": 620})
    page.rests(200)
    smaller = scale(page)
    assert smaller < before
    page.click("#closer")
    chosen = scale(page)
    page.page.set_viewport_size({"width": 1400, "height": 900})
    page.rests(200)
    assert scale(page) == chosen > smaller
    canvas = page.find("#network canvas").bounding_box()
    assert canvas == page.find("#network").bounding_box()


def test_a_page_that_opens_with_a_plot_has_its_network_behind_the_tab(visit: Open, folder: Path) -> None:
    write_html(network(), folder / "a.html", opening="timeline")
    page = visit(folder / "a.html").ready()
    page.page.set_viewport_size({"width": 1200, "height": 800})
    page.click("#tab-network")
    page.rests(200)
    width, height = page.run("[document.getElementById('network').clientWidth, innerHeight]")
    x, y = page.place(3)
    assert 0 < x < width + 400
    assert 0 < y < height
    assert page.find("#network canvas").bounding_box() == page.find("#network").bounding_box()


def test_the_card_goes_when_the_pointer_leaves(page: Visit) -> None:
    x, y = page.place(3)
    page.page.mouse.move(x, y)
    expect(page.find("#card")).to_be_visible()
    page.page.mouse.move(x, 10)
    expect(page.find("#card")).to_be_hidden()
