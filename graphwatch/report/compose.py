"""A case put in words: the document before it is HTML, Markdown or a workbook."""

from collections.abc import Iterator

from graphwatch.report.aggregate_sections import agency_parts, summary_parts
from graphwatch.report.case_model import AccountCase, AgencyCase, AnyCase, ClusterCase, SummaryCase
from graphwatch.report.document import Document, Part, Stamp
from graphwatch.report.lead_sections import account_parts, cluster_parts
from graphwatch.report.shared_sections import Wording


def compose(case: AnyCase, language: str, letterhead: tuple[str, ...] = ()) -> Document:
    """The document about a case, under the office's letterhead where it has one.

    Raises:
        UsageError: there are no texts in that language.
    """
    words = Wording(language)
    title, subtitle, parts = _about(case, words)
    run = case.run or {}
    return Document(
        title=title,
        subtitle=subtitle,
        language=language,
        stamp=Stamp(
            run=words.say("stamp.run", run=str(run["id"])) if run else words.say("stamp.no_run"),
            data=words.say("stamp.data", fingerprint=str(run["fingerprint"])) if run else words.say("stamp.no_data"),
            made=words.say("stamp.made", at=words.time(case.made_ms), version=case.version),
            disclaimer=words.other("lead"),
            contains=words.say("stamp.named") if case.named is not None else "",
        ),
        page=words.say("stamp.page", page="{}", pages="{}"),
        notices=tuple(_notices(case, words)),
        parts=tuple(parts),
        letterhead=letterhead,
    )


def _about(case: AnyCase, words: Wording) -> tuple[str, str, Iterator[Part]]:
    """Title, subtitle and parts."""
    if isinstance(case, ClusterCase):
        of = case.explanation
        n, bursts = len(of.members), len(of.bursts)
        # A cluster has bursts; where the graph lacks them, the document says so, and no number.
        subtitle = words.say("cluster.subtitle", n=n, bursts=bursts) if bursts else words.other("count.accounts", n=n)
        return words.say("cluster.title", number=of.number or 0), subtitle, cluster_parts(case, words)
    if isinstance(case, AccountCase):
        subtitle = words.say("account.subtitle", n=len(case.evidence))
        return words.say("account.title", account=case.account), subtitle, account_parts(case, words)
    if isinstance(case, AgencyCase):
        return words.say("agency.title", agency=case.agency), words.say("agency.subtitle"), agency_parts(case, words)
    return words.say("summary.title"), words.say("summary.subtitle", n=len(case.clusters)), summary_parts(case, words)


def _notices(case: AnyCase, words: Wording) -> Iterator[str]:
    yield words.say("notice.lead")
    if isinstance(case, ClusterCase):
        if case.later is not None:
            which = "gone" if case.later.cluster is None else "continued"
            yield words.say(f"notice.{which}", run=case.later.run, cluster=case.later.cluster or "")
        if case.explanation.question.changed:
            yield words.other("explain.limits.changed")
    if isinstance(case, SummaryCase | AgencyCase):
        yield words.say("notice.aggregates")
        return
    yield words.say("notice.masked" if case.masked else "notice.opened")
    if case.masked:
        steps = case.minutes
        yield words.say("notice.times") if steps is None else words.other("notice.steps", n=steps)
    if case.named is not None:
        yield words.say("notice.named")
    if case.still_masked:
        yield words.say("notice.still_masked", n=case.still_masked)
