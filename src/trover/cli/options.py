"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

case_folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
as_json = click.option("--json", "as_json", is_flag=True, help="For machines: JSON, amounts in minor units.")
author = click.option("--author", metavar="NAME", help="Who does this (or the variable TROVER_AUTHOR).")
rules = click.option(
    "--rule", "-r", "rules", multiple=True, required=True, metavar="RULE",
    help="rule, rule@variant or all; again for more. There is no default rule.",
)  # fmt: skip
order = click.option(
    "--order",
    type=click.Choice(["seq", "credits_first", "debits_first"]),
    help="Order within one time: as booked (seq), credits first or debits first.",
)


def handling(command: Callable[..., Any]) -> Callable[..., Any]:
    """--marking, --legal-basis and --retention."""
    for option in (
        click.option("--retention", type=DAY, metavar="DATE", help="Keep until this day at most."),
        click.option("--legal-basis", multiple=True, metavar="TEXT", help="On what legal basis it is held."),
        click.option("--marking", metavar="TLP", help="CLEAR, GREEN, AMBER, AMBER+STRICT or RED."),
    ):
        command = option(command)
    return command


def reasoned(command: Callable[..., Any]) -> Callable[..., Any]:
    """--reason and --evidence, which every finding carries."""
    for option in (
        click.option("--evidence", multiple=True, metavar="REF", help="Where this is shown: a document, a row."),
        click.option("--reason", required=True, metavar="TEXT", help="Why; it is printed in the exhibit."),
    ):
        command = option(command)
    return command


class Day(click.ParamType[date]):
    """A date such as 2021-06-30."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2021-06-30", param, ctx)


DAY = Day()
