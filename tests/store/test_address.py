from pathlib import Path

import pytest

from graphwatch.errors import PasswordMissing, UsageError
from graphwatch.store.address import is_server, server_address

KNOWN = {"NEO4J_USERNAME": "sari", "NEO4J_PASSWORD": "rahasia", "NEO4J_DATABASE": "pilkada"}


@pytest.mark.parametrize("scheme", ["neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"])
def test_every_scheme_of_the_driver_is_an_address(scheme: str) -> None:
    address = server_address(f"{scheme}://host:7687/other", KNOWN)
    assert is_server(f"{scheme}://host")
    assert (address.uri, address.database) == (f"{scheme}://host:7687", "other")
    assert (address.username, address.password) == ("sari", "rahasia")


def test_the_database_may_come_from_the_environment_or_be_the_servers_own() -> None:
    assert server_address("neo4j://host", KNOWN).database == "pilkada"
    assert server_address("neo4j://host", {"NEO4J_PASSWORD": "x"}).database is None


def test_a_password_is_never_shown() -> None:
    assert "rahasia" not in repr(server_address("neo4j://host", KNOWN))


@pytest.mark.parametrize("place", ["neo4j://neo4j:rahasia@host", "bolt://sari@host"])
def test_a_password_in_the_address_is_refused_without_repeating_it(place: str) -> None:
    with pytest.raises(UsageError, match="NEO4J_PASSWORD") as refused:
        server_address(place, KNOWN)
    assert "rahasia" not in str(refused.value)


def test_another_scheme_is_refused_without_repeating_a_password() -> None:
    with pytest.raises(UsageError, match="postgres") as refused:
        server_address("postgres://neo4j:rahasia@host", KNOWN)
    assert "rahasia" not in str(refused.value)


def test_what_is_no_address_is_refused_without_repeating_a_password() -> None:
    with pytest.raises(UsageError, match="invalid address") as refused:
        server_address("bolt://neo4j:rahasia@[::1", KNOWN)
    assert "rahasia" not in str(refused.value)


def test_no_password_says_where_to_put_one() -> None:
    with pytest.raises(PasswordMissing, match=r"\.env"):
        server_address("neo4j://host", {})


def test_an_env_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("NEO4J_USERNAME=budi\nNEO4J_PASSWORD='dari berkas'\n", encoding="utf-8")
    assert server_address("neo4j://host").password == "dari berkas"
    monkeypatch.setenv("NEO4J_PASSWORD", "dari lingkungan")
    address = server_address("neo4j://host")
    assert (address.username, address.password) == ("budi", "dari lingkungan")
