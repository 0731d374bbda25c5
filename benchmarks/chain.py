"""How fast raw Bitcoin blocks are read, beside a public parser, in one run.

    python -m benchmarks.chain FILE...

FILE is anything the reader of raw blocks takes (blk*.dat, single blocks). The first line is embit, a parser in Python
that is not required by this project (pip install embit): it reads the transactions, computes each id, and gives each
output its address where it has one. Our lines do that and more: `blocks` checks work, Merkle root and witnesses,
`records` makes accounts and events, `sandbox` does it in the process of its own and checks all that comes back.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from trover.sources.chain.address import address_of_script
from trover.sources.chain.block import HEADER, read_block
from trover.sources.chain.blocks import BlocksReader, pieces
from trover.sources.chain.raw import read_count
from trover.sources.custody import SourceFile, read_source
from trover.sources.reader import Reading
from trover.sources.record import EventRecord
from trover.sources.sandbox import Sandbox

MB = 1_000_000


def embit(blocks: Sequence[bytes]) -> int:
    """Transactions read by embit."""
    from embit.transaction import Transaction

    count = 0
    for data in blocks:
        number, at = read_count(data, HEADER)
        stream = io.BytesIO(data[at:])
        for _ in range(number):
            transaction = Transaction.read_from(stream)
            transaction.txid()
            for out in transaction.vout:
                with contextlib.suppress(Exception):  # it raises where a script has no address
                    out.script_pubkey.address()
            count += 1
    return count


def ours(blocks: Sequence[bytes]) -> int:
    count = 0
    for data in blocks:
        block = read_block(data)
        assert not block.faults, block.faults
        for each in block.transactions:
            for out in each.outputs:
                address_of_script(out.script)
        count += len(block.transactions)
    return count


def records(sources: Sequence[SourceFile]) -> int:
    return sum(_events(BlocksReader().read(source)) for source in sources)


def sandbox(sources: Sequence[SourceFile]) -> int:
    answers = Sandbox(workers=1).read_all([(source, None) for source in sources])
    return sum(_events(answer) for answer in answers if isinstance(answer, Reading))


def _events(reading: Reading) -> int:
    return sum(isinstance(record, EventRecord) for record in reading.records)


def measure(name: str, size: int, run: Callable[[], int]) -> str:
    address_of_script.cache_clear()
    start = time.perf_counter()
    try:
        count = run()
    except ImportError:
        return f"{name:8} is not installed"
    took = time.perf_counter() - start
    return f"{name:8} {took:7.2f} s {size / MB / took:7.2f} MB/s {count / took:9,.0f} transactions/s"


def main(words: Sequence[str]) -> None:
    sources = [read_source(Path(word)) for word in words]
    blocks = [piece.data for source in sources for piece in pieces(source.data)]
    size = sum(map(len, blocks))
    print(f"{len(blocks):,} blocks, {size / MB:.1f} MB")
    print(measure("embit", size, lambda: embit(blocks)), flush=True)
    print(measure("blocks", size, lambda: ours(blocks)), flush=True)
    print(measure("records", size, lambda: records(sources)), flush=True)
    print(measure("sandbox", size, lambda: sandbox(sources)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
