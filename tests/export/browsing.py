"""A page in a real browser, with a note of everything that happened in it."""

import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Dialog, Locator, Page

# A line for the end of the page's script, which keeps its names to itself: what tests ask for, as one name.
HANDLES = """
globalThis.gw = {
  ...$data, ...$state, ...$wording, camera: $camera, plots: $plots,
};
"""
# Ends when what is drawn has been the same for so many milliseconds and for twelve frames, or fails after a while.
RESTED = """
async milliseconds => {
  const seen = canvas => canvas.width && canvas.height ? canvas.toDataURL() : '';
  const drawn = () => [...document.querySelectorAll('canvas')].map(seen).join();
  const begun = performance.now();
  let last = '', same = 0, since = 0;
  while (same < 12 || performance.now() - since < milliseconds) {
    if (performance.now() - begun > 30_000) throw new Error('what is drawn does not rest');
    await new Promise(requestAnimationFrame);
    const now = drawn();
    if (now === last) same += 1;
    else [last, same, since] = [now, 0, performance.now()];
  }
}
"""
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Visit:
    """One opened page. `errors` holds what it complained of, `requests` and `dialogs` what it asked for."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", self._dismiss)
        page.goto(path.resolve().as_uri())

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def ready(self) -> "Visit":
        """Drawn, with its properties read."""
        self.page.wait_for_selector("html[data-evidence]", state="attached")
        return self

    def rests(self, milliseconds: int = 100) -> None:
        """Wait until what is drawn rests, which takes a busy machine longer than another."""
        self.page.evaluate(RESTED, milliseconds)

    def run(self, script: str) -> Any:
        return self.page.evaluate(script)

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def place(self, node: int) -> tuple[float, float]:
        """Where a node stands on the screen."""
        x, y = self.run(
            f"(() => {{ const p = gw.camera.place(gw.nodes[{node}]),"
            " s = document.getElementById('network').getBoundingClientRect(); return [s.x + p.x, s.y + p.y]; })()"
        )
        return x, y

    def shown(self) -> dict[str, int]:
        """How many nodes and relations are in sight."""
        found: dict[str, int] = self.run("gw.shown()")
        return found

    def slide(self, id: str, value: int) -> None:
        self.run(
            f"(() => {{ const s = document.getElementById('{id}'); s.value = {value};"
            " s.dispatchEvent(new Event('input')); })()"
        )

    def saved(self, selector: str) -> bytes:
        """The file that a click on the menu of exports offers."""
        self.click("#exports summary")
        with self.page.expect_download() as offered:
            self.click(selector)
        self.page.keyboard.press("Escape")
        return Path(offered.value.path()).read_bytes()
