"""Names of persons at the accounts of a network that is handed on."""

from typing import TYPE_CHECKING

from graphwatch.api.opening.persons import Persons, persons_of
from graphwatch.api.project import Project
from graphwatch.model import INTERACTIONS

if TYPE_CHECKING:
    import networkx as nx


def with_persons(project: Project, network: "nx.MultiDiGraph[str]") -> Persons:
    """Put `person` at the accounts of which it is known, and at the others as `unnamed` why it is not.

    An account belongs to the person who had it whenever it acted in this network.

    Raises:
        KeyMissing, KeyWrong: the vault is not here, or cannot be opened.
    """
    persons = persons_of(project, _acted(network))
    for account, name in persons.names.items():
        network.nodes[account]["person"] = name
    for account, why in persons.without.items():
        network.nodes[account]["unnamed"] = why
    network.graph["names"] = True
    return persons


def _acted(network: "nx.MultiDiGraph[str]") -> dict[str, list[int]]:
    """When each account acted: its interactions, and its first and last one with another account."""
    times: dict[str, list[int]] = {str(node): [] for node, label in network.nodes(data="label") if label == "Account"}
    for start, end, attributes in network.edges(data=True):
        type = attributes["type"]
        if type in INTERACTIONS:
            known = [(start, "at_ms")]
        elif type == "CO_INTERACTED":
            known = [(account, name) for account in (start, end) for name in ("first_ms", "last_ms")]
        else:
            continue
        for account, name in known:
            if attributes.get(name) is not None and account in times:
                times[account].append(int(attributes[name]))
    return times
