from collections.abc import Iterator
from pathlib import Path

import pytest
from export.devtools import CHROMIUM, Browser


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests of a run; each opens its own page in it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with Browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name a careless writer or address would break."""
    folder = tmp_path / "hasil ekspor #1 %20"
    folder.mkdir()
    return folder
