"""How often shapes and heuristics are right, on data whose truth is known. Anyone can run it.

    python -m benchmarks.coinjoin [--fixtures DIR] [--list FORM=FILE] [--write]

Reads TROVER_DATA/crypto (default ../shared/data). DIR holds more labelled lists, as they lie in tests/fixtures of
the public repository crocs-muni/coinjoin-analysis (MIT): emul__joinmarket_*.zip, dumplings__*.zip. FILE is any list
in the format of Dumplings, one transaction a line, that should have the form FORM. `--write`
stores all that was measured as src/trover/cluster/rates.json, from where results print it.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks import labelled
from trover.cluster.change import HEURISTICS, only_candidates
from trover.cluster.clustering import cluster
from trover.cluster.rates import Rate
from trover.cluster.shapes import SEVERAL, recognise
from trover.cluster.shapes.payjoin import payjoin
from trover.cluster.shapes.shape import Tx
from trover.cluster.view import UNKNOWN, ChainView, Coin, ViewBuilder

PROJECT = Path(__file__).resolve().parent.parent
RATES = PROJECT / "src" / "trover" / "cluster" / "rates.json"
FOUND, FALSE, RIGHT, MIXED = "recognised", "taken for one though it is none:", "right in", "joined two wallets in"
ANY = "coinjoin"
"""Any form of several parties."""


def forms(view: ChainView) -> Counter[str]:
    """How many transactions have each form."""
    return Counter(shape.kind for shape in recognise(view).values())


def ordinary(view: ChainView) -> int:
    """Transactions that spend from two addresses or more, the only ones that a wrong form would keep out."""
    return sum(len(view.spenders(tx)) > 1 for tx in range(len(view)))


def lists(crypto: Path) -> Iterator[Rate]:
    folder = crypto / "coinjoin-labelled-btc" / "dumplings"
    name = "Whirlpool list of March 2024 (Dumplings)"
    mixes = forms(labelled.dumplings_file(folder / "whirlpool_2024-03__SamouraiCoinJoins.txt.gz"))
    yield Rate("whirlpool", FOUND, mixes["whirlpool"], mixes.total(), name)
    view = labelled.dumplings_file(folder / "whirlpool_2024-03__SamouraiTx0s.txt.gz")
    tx0s = forms(view)
    note = f"{tx0s['whirlpool']} of the others have the form of a mix that pays to one script hash, not of a Tx0"
    yield Rate("whirlpool_tx0", FOUND, tx0s["whirlpool_tx0"], len(view), "Tx0 list of March 2024 (Dumplings)", note)
    view = labelled.dumplings_file(folder / "whirlpool_2024-03__SamouraiPostMixTxs.txt.gz")
    after = forms(view)
    several = sum(after[kind] for kind in SEVERAL)
    note = ", ".join(f"{count} {kind}" for kind, count in after.most_common() if kind in SEVERAL)
    note += "; no error rate: what spends from a mix may itself be a mix or a Stonewall"
    yield Rate(ANY, "kept out", several, len(view), "spends after a mix, March 2024 (Dumplings)", note)


def emulated(name: str, archive: Path, kind: str) -> Iterator[Rate]:
    """Rounds of wallets that are known: every transaction of several wallets should have the form."""
    found = rounds = false = others = joined = 0
    funding: list[Rate] = []
    for _run, view, wallet in labelled.emulations(archive):
        shapes = recognise(view)
        linking = cluster(view, shapes=shapes).linking
        for tx in range(len(view)):
            owners = {wallet.get(view.addresses[a], "") for a in view.spenders(tx)}
            if len(owners) > 1:
                rounds += 1
                found += tx in shapes and shapes[tx].kind == kind
                joined += bool(linking[tx])
            elif owners:
                others += 1
                false += tx in shapes and shapes[tx].kind in SEVERAL
        funding += change(view, _funding(view, wallet), f"funding of the {name}", "paid by one Bitcoin Core wallet")
    yield Rate(kind, FOUND, found, rounds, name)
    yield Rate(ANY, FALSE, false, others, f"other transactions of the {name}")
    note = f"{rounds} if CoinJoins were joined; the wallets pay nobody, so how often payments mislead is not measured"
    yield Rate("cospend", MIXED, joined, rounds, name, note)
    yield from funding


def _funding(view: ChainView, wallet: dict[str, str]) -> dict[int, int]:
    """Payments by the wallet that is not listed to those that are: the one output that is nobody's is its change."""
    truth: dict[int, int] = {}
    for tx in np.flatnonzero((view.out_counts > 1) & (view.in_counts > 0)).tolist():
        at = view.outputs(tx)
        own = [row for row in range(at.start, at.stop) if view.addresses[view.out_address[row]] not in wallet]
        if len(own) == 1 and not any(view.addresses[a] in wallet for a in view.spenders(tx)):
            truth[tx] = own[0]
    return truth


