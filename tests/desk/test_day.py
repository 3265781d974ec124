"""A day at the desk in a real browser: found, explained, decided, followed, asked, taken away; by whatever means."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from desk.conftest import COMPLAINT
from playwright.sync_api import Browser, Dialog, Page, expect

import graphwatch
from graphwatch.desk.asking import Desk
from graphwatch.desk.serving import LOOPBACK, application, listening_on

pytestmark = pytest.mark.long
SCREENS = (
    *("/", "/leads", "/leads/1", f"/leads/{COMPLAINT}", "/interactions", "/complaints", "/coverage"),
    *("/accounts?q=nobodyiscalledso", "/accounts/Account/x:999", "/queries", "/queries/account-roster"),
    *("/queries/interactions-by-hour", "/cypher?cypher=RETURN+1+AS+n", "/nowhere", "/load", "/detect", "/news"),
    *("/records", "/documents", "/views", "/views/none"),
)
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Sat:
    """Somebody at the desk; `said` is what the browser complained of, `asked` where it went."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.said: list[str] = []
        self.asked: set[str] = set()
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", self._dismiss)
        page.on("request", lambda request: self.asked.add(request.url.partition("?")[0]))

    def _dismiss(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def goes(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def focused(self) -> str:
        """What the keyboard stands on, in a word, and whether that is to be seen."""
        # A picture in the page is a process of its own, which takes the keyboard a moment after the key; until then
        # nothing in the page has it.
        found: str = self.page.evaluate(
            "(async () => { for (let i = 0; i < 200 && document.activeElement === document.body; i++)"
            " await new Promise(r => setTimeout(r, 20));"
            " const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();"
            " const seen = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && r.width > 0 && r.left >= 0;"
            " return (seen ? '' : 'unseen ') + (e.name || e.getAttribute('href') || e.tagName.toLowerCase()); })()"
        )
        return found


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The first address of that desk, which listens on a free port meanwhile."""
    socket = listening_on(LOOPBACK, 0)
    entrance = application(desk, port=socket.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(entrance, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    yield entrance.first_address
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def sat(browser: Browser, desk: Desk) -> Iterator[Sat]:
    """One visit for all tests of this file; none of them may be complained of, or leave the machine."""
    with served(desk) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="id")
        sat = Sat(context.new_page(), address.partition("/enter")[0])
        sat.page.goto(address)
        expect(sat.page.get_by_role("heading", level=1)).to_be_visible()
        yield sat
        context.close()
    assert [line for line in sat.said if "404" not in line and "403" not in line] == []
    assert {address for address in sat.asked if not address.startswith((sat.base, "blob:", "data:"))} == set()


def test_somebody_finds_explains_decides_follows_asks_and_takes_away(sat: Sat, desk_store: Path) -> None:
    page = sat.goes("/")
    page.get_by_label("Nama pemeriksa").fill("Sari W")
    page.get_by_role("button", name="Simpan").first.click()
    page.get_by_role("link", name="Petunjuk", exact=True).click()
    page.get_by_role("link", name=":3", exact=False).first.click()
    lead = page.url
    expect(page.frame_locator("iframe").locator("#network")).to_be_visible()
    page.locator("textarea[name=reason]").fill("Ditanyakan lebih dahulu <b>")
    page.locator("form[action$=decide] button").click()
    expect(page.locator("#decisions + h3 + ol")).to_contain_text("Ditanyakan lebih dahulu <b>")
    assert page.url == f"{lead}#decisions"
    page.go_back()
    page.go_forward()
    expect(page.locator("#decisions + h3 + ol")).to_contain_text("Sari W")
    with graphwatch.open(desk_store) as project:
        one, other = (member.account for member in project.explain(3).members[:2])
    page.get_by_role("link", name="Akun dan jalur").click()
    page.locator("input[name=q]").fill(one)
    page.locator("input[name=to]").fill(other)
    page.locator("main form button").click()
    assert page.locator("ol.hops > li").count() >= 2
    page.get_by_role("link", name="Kueri").click()
    page.locator("input[name=q]").fill("interactions account")
    page.keyboard.press("Enter")
    page.locator("a[href='/queries/account-interactions']").click()
    page.locator("input[name='p.account']").fill(one)
    page.get_by_role("button", name="Tanyakan").click()
    expect(page.locator("caption")).to_contain_text("baris")
    page.get_by_role("link", name="Interaksi ASN").click()
    page.locator(".facets a").first.click()
    page.locator("th a").first.click()
    assert "sort=" in page.url
    assert "is." in page.url
    with page.expect_download() as offered:
        page.get_by_role("link", name="CSV").click()
    content = Path(offered.value.path()).read_text(encoding="utf-8-sig")
    assert content.count("\n") > 1
    with graphwatch.open(desk_store) as project:
        assert not any(act["account"] in content for act in project.roster_interactions())
    page.get_by_text("Tampilkan sebagai perintah").click()
    expect(page.locator("details pre").first).to_contain_text("graphwatch query roster-interactions")


def test_a_lead_is_decided_by_the_keyboard_alone(sat: Sat) -> None:
    page = sat.goes("/leads/4")
    page.keyboard.press("Tab")
    assert sat.focused() == "#content"
    page.keyboard.press("Enter")
    reached: list[str] = []
    while "outcome" not in reached and len(reached) < 400:
        page.keyboard.press("Tab")
        reached.append(sat.focused())
    # What is reached inside the picture, the picture itself shows.
    assert [stop for stop in reached if stop.startswith("unseen") and stop != "unseen iframe"] == []
    assert "/leads" in reached
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Dengan papan tombol")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert sat.focused() == "button"
    page.keyboard.press("Enter")
    expect(page.locator("#decisions + h3 + ol")).to_contain_text("Dengan papan tombol")


def test_cypher_is_completed_while_it_is_written(sat: Sat) -> None:
    page = sat.goes("/cypher")
    box, words = page.locator("#cypher"), page.locator("#cypher-words li")
    box.press_sequentially("MATCH (a:Acc")
    expect(words).to_have_text(["Account"])
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == words.first.get_attribute("id")
    assert Axe().run(page, options=_RULES).response["violations"] == []
    page.keyboard.press("Enter")
    box.press_sequentially(") RETURN a.handle AS h")
    page.keyboard.press("Escape")
    box.press_sequentially(" LIM")
    words.first.click()
    box.press_sequentially(" 2")
    assert box.input_value() == "MATCH (a:Account) RETURN a.handle AS h LIMIT 2"
    # Whoever presses Tab goes on, and is not kept in the box.
    page.keyboard.press("Tab")
    assert sat.focused() == "button"
    page.keyboard.press("Enter")
    expect(page.locator("caption")).to_contain_text("2 dari 2")


@pytest.fixture(scope="module")
def waiting(desk: Desk) -> str:
    """The screen of a file that waits to be loaded, with all that can be chosen for it."""
    content = b"Akun,Tautan Postingan Yang Panjang Sekali,Jenis,Waktu\n@a,https://www.instagram.com/p/DAbt/,suka,x\n"
    (upload,) = desk.uploads.take("patroli.csv", io.BytesIO(content))
    return f"/load/{upload.id}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_aids_find_nothing_and_nothing_is_wider_than_a_phone_or_a_small_screen(
    sat: Sat, scheme: str, waiting: str
) -> None:
    sat.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    axe = Axe()
    for path in (*SCREENS, waiting) if scheme == "light" else ("/leads/1", "/interactions"):
        sat.page.set_viewport_size({"width": 1280, "height": 800})
        page = sat.goes(path)
        found = axe.run(page, context={"exclude": ["iframe"]}, options=_RULES).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found] == [], path
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            # What is not in a box of its own that scrolls ends where the screen does.
            assert page.evaluate(
                "[...document.querySelectorAll('main *')].every(e => e.closest('.scroll, pre, .unseen')"
                " || e.getBoundingClientRect().right <= innerWidth + 1)"
            ), (path, width)
    sat.page.emulate_media(color_scheme="light")
    sat.page.set_viewport_size({"width": 1280, "height": 800})


def test_what_is_printed_is_the_content_black_on_white(sat: Sat) -> None:
    page = sat.goes("/leads/1")
    page.emulate_media(media="print", color_scheme="dark")
    for selector in ("header", "nav", "form", "iframe", "details", "footer"):
        assert page.locator(selector).first.is_hidden(), selector
    assert page.locator("main table").is_visible()
    colours = page.evaluate(
        "[...document.querySelectorAll('main p, main td, main li, main h2')].filter(e => e.checkVisibility())"
        ".map(e => getComputedStyle(e).color)"
    )
    light = [c for c in set(colours) if sum(map(int, c[4:-1].split(","))) > 3 * 130]
    page.emulate_media(media="screen", color_scheme="light")
    assert light == []
    assert len(page.pdf()) > 10_000


def test_names_of_strangers_stay_names(sat: Sat) -> None:
    for path in ("/accounts/Account/x:999", "/leads", "/interactions?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        page = sat.goes(path)
        assert page.locator("main script, main img, main svg").count() == 0
    assert "<img/src=x/onerror=alert(1)>" in sat.goes("/accounts/Account/x:999").locator("h1").inner_text()
