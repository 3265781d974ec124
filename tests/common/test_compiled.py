import os
import subprocess
import sys
from pathlib import Path

CODE = """
import numpy as np
from graphwatch.common.compiled import slowness
from graphwatch.detection.counting.kernels import widened
print(len(widened(np.zeros((1, 1)))), slowness())
"""


def answer(**variables: str) -> str:
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root, **variables}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_where_compiled_code_cannot_be_kept_it_still_works_and_says_why_it_is_slower() -> None:
    said = answer(NUMBA_CACHE_DIR="/dev/null/nowhere", NUMBA_CACHE_LOCATOR_CLASSES="UserProvidedCacheLocator")
    assert said.startswith("1 Compiled kernels cannot be kept")
    assert "NUMBA_CACHE_DIR" in said


def test_where_it_can_be_kept_nothing_is_said(tmp_path: Path) -> None:
    assert answer(NUMBA_CACHE_DIR=str(tmp_path)) == "1 None"
    assert any(tmp_path.rglob("*.nbc"))


def test_a_kernel_is_known_to_be_kept_once_it_was_called(tmp_path: Path) -> None:
    code = (
        "import numpy as np\nfrom graphwatch.common.compiled import is_kept\n"
        "from graphwatch.detection.counting.kernels import widened\n"
        "before = is_kept(widened)\nwidened(np.zeros((1, 1)))\nprint(before, is_kept(widened))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
    )
    assert done.stdout == "False True\n"
