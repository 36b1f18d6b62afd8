"""Contacts with clients -> for each client whether there were enough, and soon enough."""

from collections.abc import Sequence
from typing import NamedTuple

from fidelity.model.programme import CONTACT, Dose, Row
from fidelity.model.standing import Contacts, Duration


class DoseState(NamedTuple):
    """Two findings, never one verdict (decision 25)."""

    contacts: Contacts = "not_assessed"
    duration: Duration = "not_assessed"


def doses(dose: Dose, rows: Sequence[Row]) -> dict[str, DoseState]:
    """By `NAME.CLIENT` for every client known by now; by the dose's name where no client is named."""
    contacts = [row for row in rows if row.checklist == CONTACT]
    clients = dict.fromkeys(row.client for row in rows if row.client)
    nameless = [row for row in contacts if not row.client]
    found = {dose.id: _state(dose, nameless)} if nameless or not clients else {}
    for client in clients:
        found[f"{dose.id}.{client}"] = _state(dose, [row for row in contacts if row.client == client])
    return found


def _state(dose: Dose, contacts: Sequence[Row]) -> DoseState:
    if not contacts:
        return DoseState()
    days = [row.day for row in contacts]
    return DoseState(
        "met" if len(days) >= dose.contacts else "not_met",
        "within" if max(days) <= dose.within.after(min(days)) else "exceeded",
    )
