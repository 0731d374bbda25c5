"""Generated worlds in which who paid whom is known: statements of a few accounts, some sides silent, some missing."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from two_sided import ledger_of

from trover.ledger.ledger import Ledger

ACCOUNTS = "X", "Y", "Z"
STRANGERS = "EXT:Delta_Oil", "EXT:LV80BANK0000435195001", "EXT:CASH", "EXT:Alphabet_Soup"


@dataclass(frozen=True)
class Payment:
    """A payment between two accounts. What each statement says of the other: number, name, or nothing."""

    payer: int
    step: int
    amount: int
    day: int
    lag: int
    payer_says: str
    payee_says: str
    referred: bool
    credited: bool = True
    clock: str = ""

    @property
    def ends(self) -> tuple[str, str]:
        return ACCOUNTS[self.payer], ACCOUNTS[(self.payer + self.step) % len(ACCOUNTS)]


@dataclass(frozen=True)
class Noise:
    """A row of one account with a stranger."""

    own: int
    day: int
    amount: int
    other: str


SAYS = st.sampled_from(["number", "number", "name", "nothing"])
PAYMENTS = st.builds(
    Payment, st.integers(0, 2), st.integers(1, 2), st.sampled_from([5, 7, 100]), st.integers(0, 9), st.integers(0, 3),
    SAYS, SAYS, st.booleans(), st.booleans(), st.sampled_from(["", "", "at=09:30", "at=16:00"]),
).filter(lambda p: p.payer_says != "nothing" or p.payee_says != "nothing" or p.referred)  # fmt: skip
NOISE = st.builds(
    Noise, st.integers(0, 2), st.integers(0, 12), st.sampled_from([5, -5, 7, -7, 100, -100, 31]),
    st.sampled_from(STRANGERS),
)  # fmt: skip
NAMES = {"X": "Alpha_Trading_Ltd", "Y": "Beta_Metals_SA", "Z": "Gamma_Gonzalez"}


def world(payments: list[Payment], noise: list[Noise]) -> tuple[Ledger, dict[str, tuple[object, ...]]]:
    """The ledger, and for each row of a payment what kind of payment it is a side of: equal ones are alike."""
    lines: list[tuple[int, str]] = []
    kinds: dict[str, tuple[object, ...]] = {}
    for number, paid in enumerate(payments):
        payer, payee = paid.ends
        reference = f"REF-{number:04}" if paid.referred else ""
        credited = paid.day + paid.lag
        kind = (payer, payee, paid.amount, paid.day, credited, paid.referred and number)
        kinds[f"d{number}"] = kind
        who = _said(paid.payer_says, payee, number)
        lines.append((paid.day, f"{payer} {paid.day} -{paid.amount} {who} {reference} {paid.clock} id=d{number}"))
        if paid.credited:
            kinds[f"c{number}"] = kind
            who = _said(paid.payee_says, payer, number)
            lines.append((credited, f"{payee} {credited} {paid.amount} {who} {reference} id=c{number}"))
    lines += [(n.day, f"{ACCOUNTS[n.own]} {n.day} {n.amount} {n.other} id=n{at}") for at, n in enumerate(noise)]
    lines += [(0, f"{account} 0 1 EXT:Opening id=o{account}") for account in ACCOUNTS]
    return ledger_of(*(line for _, line in sorted(lines, key=lambda each: each[0]))), kinds


def _said(what: str, account: str, number: int) -> str:
    if what == "nothing":
        return f"EXT:UNKNOWN:{number}{account}"
    return f"EXT:{account}" if what == "number" else f"EXT:{NAMES[account]}"
