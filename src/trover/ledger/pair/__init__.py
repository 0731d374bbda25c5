"""Both sides of one payment: the payer's row and the payee's row of the same transfer, found and decided."""

from trover.ledger.pair.decide import How, Why
from trover.ledger.pair.join import Joined, join_pairs
from trover.ledger.pair.pairs import Candidate, Pair, Pairing, Ruling, Unmatched, Waiting, find_pairs

__all__ = [
    "Candidate",
    "How",
    "Joined",
    "Pair",
    "Pairing",
    "Ruling",
    "Unmatched",
    "Waiting",
    "Why",
    "find_pairs",
    "join_pairs",
]
