"""Gaps: where the statements of an account do not join, what repeats, and what can be said across them (rules 1.10)."""

from trover.ledger.gap.bounds import Bounds as Bounds
from trover.ledger.gap.bounds import bounds_after as bounds_after
from trover.ledger.gap.examine import examine as examine
from trover.ledger.gap.span import Duplicate as Duplicate
from trover.ledger.gap.span import Examined as Examined
from trover.ledger.gap.span import Gap as Gap
from trover.ledger.gap.span import Held as Held
from trover.ledger.gap.span import Joint as Joint
from trover.ledger.gap.span import Movement as Movement
from trover.ledger.gap.span import Overlap as Overlap
from trover.ledger.gap.span import Span as Span
from trover.ledger.gap.span import Why as Why
