"""Problems of what others say: pages, listings, labels of addresses."""

from __future__ import annotations

from trover.errors.base import Problem


class ChecksumFails(Problem):
    says = "fails its checksum"
    remedy = "Look at its place in the source; nothing is concluded from it."


class PageSpoiled(Problem):
    says = "stands in the page and cannot be read"
    remedy = "Save the page again if it is still there; what can be read was read."


class PageUnclear(Problem):
    says = "stands in the page more than once"
    remedy = "Save the page of each listing by itself, or make a table of what it says."


class UnknownSource(Problem):
    says = "is no source of labels in this case"
    remedy = "trover chain tag DIR lists the files that hold labels."


class UnknownVendor(Problem):
    says = "is no vendor of this case"
    remedy = "trover darkweb vendors DIR lists them; one of several markets is written VENDOR@MARKET."
