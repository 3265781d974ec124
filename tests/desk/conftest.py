import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

import graphwatch
from graphwatch.desk.asking import Desk
from graphwatch.desk.entrance import Person
from graphwatch.desk.serving import application
from graphwatch.model.tables import node_rows

BASE = "http://127.0.0.1:8765"
# As offices number them.
COMPLAINT = "001/ADU/IX/2024"


class Visitor:
    """A browser without a screen: it keeps cookies and sends what browsers send."""

    def __init__(self, store: Path | Desk, *, public: str | None = None, headers: dict[str, str] | None = None) -> None:
        self.desk = Desk(str(store)) if isinstance(store, Path) else store
        self.entrance = application(self.desk, port=8765, public=public)
        self.base = public or BASE
        self.cookies = httpx.Cookies()
        self.headers = headers or {}

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.entrance)
            async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.cookies) as client:
                answer = await client.request(method, path, **more)
                self.cookies = client.cookies
                return answer

        more["headers"] = {**self.headers, **more.get("headers", {})}
        # The thread of a test that drove Chromium before has a loop already.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(asked())).result()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def enter(self) -> "Visitor":
        assert self.get(self.entrance.first_address).status_code == 200
        return self

    @property
    def form_token(self) -> str:
        return self.get("/accounts").text.partition('name="form_token" value="')[2].partition('"')[0]

    @property
    def person(self) -> Person:
        """Who sits at this desk."""
        (person,) = self.entrance._people.values()
        return person

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def post(self, path: str, **form: str) -> httpx.Response:
        data = {"form_token": self.form_token, **form}
        return self.ask("POST", path, data=data, headers={"Origin": self.base})


@pytest.fixture(scope="session")
def desk_store(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's store with an account of a hostile name, on which may be decided."""
    store = tmp_path_factory.mktemp("desk") / "kantor.gw"
    shutil.copytree(demo_store, store)
    file = store.parent / "hostile.csv"
    file.write_text(
        'account,account_handle,object,kind,platform,text\n999,"<img/src=x/onerror=alert(1)>",p9,comment,x,'
        '"</td><script>alert(1)</script>{{ 7*7 }}"\n',
        encoding="utf-8",
    )
    with graphwatch.open(store) as project:
        project.load(file)
        with project.store.write("load") as writing:
            writing.add(node_rows("Complaint", [{"id": COMPLAINT, "status": "new", "text": "<b>adu</b>"}]))
    return store


@pytest.fixture(scope="session")
def desk(desk_store: Path) -> Desk:
    """One desk for all visitors, with the answers that it keeps."""
    return Desk(str(desk_store))


def at_own_desk(store: Path, folder: Path) -> Visitor:
    """Somebody who reads English, at a desk with a copy of a store."""
    copy = folder / store.name
    shutil.copytree(store, copy)
    visitor = Visitor(copy).enter()
    visitor.post("/language", lang="en", back="/queries")
    return visitor


@pytest.fixture
def visitor(desk: Desk) -> Visitor:
    return Visitor(desk).enter()


@pytest.fixture
def stranger(desk: Desk) -> Callable[..., Visitor]:
    return lambda **more: Visitor(desk, **more)
