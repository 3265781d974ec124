"""What may be decided, and in which order decisions stand."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwatch.casework.addressees import addressees
from graphwatch.casework.decisions import Proposal, check, decision_id
from graphwatch.casework.leads import OPEN, Decided, in_order, status_of
from graphwatch.errors import DecisionRefused, InputError, UsageError


def chain(outcomes: list[str]) -> list[Decided]:
    found: list[Decided] = []
    for outcome in outcomes:
        previous = found[-1].id if found else None
        found.append(Decided(decision_id("R:1", previous), "R:1", outcome, "why", "sari", 0, previous=previous))
    return found


@given(outcomes=st.lists(st.sampled_from(["dismissed", "forwarded", "needs_clarification"])), seed=st.integers())
def test_the_order_is_that_of_the_chain(outcomes: list[str], seed: int) -> None:
    made = chain(outcomes)
    shuffled = random.Random(seed).sample(made, len(made))
    assert in_order(shuffled) == made
    assert status_of(shuffled) == (outcomes[-1] if outcomes else OPEN)


def test_two_decisions_after_the_same_one_would_be_the_same_node() -> None:
    assert decision_id("R:1", None) == decision_id("R:1", None)
    assert decision_id("R:1", None) != decision_id("R:2", None)
    assert decision_id("R:1", "D-1") != decision_id("R:1", None)


@pytest.mark.parametrize(
    "proposal",
    [
        Proposal("guilty", "sari", "why"),
        Proposal("dismissed", " ", "why"),
        Proposal("dismissed", "sari", ""),
        Proposal("dismissed", "sari", "why", forwarded_to="BKD"),
        Proposal("forwarded", "sari", "why", clarification="they said no"),
    ],
)
def test_what_lacks_something(proposal: Proposal) -> None:
    with pytest.raises(UsageError):
        check(proposal, [])


def test_nothing_is_forwarded_before_a_clarification() -> None:
    forward = Proposal("forwarded", "sari", "why", forwarded_to="BKD")
    with pytest.raises(DecisionRefused, match="asked"):
        check(forward, chain(["needs_clarification"]))
    asked = Decided("D-1", "R:1", "needs_clarification", "why", "sari", 0, clarification="no answer in 7 days")
    check(forward, [asked])
    check(Proposal("forwarded", "sari", "why", clarification="office hours", forwarded_to="BKD"), [])


def test_an_office_has_its_own_addressees(tmp_path: Path) -> None:
    assert {"bkn", "pengawas", "bawaslu", "ppk"} == {addressee.id for addressee in addressees(tmp_path)}
    assert all(addressee.sources and addressee.basis for addressee in addressees())
    own = tmp_path / "addressees.toml"
    own.write_text(
        '[inspektorat]\nname = { id = "Inspektorat", en = "Inspectorate" }\nrole = { id = "a", en = "b" }\n'
        'basis = "c"\n',
        encoding="utf-8",
    )
    assert [addressee.names["en"] for addressee in addressees(tmp_path)] == ["Inspectorate"]
    own.write_text("[inspektorat]\nnama = 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="addressees"):
        addressees(tmp_path)
