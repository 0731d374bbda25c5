"""What leaves the addresses of somebody, one step: facts of the ledger, of any chain whose accounts have addresses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow.compute as pc

from trover.case.case import Case
from trover.errors import UnknownCurrency
from trover.ledger.event import FEE
from trover.ledger.money import money
from trover.sources.attribution.subject import plain_address


def leaving(case: Case, members: Collection[str]) -> list[dict[str, Any]]:
    """Outputs to others of the events that draw on accounts at `members`, in ledger order; fees left out.

    `amount` is in minor units of `currency`; `inputs_of_own` of the `inputs` draw on `members`.
    """
    ledger = case.traced().current
    if "address" not in ledger.accounts.column_names:
        return []
    wanted = {plain_address(address) for address in members}
    stated = [plain_address(text) for text in pc.fill_null(ledger.accounts["address"], "").to_pylist()]
    own = np.array([text in wanted for text in stated], np.bool_)
    drawn = own[ledger.inputs["account"].to_numpy()]
    rows = np.unique(ledger.event_of("inputs")[drawn])
    accounts = ledger.account_by_id
    found = []
    for event in ledger.take(rows):
        addresses = [plain_address(accounts[leg.account].address) for leg in event.inputs]
        for position, out in enumerate(event.outputs):
            account = accounts[out.account]
            if plain_address(account.address) in wanted or out.account.startswith(FEE):
                continue
            found.append(
                {
                    "transaction": event.id,
                    "time": event.time_text,
                    "output": position,
                    "account": account.id,
                    "address": account.address,
                    "amount": out.amount,
                    "currency": account.currency,
                    "shown": _shown(case, out.amount, account.currency),
                    "inputs_of_own": sum(address in wanted for address in addresses),
                    "inputs": len(addresses),
                }
            )
    return found


def _shown(case: Case, amount: int, currency: str) -> str:
    """The amount with its decimals; of a token whose decimals nobody states, in its smallest unit."""
    try:
        return f"{money(amount, case.decimals(currency))} {currency}"
    except UnknownCurrency:
        return f"{amount} smallest units of {currency}"
