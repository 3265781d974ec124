"""Dossiers: documents about a lead, an account, an agency or a run, made to be handed on and printed."""

from graphwatch.report.cases import (
    AccountCase,
    AgencyCase,
    AnyCase,
    ClusterCase,
    Decision,
    Ego,
    Erased,
    Evidence,
    Heard,
    Later,
    Named,
    Overview,
    Picture,
    SummaryCase,
    Tie,
)
from graphwatch.report.composing import compose
from graphwatch.report.document import Document
from graphwatch.report.markdown import write_markdown
from graphwatch.report.page import write_page
from graphwatch.report.suppressing import Cell, suppressed
from graphwatch.report.workbook import write_workbook

__all__ = [
    "AccountCase",
    "AgencyCase",
    "AnyCase",
    "Cell",
    "ClusterCase",
    "Decision",
    "Document",
    "Ego",
    "Erased",
    "Evidence",
    "Heard",
    "Later",
    "Named",
    "Overview",
    "Picture",
    "SummaryCase",
    "Tie",
    "compose",
    "suppressed",
    "write_markdown",
    "write_page",
    "write_workbook",
]
