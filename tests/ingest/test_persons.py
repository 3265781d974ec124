import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphwatch.errors import InputError, UsageError
from graphwatch.ingest.mapping import mapping_for
from graphwatch.ingest.persons import PersonFilter, rows_with_other_names
from graphwatch.ingest.staging import stage
from graphwatch.privacy.vault import person_ids

KEY = b"k" * 32
NIP = "199001012015031002"
OTHER = "198512312010122001"
HEAD = "nip,name,agency,kind,valid_from,valid_to"
ACCOUNTS = "platform,account,handle,nip,agency,basis,valid_from,valid_to"


def id_of(nip):
    return person_ids(pa.array([nip]), KEY)[0].as_py()


def lines(head, *rows):
    return "\n".join([head, *rows, ""])


def test_a_roster_becomes_hashes_agencies_and_days(stage_file):
    outcome = stage_file(lines(HEAD, f"{NIP},Budi,Dinas A,PNS,2024-09-01,30/09/2024"), "roster")
    assert outcome.order == ["Asn", "Agency", "WORKS_AT"]
    assert outcome.tables["Asn"] == [{"id": id_of(NIP), "kind": "pns", "namesakes": None, "sources": ["s0:2"]}]
    [job] = outcome.tables["WORKS_AT"]
    assert (job["from"], job["to"]) == (id_of(NIP), "Dinas A")
    assert (job["valid_from"], job["valid_to"]) == ("2024-09-01", "2024-09-30")
    assert (job["to_ms"] - job["from_ms"]) == 30 * 86_400_000, "the last day belongs to it"


def test_agencies_have_parents(stage_file):
    text = lines("nip,agency,agency_name,parent", f"{NIP},A1,Bidang A,A", f"{OTHER},A1,,A")
    outcome = stage_file(text, "roster")
    assert [(a["id"], a["name"]) for a in outcome.tables["Agency"]] == [("A", None), ("A1", "Bidang A")]
    assert [(r["from"], r["to"]) for r in outcome.tables["PART_OF"]] == [("A1", "A")]


def test_neither_working_files_nor_quarantine_hold_a_name_or_nip(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(lines(HEAD, f"{NIP},Budi Rahasia,Dinas A,PNS,,", f"{OTHER},Siti Rahasia,Dinas A,honorer,,"))
    quarantine = tmp_path / "q.csv"
    pii_filter = PersonFilter(KEY)
    with stage(
        path,
        mapping_for("roster"),
        source="s",
        folder=tmp_path,
        quarantine=quarantine,
        now_ms=1 << 50,
        pii_filter=pii_filter,
    ) as staged:
        flat = next(tmp_path.glob("stage-*/flat.parquet"))
        written = str(pq.read_table(flat).to_pylist())
        tables = str([b.to_pylist() for t in staged.tables() for b in t.batches])
    for place in (written, tables, quarantine.read_text()):
        assert not any(secret in place for secret in (NIP, OTHER, "Rahasia"))
    assert "3,kind,(withheld)" in quarantine.read_text()
    assert pii_filter.persons().to_pylist() == [{"row": 2, "id": id_of(NIP), "nip": NIP, "name": "Budi Rahasia"}]
    assert "Rahasia" not in repr(pii_filter)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"{NIP},Budi,Dinas A,pns,2024-09-02,2024-09-01", "valid_to"),
        (f"{NIP},Budi,Dinas A,pns,besok,", "valid_from"),
        (f"{NIP},Budi,,pns,,", "agency"),
        (",Budi,Dinas A,pns,,", "nip"),
        ("1.99E+17,Budi,Dinas A,pns,,", "nip"),
    ],
)
def test_a_bad_row_is_refused_with_its_column(stage_file, row, column):
    outcome = stage_file(lines(HEAD, row, f"{OTHER},Siti,Dinas A,pns,,"), "roster")
    assert [(r["line"], r["column"], r["value"]) for r in outcome.quarantine] == [("2", column, "(withheld)")]


def test_two_persons_with_one_nip_are_stated_by_rows():
    persons = pa.table({"row": [2, 3, 4, 5, 6], "id": ["a", "b", "a", "b", "c"]})
    plain = pa.array(["X", "Y", "Z", "Y", None])
    assert rows_with_other_names(persons, plain) == [(2, 4)]
    assert rows_with_other_names(persons.slice(0, 0), plain.slice(0, 0)) == []