def before_coinjoins(view: ChainView) -> Iterator[Rate]:
    """In 2009 nobody mixed: every form of several parties is a false one."""
    found = forms(view)
    data = "transactions of 2009 with two input addresses"
    yield Rate(ANY, FALSE, sum(found[kind] for kind in SEVERAL), ordinary(view), data)
    yield _payjoins(view, "payments of 2009 from two addresses and more to two")


def _payjoins(view: ChainView, data: str) -> Rate:
    """How many have the form of a payjoin in a time that knew none."""
    pairs = [Tx(view, tx) for tx in range(len(view)) if view.out_counts[tx] == 2 and len(view.spenders(tx)) > 1]
    for tx in pairs:
        tx.time = UNKNOWN
    note = "the form alone: before August 2018 none is taken for a payjoin"
    return Rate("payjoin", FALSE, sum(payjoin(tx) is not None for tx in pairs), len(pairs), data, note)


def simulated_payjoins(number: int = 2_000, seed: int = 9) -> Rate:
    """Payjoins made by the rule: the payee adds one of its coins to the payment and to the payer's inputs."""
    chance = np.random.default_rng(seed)
    builder = ViewBuilder()
    for n in range(number):
        coins = np.exp(chance.normal(15, 2, 12)).astype(np.int64) + 1_000
        amount, given, total = int(np.exp(chance.normal(14, 2))) + 1_000, [], 0
        for coin in chance.permutation(coins).tolist():
            if total >= amount + 2_000:
                break
            given.append(coin)
            total += coin
        if total < amount + 2_000:
            continue
        added = int(np.exp(chance.normal(15, 2))) + 1_000
        ins = [Coin(f"{n}:{i}", value, "p2wpkh") for i, value in enumerate([*given, added])]
        outs = [Coin(f"{n}:paid", amount + added, "p2wpkh"), Coin(f"{n}:back", total - amount - 1_000, "p2wpkh")]
        builder.add(str(n), ins, outs)
    view = builder.view()
    note = "the others cannot be told from a payment; the share depends on the sizes of coins that were assumed"
    return Rate("payjoin", FOUND, forms(view)["payjoin"], len(view), "payjoins simulated by the rule of BIP 78", note)


def blocks(crypto: Path) -> Iterator[Rate]:
    """Whole blocks of 2012 to 2019: how much is kept out, and change where the payee is a named service."""
    folder = crypto / "btc-raw-blocks"
    view = labelled.raw_blocks([(folder / "single" / "block_300025.dat").read_bytes()], spent_values=_prevouts(folder))
    found = forms(view)
    note = "may be a CoinJoin of its time, so an upper bound"
    yield Rate(ANY, FALSE, sum(found[kind] for kind in SEVERAL), ordinary(view), "block 300025 of May 2014", note)
    yield _payjoins(view, "payments of block 300025 from two addresses and more to two")
    view = labelled.raw_blocks(path.read_bytes() for path in sorted((folder / "single").glob("*.dat")))
    packs = crypto / "tags-graphsense" / "packs"
    names = ("walletexplorer.yaml", "miners.yaml.gz", "exchange-wallets-*")
    known = labelled.tagged(path for name in names for path in sorted(packs.glob(name)))
    note = "the payee is known because its address is used again, which helps the heuristics that look for new ones"
    yield from change(view, to_services(view, known), "payments to named services in 14 blocks, 2012 to 2019", note)


def _prevouts(folder: Path) -> dict[str, tuple[bytes, int]]:
    return labelled.prevouts(folder / "prevouts" / "prevouts_300025.csv")


def to_services(view: ChainView, known: set[str]) -> dict[int, int]:
    """Payments of two outputs, one to a known address that is not the payer's: the other output is the change."""
    truth: dict[int, int] = {}
    for tx in np.flatnonzero((view.out_counts == 2) & ~view.coinbase).tolist():
        at, spenders = view.outputs(tx), set(view.spenders(tx))
        paid = view.out_address[at].tolist()
        named = [address != UNKNOWN and view.addresses[address] in known for address in paid]
        if (
            named.count(True) == 1
            and not spenders & set(paid)
            and not any(view.addresses[a] in known for a in spenders)
        ):
            truth[tx] = at.start + named.index(False)
    return truth


