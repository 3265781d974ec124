"""Acts are counted in one way by whatever counts them, and as pandas counts the rows of the files."""

import re
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from graphwatch.project import Project

# The files: acts with a time, as X's ids tell it, as somebody saw it, and without any; the last corrects one of them.
TIMED = """account,object,kind,platform,at,content_id,text
1,a,like,x,2024-10-01T08:00:00+07:00,,
1,b,like,x,2024-10-02T08:00:00+07:00,,
2,a,like,x,2024-09-20T08:00:00+07:00,,
2,d,comment,x,2024-10-03T08:00:00+07:00,c1,setuju
3,b,share,x,2024-10-04T08:00:00+07:00,s1,
4,a,like,x,2024-10-05T08:00:00+07:00,,
5,a,like,x,2024-10-01T08:00:02+07:00,,
5,z,like,x,2024-10-06T08:00:00+07:00,,
1,z,like,x,2024-10-06T09:00:00+07:00,,
"""
DERIVED = "account,object,kind,platform,content_id,text\n1,d,comment,x,1842086850560000000,lihat\n"
OBSERVED = """account,object,kind,platform,at
2,b,like,x,2024-10-08T08:00:00+07:00
3,d,like,x,2024-09-01T08:00:00+07:00
1,a,like,x,2024-10-09T08:00:00+07:00
"""
UNTIMED = "account,object,kind,platform\n1,a,like,x\n3,a,like,x\n4,b,like,x\n1,e,like,x\n2,P1,follow,x\n5,P2,follow,x\n"
CORRECTED = "account,object,kind,platform,at\n1,b,like,x,2024-10-02T07:55:00+07:00\n"
PASLON = {"a": "01", "b": "01", "d": "02", "e": "02", "P1": "01", "P2": "02"}
# Account 4 is a civil servant's until the end of 4 October; 5 and 6 are nobody's.
ROSTER = {"1", "2", "3", "4"}
OPD = {"1": "dinas", "2": "dinas", "3": "kecamatan", "4": "kecamatan"}
CLASSES = {"1": "functional", "2": "executive", "3": "head-of-district", "4": None}
NIPS = {n: f"19900101201503100{n}" for n in sorted(ROSTER)}
KINDS = {"like": "LIKED", "comment": "COMMENTED", "share": "SHARED", "follow": "FOLLOWED"}


def fill(project: Project, folder: Path) -> None:
    def load(name: str, text: str, kind: str, **more: Any) -> None:
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        project.load(folder / f"{name}.csv", kind=kind, **more)

    load("paslon", "paslon,number,name\n01,1,Satu\n02,2,Dua\n", "paslon")
    load("pages", "page,platform,class,paslon\nP1,x,official,01\nP2,x,volunteers,02\nQ,x,media,\n", "pages")
    posts = {"a": "P1", "b": "P1", "d": "P2", "e": "P2", "z": "Q"}
    load("posts", "post,platform,page\n" + "".join(f"{o},x,{p}\n" for o, p in posts.items()), "posts")
    for name, text in (("timed", TIMED), ("derived", DERIVED), ("untimed", UNTIMED), ("corrected", CORRECTED)):
        load(name, text, "interactions")
    load("observed", OBSERVED, "interactions", time="observed")
    positions = {"1": "Guru Ahli Muda", "2": "Staf", "3": "Camat Sukamaju", "4": "Ajudan"}
    rows = [f"{NIPS[n]},Nama {n},{OPD[n]},{positions[n]}" for n in sorted(ROSTER)]
    load("roster", "nip,name,agency,position\n" + "\n".join(rows) + "\n", "roster")
    rows = [f"x,{n},{NIPS[n]},verified,{'2024-10-04' if n == '4' else ''}" for n in sorted(ROSTER)]
    load("links", "platform,account,nip,basis,valid_to\n" + "\n".join(rows) + "\n", "accounts-of-asn")
    project.load_calendar()


