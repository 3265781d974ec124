"""The page for people who work on graphwatch; its rooms come from the import contracts and their own first lines."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

BEGIN = """# Architecture: packages by subject

For people who change graphwatch. [Contributing](../CONTRIBUTING.md) says how to begin, with four worked examples;
`just` runs what CI runs on the sources: lint, import contracts, types, tests, generated pages.

Data go one way: files → `ingest` → `store` → `detection` → `store` → `analysis` → `export`, `report`. The store stands
in the middle: everything found is written back into the same graph, so that it can be asked for in Cypher.

## Who may import whom

A package is a subject with its verbs, rules and kernels. It imports only from lower floors, never from one on its own
floor; `lint-imports` checks it. Kernels take and return arrays or tables, never a store. Only `store` knows an engine.
`project` has every verb as a method of `Project`, which users open; a verb is a function of a `Workspace` (a store
and the folder beside it), and the command of the same name is options, one such call, and rendering. A function that
writes takes a `WritableWorkspace`, which a project has only once an erasure that was stopped is finished.
"""

CHANGES = (
    (
        "a named query",
        "`cypher/NAME.cypher` with its header",
        "parameters, help, completion, the catalogue; a test on both engines asks for its expected rows",
    ),
    (
        "a preset for a file",
        "`graphwatch/ingest/presets/NAME.toml`, a synthetic sample in `tests/ingest/samples`",
        "`--preset`, `--guess`, the page on loading",
    ),
    (
        "a property or relation",
        "`graphwatch/model/`",
        "tables on both engines, checks, the page of the graph; `tests/privacy/test_pseudonyms.py` asks whether it may "
        "be handed on",
    ),
    (
        "a verb",
        "a function in the package of its subject, a method in `project/`, a command in `graphwatch/cli`",
        "its page of help, tested to load nothing heavy; `tests/test_project.py` wants a call of one that writes",
    ),
    (
        "a text that readers see",
        "a key in `graphwatch/common/words/`, in both languages",
        "a test that both have the same placeholders",
    ),
    (
        "what an error says",
        "the English where it is raised, its Indonesian in `graphwatch/common/words/errors.toml`",
        "`tests/common/test_error_words.py` reads every place that raises",
    ),
    (
        "another engine",
        "the verbs of `graphwatch/store/base.py`",
        "`tests/store/test_seam.py` and `tests/test_engines.py` say whether it is one",
    ),
)

END = """
Tests state behaviour and have an oracle where there is one: brute force, networkx, a peer's recorded tables. Both
engines are asked the same and compared. Speed is measured in `benchmarks/`, beside a floor or a peer in the same run,
and never in a test. A choice that somebody might undo has a note in [decisions](adr/).
"""


def house() -> str:
    """The floors, top first, from pyproject.toml and the first line of each room."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    whole, *others = (c for c in declared["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    inside = [line for other in others for line in _inside(other)]
    changes = ["## Where a change goes", "", "| you want | you write | and get |", "|---|---|---|"]
    changes += [f"| {' | '.join(words)} |" for words in CHANGES]
    return "\n".join([BEGIN, *_floors(whole["layers"]), *inside, *changes, END])


def _inside(contract: dict[str, list[str]]) -> Iterator[str]:
    for container in contract["containers"]:
        yield from (f"Inside `{container}` it is the same:", "")
        yield from _floors(contract["layers"], f"{container}.")


def _floors(floors: list[str], container: str = "") -> Iterator[str]:
    yield from ("| floor | room | what it is for |", "|---|---|---|")
    for number, floor in zip(range(len(floors), 0, -1), floors, strict=True):
        for room in floor.split(" | "):
            yield f"| {number} | `{room}` | {_first_line(container + room)} |"
    yield ""


def _first_line(module: str) -> str:
    path = ROOT / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    assert said, f"{module} does not say what it is for"
    return said.split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
