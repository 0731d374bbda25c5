"""Small chains written as text, one transaction a line: `t1: A 5, B 3 -> C 7, D 1`. Values are satoshi."""

from __future__ import annotations

from itertools import pairwise

from trover.cluster.view import ChainView, Coin, ViewBuilder


def chain(text: str, script_type: str = "p2wpkh") -> ChainView:
    """The view of these transactions; nothing before `->` is a coinbase, `A@t1:0` names what an input spends."""
    builder = ViewBuilder()
    for line in filter(None, map(str.strip, text.splitlines())):
        txid, _, legs = line.partition(": ")
        ins, _, outs = legs.partition("->")
        inputs = [_coin(part, script_type) for part in ins.split(",") if part.strip()]
        builder.add(txid, inputs, [_coin(part, script_type) for part in outs.split(",")], coinbase=not inputs)
    return builder.view()


def _coin(text: str, script_type: str) -> Coin:
    address, value = text.split()
    address, _, outpoint = address.partition("@")
    return Coin(address, int(value), script_type, outpoint)


def coinjoin(txid: str, senders: str, receivers: str, value: int, premium: int = 0) -> str:
    """A line in which every sender gives and every receiver gets `value`, the first sender `premium` more."""
    ins = ", ".join(f"{name} {value + (premium if at == 0 else 0)}" for at, name in enumerate(senders.split()))
    return f"{txid}: {ins} -> {', '.join(f'{name} {value}' for name in receivers.split())}"


def path_ends(steps: list[tuple[str, str]]) -> bool:
    """Whether each step begins where the one before ended."""
    return all(one[1] == other[0] for one, other in pairwise(steps))