def change_seen_later(view: ChainView) -> dict[int, int]:
    """An output is change if its address is afterwards spent with one its sender spent from; one of several is."""
    root = cluster(view).root
    truth: dict[int, int] = {}
    for tx in np.flatnonzero((view.out_counts > 1) & ~view.coinbase).tolist():
        spenders, at = view.spenders(tx), view.outputs(tx)
        known = [row for row in range(at.start, at.stop) if view.out_address[row] != UNKNOWN]
        back = [row for row in known if spenders and root[view.out_address[row]] == root[spenders[0]]]
        if len(back) == 1 and view.out_address[back[0]] not in spenders:
            truth[tx] = back[0]
    return truth


def change(view: ChainView, truth: dict[int, int], data: str, note: str) -> Iterator[Rate]:
    """How often each heuristic names the true change, of the payments in `truth` in which it names one."""
    for key in HEURISTICS:
        rows = [row for row in only_candidates(view, key).tolist() if int(view.out_tx[row]) in truth]
        if rows:
            right = sum(truth[int(view.out_tx[row])] == row for row in rows)
            yield Rate(key, RIGHT, right, len(rows), data, f"of {len(truth)} payments; {note}")


def measure(crypto: Path) -> list[Rate]:
    """Every rate that the data under TROVER_DATA gives."""
    (wasabi,) = (crypto / "reference-clustering-synthetic" / "emulated_wasabi2_known_wallets").glob("*.zip")
    first = labelled.year_2009(crypto / "btc-2009-complete")
    return [
        *lists(crypto),
        *emulated("emulated Wasabi 2 rounds with known wallets", wasabi, "wasabi2"),
        *before_coinjoins(first),
        *blocks(crypto),
        simulated_payjoins(),
        *change(first, change_seen_later(first), "payments of 2009", "their change was later spent with the sender's"),
    ]


def fixtures(folder: Path) -> Iterator[Rate]:
    """What further public lists give, where they are there."""
    for archive in sorted(folder.glob("emul__joinmarket*.zip")):
        yield from emulated("emulated JoinMarket rounds with known wallets", archive, "joinmarket")
    named: tuple[tuple[str, str, str], ...] = (
        ("dumplings__end_zksnacks_202405.zip", "Scanner/Wasabi2CoinJoins.txt", "wasabi2"),
        ("dumplings__end_zksnacks_202405.zip", "Scanner/WasabiCoinJoins.txt", "wasabi1"),
        ("dumplings__ww1_202405.zip", "Scanner/WasabiCoinJoins.txt", "wasabi1"),
        ("dumplings__jm_202406.zip", "Scanner/OtherCoinJoins.txt", ANY),
    )
    for archive_name, member, kind in named:
        if (folder / archive_name).exists():
            data = f"{member.removeprefix('Scanner/')} of {archive_name}"
            yield _listed(kind, data, labelled.zipped_dumplings(folder / archive_name, member))


def _listed(kind: str, name: str, view: ChainView) -> Rate:
    """How many transactions of a list have the form that it is a list of."""
    found = forms(view)
    alone = sum(len(view.spenders(tx)) == 1 for tx in range(len(view)))
    notes = [f"{alone} spend from one address"] if alone else []
    notes += [f"{count} as {key}" for key, count in found.most_common() if key != kind]
    if kind == ANY:
        count, notes = (
            sum(found[key] for key in SEVERAL),
            [*notes, "no error rate: the list is made by equal outputs alone"],
        )
        return Rate(kind, "kept out", count, len(view), name, ", ".join(notes))
    return Rate(kind, FOUND, found[kind], len(view), name, ", ".join(notes))


def main(say: Callable[[str], object] = print) -> None:
    parser = argparse.ArgumentParser(description="How often shapes and heuristics are right.")
    parser.add_argument("--fixtures", type=Path)
    parser.add_argument("--list", dest="lists", action="append", default=[], metavar="FORM=FILE")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    crypto = (PROJECT / os.environ.get("TROVER_DATA", "../shared/data") / "crypto").resolve()
    rates = measure(crypto)
    more = list(fixtures(given.fixtures)) if given.fixtures else []
    for kind, path in (stated.split("=", 1) for stated in given.lists):
        more.append(_listed(kind, path, labelled.dumplings_file(Path(path))))
    if given.write:
        RATES.write_text(json.dumps([rate.json() for rate in [*rates, *more]], indent=1) + "\n", encoding="utf-8")
    for rate in [*rates, *more]:
        say(str(rate))


if __name__ == "__main__":
    main()
