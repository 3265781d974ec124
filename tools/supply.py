"""What an installation consists of: its packages with versions, licences, sizes and digests, and whether it holds.

    python tools/supply.py sizes           a table for docs/reliability.md, largest first
    python tools/supply.py list            a CycloneDX list, to standard output
    python tools/supply.py check FOLDER    licences; two builds of the wheel are equal; it works without the sources
    python tools/supply.py audit FILE      known vulnerabilities of what requirements.lock names, without a network

Packages are those of this environment that graphwatch needs when it is installed without extras. FILE is a database of
advisories in the format of OSV, as osv.dev hands it out for PyPI: a zip of one JSON document for each, brought here by
whatever way there is.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[1]
# Licences that may stand beside ours, by the words with which packages state them; one of several is enough.
ALLOWED = re.compile(
    r"\b(Apache|MIT|BSD|ISC|PSF|Python Software Foundation|MPL|Mozilla|Zlib|0BSD|CC0|Unlicense|HPND|public domain)",
    re.IGNORECASE,
)
# What may be installed in all; whoever adds a package that goes past it says in docs/adr what for.
MOST_MEGABYTES = 800
_PINNED = re.compile(r"^([a-z0-9][\w.-]*)==(\S+)((?:.*\\\n\s+--hash=\S+)+)", re.MULTILINE)


def installed() -> dict[str, Distribution]:
    """Name to package, for all that graphwatch needs here."""
    found: dict[str, Distribution] = {}
    waiting = ["graphwatch"]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # for another system
        for line in found[name].requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                waiting.append(re.sub(r"[-_.]+", "-", needed.name).lower())
    del found["graphwatch"]
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """What a package says of its licence, in a few words; empty where it says nothing."""
    about = package.metadata
    classifiers = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    first = (about.get("License") or "").strip().partition("\n")[0]
    return about.get("License-Expression") or "; ".join(classifiers) or first[:60]


def size(package: Distribution) -> int:
    """Bytes of its files on disk."""
    places = (Path(str(package.locate_file(file))) for file in package.files or ())
    return sum(place.stat().st_size for place in places if place.is_file() and "__pycache__" not in place.parts)


def digests() -> dict[str, list[str]]:
    """Name to the sha256 of the files that requirements.lock allows."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {name: re.findall(r"sha256:([0-9a-f]{64})", rest) for name, _, rest in _PINNED.findall(text)}


def listed() -> dict[str, Any]:
    """The list in the form of CycloneDX 1.5; the same environment gives the same list."""
    known = digests()
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{package.version}",
            "name": name,
            "version": package.version,
            "purl": f"pkg:pypi/{name}@{package.version}",
            "licenses": [{"license": {"name": licence(package)}}],
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in known.get(name, ())],
        }
        for name, package in installed().items()
    ]
    own = distribution("graphwatch")
    about = {"type": "application", "name": "graphwatch", "version": own.version, "bom-ref": "graphwatch"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**about, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": components,
        "dependencies": [{"ref": "graphwatch", "dependsOn": [c["bom-ref"] for c in components]}],
    }


def locked() -> dict[str, str]:
    """Name to the version that requirements.lock names."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {name: version.rstrip(";") for name, version, _ in _PINNED.findall(text)}


def advisories(database: Path) -> Iterator[dict[str, Any]]:
    """What a database of OSV says, one document after the other."""
    with zipfile.ZipFile(database) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def vulnerable(versions: Mapping[str, str], known: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each advisory that concerns one of these packages in this version."""
    for advisory in known:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", ()):
            package = affected.get("package", {})
            name = re.sub(r"[-_.]+", "-", str(package.get("name"))).lower()
            if package.get("ecosystem") != "PyPI" or name not in versions or not _concerns(affected, versions[name]):
                continue
            events = [event for span in affected.get("ranges", ()) for event in span.get("events", ())]
            mended = ", ".join(event["fixed"] for event in events if _is_version(event.get("fixed")))
            told = f"mended in {mended}" if mended else "not mended"
            yield f"{name} {versions[name]}: {advisory['id']}, {advisory.get('summary') or 'no summary'} ({told})"


