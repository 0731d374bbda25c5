"""What a page or a text names: an address, a key, a handle, an onion name, each with its place in the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trover.sources.record import Pointer

ADDRESS, KEY, FINGERPRINT, ONION, HANDLE, MEDIA = "address", "pgp_key", "pgp_fingerprint", "onion", "handle", "media"
KINDS: Mapping[str, str] = {
    ADDRESS: "An address of a blockchain whose checksum holds.",
    KEY: "A public OpenPGP key, by its fingerprint; what it says of its owner is its owner's word.",
    FINGERPRINT: "The fingerprint of an OpenPGP key without the key; it has no checksum.",
    ONION: "The name of an onion service.",
    HANDLE: "A name under which somebody can be reached.",
    MEDIA: "A picture, film or sound: counted and named, never decoded, stored or shown.",
}
"""Every kind there is, and what it is."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One place at which a source names something.

    `pointer.row` is the line, `column` the sign in it (1 = first); `element` the way to it in a page, such as
    html/body/div[2]/p[1]. `value` is the one way it is written here, `printed` how the source prints it. `system`
    says of what: bitcoin, ethereum; v2 or v3 of an onion name; telegram. `checked`: a checksum holds. `where` is
    empty for text of the page, else attribute href, comment, script or style, which a visitor did not see.
    """

    pointer: Pointer
    column: int
    element: str
    where: str
    kind: str
    system: str
    value: str
    printed: str
    checked: bool
    detail: str = ""

    @property
    def place(self) -> str:
        """Line, column, element and where, in words."""
        parts = (f"line {self.pointer.row}, column {self.column}", self.element, self.where)
        return ", ".join(filter(None, parts))
