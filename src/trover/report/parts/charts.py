"""Part 12: the flow pictures, each with the table that says the same and cites the rows of every band."""

from __future__ import annotations

from trover.report.document import Block, Column, Line, Part, Picture, RowRefs, Table, paragraph
from trover.report.flow import Flow, flow
from trover.report.flow_svg import draw
from trover.report.reading import Reading
from trover.report.words import ORDER_WORDS


def charts_part(reading: Reading) -> Part:
    blocks: list[Block] = []
    for answer in reading.main():
        found = flow(reading, answer)
        twin = f"bands-{answer.rule.id}"
        links = {band.figure.id: f"{twin}-{number}" for number, band in enumerate(found.bands, 1)}
        order = ORDER_WORDS[reading.material.order]
        if found.drawable:
            caption = (
                f"{answer.rule.title}, {order}. The width of a band is the traced amount; each band leads to the rows "
                "it sums. Bands thinner than a hair are drawn as one."
            )
            blocks.append(
                Picture(f"flow-{answer.rule.id}", draw(found, reading.shown, links), caption, twin, answer.rule.id)
            )
        elif found.bands:
            blocks.append(
                paragraph(f"{answer.rule.title}: {len(found.nodes)} parties are too many to draw; the table has all.")
            )
        blocks.append(_twin(found, twin, links))
    if not blocks:
        blocks.append(paragraph("No chart: no rule on lots was run."))
    return Part(12, "Charts", tuple(blocks))


def _twin(found: Flow, twin: str, links: dict[str, str]) -> Table:
    starts = [band.start for band in found.bands]
    lines = [
        Line(
            (band.start.name, band.end.name, band.figure, band.figure.currency, RowRefs(band.figure.rows)),
            anchor=links[band.figure.id],
        )
        for band in sorted(found.bands, key=lambda band: (starts.index(band.start), -band.weight))
    ]
    return Table(
        twin,
        f"Bands of the picture: {found.title}",
        (
            Column("From", "text", 4),
            Column("To", "text", 4),
            Column("Traced", "money", 2),
            Column("Currency", "text", 1),
            Column("Rows", "rows", 5),
        ),
        tuple(lines),
        empty="Nothing claimed moved under this rule.",
        rule=found.rule,
        folded=True,
    )
