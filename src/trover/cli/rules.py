"""`trover rules`."""

from __future__ import annotations

import click

from trover.cli.show import console, print_json, table


@click.command(name="rules")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(as_json: bool) -> None:
    """List the tracing rules, what each assumes and where it is used. There is no default rule.

    \b
    Example:
      trover rules
    """
    from trover.trace.rules import all_rules

    rules = all_rules().values()
    if as_json:
        fields = ("title", "section", "between", "assumes", "authority", "used", "favours", "caution", "recoverable")
        print_json({r.id: {name: getattr(r, name) for name in fields} for r in rules})
        return
    shown = table("Rule", "Assumes", "Favours")
    for r in rules:
        shown.add_row(r.id, r.assumes, r.favours)
    console().print(shown)
