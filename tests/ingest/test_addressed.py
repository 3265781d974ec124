"""The platform of each row by its addresses: `platform=address`."""

from collections.abc import Callable
from typing import Any

from graphwatch.ingest.guessing import Peek
from graphwatch.ingest.proposing import proposed

HEADER = "account,object,kind,at\n"


def test_each_row_is_of_the_platform_that_its_address_is_of(stage_file: Callable[..., Any]) -> None:
    rows = (
        "@Ani,https://www.instagram.com/p/DA1xyz/,like,\n"
        "https://www.tiktok.com/@budi,7421234567890123456,like,\n"
        "https://x.com/cici,https://x.com/p/status/1843200000000000001,share,\n"
        "@dodi,7421234567890123456,like,\n"
        "https://www.tiktok.com/@eka,https://x.com/p/status/1843200000000000001,like,\n"
        "@fani,https://vm.tiktok.com/ZS1/,like,\n"
        "gita,https://example.com/a,like,\n"
    )
    outcome = stage_file(HEADER + rows, constants={"platform": "address"})
    assert outcome.platforms == ("instagram", "tiktok", "x")
    assert sorted(row["id"] for row in outcome.tables["Account"]) == ["instagram:ani", "tiktok:budi", "x:cici"]
    # Without an address, of two platforms, behind a short link, and elsewhere.
    assert [(row["line"], row["column"]) for row in outcome.quarantine] == [
        ("5", "platform"),
        ("6", "account"),
        ("7", "object"),
        ("8", "platform"),
    ]
    assert outcome.quarantine[0]["reason"] == "no address in this row tells the platform"


def test_it_is_proposed_where_addresses_are_of_several() -> None:
    def stated(*links: str) -> dict[str, str]:
        records = tuple({"Akun": f"@a{at}", "Link": link, "Jenis": "like"} for at, link in enumerate(links))
        found = proposed(Peek(("Akun", "Link", "Jenis"), records))
        assert found is not None
        return found.stated

    of_x, of_tiktok = (
        "https://x.com/p/status/1843200000000000001",
        "https://www.tiktok.com/@p/video/7421234567890123456",
    )
    assert stated(of_x, of_tiktok, "belum ada") == {"platform": "address"}
    assert stated(of_x, of_x) == {"platform": "x"}
