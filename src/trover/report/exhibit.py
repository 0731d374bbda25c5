"""The exhibit: fourteen parts made of the material, each figure checked against its rows before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trover.report.document import Part, check
from trover.report.figures import Figure
from trover.report.material import Cover, Material
from trover.report.parts.answer import answer_part
from trover.report.parts.charts import charts_part
from trover.report.parts.closing import cover_part, custody_part, disclosure_part, limits_part
from trover.report.parts.evidence import parties_part, sources_part
from trover.report.parts.method import claims_part, method_part
from trover.report.parts.schedule import reconciliation_part, schedule_part
from trover.report.parts.sensitivity import sensitivity_part
from trover.report.parts.steps import steps_part
from trover.report.reading import Reading
from trover.report.words import Shown


@dataclass(frozen=True)
class ScheduleRow:
    """Where a figure's row stands: its printed label, its anchor, and document and line of its source."""

    label: str
    anchor: str
    source: str


@dataclass(frozen=True)
class Exhibit:
    """What every format prints. `parts` are the fourteen of the specification, in order.

    `figures` are all results printed, by id; `rows` the schedule rows they cite, by id.
    """

    cover: Cover
    parts: tuple[Part, ...]
    figures: Mapping[str, Figure]
    rows: Mapping[str, ScheduleRow]
    shown: Shown


MAKERS = (
    cover_part,
    answer_part,
    sources_part,
    parties_part,
    schedule_part,
    reconciliation_part,
    claims_part,
    method_part,
    steps_part,
    sensitivity_part,
    limits_part,
    charts_part,
    custody_part,
    disclosure_part,
)


def assemble(material: Material) -> Exhibit:
    """Make the exhibit of `material`.

    Raises `FigureWithoutRows`, `BandWithoutRows` or `AnchorMissing` rather than print what cannot be checked.
    """
    reading = Reading(material)
    parts = tuple(make(reading) for make in MAKERS)
    check(parts)
    rows = {
        row: ScheduleRow(
            label, reading.anchor(row), reading.source_text(reading.event[row]) if row in reading.event else ""
        )
        for row, label in reading.labels.items()
    }
    figures = {figure.id: figure for figure in reading.book.all()}
    return Exhibit(material.cover, parts, figures, rows, reading.shown)
