"""The flow drawn as SVG: left to right, widths in proportion, labels that do not overlap, the same bytes each time.

Colours stand as attributes, readable in print and by people who do not tell colours apart, since every node is
named; a page may override them by class for a dark screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from trover.report.flow import Band, Flow, Node
from trover.report.words import Shown, visible, width

WIDTH, LEFT, RIGHT, TOP_EDGE, EDGE = 860, 170, 240, 10, 14
BAR, GAP, LINE, TYPE = 12, 8, 15, 12.5
FALLBACK = 0.86
"""How much of the room a name may fill: a machine without the font sets it in a wider one."""
TALL = 360
"""Height of all bands of the fullest column together."""
COLOURS = {"recipient": "#2f5d8c", "held": "#1f7a5c", "bank": "#7a6a58", "bfp": "#8a5a86"}
PLAIN = "#5b7fa6"


@dataclass(slots=True)
class _Box:
    """One node placed: bar from (x, y) of `height`, label lines beside or above it."""

    node: Node
    layer: int
    height: float
    lines: list[str]
    above: bool
    """Whether the label stands above the bar: between the first column and the last there is room nowhere else."""
    x: float = 0.0
    y: float = 0.0
    into: list[Band] = field(default_factory=list)
    out: list[Band] = field(default_factory=list)

    @property
    def room(self) -> float:
        """Vertical space with the label."""
        label = len(self.lines) * LINE
        return self.height + label + 4 if self.above else max(self.height, label)


def draw(flow: Flow, shown: Shown, links: dict[str, str]) -> str:
    """`links` gives the anchor of each band by its figure's id."""
    boxes = _boxes(flow, shown)
    high = _place(boxes)
    title = f"Flow of traced value under {flow.title}"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="0 0 {WIDTH} {high:.0f}" role="img" '
        f'width="{WIDTH}" height="{high:.0f}" font-family="Libertinus Serif, serif" '
        f'font-size="{TYPE}">',
        f"<title>{escape(visible(title))}</title>",
    ]
    out += _ribbons(boxes, shown, links)
    out += [text for box in boxes.values() for text in _node(box)]
    return "\n".join([*out, "</svg>"])


def _boxes(flow: Flow, shown: Shown) -> dict[Node, _Box]:
    layers = _layers(flow)
    into: dict[Node, list[Band]] = {}
    out: dict[Node, list[Band]] = {}
    for band in flow.bands:
        out.setdefault(band.start, []).append(band)
        into.setdefault(band.end, []).append(band)
    size = {n: max(_sum(into.get(n, [])), _sum(out.get(n, []))) for n in flow.nodes}
    fullest = max(sum(size[n] for n in flow.nodes if layers[n] == layer) for layer in set(layers.values()))
    whole = max((_sum(out.get(n, [])) for n in flow.nodes if n.kind == "source"), default=0)
    boxes = {}
    last = max(layers.values())
    for node in flow.nodes:
        above = node.kind != "source" and not (node.ends and layers[node] == last)
        amounts = into.get(node) or out.get(node, [])
        lines = _label(node, amounts, shown, 190 if above else LEFT - EDGE if node.kind == "source" else RIGHT - EDGE)
        box = _Box(node, layers[node], max(size[node] * TALL / (fullest or whole), 1.5), lines, above)
        box.into, box.out = into.get(node, []), out.get(node, [])
        boxes[node] = box
    return boxes


def _sum(bands: Sequence[Band]) -> int:
    return sum(band.weight for band in bands)


def _label(node: Node, bands: Sequence[Band], shown: Shown, room: float) -> list[str]:
    """The name on one or two lines, then the amount."""
    sums: dict[str, int] = {}
    for band in bands:
        sums[band.figure.currency] = sums.get(band.figure.currency, 0) + band.figure.amount
    amount = " + ".join(f"{shown.amount(minor, currency)} {currency}" for currency, minor in sums.items())
    return [*_wrapped(visible(node.name), room * FALLBACK / TYPE), amount]


