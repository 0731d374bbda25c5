"""Examples in docstrings run, and every command shows in its help an example that it would accept."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from trover.cli import COMMANDS, cli

SOURCE = Path(__file__).resolve().parents[2] / "src" / "trover"


def _modules_with_examples() -> list[str]:
    found = [path for path in sorted(SOURCE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]
    return [".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__") for path in found]


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and subcommand with the words that call it."""
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            subs = [(inner, command.get_command(context, inner)) for inner in command.list_commands(context)]
            yield from ((f"{name} {inner}", sub) for inner, sub in subs if sub is not None)


def _examples(command: click.Command) -> list[list[str]]:
    """The words of each example in the help, a continued line joined."""
    text = (command.help or "").replace("\\\n", " ")
    return [shlex.split(line) for line in re.findall(r"^\s+(trover .+)$", text, re.MULTILINE)]


def test_examples_in_docstrings_run() -> None:
    results = {name: doctest.testmod(importlib.import_module(name)) for name in _modules_with_examples()}
    assert {name: result.failed for name, result in results.items() if result.failed} == {}


@pytest.mark.parametrize(("name", "command"), [pytest.param(*found, id=found[0]) for found in _commands()])
def test_every_command_shows_an_example_that_it_would_accept(name: str, command: click.Command) -> None:
    examples = _examples(command)
    assert examples
    known = dict(_commands())
    for words in examples:
        called = " ".join(words[1:3]) if " ".join(words[1:3]) in known else words[1]
        options = {option for param in known[called].params for option in param.opts}
        assert called.startswith(name)
        assert [word for word in words if word.startswith("-") and word not in options] == []
