"""Both sides of one payment: the payer's row and the payee's row of the same transfer, found and decided."""

from trover.ledger.pair.announced import booked_later, counted_once
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
    "booked_later",
    "counted_once",
    "find_pairs",
    "join_pairs",
]