def _wrapped(text: str, room: float) -> list[str]:
    """At most two lines of `room` ems; what does not fit is cut with an ellipsis, in full in title and table."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if width(joined) <= room or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]}…"]
    return [_cut(line, room) for line in lines]


def _cut(line: str, room: float) -> str:
    if width(line) <= room:
        return line
    while line and width(line) > room - 1:
        line = line[:-1]
    return f"{line}…"


def _layers(flow: Flow) -> dict[Node, int]:
    """Column of each node: sources first, ends last, between them the longest way without going back."""
    forward = _without_cycles(flow.bands)
    layer = dict.fromkeys(flow.nodes, 0)
    for _ in flow.nodes:
        for band in forward:
            layer[band.end] = max(layer[band.end], layer[band.start] + 1)
    senders = {band.start for band in flow.bands}
    last = max(layer.values())
    return {node: last if node.ends and node not in senders else layer[node] for node in flow.nodes}


def _without_cycles(bands: Sequence[Band]) -> list[Band]:
    """Bands in their order, leaving out each that would close a circle."""
    reach: dict[Node, set[Node]] = {}
    kept = []
    for band in bands:
        if band.start == band.end or band.start in reach.get(band.end, set()):
            continue
        kept.append(band)
        gained = {band.end, *reach.get(band.end, set())}
        reach.setdefault(band.start, set()).update(gained)
        for node, seen in reach.items():
            if band.start in seen:
                reach[node] = seen | gained
    return kept


def _place(boxes: dict[Node, _Box]) -> float:
    """Set x and y of every box; returns the height of the picture."""
    columns: dict[int, list[_Box]] = {}
    for box in boxes.values():
        columns.setdefault(box.layer, []).append(box)
    last = max(columns)
    headroom = max((box.room - box.height for box in boxes.values() if box.above), default=0.0)
    for layer in sorted(columns):
        y = TOP_EDGE + headroom
        for box in sorted(columns[layer], key=lambda box: _rank(box, boxes)):
            spare = box.room - box.height
            first = y == TOP_EDGE + headroom
            box.y = y + (spare if box.above and not first else 0.0 if box.above else spare / 2)
            box.x = LEFT + (WIDTH - LEFT - RIGHT - BAR) * (layer / last if last else 0)
            y = box.y + box.height + (0.0 if box.above else spare / 2) + GAP
    return max(box.y + max(box.height, (box.height + box.room) / 2) for box in boxes.values()) + TOP_EDGE


def _rank(box: _Box, boxes: dict[Node, _Box]) -> tuple[float, float, float, str]:
    """Near what feeds it, what is left first and the bank last, large before small."""
    order = {"held": 0.0, "recipient": 1.0, "bfp": 2.0, "bank": 3.0}.get(box.node.kind, 1.0)
    fed = [(boxes[b.start].y, b.weight) for b in box.into if boxes[b.start].layer < box.layer]
    total = sum(weight for _, weight in fed)
    middle = sum(y * weight for y, weight in fed) / total if total else 0.0
    rest = box.node.key == "others"
    return (round(middle / 60), order + rest / 2, -box.height, box.node.key)


def _ribbons(boxes: dict[Node, _Box], shown: Shown, links: dict[str, str]) -> list[str]:
    out = []
    starts = {node: box.y for node, box in boxes.items()}
    ends = dict(starts)
    thick = {id(b): _thickness(b, boxes) for box in boxes.values() for b in box.out}
    entry: dict[int, float] = {}
    for box in boxes.values():
        for band in sorted(box.into, key=lambda b: (boxes[b.start].y, b.start.key)):
            entry[id(band)] = ends[box.node]
            ends[box.node] += thick[id(band)]
    for box in boxes.values():
        for band in sorted(box.out, key=lambda b: (boxes[b.end].y, b.end.key)):
            y = starts[box.node]
            starts[box.node] += thick[id(band)]
            shape = _shape(box, boxes[band.end], y, entry[id(band)], max(thick[id(band)], 0.7))
            amount = f"{shown.amount(band.figure.amount, band.figure.currency)} {band.figure.currency}"
            words = f"{band.start.name} to {band.end.name}: {amount}, rows cited in the table"
            colour = COLOURS.get(band.end.kind, PLAIN)
            out.append(
                f'<a href="#{links[band.figure.id]}"><path class="band {band.end.kind}" d="{shape}" fill="{colour}" '
                f'fill-opacity="0.45"><title>{escape(visible(words))}</title></path></a>'
            )
    return out


def _thickness(band: Band, boxes: dict[Node, _Box]) -> float:
    box = boxes[band.start]
    size = max(_sum(box.into), _sum(box.out))
    return box.height * band.weight / size if size else 0.0


def _shape(start: _Box, end: _Box, y0: float, y1: float, thick: float) -> str:
    x0, x1 = start.x + BAR, end.x
    if end.layer > start.layer:
        bend = (x0 + x1) / 2
        return (
            f"M{x0:.1f} {y0:.1f}C{bend:.1f} {y0:.1f} {bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
            f"V{y1 + thick:.1f}C{bend:.1f} {y1 + thick:.1f} {bend:.1f} {y0 + thick:.1f} {x0:.1f} {y0 + thick:.1f}Z"
        )
    out, back = x0 + 26, x1 - 26
    return (
        f"M{x0:.1f} {y0:.1f}C{out:.1f} {y0:.1f} {out:.1f} {y0 - 40:.1f} {(x0 + x1) / 2:.1f} {y0 - 40:.1f}"
        f"S{back:.1f} {y1:.1f} {x1:.1f} {y1:.1f}V{y1 + thick:.1f}"
        f"C{back:.1f} {y1 + thick:.1f} {back:.1f} {y0 - 40 + thick:.1f} {(x0 + x1) / 2:.1f} {y0 - 40 + thick:.1f}"
        f"S{out:.1f} {y0 + thick:.1f} {x0:.1f} {y0 + thick:.1f}Z"
    )


def _node(box: _Box) -> list[str]:
    colour = COLOURS.get(box.node.kind, "#27364a")
    out = [
        f'<rect class="bar {box.node.kind}" x="{box.x:.1f}" y="{box.y:.1f}" width="{BAR}" height="{box.height:.1f}" '
        f'fill="{colour}"><title>{escape(visible(box.node.name))}</title></rect>'
    ]
    if box.above:
        x, anchor, y = box.x + BAR / 2, "middle", box.y - (len(box.lines) - 1) * LINE - 5
    else:
        y = box.y + box.height / 2 - (len(box.lines) - 1) * LINE / 2 + TYPE * 0.35
        x, anchor = (box.x - 6, "end") if box.node.kind == "source" else (box.x + BAR + 6, "start")
    for number, line in enumerate(box.lines):
        kind = "amount" if number == len(box.lines) - 1 else "name"
        fill = "#4a5666" if kind == "amount" else "#16202c"
        out.append(
            f'<text class="{kind}" x="{x:.1f}" y="{y + number * LINE:.1f}" text-anchor="{anchor}" fill="{fill}" '
            f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{escape(line)}</text>'
        )
    return out
