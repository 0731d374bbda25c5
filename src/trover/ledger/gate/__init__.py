"""The gate: statements are judged before a row of them counts (rules 1.2, 1.3, 1.10).

Pure: records in, one `Verdict` for each statement out. What enters the ledger is decided where cases are kept.
"""

from trover.ledger.gate.judge import judge as judge
from trover.ledger.gate.verdict import Order as Order
from trover.ledger.gate.verdict import Proof as Proof
from trover.ledger.gate.verdict import Standing as Standing
from trover.ledger.gate.verdict import Verdict as Verdict
from trover.ledger.gate.verdict import from_plain as from_plain
from trover.ledger.gate.verdict import to_plain as to_plain
