"""How often shapes and heuristics are right, on data whose truth is known. Anyone can run it.

    python -m benchmarks.coinjoin [--fixtures DIR] [--write]

Reads TROVER_DATA/crypto (default ../shared/data). DIR holds more labelled lists, as they lie in tests/fixtures of
the public repository crocs-muni/coinjoin-analysis (MIT): emul__joinmarket_*.zip, dumplings__*.zip. `--write`
stores what the data under TROVER_DATA alone gives as src/trover/cluster/rates.json, from where results print it.
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
    yield Rate(kind, FOUND, found, rounds, name)
    yield Rate(ANY, FALSE, false, others, f"other transactions of the {name}")
    note = f"{rounds} if CoinJoins were joined; the wallets pay nobody, so how often payments mislead is not measured"
    yield Rate("cospend", MIXED, joined, rounds, name, note)


def before_coinjoins(view: ChainView) -> Iterator[Rate]:
    """In 2009 nobody mixed: every form of several parties is a false one."""
    found = forms(view)
    data = "transactions of 2009 with two input addresses"
    yield Rate(ANY, FALSE, sum(found[kind] for kind in SEVERAL), ordinary(view), data)
    pairs = [Tx(view, tx) for tx in range(len(view)) if view.out_counts[tx] == 2 and len(view.spenders(tx)) > 1]
    for tx in pairs:
        tx.time = UNKNOWN
    count = sum(payjoin(tx) is not None for tx in pairs)
    note = "the form alone; by its date none is taken for a payjoin"
    yield Rate("payjoin", FALSE, count, len(pairs), "payments of 2009 from two addresses to two", note)


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
    note = "of those with an input to spare and few inputs; the others cannot be told from a payment"
    return Rate("payjoin", FOUND, forms(view)["payjoin"], len(view), "payjoins simulated by the rule of BIP 78", note)


def change(view: ChainView, data: str) -> Iterator[Rate]:
    """Truth from later: an output is change if its address is afterwards spent with one its sender spent from.

    Those are judged in which that holds for exactly one of several outputs.
    """
    root = cluster(view).root
    truth: dict[int, int] = {}
    for tx in np.flatnonzero((view.out_counts > 1) & ~view.coinbase).tolist():
        spenders = view.spenders(tx)
        at = view.outputs(tx)
        known = [row for row in range(at.start, at.stop) if view.out_address[row] != UNKNOWN]
        back = [row for row in known if spenders and root[view.out_address[row]] == root[spenders[0]]]
        if len(back) == 1:
            truth[tx] = back[0]
    note = "only payments whose change was later spent with the sender's other addresses, or went back to one"
    back = set(view.out_tx[only_candidates(view, "reuse")].tolist())
    for key in HEURISTICS:
        rows = [row for row in only_candidates(view, key).tolist() if int(view.out_tx[row]) in truth]
        if key != "reuse":
            rows = [row for row in rows if int(view.out_tx[row]) not in back]
        right = sum(truth[int(view.out_tx[row])] == row for row in rows)
        yield Rate(key, RIGHT, right, len(rows), data, note)


def measure(crypto: Path) -> list[Rate]:
    """Every rate that the data under TROVER_DATA gives."""
    (wasabi,) = (crypto / "reference-clustering-synthetic" / "emulated_wasabi2_known_wallets").glob("*.zip")
    first = labelled.year_2009(crypto / "btc-2009-complete")
    return [
        *lists(crypto),
        *emulated("emulated Wasabi 2 rounds with known wallets", wasabi, "wasabi2"),
        *before_coinjoins(first),
        simulated_payjoins(),
        *change(first, "payments of 2009"),
    ]


def fixtures(folder: Path) -> Iterator[Rate]:
    """What further public lists give, where they are there."""
    for archive in sorted(folder.glob("emul__joinmarket*.zip")):
        yield from emulated("emulated JoinMarket rounds with known wallets", archive, "joinmarket")
    named: tuple[tuple[str, str, str], ...] = (
        ("dumplings__end_zksnacks_202405.zip", "Scanner/Wasabi2CoinJoins.txt", "wasabi2"),
        ("dumplings__end_zksnacks_202405.zip", "Scanner/WasabiCoinJoins.txt", "wasabi1"),
        ("dumplings__ww1_202405.zip", "Scanner/WasabiCoinJoins.txt", "wasabi1"),
        ("dumplings__jm_202406.zip", "Scanner/OtherCoinJoins.txt", "joinmarket"),
    )
    for archive_name, member, kind in named:
        if (folder / archive_name).exists():
            view = labelled.zipped_dumplings(folder / archive_name, member)
            found = forms(view)
            alone = sum(len(view.spenders(tx)) == 1 for tx in range(len(view)))
            note = f"{alone} spend from one address" if alone else ""
            other = ", ".join(f"{count} as {key}" for key, count in found.most_common() if key != kind)
            yield Rate(
                kind, FOUND, found[kind], len(view), f"{archive_name} {member}", "; ".join(filter(None, (note, other)))
            )


def main(say: Callable[[str], object] = print) -> None:
    parser = argparse.ArgumentParser(description="How often shapes and heuristics are right.")
    parser.add_argument("--fixtures", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    crypto = (PROJECT / os.environ.get("TROVER_DATA", "../shared/data") / "crypto").resolve()
    rates = measure(crypto)
    if given.write:
        RATES.write_text(json.dumps([rate.json() for rate in rates], indent=1) + "\n", encoding="utf-8")
    for rate in [*rates, *(fixtures(given.fixtures) if given.fixtures else ())]:
        say(str(rate))


if __name__ == "__main__":
    main()
