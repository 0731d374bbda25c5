"""The reference of the command line, made from the help of the commands."""

from __future__ import annotations

import importlib

import click

from trover.cli import COMMANDS, cli

WIDTH = 96


def commands() -> str:
    """The help of every command, as the command prints it."""
    parts = [f"```text\n{_help(cli, 'trover')}\n```"]
    for name in COMMANDS:
        command: click.Command = importlib.import_module(f"trover.cli.{name}").command
        parts.append(f"## trover {name}\n\n```text\n{_help(command, f'trover {name}')}\n```")
        if isinstance(command, click.Group):
            inside = click.Context(command)
            for inner in command.list_commands(inside):
                sub = command.get_command(inside, inner)
                assert sub is not None
                parts.append(f"### trover {name} {inner}\n\n```text\n{_help(sub, f'trover {name} {inner}')}\n```")
    return "\n\n".join(parts)


def _help(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=path, terminal_width=WIDTH, max_content_width=WIDTH)
    context.help_option_names = ["-h", "--help"]
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
