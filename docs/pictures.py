"""Take the pictures of the desk that these pages show, in Chromium, of the demo: `python docs/pictures.py`."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

import graphwatch
from graphwatch.common.i18n import LANGUAGES

DOCS: Final = Path(__file__).parent
# The demo's third cluster is its clearest.
SCREENS: Final = {"home": "/", "lead": "/leads/3", "interactions": "/interactions"}
WIDTH, HEIGHT, MOST_BYTES = 1280, 700, 150_000


@contextmanager
def opened(store: Path) -> Iterator[str]:
    """The first address of a desk on that store."""
    code = "from graphwatch.cli import main; main()"
    words = [sys.executable, "-c", code, "serve", store.name, "--port", "0", "--no-browser"]
    with subprocess.Popen(words, cwd=store.parent, stdout=subprocess.PIPE, text=True) as desk:  # noqa: S603 - ours
        assert desk.stdout is not None
        yield desk.stdout.readline().strip()
        desk.terminate()


def taken(page: Page, name: str, lang: str) -> None:
    """Take the picture of one screen."""
    file = DOCS / f"desk-{name}.{lang}.png"
    page.screenshot(path=file)
    size = file.stat().st_size
    assert size <= MOST_BYTES, f"{file.name} has {size:,} bytes; show less"
    print(f"{file.name}: {size:,} bytes")


def main() -> None:
    """Make the demo, and take each picture in each language."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with opened(graphwatch.demo(folder).store) as address:
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
            page.goto(address)
            page.wait_for_selector("h1")
            page.locator("input[name=name]").fill("Sari W.")
            page.locator("form[action='/name'] button").click()
            for lang in LANGUAGES:
                if page.locator("html").get_attribute("lang") != lang:
                    page.locator(f"button[name=lang][value={lang}]").click()
                for name, path in SCREENS.items():
                    page.goto(address.partition("/enter")[0] + path)
                    taken(page, name, lang)
        browser.close()


if __name__ == "__main__":
    main()
