import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.ingest.checks import NOT_AN_NIP, ROUNDED, check_nips


def judged(cell):
    digits, problems = check_nips(pa.array([cell], pa.string()))
    reasons = [problem for mask, problem in problems if mask[0]]
    return digits[0].as_py(), reasons[0] if reasons else None


@pytest.mark.parametrize(
    "written",
    [
        "199001012015031002",
        "19900101 201503 1 002",
        "'199001012015031002",
        "’19900101.201503.1.002",
        "19900101-201503-1-002",
        "19900101\u00a0201503\u00a01\u00a0002",
        "\u200e199001012015031002",
        "`19900101\t201503 1 002",
    ],
)
def test_blanks_apostrophes_and_dots_do_not_count(written):
    assert judged(written) == ("199001012015031002", None)


def test_a_contract_number_without_a_month_is_taken():
    assert judged("199001012024219901") == ("199001012024219901", None)


@pytest.mark.parametrize(
    "written",
    [
        "1.99001012015031E+17",
        "1,99001012015031E+17",
        "1.990010120150310e+17",
        "199001012015031000",
        "19900101 201503 1 000",
        "199001012015031008.0",
    ],
)
def test_a_rounded_number_is_refused_as_that(written):
    assert judged(written)[1] == ROUNDED


@pytest.mark.parametrize(
    "written",
    [
        "",
        "19900101201503100",
        "1990010120150310021",
        "budi",
        "٠٩٩٠٠١٠١٢٠١٥٠٣١٠٠٢",
        "3273010101900001",
        "O99001012015031002",
    ],
)
def test_what_is_no_nip_is_refused(written):
    assert judged(written)[1] == NOT_AN_NIP


@given(st.integers(10**17, 10**18 - 1))
def test_as_a_number_in_a_spreadsheet_it_never_passes_changed(number):
    from graphwatch.ingest.worksheet import as_text

    digits, problem = judged(as_text(float(number)))
    assert problem is not None or digits == str(number)
