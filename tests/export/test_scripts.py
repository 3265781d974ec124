"""The page's scripts as modules, and as the one script that they are joined into."""

import re
from pathlib import Path

import pytest
from export.networks import network
from playwright.sync_api import Browser, Route

from graphwatch.errors import GraphwatchError
from graphwatch.export.page import render
from graphwatch.export.page.render import joined

FOLDER = Path(render.__file__).parents[1] / "view"
MODULES = {file.stem: file.read_text("utf-8") for file in sorted(FOLDER.glob("*.js"))}


def test_modules_are_small_checked_and_use_no_markup() -> None:
    for name, words in MODULES.items():
        assert words.startswith("// @ts-check\n"), name
        assert words.count("\n") <= 400, name
        assert not re.search(r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|eval\(|fetch\(", words), name
        assert not re.search(r"@ts-(?:ignore|nocheck|expect-error)|eslint-disable", words), name


def test_every_module_is_in_the_page_once_behind_those_it_uses() -> None:
    order = re.findall(r"^const \$(\w+) = await", render._script(), re.MULTILINE)
    assert sorted(order) == sorted(MODULES)
    assert order[-1] == "start"
    for name, words in MODULES.items():
        used = re.findall(r'from "\./(\w+)\.js";', words)
        assert all(order.index(other) < order.index(name) for other in used), name


def test_what_is_exported_is_used_by_another_module() -> None:
    everything = "\n".join(MODULES.values())
    for name, words in MODULES.items():
        rest = everything.replace(words, "")
        for exported in re.findall(r"^export (?:async )?(?:function|const) (\w+)", words, re.MULTILINE):
            assert re.search(rf"\b{exported}\b", rest), (name, exported)


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ({"a": 'import { b } from "./b.js";\n', "b": 'import { a } from "./a.js";\n'}, "circle"),
        ({"a": 'import { b } from "./b.js";\n', "b": "const b = 1;\n"}, "does not export"),
        ({"a": 'import b from "./b.js";\n', "b": "export const b = 1;\n"}, "cannot be joined"),
        ({"a": 'import "./b.js";\n', "b": ""}, "cannot be joined"),
        ({"a": "export let a = 1;\n"}, "cannot be joined"),
        ({"a": "export default 1;\n"}, "cannot be joined"),
    ],
)
def test_what_cannot_be_joined_is_refused(modules: dict[str, str], words: str) -> None:
    with pytest.raises(GraphwatchError, match=words):
        joined("a", modules.__getitem__)


def test_modules_do_not_see_each_others_names(browser: Browser) -> None:
    modules = {
        "a": (
            'import * as b from "./b.js";\nimport {\n  one as first,\n  next,\n} from "./b.js";\n'
            "const name = 1;\nwindow.seen = [name, first, next(), b.next(), typeof hidden];\n"
        ),
        "b": "const name = 2;\nlet hidden = name;\nexport const [one, two] = [name, 3];\n"
        "export function next() { return (hidden += 1); }\n",
    }
    opened = browser.new_page()
    opened.set_content(f'<script type="module">{joined("a", modules.__getitem__)}</script>')
    opened.wait_for_function("window.seen")
    assert opened.evaluate("window.seen") == [1, 2, 3, 4, "undefined"]
    opened.close()


def test_the_page_leaves_no_name_behind(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(render.html_page(network()), encoding="utf-8")
    (tmp_path / "empty.html").write_text("<!DOCTYPE html>", encoding="utf-8")
    opened = browser.new_page()
    names = "Object.getOwnPropertyNames(window)"
    opened.goto((tmp_path / "empty.html").as_uri())
    before = opened.evaluate(names)
    opened.goto((tmp_path / "a.html").as_uri())
    opened.wait_for_selector("html[data-evidence]", state="attached")
    assert set(opened.evaluate(names)) <= set(before)
    opened.close()


def test_a_server_can_hand_out_the_modules_as_they_are(browser: Browser) -> None:
    whole = render.html_page(network())
    _, _, script = whole.rpartition('<script type="module">')
    written = whole.replace(script.partition("</script>")[0], 'import "./start.js";')
    written = re.sub(r'(http-equiv="Content-Security-Policy" content=)"[^"]*"', r'\1""', written)
    opened = browser.new_page()
    errors = []
    opened.on("pageerror", lambda error: errors.append(str(error)))

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2].removesuffix(".js")
        if name in MODULES:
            route.fulfill(body=MODULES[name], content_type="text/javascript")
        else:
            route.fulfill(body=written, content_type="text/html")

    opened.route("**/*", answer)
    opened.goto("http://host.invalid/")
    opened.wait_for_selector("html[data-evidence]", state="attached")
    opened.close()
    assert errors == []
