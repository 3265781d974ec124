"""The worked changes of CONTRIBUTING.md, done in a copy of the sources as they stand there."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("graphwatch", "cypher", "docs", "examples", "tests", "pyproject.toml")
# A block, and the file named at the end of the sentence above it.
BLOCK = re.compile(r"(?:`([\w./-]+)`[^`\n]*:\n\n|\n)^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = {
    "graphwatch": [sys.executable, "-c", "from graphwatch.cli import main; main()"],
    "just test": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
    "just generate": [sys.executable, "docs/generate.py"],
}


def sections() -> dict[str, str]:
    worked = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## Four changes, worked\n")[2]
    return {part.partition("\n")[0]: part for part in re.split(r"^### ", worked, flags=re.MULTILINE)[1:]}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def change(file: Path, difference: str) -> None:
    """Change the one place in a file that has the lines of a difference that are not added."""
    lines = [line or " " for line in difference.splitlines()]
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] != "+")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] != "-")
    text = file.read_text(encoding="utf-8")
    assert f"\n{text}".count(f"\n{old}") == 1, f"{file.name} has changed: {old}"
    file.write_text(f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:], encoding="utf-8")


def run(command: str, folder: Path) -> str:
    """What a command printed; it is one that succeeds."""
    name = next(name for name in COMMANDS if command.startswith(name))
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("COVERAGE_", "PYTEST_"))}
    done = subprocess.run(
        [*COMMANDS[name], *shlex.split(command.removeprefix(name))],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def perform(section: str, folder: Path) -> list[str]:
    """Do what a section says, and give the commands that were run."""
    place, commands = None, []
    for named, language, content in BLOCK.findall(section):
        place = folder / named if named else place
        if language == "console":
            for session in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
                command, _, shown = session.partition("\n")
                printed = run(command, folder)
                assert shown in printed, f"{command}\n{printed}"
                commands.append(command)
        else:
            assert place is not None
            if language == "diff":
                change(place, content)
            else:
                assert not place.exists(), f"{place.name} is there already"
                place.write_text(content, encoding="utf-8")
    return commands


@pytest.mark.parametrize("section", sections())
def test_a_worked_change_works(section: str, copy: Path) -> None:
    commands = perform(sections()[section], copy)
    assert any(command.startswith("just test") for command in commands)
    assert any(command.startswith("graphwatch") for command in commands)


def test_there_is_one_for_each_that_is_asked_for_most() -> None:
    assert list(sections()) == ["A named query", "A preset", "A metric", "A platform"]
