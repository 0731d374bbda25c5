"""Sums that a message prints of its own rows (:90C:, :90D:, and what ING writes last), compared with the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trover.errors import FieldWrong, Problem, TotalContradicted
from trover.sources.mt.context import Context
from trover.sources.mt.message import Field, Message
from trover.sources.mt.values import line_of, minor_of
from trover.sources.row_book import Own
from trover.sources.text import shortened

_SUM = re.compile(r"(\d*)([A-Z]{3})(\d[\d,]*)", re.ASCII)
_LAST = re.compile(r"D(\d{6})C(\d{6})D(\d+,\d*)C(\d+,\d*)", re.ASCII)
_LAST_SLASHED = re.compile(r"/SUM/(\d+)/(\d+)/(\d+,\d*)/(\d+,\d*)/?", re.ASCII)


def compare_totals(context: Context, message: Message, own: Own, rows: Sequence[Sequence[str]]) -> None:
    """Remark where a count or a sum that the message states is not that of its rows."""
    stated = list(message.all("90C", "90D"))
    last = message.fields[-1]
    final = last.tag == "86" and (_LAST.fullmatch(last.text) or _LAST_SLASHED.fullmatch(last.text))
    if not stated and not final:
        return
    counted = _counted(rows, own)
    for each in stated:
        match = _SUM.fullmatch(each.text)
        if match is None:
            says = "is not a count, a currency and a sum"
            context.remark(FieldWrong(shortened(each.text), says=says), each)
            continue
        _compare(context, each, own, match[1], match[3], counted[each.tag == "90C"])
    if final:
        debits, credits, out, came = final.groups()
        _compare(context, last, own, debits, out, counted[False])
        _compare(context, last, own, credits, came, counted[True])


def _counted(rows: Sequence[Sequence[str]], own: Own) -> dict[bool, list[int]]:
    """Whether money comes in -> the amounts of the rows that can be read, expected ones left out."""
    found: dict[bool, list[int]] = {True: [], False: []}
    for lines in rows:
        try:
            line = line_of("\n".join(lines).rstrip(), own.decimals)
        except Problem:
            continue
        if not line.mark.startswith("E"):
            found[line.credit].append(line.minor)
    return found


def _compare(context: Context, where: Field, own: Own, count: str, total: str, amounts: list[int]) -> None:
    side = "credits" if where.tag == "90C" else "debits" if where.tag == "90D" else "rows"
    if count and int(count) != len(amounts):
        says = f"is the number of {side} stated, but {len(amounts)} stand there"
        context.remark(TotalContradicted(count.lstrip("0") or "0", says=says), where)
    try:
        stated = minor_of(total, own.decimals)
    except Problem as problem:
        context.remark(problem, where)
        return
    if stated != sum(amounts):
        says = f"is the sum of {side} stated, but they come to {sum(amounts)} minor units"
        context.remark(TotalContradicted(total, says=says), where)