def test_accounts_belong_to_persons_and_duty_accounts_to_agencies(stage_file):
    text = lines(
        ACCOUNTS,
        f"x,1,@budi,{NIP},,deklarasi_mandiri,,",
        f"instagram,,siti,{OTHER},,verified,1 Mei 2024,",
        "x,9,dinas_a,,Dinas A,,,",
    )
    outcome = stage_file(text, "accounts-of-asn")
    assert {(r["from"], r["to"], r["basis"]) for r in outcome.tables["BELONGS_TO"]} == {
        ("x:1", id_of(NIP), "self-declared"),
        ("instagram:siti", id_of(OTHER), "verified"),
    }
    assert [(r["from"], r["to"]) for r in outcome.tables["OPERATED_BY"]] == [("x:9", "Dinas A")]
    assert {(a["id"], a["handle"]) for a in outcome.tables["Account"]} == {
        ("x:1", "budi"), ("instagram:siti", "siti"), ("x:9", "dinas_a")
    }  # fmt: skip
    assert outcome.platforms == ("instagram", "x")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"x,1,,{NIP},,dugaan,,", "not a basis for linking an account to a person"),
        (f"x,1,,{NIP},,,,", "no basis for linking the account to the person"),
        (f"x,1,,{NIP},Dinas A,verified,,", "an NIP and an agency in one row"),
        ("x,1,,,,verified,,", "neither an NIP nor an agency"),
        (f"x,,,{NIP},,verified,,", "neither a native id nor a handle"),
    ],
)
def test_a_link_is_never_guessed(stage_file, row, reason):
    outcome = stage_file(lines(ACCOUNTS, row, "x,9,,,Dinas A,,,"), "accounts-of-asn")
    assert outcome.reasons == {reason: 1}


def test_a_handle_that_the_store_knows_leads_to_the_native_id(stage_file):
    known = pa.table({"handle": ["x:budi"], "id": ["123"]})
    rows = (f"x,,BUDI,{NIP},,verified,,", f"tiktok,,budi,{NIP},,verified,,", f"x,77,budi,{NIP},,verified,,")
    outcome = stage_file(lines(ACCOUNTS, *rows), "accounts-of-asn", pii_filter=PersonFilter(KEY, known))
    assert [r["from"] for r in outcome.tables["BELONGS_TO"]] == ["tiktok:budi", "x:123", "x:77"]


def test_a_file_without_header_does_not_repeat_its_first_person(stage_file):
    with pytest.raises(InputError) as failed:
        stage_file(lines(f"{NIP},Budi Rahasia,Dinas A", f"{OTHER},Siti,Dinas A"), "roster")
    assert "no column gives 'nip'" in str(failed.value)
    assert not any(secret in str(failed.value) for secret in (NIP, "Budi", "Rahasia"))


def test_a_person_is_no_constant():
    with pytest.raises(UsageError) as failed:
        mapping_for("roster", constants={"nip": NIP})
    assert NIP not in str(failed.value)


def test_only_bad_rows_are_an_error_without_values(stage_file):
    with pytest.raises(InputError, match="not one of 2 rows") as failed:
        stage_file(lines(HEAD, "12345,Budi,A,pns,,", ",Siti,A,pns,,"), "roster")
    assert "12345" not in str(failed.value)


@pytest.fixture
def workbook(tmp_path):
    def write(*rows, merge=None):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if merge:
            book.active.merge_cells(merge)
        path = tmp_path / "roster.xlsx"
        book.save(path)
        return path

    return write


def test_numbers_in_a_sheet_are_refused_and_text_is_taken(stage_file, workbook):
    path = workbook(["nip", "agency"], [int(NIP), "A"], [NIP, "A"], [f"'{OTHER}", "A"])
    outcome = stage_file(path, "roster")
    assert outcome.reasons == {"an NIP that a spreadsheet has rounded": 1}
    assert outcome.taken == 2


def test_a_heading_of_merged_cells_is_passed_over_or_named(stage_file, workbook):
    path = workbook(["DAFTAR PEGAWAI"], ["nip", "nama", "opd"], [NIP, "Budi", "A"], merge="A1:C1")
    outcome = stage_file(path, "roster", preset=None, columns={"nama": "name", "opd": "agency"})
    assert outcome.taken == 1
    assert outcome.notes[0] == "the names of the columns are in line 2; what stands above them was passed over"
    path = workbook(["nip", "pegawai", None], [None, "nama", "opd"], [NIP, "Budi", "A"], merge="B1:C1")
    with pytest.raises(InputError, match="merged cells") as failed:
        stage_file(path, "roster", preset=None, columns={"nama": "name", "opd": "agency"})
    assert "2 names for 3 columns" in str(failed.value)
    assert "split merged cells" in str(failed.value)
