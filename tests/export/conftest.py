from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from export.browsing import HANDLES, Visit
from playwright.sync_api import Browser

from graphwatch.export.page import render


@pytest.fixture(scope="module")
def handles() -> Iterator[None]:
    """Pages that are made meanwhile hand `gw` to the tests."""
    script = render._script()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "_script", lambda: script + HANDLES)
        yield


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a file as a page of its own and notes what happens there; options are those of a browser context."""
    contexts = []

    def open(path: Path, **options: object) -> Visit:
        # Still, because every zoom would be an animation that a test had to wait for.
        settings = {"viewport": {"width": 1400, "height": 900}, "reduced_motion": "reduce", **options}
        contexts.append(browser.new_context(**settings))  # type: ignore[arg-type]
        return Visit(contexts[-1].new_page(), path)

    yield open
    for context in contexts:
        context.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name a careless writer or address would break."""
    folder = tmp_path / "hasil ekspor #1 %20"
    folder.mkdir()
    return folder
