"""Clusters of the addresses in a case: asked for, computed, never stored as if decided."""

from __future__ import annotations

from typing import Any

from trover.case.case import Case
from trover.cluster.clustering import Choice, Clustering, cluster
from trover.cluster.describe import one_cluster, one_link, overview
from trover.cluster.from_ledger import view_of


def clustering_of(case: Case, choice: Choice | None = None) -> Clustering:
    """The addresses of the case's chain events in clusters. Raises `InputErrors` for a choice it cannot make."""
    return cluster(view_of(case.traced()), choice)


def clusters(case: Case, choice: Choice | None = None) -> dict[str, Any]:
    """All clusters, as `trover chain cluster DIR --json` prints them."""
    return overview(clustering_of(case, choice))


def cluster_of(case: Case, address: str, choice: Choice | None = None) -> dict[str, Any]:
    """The cluster of one address, as `trover chain cluster DIR ADDRESS --json` prints it."""
    return one_cluster(clustering_of(case, choice), address)


def link_of(case: Case, left: str, right: str, choice: Choice | None = None) -> dict[str, Any]:
    """What joins two addresses, as `trover chain link DIR A B --json` prints it."""
    return one_link(clustering_of(case, choice), left, right)
