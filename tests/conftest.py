"""What every test may use: a place for stores, the real data, the demo made once."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Speed is measured in benchmarks; a busy machine must not fail a test.
settings.register_profile("graphwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("graphwatch")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data with recorded peer output, which is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the real data are not here: they belong in ../shared/data beside the project")
    return SHARED


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, made once: its folder, with the store in it."""
    import graphwatch

    folder = tmp_path_factory.mktemp("demo")
    graphwatch.demo(folder)
    return folder


@pytest.fixture(scope="session")
def demo_store(demo_folder: Path) -> Path:
    return next(demo_folder.glob("*.gw"))
