"""`trover chain`: the group; each command lives in a module of its own and is imported when called."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "add": "Add blocks and transactions to a case; what proves itself is checked.",
    "cluster": "Say which addresses one wallet may control, and on what evidence.",
    "trace": "Trace claims through transactions, forward or back, and say where data stop.",
    "services": "Propose what may have gone through an exchange; only a finding joins it.",
    "link": "Say which transactions join two addresses; no fewer do.",
    "tag": "Say what is said of addresses: labels, who says so, and since when.",
}
"""Command -> one line of help; `trover chain NAME` is in the module chain_NAME."""


class ChainCommands(click.Group):
    """Commands in the order of work, imported only when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"trover.cli.chain_{cmd_name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(name="chain", cls=ChainCommands)
def command() -> None:
    """Bring in data of a blockchain, and follow it.

    What stands on a chain is fact: transactions, outputs, addresses. Who is behind an address is a finding.

    \b
    Example:
      trover chain add case transactions.json --unproved "From a public explorer, compared with a second one"
    """
