"""The synthetic complaints: one of each thing that the data can say to one."""

import pytest

import graphwatch
from graphwatch.scenarios import names
from graphwatch.scenarios.pilkada import pilkada


@pytest.mark.parametrize("seed", [1, 2])
def test_each_says_what_it_was_made_for(tmp_path, seed):
    scenario = pilkada(seed, accounts=150, posts=300, groups=1)
    with graphwatch.open(tmp_path / "s.gw", create=True) as project:
        for kind, path in scenario.write(tmp_path / "files").items():
            loaded = project.load(path, kind=kind)
            assert (loaded.refused, loaded.taken) == (0, scenario.tables[kind].num_rows)
        found = {row["complaint"]: row["seen"] for row in project.complaints().to_arrow().to_pylist()}
    assert found == {
        "ADU/01/2024": "confirmed",
        "ADU/02/2024": "confirmed",
        "ADU/03/2024": "not seen",
        "ADU/04/2024": "not observable",
        "ADU/05/2024": "cannot be checked",
    }


def test_one_carries_a_hostile_text_and_no_accused_is_named_so():
    rows = pilkada().complaints.to_pylist()
    assert any(names.HOSTILE_NAMES[1] in row["text"] for row in rows)
    assert not any(hostile in row["account"] for row in rows for hostile in names.HOSTILE_NAMES)
    assert all(row["complainant"].startswith("Pelapor ") for row in rows)
