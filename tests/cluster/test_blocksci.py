"""Clusters and change beside the answers that BlockSci gave for its own regression chain."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks import labelled

from trover.cluster.change import HEURISTICS, only_candidates
from trover.cluster.clustering import Choice, cluster
from trover.cluster.shapes import SEVERAL, recognise
from trover.cluster.union import roots
from trover.cluster.view import DATA, ChainView, Ints
from trover.sources.chain.address import Network

pytestmark = pytest.mark.realdata
ASKED = (
    "address-p2pkh-spend-1 address-p2sh-spend-2 addr-2-in-2-out addr-peeling-chain addr-merge-0 addr-merge-2 "
    "merge-addr-1 merge-addr-2"
).split()
"""Names in BlockSci's own list of addresses whose clusters it printed, in this order."""

MULTISIG_SPENT = "76cde79f"
FROM_MULTISIG = "mkvjwoD1qpkHX12oSZ4GvDMTtuFbxbzm4r"
"""Paid by a bare 2-of-3 multisig alone: BlockSci joins the two, here such a script has no address to join."""


@pytest.fixture(scope="module")
def folder(data_root: Path) -> Path:
    return data_root / "crypto" / "reference-clustering-synthetic" / "blocksci_regtest"


@pytest.fixture(scope="module")
def names(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "output.json").read_text())
    return found


@pytest.fixture(scope="module")
def view(folder: Path) -> ChainView:
    return labelled.raw_blocks(labelled.blk_file(folder / "blk00000.dat"), Network.REGTEST)


def printed(folder: Path, name: str) -> list[list[str]]:
    """Lists of addresses that BlockSci printed."""
    text = (folder / "expected" / f"test_clustering.test_clustering_{name}.out").read_text()
    return [
        re.findall(r"(?<!Multisig)Address\(([^)]+)\)", line)
        for line in text.splitlines()
        if line.startswith("[") and not line.startswith("[Tx")
    ]


def left_alone(view: ChainView, key: str) -> Ints:
    """Outputs that BlockSci would join by a heuristic: those of payments to one output too, but for its oldest."""
    if not key:
        return np.empty(0, np.int64)
    rows = only_candidates(view, key, payments=False)
    paid = np.bincount(view.out_tx[view.out_type != DATA], minlength=len(view))
    return rows[paid[view.out_tx[rows]] > 1] if key == "fresh_smaller" else rows


def test_the_chain_is_whole(view: ChainView) -> None:
    assert (view.in_output >= 0).all()
    assert [view.txids[tx][:8] for tx in view.in_tx[view.in_address < 0].tolist()] == [MULTISIG_SPENT]


@pytest.mark.parametrize("name", ["cluster_coinjoin", "ignore_coinjoin"])
def test_clusters_by_cospending_are_those_of_blocksci(
    folder: Path, names: dict[str, Any], view: ChainView, name: str
) -> None:
    found = cluster(view, Choice(let=frozenset(SEVERAL) if name == "cluster_coinjoin" else frozenset(["payjoin"])))
    ours = [sorted(found.addresses(names[asked])) for asked in ASKED]
    assert ours == [sorted(addresses) for addresses in printed(folder, name)]


def test_the_coinjoin_of_the_chain_is_recognised(names: dict[str, Any], view: ChainView) -> None:
    shapes = recognise(view)
    kinds = {view.txids[tx]: shape.kind for tx, shape in shapes.items()}
    assert kinds[names["simple-coinjoin-tx"]] == "joinmarket"


def test_clusters_with_each_change_heuristic_are_those_of_blocksci(
    folder: Path, names: dict[str, Any], view: ChainView
) -> None:
    expected = printed(folder, "with_change")
    order = ["peeling", "smaller", "script_type", "locktime", "reuse", "fresh", "fresh_smaller", ""]
    assert len(expected) == len(order) * len(ASKED)
    apart = np.zeros(len(view), np.bool_)
    # BlockSci looks for CoinJoins alone; one of the chain's transactions could be a payjoin.
    apart[[tx for tx, shape in recognise(view).items() if shape.kind in SEVERAL and shape.kind != "payjoin"]] = True
    for at, key in enumerate(order):
        rows = left_alone(view, key)
        found = _clusters(view, rows[~apart[view.out_tx[rows]]], apart)
        for asked, theirs in zip(ASKED, expected[at * len(ASKED) :], strict=False):
            assert found(names[asked]) == sorted(set(theirs) - {FROM_MULTISIG}), (key, asked)


def _clusters(view: ChainView, rows: Ints, apart: Any) -> Any:
    """Clusters by co-spending and these change outputs, as BlockSci joins them: payments to one output included."""
    spender = view.in_address[view.in_first[view.out_tx[rows]]].astype(np.int64)
    rows, spender = rows[spender >= 0], spender[spender >= 0]
    root = roots(view, (view.in_counts > 1) & ~apart, spender, view.out_address[rows].astype(np.int64))
    return lambda address: sorted(
        view.addresses[n] for n in np.flatnonzero(root == root[view.address_number[address]]).tolist()
    )


def test_candidates_for_change_are_those_of_blocksci(folder: Path, names: dict[str, Any], view: ChainView) -> None:
    lines = (folder / "expected" / "test_change.test_change_regression.out").read_text().splitlines()
    order = ["script_type", "locktime", "fresh", "peeling", "smaller", "reuse", "fresh_smaller"]
    asked = (
        "change-negative-testcase-tx change-reuse-tx-1 change-locktime-tx-1 change-optimal-0-tx peeling-chain-5-tx "
        "change-ten-2-tx fan-8-tx peeling-chain-4-tx tx-chain-10-tx-1 funding-tx-2-in-2-out"
    ).split()
    for at, key in enumerate(order):
        candidates = HEURISTICS[key].candidates(view) & (view.out_type != DATA)
        alone = np.zeros(len(candidates), np.bool_)
        alone[left_alone(view, key)] = True
        for n, name in enumerate(asked):
            outputs = view.outputs(view.tx_number[names[name]])
            expected = [json.loads(line) for line in lines[2 * (at * len(asked) + n) :][:2]]
            if key == "fresh_smaller":  # BlockSci gives no candidates here, only what is left alone
                expected[0] = np.flatnonzero(candidates[outputs]).tolist()
            ours = [np.flatnonzero(flags[outputs]).tolist() for flags in (candidates, alone)]
            assert ours == expected, (key, name)


def test_change_that_blocksci_knows_is_named(names: dict[str, Any], view: ChainView) -> None:
    known = {"reuse": "change-reuse", "locktime": "change-locktime", "script_type": "change-address-type"}
    for key, prefix in known.items():
        rows = set(only_candidates(view, key).tolist())
        for n in range(3):
            outputs = view.outputs(view.tx_number[names[f"{prefix}-tx-{n}"]])
            assert outputs.start + names[f"{prefix}-position-{n}"] in rows, (key, n)
