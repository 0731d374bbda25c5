"""Tables of transactions that belong together, found among the files of one addition and those the case has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trover.errors import Place, Problem, TableAlone
from trover.sources.chain.tables import role_of
from trover.sources.chain.tables_joined import belongs, indexes, joined
from trover.sources.reader import Reading

FORMAT = "bitcoin tables"


def together(new: Sequence[Reading], stored: Iterable[Reading]) -> tuple[list[Reading], list[tuple[Reading, Problem]]]:
    """`new` with tables of transactions joined to the two others, which by themselves have no rows; and those that
    cannot be joined, each with the reason. stored: tables of the case, read again."""
    every = [*new, *stored]
    of_role = {role: [each for each in every if role_of(each.source) == role] for role in ("outputs", "inputs")}
    sets = {each.source.sha256: indexes(each) for each in every if role_of(each.source)}
    made: list[Reading] = []
    alone: list[tuple[Reading, Problem]] = []
    for reading in new:
        role = role_of(reading.source)
        if role in ("outputs", "inputs"):
            made.append(replace(reading, records=()))
        elif role != "transactions":
            made.append(reading)
        else:
            own = sets[reading.source.sha256]
            fits = [
                (outputs, inputs)
                for outputs in of_role["outputs"]
                for inputs in of_role["inputs"]
                if belongs(own, sets[outputs.source.sha256], sets[inputs.source.sha256])
            ]
            if len(fits) == 1:
                made.append(joined(reading, *fits[0]))
            else:
                says = f"{TableAlone.says}, and {len(fits) or 'none'} of them fit" if fits else TableAlone.says
                alone.append((reading, TableAlone(reading.source.name, Place(reading.source.name), says=says)))
    return made, alone
