"""DER, read strictly: definite lengths in their shortest form, nothing left over, bounded depth and size."""

from __future__ import annotations

DER_BYTES = 2**20
DER_DEPTH = 24

INTEGER_TAG, BIT_STRING, OCTETS, NULL, OID, UTC_TIME, TIME_TAG = 0x02, 0x03, 0x04, 0x05, 0x06, 0x17, 0x18
SEQUENCE, SET, BOOLEAN = 0x30, 0x31, 0x01


class NotDer(Exception):
    """The bytes are not DER, or not what was looked for; the message says what and at which byte."""


class Node:
    """One value: its tag, its content, and `raw`, the bytes with tag and length."""

    def __init__(self, tag: int, raw: bytes, content: bytes, at: int, depth: int) -> None:
        self.tag, self.raw, self.content, self.at, self.depth = tag, raw, content, at, depth

    def children(self) -> list[Node]:
        if not self.tag & 0x20:
            raise NotDer(f"a value at byte {self.at} has no parts")
        return nodes(self.content, self.at + len(self.raw) - len(self.content), self.depth + 1)

    def expect(self, tag: int) -> Node:
        if self.tag != tag:
            raise NotDer(f"tag {self.tag:#x} at byte {self.at}, not {tag:#x}")
        return self


def nodes(data: bytes, at: int = 0, depth: int = 0) -> list[Node]:
    """All values of `data`, one after another up to its end. Raises NotDer."""
    if len(data) > DER_BYTES or depth > DER_DEPTH:
        raise NotDer("is larger or deeper than such a file can be")
    found: list[Node] = []
    here = 0
    while here < len(data):
        node = _node(data, here, at, depth)
        found.append(node)
        here += len(node.raw)
    return found


def _node(data: bytes, here: int, at: int, depth: int) -> Node:
    if len(data) < here + 2 or data[here] & 0x1F == 0x1F:
        raise NotDer(f"no value at byte {at + here}: cut off, or of an unknown form")
    length, start = data[here + 1], here + 2
    if length >= 0x80:
        size = length & 0x7F
        start += size
        length = int.from_bytes(data[here + 2 : start], "big")
        if not 1 <= size <= 4 or length < 0x80 or data[here + 2 : here + 3] == b"\0" or len(data) < start:
            raise NotDer(f"a length at byte {at + here + 1} is not in its shortest form")
    end = start + length
    if end > len(data):
        raise NotDer(f"a value at byte {at + here} is cut off")
    return Node(data[here], data[here:end], data[start:end], at + here, depth)


def only(data: bytes) -> Node:
    """The one value that `data` is."""
    found = nodes(data)
    if len(found) != 1:
        raise NotDer(f"holds {len(found)} values, not one")
    return found[0]


def whole_number(node: Node) -> int:
    data = node.expect(INTEGER_TAG).content
    if not data or (len(data) > 1 and data[0] in (0, 0xFF) and (data[0] == 0) == (data[1] < 0x80)):
        raise NotDer(f"a number at byte {node.at} is not in its shortest form")
    return int.from_bytes(data, "big", signed=True)


def oid(node: Node) -> str:
    """Dotted text of an object identifier."""
    arcs: list[int] = []
    value = 0
    for byte in node.expect(OID).content:
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    if not arcs or value:
        raise NotDer(f"an object identifier at byte {node.at} is cut off")
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))


def wrapped_in(tag: int, *contents: bytes) -> bytes:
    """The DER of a value from its content."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
