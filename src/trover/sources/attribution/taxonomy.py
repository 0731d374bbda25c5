"""Taxonomies of the dark web and of virtual assets (INTERPOL, GraphSense) in YAML: a scheme and its concepts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trover.errors import InputErrors, Problem
from trover.sources.attribution.label import Concept
from trover.sources.custody import SourceFile
from trover.sources.fields import Fields
from trover.sources.reader import Reading
from trover.sources.record import Pointer
from trover.sources.strict_yaml import Lined, load_yaml

_SCHEME = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n|---[^\n]*\n)*scheme[ \t]*:[ \t\r]*\n"
    rb"(?:[ \t]+[^\n]*\n)*?[ \t]+type[ \t]*:[ \t]*conceptScheme"
)


class TaxonomyReader:
    """Words for what labels say."""

    name = "taxonomy"

    def sniff(self, source: SourceFile) -> bool:
        return bool(_SCHEME.match(source.data[:16384]))

    def read(self, source: SourceFile, mapping: object = None) -> Reading:
        found: list[Problem] = []
        concepts = tuple(_concepts(source, found))
        if found:
            raise InputErrors(found)
        return Reading(source, self.name, (), concepts=concepts)


def _concepts(source: SourceFile, found: list[Problem]) -> Iterator[Concept]:
    top = Fields(load_yaml(source), found, source.name)
    scheme = Fields(top.mapping("scheme"), found, source.name, "scheme")
    title = scheme.text("title")
    for key in top.data:
        if key == "scheme":
            continue
        entry = top.data[key]
        line = entry.line if isinstance(entry, Lined) else 0
        fields = Fields(entry, found, source.name, row=line)
        if fields.void:
            continue
        yield Concept(
            Pointer(source.sha256, "", line),
            fields.id("id"),
            fields.text("prefLabel"),
            fields.text("description", "").strip(),
            fields.text("broader", ""),
            title,
        )