def acts() -> pd.DataFrame:
    """Each act once: account, object, kind, paslon, time and whose time it is, by pandas from the files."""
    files = {"acted": (TIMED, CORRECTED), "derived": (DERIVED,), "observed": (OBSERVED,), "untimed": (UNTIMED,)}
    read = [
        pd.read_csv(StringIO(text), dtype=str).assign(basis=basis) for basis, texts in files.items() for text in texts
    ]
    frame = pd.concat(read, ignore_index=True)
    frame["at"] = pd.to_datetime(frame["at"])
    # Of an act the best known time; of two of one kind the later row corrects.
    frame["rank"] = frame["basis"].map({"acted": 0, "derived": 1, "observed": 2, "untimed": 3})
    frame = frame.iloc[::-1].sort_values("rank", kind="stable").drop_duplicates(["account", "object", "kind"])
    frame["kind"], frame["paslon"] = frame["kind"].map(KINDS), frame["object"].map(PASLON)
    derived = frame["basis"] == "derived"
    frame.loc[derived, "at"] = pd.Timestamp((1842086850560000000 >> 22) + 1288834974657, unit="ms", tz="Asia/Jakarta")
    return frame


def of_roster(all_acts: pd.DataFrame) -> pd.DataFrame:
    """Those of accounts of the roster on pages of paslon, while they are somebody's or may be."""
    ended = (all_acts["account"] == "4") & (all_acts["at"] >= pd.Timestamp("2024-10-05", tz="Asia/Jakarta"))
    return all_acts[all_acts["account"].isin(ROSTER) & all_acts["paslon"].notna() & ~ended]


def by_basis(frame: pd.DataFrame) -> dict[str, int]:
    return dict(Counter(frame["basis"]))


def test_all_count_acts_and_say_the_untimed_beside_the_timed(
    fill_project: Callable[[Any], Project], tmp_path: Path
) -> None:
    """In one test, since filling the store takes longer than all that is asked of it."""
    project = fill_project(fill)
    totals_are_of_acts(project)
    times_of_looks_are_in_no_hour_day_or_phase(project)
    parameters_take_their_rows(project)
    dossiers_say_what_speaks_against_them(project, tmp_path)
    dossier_of_a_cluster_counts_what_its_members_did(project, tmp_path)


def totals_are_of_acts(project: Project) -> None:
    every = acts()
    ours = of_roster(every)
    on_posts = ours[ours["kind"] != "FOLLOWED"]

    covered = project.coverage()
    told = (covered.interactions, covered.untimed, covered.observed)
    assert told == (len(every), by_basis(every)["untimed"], by_basis(every)["observed"])

    engaged = project.query("paslon-engagement").to_pandas()
    counted = every[every["paslon"].notna() & (every["kind"] != "FOLLOWED")]
    own = counted["basis"].isin(["acted", "derived"])
    for column, rows in (
        ("interactions", counted),
        ("timed", counted[own]),
        ("observed", counted[counted["basis"] == "observed"]),
        ("untimed", counted[counted["basis"] == "untimed"]),
    ):
        found = engaged.set_index(["paslon", "kind"])[column]
        assert found[found > 0].to_dict() == rows.groupby(["paslon", "kind"]).size().to_dict()

    listed = project.roster_interactions().to_pandas().drop_duplicates("interaction")
    assert Counter(listed["time_basis"]) == by_basis(on_posts)
    assert Counter(listed["agency"]) == Counter(on_posts["account"].map(OPD))
    assert Counter(listed["position_class"].dropna()) == Counter(on_posts["account"].map(CLASSES).dropna())
    # Whether an untimed act lies in a link that ended is not known, and is said.
    assert listed[listed["validity"] == "unknown"][["account", "post"]].to_numpy().tolist() == [["x:4", "x:b"]]
    follows = project.query("roster-follows").to_pandas()
    assert len(follows) == len(ours) - len(on_posts)

    new = project.changes("2020-01-01")
    assert (new.acts, new.untimed, new.observed) == (len(ours), 0, 0)
    campaign = project.changes("2020-01-01", period=project.resolve_range(phase="kampanye"))
    begin, end = pd.Timestamp("2024-09-25", tz="Asia/Jakarta"), pd.Timestamp("2024-11-24", tz="Asia/Jakarta")
    known = ours[ours["basis"].isin(["acted", "derived"])]
    inside = known[(known["at"] >= begin) & (known["at"] < end)]
    looked = ours[(ours["basis"] == "observed") & (ours["at"] >= begin)]
    assert campaign.acts == len(inside)
    assert (campaign.untimed, campaign.observed) == (by_basis(ours)["untimed"], len(looked))
    in_phase = project.roster_interactions(phase="kampanye").to_pandas()
    assert in_phase["interaction"].nunique() == len(inside)


