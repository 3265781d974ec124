"""Why a pair or a cluster is a lead: one account of it for the terminal, the dossier and the page alike."""

from graphwatch.explanation.model import (
    Act,
    Agency,
    Burst,
    Explanation,
    Innocent,
    Member,
    OnRoster,
    Pace,
    Question,
    Target,
    Ties,
)
from graphwatch.explanation.weighing import innocent, reading
from graphwatch.explanation.words import Section, sections, wib

__all__ = [
    "Act",
    "Agency",
    "Burst",
    "Explanation",
    "Innocent",
    "Member",
    "OnRoster",
    "Pace",
    "Question",
    "Section",
    "Target",
    "Ties",
    "innocent",
    "reading",
    "sections",
    "wib",
]
