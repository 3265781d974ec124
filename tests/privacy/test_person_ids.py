from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.privacy.person_ids import namesakes, person_ids, plain_names

NAMES = st.lists(st.sampled_from(["Budi", "BUDI", "Drs. Budi, M.Si", "Siti", None, "  ", "Siti Aminah"]), max_size=30)


def plain(*names):
    return plain_names(pa.array(names, pa.string())).to_pylist()


def test_titles_case_and_signs_do_not_tell_persons_apart():
    written = ("Dr. Ir. H. Budi Santoso, S.T., M.T.", "budi  santoso", "BUDI SANTOSO,S.Pd", "Dr.Budi Santoso")
    assert plain(*written) == ["BUDI SANTOSO"] * 4
    assert plain("Nur'aini", "Nur’aini", "Nur-aini") == ["NUR AINI"] * 3


def test_a_name_that_begins_like_a_title_stays():
    assert plain("Hjalmar", "Irwan", "Drajat", "Prof") == ["HJALMAR", "IRWAN", "DRAJAT", "PROF"]


def test_no_name_is_no_name():
    assert plain(None, "", " . ", ", S.H.") == [None] * 4


@given(NAMES)
def test_namesakes_are_the_others_of_the_same_name(names):
    table = pa.table({"id": pa.array([str(i) for i in range(len(names))]), "name": pa.array(names, pa.string())})
    known = plain(*names)
    counts = Counter(known)
    expected = [None if name is None else counts[name] - 1 for name in known]
    assert namesakes(table)["namesakes"].to_pylist() == expected


def test_ids_depend_on_the_key_and_on_every_digit():
    nips = pa.array(["199001012015031002", "199001012015031003", None])
    ours, theirs = (person_ids(nips, key * 32).to_pylist() for key in (b"k", b"l"))
    assert len({*ours, *theirs} - {None}) == 4
    assert ours[2] is None
