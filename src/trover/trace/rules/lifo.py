"""Last in, first out."""

from __future__ import annotations

from trover.trace.rules import NEWEST_FIRST, OLDEST_FIRST, LotRule, Stages


def draw(preserved: bool) -> Stages:
    return (NEWEST_FIRST,)


RULE = LotRule(
    id="lifo",
    title="Last in, first out",
    section="2.2",
    also_called=("last in first out",),
    between="all owners, the residual OWN included",
    assumes="The newest credit in the account leaves first.",
    authority=("United States v. Henshaw, 388 F.3d 738 (10th Cir. 2004)",),
    used=(
        "Upheld within the court's discretion where a deposit was made close in time to the payment (a tax-lien "
        "conversion case, not a forfeiture of fraud proceeds); otherwise family-law tracing and a sensitivity."
    ),
    favours="early contributors; losses fall on late ones",
    caution="Two credits that arrive in one event are drawn in the reverse of their order in it.",
    draw=draw,
    discharge=(OLDEST_FIRST,),
    on=frozenset({"account", "utxo"}),
)