def times_of_looks_are_in_no_hour_day_or_phase(project: Project) -> None:
    every = acts()
    on_posts = every[every["kind"] != "FOLLOWED"]
    own = on_posts[on_posts["basis"].isin(["acted", "derived"])]
    wib = own.assign(at=own["at"].dt.tz_convert("Asia/Jakarta"))
    left = len(on_posts) - len(own)
    hours = project.query("interactions-by-hour").to_pandas()
    told = hours.dropna(subset="hour").groupby("hour")["interactions"].sum()
    assert told.to_dict() == wib.groupby(wib["at"].dt.hour).size().to_dict()
    weekdays = project.query("interactions-by-weekday").to_pandas()
    told = weekdays.dropna(subset="weekday").groupby("weekday")["interactions"].sum()
    assert told.to_dict() == wib.groupby(wib["at"].dt.day_of_week + 1).size().to_dict()
    days = project.query("interactions-by-day").to_pandas()
    for rows, of in ((hours, "hour"), (weekdays, "weekday"), (days, "day")):
        assert rows[rows[of].isna()]["interactions"].sum() == left
    phases = project.query("interactions-by-phase").to_pandas()
    begin, end = pd.Timestamp("2024-09-25", tz="Asia/Jakarta"), pd.Timestamp("2024-11-24", tz="Asia/Jakarta")
    inside = own[(own["at"] >= begin) & (own["at"] < end)]
    found = phases[phases["phase"] == "kampanye"].set_index("kind")
    assert found["interactions"].to_dict() == inside.groupby("kind").size().to_dict()
    without = on_posts[~on_posts["basis"].isin(["acted", "derived"])].groupby("kind").size()
    assert found["untimed"].to_dict() == {kind: without.get(kind, 0) for kind in found.index}
    pages = project.query("page-engagement").to_pandas()
    assert (pages["timed"] + pages["observed"] + pages["untimed"]).to_list() == pages["interactions"].to_list()


def parameters_take_their_rows(project: Project) -> None:
    ours = of_roster(acts())
    ours = ours[ours["kind"] != "FOLLOWED"]
    given: dict[str, tuple[str, Any]] = {
        "paslon": ("02", ours["paslon"] == "02"),
        "agency": ("kecamatan", ours["account"].map(OPD) == "kecamatan"),
        "position": ("head-of-district", ours["account"].map(CLASSES) == "head-of-district"),
        "kind": ("COMMENTED", ours["kind"] == "COMMENTED"),
        "time_basis": ("observed", ours["basis"] == "observed"),
    }
    for name, (value, rows) in given.items():
        found = project.query("roster-interactions", {name: value}).to_pandas()
        assert found["interaction"].nunique() == rows.sum() > 0, name


def dossiers_say_what_speaks_against_them(project: Project, tmp_path: Path) -> None:
    every = acts()
    for number in sorted(ROSTER):
        own = every[every["account"] == number]
        ours = own[own["paslon"].notna()]
        known = Counter(ours["basis"])
        path = tmp_path / f"{number}.md"
        project.report("account", f"x:{number}", path=path, to="md", lang="en")
        said = " ".join(path.read_text(encoding="utf-8").split())
        timed = known["acted"] + known["derived"]
        assert f"{len(ours)} interaction" in said
        times = f"{timed} with the time of the act, {known['observed']} of which only is known when somebody looked, "
        assert f"{times}{known['untimed']} without a time." in said
        other = len(ours) - max(Counter(ours["paslon"]).values())
        assert (f"{other} of them concern" in said) == (other > 0)
        assert "121/PUU-XXII/2024" in said
        assert ("detiktimes.com" in said) == ("FOLLOWED" in set(ours["kind"]))
        assert "Camat" not in said
        beside = len(own) - len(ours)
        assert f"there {'is' if beside == 1 else 'are'} {beside} interaction" in said
    opened = tmp_path / "opened.md"
    project.report("account", "x:3", path=opened, to="md", lang="en", unmask="names", reason="kasus 12")
    assert "Nama 3 (Camat Sukamaju)" in opened.read_text(encoding="utf-8")


