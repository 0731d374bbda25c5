"""What in a case reached a gap, somebody unknown or cash, under each rule (rules 1.10, 1.11)."""

from __future__ import annotations

from collections.abc import Sequence

from trover.case.address_ends import followed, unfollowed
from trover.case.case import Case
from trover.case.chain_state import stops_in
from trover.case.gaps import open_gaps
from trover.ledger.money import money
from trover.trace.compare import Answer
from trover.trace.open_ends import End, OpenEnd, open_ends


def case_open_ends(case: Case, answers: Sequence[Answer]) -> list[OpenEnd]:
    """Where the trail is not followed further, the largest first."""
    made = case.derived()
    return open_ends(answers, made.ledger, open_gaps(made.gaps, case.findings()), _stops(case))


def _stops(case: Case) -> dict[str, End]:
    """Accounts of the ledger at which its data stop: outputs that nothing spends, addresses that no file is about."""
    ledger = case.traced()
    addresses = unfollowed(ledger, followed(ledger, case.sources()))
    return {**stops_in(case), **dict.fromkeys(addresses, End.UNFOLLOWED)}


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
