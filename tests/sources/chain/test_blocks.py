"""Blocks: read, checked by themselves and against each other; on a chain of the tests' own where work costs nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trover.errors import BlockRefused, DuplicateId, OutputSpent, Problem, RewardTooHigh, UnknownOutput
from trover.sources.chain import raw
from trover.sources.chain.block import GENESIS, Block, body_faults, read_block, read_header, reward
from trover.sources.chain.blocks import BlocksReader, book_blocks, mask_of, pieces
from trover.sources.chain.branches import bits_of, branches_of
from trover.sources.chain.raw import Broken, RawInput, RawOutput, RawTransaction, merkle_root, read_transaction, txid_of
from trover.sources.chain.records import ChainBook
from trover.sources.custody import read_source, source_of
from trover.sources.reader import read_records
from trover.sources.record import NOT_STATED, EventRecord, StatementRecord

SAMPLES = Path(__file__).parents[2] / "fuzz" / "samples"
EASY = 0x7FFFFF << 232
COIN = 50 * 10**8
KEY = bytes.fromhex("76a914") + bytes(20) + bytes.fromhex("88ac")


def coinbase(mark: int, value: int = COIN) -> RawTransaction:
    given = RawInput(raw.NOTHING, raw.NO_OUTPUT, mark.to_bytes(4, "little"))
    return transaction([given], [value])


def transaction(inputs: list[RawInput], values: list[int]) -> RawTransaction:
    outputs = tuple(RawOutput(value, KEY) for value in values)
    return RawTransaction(txid_of(1, inputs, outputs, 0), 1, tuple(inputs), outputs, 0)


def spend(of: RawTransaction, number: int, values: list[int]) -> RawTransaction:
    return transaction([RawInput(of.txid, number, b"")], values)


def packed(each: RawTransaction) -> bytes:
    parts = [each.version.to_bytes(4, "little"), raw.count_bytes(len(each.inputs))]
    for given in each.inputs:
        parts += [
            bytes.fromhex(given.txid)[::-1],
            given.output.to_bytes(4, "little"),
            raw.count_bytes(len(given.script)),
        ]
        parts += [given.script, given.sequence.to_bytes(4, "little")]
    parts.append(raw.count_bytes(len(each.outputs)))
    for made in each.outputs:
        parts += [made.value.to_bytes(8, "little"), raw.count_bytes(len(made.script)), made.script]
    return b"".join(parts) + each.locktime.to_bytes(4, "little")


def mined(
    previous: str, transactions: list[RawTransaction], time: int = 1_300_000_000, bits: int = 0x207FFFFF
) -> Block:
    """A block of an easy chain, found by trying."""
    root, _ = merkle_root([bytes.fromhex(each.txid)[::-1] for each in transactions])
    start = (1).to_bytes(4, "little") + bytes.fromhex(previous)[::-1] + root
    start += time.to_bytes(4, "little") + bits.to_bytes(4, "little")
    for nonce in range(100_000):
        header = start + nonce.to_bytes(4, "little")
        if int(read_header(header).hash, 16) <= read_header(header).target:
            body = b"".join(map(packed, transactions))
            return read_block(header + raw.count_bytes(len(transactions)) + body, EASY)
    raise AssertionError("no nonce found")


def placed(blocks: list[Block]) -> list[Block]:
    """The same blocks as if the first of them were the first of all."""
    first = blocks[0]
    known = replace(first, header=replace(first.header, hash=GENESIS))
    followers = [
        replace(each, header=replace(each.header, previous=GENESIS))
        if each.header.previous == first.header.hash
        else each
        for each in blocks[1:]
    ]
    return [known, *followers]


def booked(blocks: list[Block]) -> tuple[ChainBook, list[EventRecord], list[Problem]]:
    book = ChainBook(source_of("own.dat", b"own"))
    remarks = book_blocks(book, blocks, list(range(1, len(blocks) + 1)), is_main=False)
    return book, [each for each in book.records() if isinstance(each, EventRecord)], remarks


def problems(book: ChainBook) -> list[Problem]:
    return [problem for row in book.broken for problem in row.problems]


def test_the_first_blocks_are_read_in_the_order_of_the_chain_whatever_the_order_of_the_file() -> None:
    reading = read_records(read_source(SAMPLES / "blocks.dat"))
    events = [each for each in reading.records if isinstance(each, EventRecord)]
    assert reading.format == "bitcoin blocks"
    assert [each.seq for each in events[:3]] == [0, 1_000_000, 2_000_000]
    assert events[-1].id == "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
    assert [leg.amount for leg in events[-1].outputs] == [10**9, 4 * 10**9]
    assert [leg.amount for leg in events[-1].inputs] == [COIN]
    (statement,) = [each for each in reading.records if isinstance(each, StatementRecord)]
    assert statement.chain == "blocks"


def test_hexadecimal_digits_and_bytes_are_the_same_blocks() -> None:
    data = (SAMPLES / "blocks.txt").read_bytes()
    single = bytes.fromhex(data.split()[0].decode())
    assert BlocksReader().sniff(source_of("a", data))
    assert BlocksReader().sniff(source_of("b", single))
    assert [piece.data for piece in pieces(single)] == [next(iter(pieces(data))).data]


@pytest.mark.parametrize("mask", [bytes(range(1, 9)), b"\x00\x00\x00\x00\x00\x00\x00\x01", b"\xff" * 8])
def test_a_file_that_its_node_masks_is_the_same_blocks(mask: bytes) -> None:
    data = (SAMPLES / "blocks.dat").read_bytes()
    masked = bytes(sign ^ mask[at % 8] for at, sign in enumerate(data))
    assert mask_of(data) == b""
    assert mask_of(masked) == mask
    assert BlocksReader().sniff(source_of("a", masked))
    assert [piece.data for piece in pieces(masked)] == [piece.data for piece in pieces(data)]


def test_a_transaction_with_witness_has_two_hashes() -> None:
    """The first example of BIP-143: P2WPKH spent beside P2PK."""
    signed = bytes.fromhex(
        "01000000000102fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f00000000494830450221008b9d1dc26ba6"
        "a9cb62127b02742fa9d754cd3bebf337f7a55d114c8e5cdd30be022040529b194ba3f9281a99f2b1c0a19c0489bc22ede944ccf4ecbab4cc"
        "618ef3ed01eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb20600"
        "0000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0"
        "167faa815988ac000247304402203609e17b84f6a7d30c80bfa610b5b4542f32a8a0d5447a12fb1366d7f01cc44a0220573a954c45183315"
        "61406f90300e8f3358f51928d43c212a8caed02de67eebee0121025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07ae"
        "ee635711000000"
    )
    found, end = read_transaction(signed)
    assert end == len(signed)
    assert [each.value for each in found.outputs] == [112340000, 223450000]
    assert found.txid == txid_of(found.version, found.inputs, found.outputs, found.locktime)
    assert found.witness[:1] == b"\x00"
    assert raw.id_text(found.wtxid) != found.txid


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it ends where a count begins"),
        (b"\x01\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "no room"),
        (b"\x01\x00\x00\x00\xfd\x01\x00", "longer than it must be"),
        (b"\x01\x00\x00\x00\xfd\x01", "inside a count"),
        (b"\x01\x00\x00\x00\x01" + bytes(41), "it ends"),
        (b"\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", "without inputs"),
    ],
)
def test_bytes_that_are_no_transaction_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(Broken, match=why):
        read_transaction(data)


def test_the_reward_halves() -> None:
    assert [reward(height) for height in (0, 209_999, 210_000, 420_000, 6_930_000, 10**8)] == [
        COIN, COIN, COIN // 2, COIN // 4, 0, 0,
    ]  # fmt: skip


def test_a_target_in_short_form_comes_back() -> None:
    assert bits_of(0xFFFF << 208) == 0x1D00FFFF
    assert bits_of(0x404CB << 8 * 24) == 0x1B0404CB
    assert bits_of(0x80 << 8) == 0x03008000


def test_a_body_that_repeats_transactions_is_refused_although_its_root_agrees() -> None:
    first = coinbase(1)
    others = [spend(first, 0, [1]), spend(first, 0, [2])]
    root, _ = merkle_root([bytes.fromhex(each.txid)[::-1] for each in (first, *others)])
    assert body_faults(root, [first, *others]) == []
    assert "repeats transactions" in body_faults(root, [first, *others, others[-1]])[0]


def test_a_block_without_one_coinbase_is_refused() -> None:
    first = coinbase(1)
    for body in ([spend(first, 0, [1])], [first, coinbase(2)]):
        root, _ = merkle_root([bytes.fromhex(each.txid)[::-1] for each in body])
        assert "one coinbase" in body_faults(root, body)[0]


def test_witnesses_need_their_commitment() -> None:
    first = coinbase(1)
    other = replace(spend(first, 0, [1]), witness=b"\x00", wtxid=b"\x07" * 32)
    reserved = replace(first, witness=b"\x01\x20" + bytes(32))
    wanted = raw.double_sha256(merkle_root([bytes(32), other.wtxid])[0] + bytes(32))

    def faults(commitment: bytes, miner: RawTransaction) -> list[str]:
        paid = (
            (*miner.outputs, RawOutput(0, bytes.fromhex("6a24aa21a9ed") + commitment)) if commitment else miner.outputs
        )
        made = replace(miner, outputs=paid, txid=txid_of(1, miner.inputs, paid, 0))
        root, _ = merkle_root([bytes.fromhex(each.txid)[::-1] for each in (made, other)])
        return body_faults(root, [made, other])

    assert faults(wanted, reserved) == []
    assert faults(bytes(32), reserved) == ["has a commitment to witnesses that its witnesses do not give"]
    assert faults(wanted, first) == ["has no reserved value for the commitment to its witnesses"]
    assert faults(b"", reserved) == ["holds witnesses and no commitment to them"]


def test_fees_are_what_inputs_leave_and_the_miner_may_take_them() -> None:
    first = coinbase(1)
    start = mined(raw.NOTHING, [first])
    paid = spend(first, 0, [COIN - 700])
    after = mined(start.header.hash, [coinbase(2, COIN + 700), paid])
    book, events, _ = booked(placed([start, after]))
    assert book.broken == []
    assert [(leg.account, leg.amount) for leg in events[-1].outputs][-1] == (f"FEE:{paid.txid}", 700)


def test_a_miner_who_takes_too_much_is_named_and_what_follows_is_refused() -> None:
    first = coinbase(1)
    start = mined(raw.NOTHING, [first])
    after = mined(start.header.hash, [coinbase(2, COIN + 701), spend(first, 0, [COIN - 700])])
    last = mined(after.header.hash, [coinbase(3)])
    book, events, _ = booked(placed([start, after, last]))
    assert [type(problem) for problem in problems(book)] == [RewardTooHigh, BlockRefused]
    assert len(events) == 1


def test_of_two_branches_that_with_more_work_counts_and_the_other_is_kept() -> None:
    start = mined(raw.NOTHING, [coinbase(1)])
    short = mined(start.header.hash, [coinbase(2)])
    long = [mined(start.header.hash, [coinbase(3)], 1_300_000_600)]
    long.append(mined(long[0].header.hash, [coinbase(4)], 1_300_001_200))
    book, events, remarks = booked([start, short, *long])
    assert [each.id for each in events] == [each.transactions[0].txid for each in (start, *long)]
    assert [row.id for row in book.unbooked] == [short.transactions[0].txid]
    (remark,) = remarks
    assert short.header.hash in str(remark)
    assert "off the branch with the most work" in str(remark)


def test_work_counts_and_not_length() -> None:
    start = mined(raw.NOTHING, [coinbase(1)])
    easy = [mined(start.header.hash, [coinbase(2)])]
    easy.append(mined(easy[0].header.hash, [coinbase(3)]))
    hard = mined(start.header.hash, [coinbase(4)], bits=0x201FFFFF)
    found = branches_of([start, *easy, hard], [1, 2, 3, 4], is_main=False)
    assert [each.block for each in found.chain] == [start, hard]
    assert len(found.stale) == 2


def test_of_equal_branches_the_first_of_the_file_counts() -> None:
    start = mined(raw.NOTHING, [coinbase(1)])
    two = [mined(start.header.hash, [coinbase(mark)]) for mark in (2, 3)]
    assert [each.block for each in branches_of([start, *two], [1, 2, 3], is_main=False).chain] == [start, two[0]]


def test_a_transaction_in_both_branches_is_booked_where_it_counts() -> None:
    first = coinbase(1)
    start = mined(raw.NOTHING, [first])
    paid = spend(first, 0, [COIN])
    one = mined(start.header.hash, [coinbase(2), paid])
    two = mined(start.header.hash, [coinbase(3), paid])
    three = mined(two.header.hash, [coinbase(4)])
    book, events, _ = booked([start, one, two, three])
    assert [each.id for each in events].count(paid.txid) == 1
    assert [row.id for row in book.unbooked] == [one.transactions[0].txid]


def test_an_output_spent_twice_or_never_made_is_refused_and_the_rest_goes_on() -> None:
    first = coinbase(1)
    start = mined(raw.NOTHING, [first])
    paid = [spend(first, 0, [COIN]), spend(first, 0, [COIN - 1]), spend(first, 5, [1])]
    after = mined(start.header.hash, [coinbase(2), *paid])
    book, events, _ = booked([start, after])
    assert [type(problem) for problem in problems(book)] == [OutputSpent, UnknownOutput]
    assert [each.id for each in events] == [first.txid, after.transactions[0].txid, paid[0].txid]


def test_what_another_block_made_is_left_for_another_file_to_say() -> None:
    start = mined(raw.NOTHING, [coinbase(1), transaction([RawInput("ab" * 32, 3, b"")], [5])])
    _, events, _ = booked([start])
    assert [leg.amount for leg in events[1].inputs] == [NOT_STATED]
    assert [leg.account for leg in events[1].outputs] == [f"{start.transactions[1].txid}:0"]


def test_a_coinbase_that_repeats_an_earlier_one_is_kept_and_not_booked() -> None:
    first = coinbase(1)
    start = mined(raw.NOTHING, [first])
    again = mined(start.header.hash, [first])
    book, events, _ = booked(placed([start, again]))
    assert len(events) == 1
    assert "BIP-30" in book.unbooked[0].reason


def test_one_transaction_twice_in_a_chain_is_a_double_entry() -> None:
    first = coinbase(1)
    start = mined(raw.NOTHING, [first])
    paid = spend(first, 0, [COIN])
    blocks = [start, mined(start.header.hash, [coinbase(2), paid])]
    blocks.append(mined(blocks[1].header.hash, [coinbase(3), paid]))
    book, events, _ = booked(placed(blocks))
    assert [type(problem) for problem in problems(book)] == [DuplicateId]
    assert len(events) == 4


def test_a_block_whose_time_is_not_after_the_middle_of_eleven_is_refused() -> None:
    blocks = [mined(raw.NOTHING, [coinbase(0)], 1_300_000_000)]
    for number in range(1, 11):
        blocks.append(mined(blocks[-1].header.hash, [coinbase(number)], 1_300_000_000 + number))
    late = mined(blocks[-1].header.hash, [coinbase(99)], 1_300_000_005)
    found = branches_of([*blocks, late], list(range(12)), is_main=False)
    assert [each.faults for each in found.faulty] == [
        ["has a time that is not after the middle of the eleven blocks before it"]
    ]


def test_a_clock_that_runs_behind_gives_the_time_of_the_block_before() -> None:
    start = mined(raw.NOTHING, [coinbase(1)], 1_300_000_000)
    after = mined(start.header.hash, [coinbase(2)], 1_299_999_000)
    _, events, _ = booked([start, after])
    assert events[0].time == events[1].time
    assert events[1].time_text == "1299999000"


@pytest.mark.realdata
def test_every_real_block_is_verified(data_root: Path) -> None:
    folder = data_root / "crypto" / "btc-raw-blocks"
    files = [*folder.glob("contiguous/*.dat"), *folder.glob("single/*.dat")]
    assert len(files) == 15
    count = 0
    for file in files:
        reading = read_records(read_source(file))
        assert (reading.problems, reading.broken_rows, reading.remarks, reading.unbooked) == ((), (), (), ())
        count += sum(isinstance(each, EventRecord) for each in reading.records)
    assert count == 4583 + sum(
        int(line.split(",")[6]) for line in (folder / "single" / "INDEX.csv").read_text().splitlines()[1:]
    )
