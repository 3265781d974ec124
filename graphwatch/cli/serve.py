"""`graphwatch serve`."""

from typing import Final

import click

from graphwatch.cli.options import Place, store_options
from graphwatch.cli.terminal import note
from graphwatch.errors import UsageError

PORT: Final = 8765


@click.command()
@click.argument("named", required=False, metavar="[STORE]")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option("--port", default=PORT, show_default=True, help="Where to listen; 0 takes a free port.")
@click.option(
    "--behind-proxy", metavar="URL", help="Address of the office's proxy, which signs people on: docs/desk.md."
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@store_options
def serve(named: str | None, host: str, port: int, behind_proxy: str | None, no_browser: bool, place: Place) -> None:
    """Open the desk: the store in a browser, for people who do not use a terminal.

    STORE is a folder, or neo4j://host[:port][/database]; a folder that is not there yet is made by the first load.
    Nothing leaves this machine. The address works once; the desk is open until Ctrl-C.
    """
    if named is not None and place.store is not None:
        raise UsageError("the store is named twice", remedy="Name it once: graphwatch serve STORE.")
    open_desk(named or place.store, place.project, host=host, port=port, public=behind_proxy, shown=not no_browser)


def open_desk(
    store: str | None, project: str | None, *, host: str = "127.0.0.1", port: int = PORT, public: str | None = None,
    shown: bool = True,
) -> None:  # fmt: skip
    """Show the desk until Ctrl-C, and open it in the browser of this machine where there is one."""
    import webbrowser

    from graphwatch.cli.options import opened

    with opened(Place(store, project), create=True):
        pass  # what is wrong with the store, or a password that is missing, is told here and not in the browser

    from graphwatch.desk.asking import Desk
    from graphwatch.desk.serving import serve as run

    def say(address: str) -> None:
        click.echo(address)
        note("The desk is open at this address, which works once. Ctrl-C closes it.")
        if shown and public is None:
            webbrowser.open(address)

    run(Desk(store, project), host=host, port=port, public=public, say=say)
