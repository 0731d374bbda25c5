"""First in, first out: Clayton's Case."""

from __future__ import annotations

from trover.trace.rules import OLDEST_FIRST, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (OLDEST_FIRST,)


RULE = LotRule(
    id="fifo",
    title="First in, first out (Clayton's Case)",
    section="2.1",
    also_called=("Clayton's Case", "first in first out"),
    between="all owners, the residual OWN included",
    assumes="The oldest credit in the account leaves first.",
    authority=(
        "Devaynes v Noble (1816) 1 Mer 572 (verify before quoting)",
        "Barlow Clowes International v Vaughan [1991] EWCA Civ 11",
        "Charity Commission v Framjee [2014] EWHC 2507 (Ch)",
    ),
    used=(
        "England and Wales as a starting point, Ireland, parts of the Commonwealth; some United States tax and "
        "forfeiture cases; proposed for blockchains by Anderson and others (2018). Displaced where impracticable, "
        "unjust or contrary to intention; rejected for tracing in French Caledonia (NSW) and Greymac "
        "(Ontario) (both: verify before quoting)."
    ),
    favours="late contributors; losses fall on early ones, who gain from early purchases that rise in value",
    caution=(
        "Not between trustee and beneficiary (Re Hallett's Estate). No court is known to have adopted it for "
        "unspent outputs of a blockchain, where miners set the order of transactions."
    ),
    draw=draw,
    on=frozenset({"account", "utxo"}),
)