def _concerns(affected: Mapping[str, Any], version: str) -> bool:
    """Whether a version is named, or lies between one that began it and one that ended it."""
    if version in affected.get("versions", ()):
        return True
    own = Version(version)
    for span in affected.get("ranges", ()):
        inside = False
        # Events come in the order of versions.
        for event in span.get("events", ()) if span.get("type") == "ECOSYSTEM" else ():
            ((what, at),) = event.items()
            if not _is_version(at):
                continue
            if what == "introduced" and own >= Version(at):
                inside = True
            elif (what == "fixed" and own >= Version(at)) or (what == "last_affected" and own > Version(at)):
                inside = False
        if inside:
            return True
    return False


def _is_version(text: object) -> bool:
    try:
        Version(str(text))
    except InvalidVersion:
        return False
    return text is not None


def _audit(database: Path) -> None:
    known = list(advisories(database))
    newest = max((str(advisory.get("modified", "")) for advisory in known), default="")
    found = sorted(vulnerable(locked(), known))
    print("\n".join(found))
    print(f"{len(locked())} packages, {len(known):,} advisories, the newest of {newest[:10]}: {len(found)} concern one")
    if found or not known:
        raise SystemExit(1)


def refused_licences() -> list[str]:
    """Packages whose licence is none of the allowed ones, or is not said."""
    said = {name: licence(package) for name, package in installed().items()}
    return [f"{name}: {words or 'says nothing'}" for name, words in said.items() if not ALLOWED.search(words)]


def built(folder: Path) -> Path:
    """The wheel, made in that folder."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--disable-pip-version-check",
        "--no-deps",
        "-w",
        str(folder),
    ]
    subprocess.run([*command, str(ROOT)], check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1577836800"})
    return next(folder.glob("graphwatch-*.whl"))


def works_alone(wheel: Path) -> str:
    """What graphwatch answers of a file that it loads, out of the wheel and nothing else of ours."""
    acts = "account,object,kind,platform\na,p,like,x\n"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.csv").write_text(acts, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--target", str(folder / "site"), str(wheel)], check=True)
        command = [sys.executable, "-c", "from graphwatch.cli import main; main()"]
        environment = {**os.environ, "PYTHONPATH": str(folder / "site")}
        for words in (["load", "a.csv"], ["queries"], ["query", "MATCH (a:Account) RETURN a.id", "--csv"]):
            done = subprocess.run(
                [*command, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SystemExit(f"{' '.join(words)}: {done.stderr}")
        return done.stdout


def _sizes() -> Iterator[str]:
    rows = sorted(((size(package), name, package) for name, package in installed().items()), reverse=True)
    yield "| package | version | licence | MB installed |"
    yield "|---|---|---|---:|"
    for bytes_, name, package in rows:
        yield f"| {name} | {package.version} | {licence(package)} | {bytes_ / 1e6:.1f} |"
    yield f"| all {len(rows)} | | | {sum(row[0] for row in rows) / 1e6:.0f} |"


def _check(place: Path) -> None:
    refused = refused_licences()
    if refused:
        raise SystemExit("licences that are not allowed:\n" + "\n".join(refused))
    unlocked = sorted(installed().keys() - digests().keys())
    if unlocked:
        raise SystemExit(f"not in requirements.lock, which `just lock` writes: {', '.join(unlocked)}")
    megabytes = sum(map(size, installed().values())) / 1e6
    if megabytes > MOST_MEGABYTES:
        raise SystemExit(f"an installation takes {megabytes:.0f} MB, of at most {MOST_MEGABYTES}")
    place.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as other:
        wheels = built(place), built(Path(other))
        found = [hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels]
        if found[0] != found[1]:
            raise SystemExit("two builds of the wheel differ")
    if "x:a" not in works_alone(wheels[0]):
        raise SystemExit("the wheel alone does not answer")
    print(f"{len(installed())} packages of {megabytes:.0f} MB, licences allowed")
    print(f"wheel {found[0]}, twice the same, works alone")


if __name__ == "__main__":
    if sys.argv[1:] == ["list"]:
        print(json.dumps(listed(), indent=1))
    elif sys.argv[1:] == ["sizes"]:
        print("\n".join(_sizes()))
    elif sys.argv[1:2] == ["audit"]:
        _audit(Path(sys.argv[2]))
    else:
        _check(Path(sys.argv[2]))
