"""Real transactions and the reference clusters of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks import coinjoin, labelled

from trover.case.case import Case
from trover.case.chain_clusters import cluster_of, clusters
from trover.cluster.clustering import Choice, cluster
from trover.cluster.link import link
from trover.cluster.rates import measured
from trover.cluster.shapes import recognise
from trover.cluster.view import Coin, ViewBuilder
from trover.cluster.without import hinges

pytestmark = pytest.mark.realdata
SEIZURE = "c49ff6bd"
THIEF = "1CGA4srJ"


@pytest.fixture(scope="module")
def crypto(data_root: Path) -> Path:
    return data_root / "crypto"


def test_the_seizure_of_2022_is_one_cluster_of_166_addresses(crypto: Path) -> None:
    folder = crypto / "case-bitfinex-2016-btc"
    view = labelled.esplora_files([folder / "bitfinex_theft_tx.json", folder / "bitfinex_seizure_tx.json"])
    found = cluster(view)
    assert found.kept_out == {}
    sizes = [len(members) for members in found.several()]
    assert sizes == [166, 4]
    thief = next(address for address in view.addresses if address.startswith(THIEF))
    assert len(found.addresses(thief)) == 166
    other = found.addresses(thief)[-1]
    assert [txid[:8] for txid in link(found, thief, other).transactions] == [SEIZURE]
    assert [(hinge.tx[:8], len(hinge.pieces)) for hinge in hinges(found, thief)] == [(SEIZURE, 166)]


def test_the_same_in_a_case_with_what_it_rests_on(crypto: Path, tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", "R v Example", "A. Analyst", currency="BTC")
    files = sorted((crypto / "case-bitfinex-2016-btc").glob("*_tx.json"))
    case.add(files, unproved="Compared with a second explorer")
    found = clusters(case)
    assert [each["addresses"] for each in found["clusters"]] == [166, 4]
    first = found["clusters"][0]["first"]
    assert first.startswith(THIEF)
    one = cluster_of(case, first)
    assert [(each["transaction"][:8], each["addresses"]) for each in one["joined_by"]] == [(SEIZURE, 166)]
    assert one["without"] == [{"evidence": "cospend", "pieces": [1] * 166}]


def test_a_whirlpool_mix_and_its_tx0_are_recognised(crypto: Path) -> None:
    folder = crypto / "coinjoin-labelled-btc"
    view = labelled.esplora_files([folder / "coinjoin_tx.json", folder / "coinjoin_tx0.json"])
    kinds = {view.txids[tx][:8]: shape.kind for tx, shape in recognise(view).items()}
    assert kinds == {"323df21f": "whirlpool", "333f4543": "whirlpool_tx0"}
    assert list(cluster(view).several()) == []


def test_emulated_wasabi_2_rounds_are_recognised_and_nothing_else(crypto: Path) -> None:
    folder = crypto / "reference-clustering-synthetic" / "emulated_wasabi2_known_wallets"
    (archive,) = folder.glob("*.zip")
    runs = list(labelled.emulations(archive))
    assert len(runs) == 2
    for _name, view, wallet in runs:
        owners = [{wallet.get(view.addresses[a]) for a in view.spenders(tx)} for tx in range(len(view))]
        several = {tx for tx, owner in enumerate(owners) if len(owner) > 1}
        assert len(several) == 6
        assert {tx for tx, shape in recognise(view).items() if shape.kind == "wasabi2"} == several
        for members in cluster(view).several():
            assert len({wallet.get(view.addresses[n]) for n in members.tolist()}) == 1


def test_the_clusters_of_2009_are_the_components_that_a_generic_library_finds(crypto: Path) -> None:
    """Counted with SciPy over the table of inputs, without any code of this project."""
    sizes = [len(members) for members in cluster(labelled.year_2009(crypto / "btc-2009-complete")).several()]
    assert (len(sizes), sizes[:9]) == (121, [320, 276, 237, 218, 90, 70, 68, 60, 60])


def test_the_rates_that_results_print_are_those_that_the_data_give(crypto: Path) -> None:
    found = coinjoin.measure(crypto)
    assert found == list(measured())[: len(found)]


def _graphsense(folder: Path) -> tuple[ViewBuilder, set[str]]:
    builder, mixed = ViewBuilder(), set()
    for line in (folder / "test_txs.json").read_text().splitlines():
        tx = json.loads(line)
        # The reference gives an address to outputs of one key only.
        sides = [
            [Coin(c["address"][0] if len(c["address"]) == 1 else "", c["value"]) for c in tx[side]]
            for side in ("inputs", "outputs")
        ]
        builder.add(tx["txHash"], *sides, coinbase=tx["coinbase"])
        if tx["coinjoin"]:
            mixed.add(tx["txHash"])
    return builder, mixed


@pytest.mark.parametrize("with_coinjoin", [False, True])
def test_clusters_are_those_of_graphsense(crypto: Path, with_coinjoin: bool) -> None:
    folder = crypto / "reference-clustering-synthetic" / "graphsense_utxo"
    builder, mixed = _graphsense(folder)
    view = builder.view()
    found = cluster(view, Choice(without=frozenset() if with_coinjoin else frozenset(mixed)))
    name = "address_cluster_with_coinjoin.json" if with_coinjoin else "address_cluster.json"
    rows = [json.loads(line) for line in (folder / "reference" / name).read_text().splitlines()]
    ids = [json.loads(line) for line in (folder / "reference" / "address_ids.json").read_text().splitlines()]
    names = {row["addressId"]: row["address"] for row in ids}
    expected: dict[int, set[str]] = {}
    for row in rows:
        if row["addressId"]:
            expected.setdefault(row["clusterId"], set()).add(names[row["addressId"]])
    ours = {frozenset(found.addresses(address)) for address in view.addresses}
    assert ours == {frozenset(group) for group in expected.values()}
