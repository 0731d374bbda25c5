"""Tracing rules: data plus one small function each, one file a rule. There is no default rule.

A rule on lots says, for a withdrawal, in which stages content is drawn. A stage names whose content
(everybody's, the residual OWN, the claimants') and how: from the oldest lot, from the newest, or as a
blend of all. Everything else is the engine's. A module of this package that defines `RULE` is a rule;
adding one touches one file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

from trover.errors import UnknownRule

if TYPE_CHECKING:
    from trover.trace.derive import Basis
    from trover.trace.given import Given

Table = dict[str, dict[str, int]]
"""account or fund -> owner -> minor units."""


class Whose(IntEnum):
    ALL = 0
    OWN = 1
    CLAIMANTS = 2


class How(IntEnum):
    HEAD = 0
    """Oldest lot first; a blended lot pro rata."""
    TAIL = 1
    """Newest lot first; a blended lot pro rata."""
    BLEND = 2
    """Pro rata over everything drawn from, as one blended lot."""


@dataclass(frozen=True, slots=True)
class Stage:
    whose: Whose
    how: How


OLDEST_FIRST = Stage(Whose.ALL, How.HEAD)
NEWEST_FIRST = Stage(Whose.ALL, How.TAIL)
PRO_RATA = Stage(Whose.ALL, How.BLEND)
OWN_MONEY = Stage(Whose.OWN, How.BLEND)
CLAIMANTS_RATEABLY = Stage(Whose.CLAIMANTS, How.BLEND)
CLAIMANTS_OLDEST_FIRST = Stage(Whose.CLAIMANTS, How.HEAD)

Stages = tuple[Stage, ...]


@dataclass(frozen=True)
class Rule:
    """What every rule says of itself; the pages of the documentation are made from it.

    `section` is the section of the specification, `used` where courts use the rule, `favours` which
    party its assumption favours. `recoverable` is false for screening measures, whose figures are
    never amounts recoverable.
    """

    id: str
    title: str
    section: str
    between: str
    assumes: str
    authority: tuple[str, ...]
    used: str
    favours: str
    also_called: tuple[str, ...] = ()
    caution: str = ""
    recoverable: bool = True


@dataclass(frozen=True)
class LotRule(Rule):
    """A rule that says how content leaves an account.

    `draw(preserved)` gives the stages of a withdrawal; `preserved` is true when an asset is bought.
    `discharge` gives the stages in which a credit repays an overdraft (drawn as a withdrawal unless
    given). `contaminates`: any taint taints all. `largest_first`: the largest output is filled first.
    """

    draw: Callable[[bool], Stages] = lambda preserved: ()
    discharge: Stages = ()
    contaminates: bool = False
    largest_first: bool = False
    on: frozenset[str] = frozenset({"account"})

    @property
    def repays(self) -> Stages:
        return self.discharge or self.draw(False)

    @property
    def keeps_order(self) -> bool:
        """Whether the order of lots in an account matters."""
        return any(stage.how is not How.BLEND for stage in self.draw(False))

    @property
    def newest_first(self) -> bool:
        """Whether what came last leaves first."""
        return any(stage.how is How.TAIL for stage in self.draw(False))


@dataclass(frozen=True)
class DerivedRule(Rule):
    """A rule computed from the ledger and from the result of another rule (`basis`)."""

    basis: str = "libr"
    derive: Callable[[Basis], Table] = lambda basis: {}
    applies: Callable[[Basis], str] = lambda basis: ""
    """Empty, or why the rule cannot be run on this ledger."""
    on: frozenset[str] = frozenset({"account"})
    needs_steps: bool = False
    """Whether it looks at the movements of its basis."""
    distribute: Callable[[Given], dict[str, int]] | None = None
    """For the family distribution: shares by claimant in minor units, from the pool and the inputs in `needs`."""
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ValuationRule(Rule):
    """How an asset bought with mixed money is divided at a valuation.

    `divide(price, contributions, value)` gives shares by contributor; all minor units, OWN included.
    """

    divide: Callable[[int, Mapping[str, int], int], dict[str, int]] = lambda price, contributions, value: {}
    on: frozenset[str] = frozenset({"asset"})


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by id, in the order of the specification (section, then id)."""
    found: list[Rule] = [
        module.RULE
        for info in pkgutil.iter_modules(__path__)
        if hasattr(module := importlib.import_module(f"{__name__}.{info.name}"), "RULE")
    ]
    return {rule.id: rule for rule in sorted(found, key=lambda rule: (_order(rule.section), rule.id))}


def rule(id: str) -> Rule:
    """The rule with that id. Raises `UnknownRule`."""
    try:
        return all_rules()[id]
    except KeyError:
        raise UnknownRule(id) from None


def rules_on(family: str) -> list[Rule]:
    """The rules that apply to a family of ledgers: account, utxo, asset or distribution."""
    return [r for r in all_rules().values() if family in getattr(r, "on", ())]


def _order(section: str) -> tuple[int, ...]:
    return tuple(int(part) for part in section.split("."))