MEMBERS = ("1", "2", "3", "5")
WINDOW = pd.Timedelta(seconds=10)
# On eight days all members like a post within three seconds; on another day one of them, and one as somebody saw it.
TOGETHER = "account,object,kind,platform,at\n" + "".join(
    f"{account},w{day},like,x,2024-10-{10 + day}T09:00:0{place}+07:00\n"
    for day in range(8)
    for place, account in enumerate(MEMBERS)
)
APART = (
    "account,object,kind,platform,at\n5,w9,like,x,2024-10-20T09:00:00+07:00\n1,w9,like,x,2024-10-20T11:00:00+07:00\n"
)
SEEN = "account,object,kind,platform,at\n2,w9,like,x,2024-10-21T09:00:00+07:00\n"


def dossier_of_a_cluster_counts_what_its_members_did(project: Project, tmp_path: Path) -> None:
    posts = "post,platform,page\n" + "".join(f"w{n},x,P1\n" for n in range(10))
    files: dict[str, tuple[str, str, dict[str, Any]]] = {
        "w": (posts, "posts", {}),
        "joint": (TOGETHER, "interactions", {}),
        "apart": (APART, "interactions", {}),
        "seen": (SEEN, "interactions", {"time": "observed"}),
    }
    for name, (text, kind, more) in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        project.load(tmp_path / f"{name}.csv", kind=kind, **more)
    run = project.detect(window=WINDOW.total_seconds(), fdr=None).run
    project.report("cluster", "1", path=tmp_path / "c.md", to="md", lang="en", run=run, unmask=True, reason="kasus 12")
    said = " ".join((tmp_path / "c.md").read_text(encoding="utf-8").split())

    added = pd.concat(
        pd.read_csv(StringIO(text), dtype=str).assign(basis=basis)
        for text, basis in ((TOGETHER, "acted"), (APART, "acted"), (SEEN, "observed"))
    )
    added = added.assign(at=pd.to_datetime(added["at"]), paslon="01")
    every = pd.concat([acts(), added], ignore_index=True)
    every = every[every["kind"] != "FOLLOWED"]
    own = every[every["account"].isin(MEMBERS)]
    timed = own[own["basis"].isin(["acted", "derived"])]
    met = timed.merge(timed, on="object")
    met = met[(met["account_x"] != met["account_y"]) & ((met["at_x"] - met["at_y"]).abs() <= WINDOW)]
    together = met.drop_duplicates(["account_x", "object", "kind_x"])
    beside = own[~own["basis"].isin(["acted", "derived"])]
    all_timed = every[every["basis"].isin(["acted", "derived"])]
    data = (len(all_timed), all_timed["account"].nunique(), all_timed["object"].nunique())
    assert "Out of {} timed interactions of {} accounts with {} posts.".format(*data) in said
    assert f"{by_basis(every)['observed']} other interactions were left out" in said
    assert f"within {WINDOW.total_seconds():.0f} seconds {len(met) // 2} times" in said
    assert f"{100 * len(together) / len(timed):.0f} % of their {len(timed)} timed interactions" in said
    assert f"of their {len(timed)} interactions with a time that could be used" in said
    assert f"Beside these there are {len(beside)} without a time" in said
    assert f"{(beside['paslon'] == '02').sum()} of those without such a time concern" in said
    for paslon, name in (("01", "Satu"), ("02", "Dua")):
        assert re.search(rf"Paslon {name}: \d+ % of their interactions \({(timed['paslon'] == paslon).sum()}\)", said)
    listed = re.findall(r"\| \d+ \| 2024-\S+ \S+ WIB \| (\S+) \| Liked \|", said)
    assert Counter(a for a in listed if a.startswith("x:")) == Counter(
        f"x:{a}" for a in together["account_x"] if a != "5"
    )
    assert len(listed) == len(together)
