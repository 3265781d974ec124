"""The page's scripts: ES modules, joined into the one script of a page that has no host to load modules from."""

import re
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter

from graphwatch.errors import GraphwatchError

_IMPORT = re.compile(r'^import (?:\{([^{}]*)\}|\* as (\w+)) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:(?:async )?function|class) (\w+)|const (\w+) =|const [{\[]([\w, ]+)[}\]] =)", re.MULTILINE
)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(start: str, read: Callable[[str], str]) -> str:
    r"""One script that does what the module `start` does.

    Each module becomes a function that is called once, after those that it imports from, and whose result holds
    what it exports. So its names are its own, as they are where a server hands out the modules one by one, and no
    bundler is needed. Of the language's ways to import and export, this understands those that stand at the
    beginning of a line and need no more than a look: `import { a, b as c } from "./file.js";`,
    `import * as file from "./file.js";`, and `export` before a function, a class or a `const`. What is exported never
    changes, therefore. Anything else is refused.

    Args:
        start: name of the first module, without `.js`.
        read: gives the text of a module of that name.

    Raises:
        GraphwatchError: where modules import in a circle, a name that is not exported, or in another way.

    >>> modules = {"one": 'import { two } from "./two.js";\nlook(two);\n', "two": "export const two = 2;\n"}
    >>> print(joined("one", modules.__getitem__))
    const $two = await (async () => {
    const two = 2;
    return { two };
    })();
    const $one = await (async () => {
    const { two } = $two;
    look(two);
    return {  };
    })();
    <BLANKLINE>
    """
    sources: dict[str, str] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in sources:
            sources[name] = read(name)
            waiting += _imported(sources[name])
    try:
        order = tuple(TopologicalSorter({n: sorted(set(_imported(s))) for n, s in sources.items()}).static_order())
    except CycleError as problem:
        raise _damaged(" → ".join(problem.args[1]), "import in a circle") from problem
    exports = {name: tuple(_exported(sources[name])) for name in order}
    return "".join(_wrapped(name, sources[name], exports) for name in order)


def _imported(source: str) -> list[str]:
    return [file for _, _, file in _IMPORT.findall(source)]


def _exported(source: str) -> Iterator[str]:
    for names in _EXPORT.findall(source):
        yield from re.findall(r"\w+", " ".join(names))


def _wrapped(name: str, source: str, exports: dict[str, tuple[str, ...]]) -> str:
    def bound(found: re.Match[str]) -> str:
        listed, whole, file = found.groups()
        if whole:
            return f"const {whole} = ${file};\n"
        wanted = [words.split(" as ") for words in re.split(r",\s*", listed.strip().rstrip(","))]
        missing = [words[0] for words in wanted if words[0] not in exports[file]]
        if missing:
            raise _damaged(name, f"imports {missing[0]}, which {file} does not export")
        return f"const {{ {', '.join(': '.join(words) for words in wanted)} }} = ${file};\n"

    body = _EXPORT.sub("", _IMPORT.sub(bound, source))
    left = _LEFT.search(body)
    if left:
        raise _damaged(name, f"has a line that cannot be joined: {left[0]}")
    return f"const ${name} = await (async () => {{\n{body}return {{ {', '.join(exports[name])} }};\n}})();\n"


def _damaged(name: str, what: str) -> GraphwatchError:
    return GraphwatchError(f"the page's scripts {what}", where=name, remedy="Install graphwatch again.")
