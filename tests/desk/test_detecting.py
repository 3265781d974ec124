"""Detection in the browser: the form of its config, its estimate, runs and their power."""

import re
from pathlib import Path

import pytest
from desk.conftest import Visitor, at_own_desk
from desk.test_loading import followed

import graphwatch

# What the form sends of fields that nobody changed.
ASKED = {"asked": "1", "f.window": "30", "f.families.text": "1"}


@pytest.fixture(scope="module")
def detecting(desk_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return at_own_desk(desk_store, tmp_path_factory.mktemp("detecting"))


def test_the_form_is_that_of_the_config_and_keeps_what_was_chosen(detecting: Visitor) -> None:
    asked = {**ASKED, "f.kinds.LIKED": "1", "f.object": "page", "f.fdr": "", "f.layers": "1", "f.sensitivity": "1"}
    shown = detecting.get("/detect", params=asked).text
    assert 'name="f.window" value="30"' in shown
    words = "graphwatch detect --window 30 --kind LIKED --object page --count-only --family text --layers"
    assert words in shown
    for wrong in ({"f.window": "-1"}, {"f.window": "soon"}, {"f.object": "nothing"}, {"f.seed": "<script>"}):
        answer = detecting.get("/detect", params={**ASKED, "f.kinds.LIKED": "1", **wrong}).text
        assert 'role="alert"' in answer
        assert "<script" not in answer
    back = detecting.post("/detect", **{**ASKED, "f.window": "1e9"}, do="detect").headers["location"]
    assert 'name="f.window" value="1e9"' in detecting.get(back).text


def test_an_estimate_is_beside_the_form_and_a_run_is_made(detecting: Visitor) -> None:
    with graphwatch.open(detecting.desk.place) as project:
        runs = len(project.query("runs"))
    asked = {**ASKED, "f.kinds.SHARED": "1", "f.object": "post", "f.min_objects": "3", "f.fdr": "0.05"}
    estimated = followed(detecting, detecting.post("/detect", **asked, do="estimate")).text
    assert "timed interactions" in estimated
    assert 'name="f.window" value="30"' in estimated
    with graphwatch.open(detecting.desk.place) as project:
        assert len(project.query("runs")) == runs
    detected = followed(detecting, detecting.post("/detect", **asked, do="detect"))
    assert "pairs among" in detected.text
    with graphwatch.open(detecting.desk.place) as project:
        after, before = [row["run"] for row in project.query("runs")][:2]
    assert str(detected.request.url).endswith(f"/runs/{after}")
    sides = detecting.get("/detect", params={"before": before, "after": after}).text
    assert f'href="/runs/{before}"' in sides
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", sides, re.DOTALL)]
    [window] = [row for row in rows if row[:1] == ["window (ms)"]]
    assert window[2:] == ["30,000", "yes"]
    alone = detecting.get("/detect", params={"before": before, "after": after, "compared.is.differs": "false"}).text
    assert "window (ms)</td>" not in alone


def test_runs_tell_their_power(detecting: Visitor) -> None:
    with graphwatch.open(detecting.desk.place) as project:
        run = project.query("runs").to_arrow()["run"][-1].as_py()
        assert f'action="/runs/{run}/power"' in detecting.get(f"/runs/{run}").text
        powered = project.power(run=run, sizes=(5,), posts=(8,), repeats=2)
    shown = detecting.get(f"/runs/{run}").text
    assert "power.sort=" in shown
    assert all(sentence in shown for sentence in powered.sentences("en"))
    assert detecting.get("/runs/none").status_code == 404
