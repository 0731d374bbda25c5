"""The command line: one thin command each over the public API. Nothing is decided here.

Exit status: 0 done, 1 a check failed (verify), 2 input or usage is wrong, 130 interrupted.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from trover import __version__
from trover.errors import TroverError

MOST = 100
"""Problems that are printed when a command ends with them."""
COMMANDS = {
    "demo": "Trace a real case on real data and build its exhibit.",
    "new": "Make a new, empty case in a folder.",
    "add": "Add files or folders of evidence to a case; each statement is judged.",
    "mapping": "Propose what the columns of a table mean, for a person to approve.",
    "check": "Say what evidence there is, what proves it, and which days are missing.",
    "admit": "Let in statements that their balances do not prove, with a reason.",
    "chain": "Bring in data of a blockchain, and follow it.",
    "key": "Key statements from paper: two persons, differences shown.",
    "evidence": "List evidence records: value that left no transfer.",
    "pairs": "List payments with two sides: joined, waiting, unanswered.",
    "darkweb": "Listings and saved pages: vendors, what they name, where money goes.",
    "claim": "Record which incoming money is claimed, and why.",
    "finding": "Record, list or withdraw what a person found.",
    "trace": "Trace the claims under named rules, side by side.",
    "explain": "Show each step to one transfer, account or recipient.",
    "exhibit": "Build the exhibit: page, workbook, PDF and signed bundle.",
    "verify": "Check a case or a bundle, line by line.",
    "stamp": "Time-stamp a bundle by an authority (RFC 3161).",
    "solve": "Answer one case file as JSON.",
    "rules": "List the tracing rules and what each assumes.",
}
"""Command -> one line of help; each lives in the module of its name and is imported when called."""


class Commands(click.Group):
    """Commands in the order of work, imported only when called: help stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"trover.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(__version__, prog_name="trover", message="%(prog)s %(version)s")
def cli() -> None:
    """Follow the proceeds of crime through accounts to what a court can reach, and show every step.

    \b
    Begin with:
      trover demo
    """


def main(args: list[str] | None = None) -> None:
    """Entry point: runs a command and turns problems into a message and an exit status."""
    sys.exit(run(args))


def run(args: list[str] | None = None) -> int:
    """Run a command line; the exit status is returned."""
    try:
        result: Any = cli.main(args=args, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as usage:
        usage.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. Nothing was changed by this command.", err=True)
        return 130
    except TroverError as problem:
        click.echo(_worded(problem), err=True)
        return 2
    except BrokenPipeError:
        return 0


def _worded(problem: TroverError) -> str:
    lines = [line for line in str(problem).splitlines() if line]
    count = f"{len(lines):,} problems, nothing was changed:\n" if len(lines) > 1 else ""
    if len(lines) > MOST:
        lines[MOST:] = [f"and {len(lines) - MOST:,} more"]
    return count + "\n".join(lines)
