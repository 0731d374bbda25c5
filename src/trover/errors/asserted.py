"""Problems of what others say: pages, listings, labels of addresses."""

from __future__ import annotations

from trover.errors.base import Problem


class ChecksumFails(Problem):
    says = "fails its checksum"
    remedy = "Look at its place in the source; nothing is concluded from it."


class PageSpoiled(Problem):
    says = "stands in the page and cannot be read"
    remedy = "Save the page again if it is still there; what can be read was read."
