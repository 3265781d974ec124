"""`graphwatch explain` and `graphwatch review`: why something is a lead, and what was decided on it."""

from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.options import NamesWithDash, Place, lang_option, opened, run_option, store_options
from graphwatch.cli.tables import Form, form_options, json_option, print_json, show_table
from graphwatch.cli.terminal import note, note_handles, visible
from graphwatch.errors import UsageError
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.casework.leads import Decided
    from graphwatch.explain.words import Section


@click.command(cls=NamesWithDash)
@click.argument("lead")
@click.argument("other", required=False)
@run_option
@click.option(
    "--layer",
    default="all",
    show_default=True,
    help="text, link or untimed; or one kind of interaction of a run with --layers.",
)
@click.option(
    "--bursts",
    default=10,
    show_default=True,
    help="How many bursts to list, the fullest first, or acts of one account.",
)
@lang_option
@json_option
@store_options
def explain(
    lead: str, other: str | None, run: str, layer: str, bursts: int, lang: str | None, as_json: bool, place: Place
) -> None:
    """Say why a cluster, a pair or an account with a regular lag is a lead, and what innocent explanations to rule out.

    LEAD is the number or id of a cluster, an account with a regular lag, or one account of a pair, and OTHER the other
    one: `graphwatch explain 1`, or `graphwatch explain ani budi --lang en`. --json has the numbers behind the words,
    all bursts among them.
    """
    from graphwatch.explain.lag_words import lead_sections

    with opened(place) as project:
        # One account alone is no pair; a number means a cluster.
        lag = None if other is not None or lead.isdecimal() else project.explain_lag(lead, run=run)
        explained = lag or project.explain(lead, other, run=run, layer=layer)
        language = project.language(lang)
    note_handles(language)
    if as_json:
        print_json(explained)
    else:
        _write(lead_sections(explained, language, most=max(bursts, 0)))


def _write(sections: "tuple[Section, ...]") -> None:
    """Headings and lines, wrapped; nothing that people wrote may move the cursor."""
    import shutil
    from textwrap import fill

    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    for place, section in enumerate(sections):
        if place:
            click.echo()
        click.echo(visible(section.heading))
        for line in section.lines:
            shown = fill(visible(line), width, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
            click.echo(shown)


@click.group()
def review() -> None:
    """Decide on leads (clusters, complaints, accounts): dismissing one is as easy as forwarding it."""


@review.command(name="list")
@run_option
@click.option(
    "--status", type=click.Choice(["open", "needs-clarification", "dismissed", "forwarded"]), help="Only those."
)
@click.option("--by", type=click.Choice(["lead", "agency"]), default="lead", show_default=True)
@lang_option
@form_options
@store_options
def list_(run: str, status: str | None, by: str, lang: str | None, form: Form | None, place: Place) -> None:
    """List the leads with what was decided on them, or count them by agency, where bias shows."""
    if by == "agency" and status is not None:
        raise UsageError("agencies are counted by every status", remedy="Leave out --status, or --by agency.")
    with opened(place) as project:
        if by == "agency":
            found = project.leads_by_agency(run=run)
        else:
            found = project.leads(run=run, status=status.replace("-", "_") if status else None)
        language = project.language(lang, otherwise=TERMINAL_LANGUAGE)
    show_table(found, form, language)


@review.command(name="show", cls=NamesWithDash)
@click.argument("lead")
@lang_option
@json_option
@store_options
def show_(lead: str, lang: str | None, as_json: bool, place: Place) -> None:
    """Show a lead: why it is one, what else may explain it, and every decision on it."""
    from graphwatch.common.i18n import text

    with opened(place) as project:
        found = project.lead(lead)
        lag = project.explain_lag(found.id, run=found.run) if found.kind == "account" and found.run else None
        explained = project.explain(found.id) if found.kind == "cluster" else lag
        language = project.language(lang)
    if as_json:
        print_json({"lead": found, "explanation": explained})
        return
    accounts = text("count.accounts", language, n=len(found.accounts))
    click.echo(visible(f"{text(f'node.{found.kind.capitalize()}', language)} {found.id}: {accounts}"))
    if explained is not None:
        from graphwatch.explain.lag_words import lead_sections

        for section in lead_sections(explained, language, most=3):
            click.echo(visible(section.heading))
            for line in section.lines:
                click.echo(visible(f"  {line}"))
    for heading, decisions in (("report.decisions.heading", found.decisions), ("review.earlier", found.earlier)):
        if decisions:
            click.echo(text(heading, language))
            for decision in decisions:
                click.echo(visible(f"  {_told(decision, language)}"))
    if not found.decisions:
        note(text("report.decisions.none", language))


@review.command(cls=NamesWithDash)
@click.argument("lead")
@click.option("--outcome", required=True, type=click.Choice(["needs-clarification", "dismissed", "forwarded"]))
@click.option("--reviewer", required=True, metavar="NAME", help="Who decides.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option(
    "--clarification", metavar="TEXT", help="What the persons concerned answered; before anything is forwarded."
)
@click.option(
    "--to", "forwarded_to", metavar="OFFICE", help="To whom it is forwarded: bkn, pengawas, bawaslu, ppk, or any other."
)
@click.option(
    "--after", metavar="ID", help="The last decision that the reviewer knows of; refused if there is a later."
)
@click.option("--superseded", is_flag=True, help="Decide on a cluster that a later run continues.")
@store_options
def decide(lead: str, outcome: str, place: Place, **asked: Any) -> None:
    """Decide on a lead. Decisions are only ever added."""
    with opened(place) as project:
        made = project.decide(lead, outcome, **asked)
    note(f"Decision {made.id} on {made.lead}: {made.outcome}, by {made.reviewer}.")


def _told(decision: "Decided", language: str) -> str:
    from graphwatch.common.clock import wib
    from graphwatch.common.i18n import text

    outcome = text(f"report.outcome.{decision.outcome}", language)
    parts = [f"{decision.id}  {wib(decision.at_ms)}  {decision.reviewer}: {outcome}, {decision.reason}"]
    if decision.clarification:
        parts.append(text("review.clarification", language, answer=decision.clarification))
    if decision.forwarded_to:
        parts.append(text("review.to", language, office=decision.forwarded_to))
    return "; ".join(parts)
