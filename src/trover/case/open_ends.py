"""What in a case reached a gap, somebody unknown or cash, under each rule (rules 1.10, 1.11)."""

from __future__ import annotations

from collections.abc import Sequence

from trover.case.address_ends import followed, unfollowed
from trover.case.case import Case
from trover.case.chain_state import lying_in, stops_in
from trover.case.gaps import open_gaps
from trover.ledger.event import AccountKind
from trover.ledger.money import money
from trover.trace.compare import Answer
from trover.trace.open_ends import End, OpenEnd, open_ends

BLOCK_ORDER = (
    "Transactions stand in the order of blocks and of positions in the block, which whoever makes a block chooses. "
    "Where a rule follows an order, that order decides."
)
NO_COURT = "No court is known to have taken first in, first out as a general rule for outputs of a chain."
NOT_FOLLOWED = "no file of this case is about what this address did"
UNTESTED = (
    "In use for outputs of a chain are poison, haircut, fifo, lifo and tiho. What other rules say of them is untested "
    "in any court."
)


def case_open_ends(case: Case, answers: Sequence[Answer]) -> list[OpenEnd]:
    """Where the trail is not followed further, the largest first."""
    made = case.derived()
    return open_ends(answers, made.ledger, open_gaps(made.gaps, case.findings()), _stops(case))


def _stops(case: Case) -> dict[str, End]:
    """Accounts of the ledger at which its data stop: outputs that nothing spends, addresses that no file is about."""
    ledger = case.traced()
    addresses = unfollowed(ledger, followed(ledger, case.sources()))
    return {**stops_in(case), **dict.fromkeys(addresses, End.UNFOLLOWED)}


def what_lies(case: Case) -> dict[str, str]:
    """Accounts at which the data of the case stop, and what is known of what lies there, in words."""
    ledger = case.traced()
    addresses = unfollowed(ledger, followed(ledger, case.sources()))
    return {id: each.says for id, each in lying_in(case).items()} | dict.fromkeys(addresses, NOT_FOLLOWED)


def chain_limits(case: Case) -> list[str]:
    """What an exhibit says where outputs of a chain are traced: of rules and order (rules 2.10), and of open ends."""
    if not any(account.kind is AccountKind.OUTPUT for account in case.traced().account_list):
        return []
    lying = lying_in(case)
    unknown, spent = (sum(each.end is end for each in lying.values()) for end in (End.UNSPENT_UNKNOWN, End.SPENT))
    said = [BLOCK_ORDER, NO_COURT, UNTESTED]
    if unknown:
        said.append(f"Of {unknown:,} outputs nothing in the case says whether they were spent since.")
    if spent:
        said.append(f"{spent:,} outputs were spent by transactions that are not in the case.")
    return said


def gap_limits(case: Case, answers: Sequence[Answer]) -> list[str]:
    """What an exhibit says of each gap that claimed money reached: an interval, and that it is no result."""
    said = []
    for end in case_open_ends(case, answers):
        if end.gap is None or end.beyond is None:
            continue
        least, most = (money(units, case.decimals(end.currency)) for units in (end.beyond.least, end.beyond.most))
        said.append(
            f"{end.name[:1].upper()}{end.name[1:]}: {end.gap.why}. Between these days nothing can be computed."
            f" When the statements go on, from {least} to {most} {end.currency} of claimed money can be in the account;"
            " none of it is counted as traced beyond the gap."
        )
    return said
