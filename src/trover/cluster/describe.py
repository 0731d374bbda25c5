"""Clusters and links as plain data: fact apart from inference, with the error rates beside it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from trover.cluster.change import HEURISTICS
from trover.cluster.clustering import COSPEND, Clustering
from trover.cluster.graph import evidence_of
from trover.cluster.link import Step, link
from trover.cluster.rates import rates_of
from trover.cluster.shapes import KINDS, Shape
from trover.cluster.without import hinges, kinds_of_evidence, pieces_without

FACT = "Fact: the transactions, their inputs and outputs, and the addresses, as the chain states them."
INFERENCE = (
    "Inference: that addresses belong together. It rests on the evidence named here and is wrong as often as said."
)
SAYS = {COSPEND: "spent together in one transaction", **{key: found.says for key, found in HEURISTICS.items()}}
"""Evidence -> what it says of an address."""
ANY = "coinjoin"
"""Rates of all forms of several parties together: they bear on co-spending, which leaves those out."""


def overview(clustering: Clustering) -> dict[str, Any]:
    """All clusters of two addresses and more, the largest first, and what was kept out."""
    view = clustering.view
    clusters = [
        {"addresses": len(members), "first": view.addresses[int(members[0])]} for members in clustering.several()
    ]
    return {
        **_head(clustering),
        "clusters": clusters,
        "single": len(clustering) - len(clusters),
        "kept_out": [shown(view.txids[tx], shape) for tx, shape in clustering.kept_out.items()],
        "other_forms": [
            shown(view.txids[tx], shape) for tx, shape in clustering.shapes.items() if tx not in clustering.kept_out
        ],
        "error_rates": _rates(clustering),
    }


def one_cluster(clustering: Clustering, address: str) -> dict[str, Any]:
    """The cluster of `address`: its addresses, what joins them, what holds it together, what was kept out of it."""
    view, number = clustering.view, clustering.number(address)
    evidence = evidence_of(clustering, number)
    used = Counter(key for joined in evidence.joins.values() for key in {k for how in joined.values() for k in how})
    members = np.array(evidence.addresses)
    touching = [tx for tx in clustering.kept_out if np.isin(view.in_address[view.inputs(tx)], members).any()]
    whole = len(evidence.addresses)
    return {
        **_head(clustering),
        "address": address,
        "addresses": [view.addresses[n] for n in evidence.addresses],
        "joined_by": [
            {
                "transaction": view.txids[tx],
                "addresses": len(joined),
                "evidence": sorted({k for h in joined.values() for k in h}),
            }
            for tx, joined in sorted(evidence.joins.items())
        ],
        "evidence": [{"evidence": key, "says": SAYS[key], "transactions": used[key]} for key in sorted(used)],
        "without": [
            {"evidence": key, "pieces": _sizes(pieces_without(clustering, address, evidence=[key]))}
            for key in (kinds_of_evidence(clustering) if whole > 1 else ())
        ],
        "hinges": [{"transaction": hinge.tx, "pieces": list(hinge.pieces)} for hinge in hinges(clustering, address)],
        "kept_out": [shown(view.txids[tx], clustering.shapes[tx]) for tx in touching],
        "error_rates": _rates(clustering),
    }


def one_link(clustering: Clustering, left: str, right: str) -> dict[str, Any]:
    """The smallest set of transactions that joins two addresses, and whether they stay joined without each."""
    found = link(clustering, left, right)
    used = {key for step in found.steps for key in step.evidence}
    return {
        **_head(clustering),
        "left": left,
        "right": right,
        "joined": found.joined,
        "steps": [_step(step) for step in found.steps],
        "without": [
            *({"transaction": step.tx, **_still(clustering, left, right, tx=step.tx)} for step in found.steps),
            *({"evidence": key, **_still(clustering, left, right, key=key)} for key in _bearing(used) if key in used),
        ],
        "error_rates": [rate.json() for rate in rates_of(_bearing(used))],
    }


def shown(txid: str, shape: Shape) -> dict[str, Any]:
    """One transaction of several parties: which form, and what of it shows that."""
    kind = KINDS[shape.kind]
    return {
        "transaction": txid,
        "kind": shape.kind,
        "says": kind.says,
        "parties_at_least": shape.parties,
        "reasons": list(shape.reasons),
    }


def _head(clustering: Clustering) -> dict[str, Any]:
    choice = clustering.choice
    return {
        "fact": FACT,
        "inference": INFERENCE,
        "transactions": len(clustering.view),
        "known_addresses": len(clustering.view.addresses),
        "choice": {
            "evidence": list(kinds_of_evidence(clustering)),
            "let": sorted(choice.let),
            "without": sorted(choice.without),
        },
    }


def _step(step: Step) -> dict[str, Any]:
    says = [SAYS[key] for key in step.evidence]
    return {
        "transaction": step.tx,
        "left": step.left,
        "right": step.right,
        "evidence": list(step.evidence),
        "says": says,
    }


def _still(clustering: Clustering, left: str, right: str, *, tx: str = "", key: str = "") -> dict[str, Any]:
    """Whether two addresses stay together without a transaction or a kind of evidence, and what is left."""
    pieces = pieces_without(clustering, left, filter(None, [tx]), filter(None, [key]))
    joined = any(left in piece and right in piece for piece in pieces)
    return {"joined": joined, "pieces": _sizes(pieces)}


def _sizes(pieces: tuple[tuple[str, ...], ...]) -> list[int]:
    return [len(piece) for piece in pieces]


def _rates(clustering: Clustering) -> list[dict[str, Any]]:
    forms = {shape.kind for shape in clustering.shapes.values()}
    return [rate.json() for rate in rates_of(_bearing({*kinds_of_evidence(clustering), *forms}))]


def _bearing(evidence: set[str]) -> list[str]:
    """Names under which rates of this evidence stand, in a fixed order."""
    order = [COSPEND, ANY, *KINDS, *HEURISTICS]
    wanted = evidence | ({ANY} if COSPEND in evidence else set())
    return [key for key in order if key in wanted]
