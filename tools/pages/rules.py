"""The computed parts of the pages on rules: what a rule says of itself, and its worked example."""

from __future__ import annotations

from collections.abc import Iterator

from tools.pages.cases import Worked, worked
from tools.pages.markdown import table

from trover.ledger.event import EXTERNAL, Event
from trover.ledger.money import money, nano_money
from trover.sources.case_utxo import ORIGIN
from trover.trace.claim import OWN
from trover.trace.compare import Answer, distribute, divide_asset
from trover.trace.entry import Entries
from trover.trace.explain import Explainer
from trover.trace.lot import Content
from trover.trace.result import CLEAN, TAINTED, Movement
from trover.trace.rules import DerivedRule, How, LotRule, Rule, Stages, Whose, all_rules, rule
from trover.trace.variant import Variant, apply, variant

WHOSE = {Whose.ALL: "everybody's money", Whose.OWN: "own money (OWN)", Whose.CLAIMANTS: "the claimants' money"}
HOW = {How.HEAD: "oldest lot first", How.TAIL: "newest lot first", How.BLEND: "pro rata"}
SCREENING = "These figures say what money touched. They are never an amount that can be recovered."


def rule_head(id: str) -> str:
    """What the rule object says of itself, as a table."""
    r = rule(id)
    rows = [["Key", f"`{r.id}`"]]
    if r.also_called:
        rows.append(["Also called", "; ".join(r.also_called)])
    rows += [
        ["Between", r.between],
        ["Assumes", r.assumes],
        ["Where it is used", r.used],
        ["Favours", r.favours],
        ["Authority", "<br>".join(r.authority)],
    ]
    if r.caution:
        rows.append(["Caution", r.caution])
    rows += [["How it runs", _runs(r)], ["Ledgers", ", ".join(sorted(getattr(r, "on", ())))]]
    return table(["", ""], rows)


def _runs(r: Rule) -> str:
    if isinstance(r, DerivedRule):
        return (
            "Computed from the case and from the result of `libr`" if "account" in r.on else "Computed from the totals"
        )
    if not isinstance(r, LotRule):
        return "Computed from the price, the contributions and a valuation"
    said = [f"A payment takes {_stages(r.draw(False))}."]
    if r.draw(True) != r.draw(False):
        said.append(f"A payment for an asset takes {_stages(r.draw(True))}.")
    if r.repays != r.draw(False):
        said.append(f"A credit repays an overdraft with {_stages(r.repays)}.")
    if r.contaminates:
        said.append("One tainted unit taints the whole credit and the whole account.")
    if r.largest_first:
        said.append("The largest output is filled first, the fee last.")
    return " ".join(said)


def _stages(stages: Stages) -> str:
    return ", then ".join(f"{WHOSE[stage.whose]}, {HOW[stage.how]}" for stage in stages)


def rules_index() -> str:
    """All rules, in the order of the specification."""
    rows = [[f"[`{r.id}`]({r.id}.md)", r.title, r.assumes, r.used, r.favours] for r in all_rules().values()]
    return table(["Key", "Name", "Assumes", "Where it is used", "Favours"], rows)


def ledger(case: str, key: str) -> str:
    """The transfers of a case, what each carried under `key`, and what the accounts then hold."""
    return "```text\n" + "\n".join(_Told(worked(case), key).lines()) + "\n```"


class _Told:
    """A trace told line by line; a derived rule is told by the trace that it builds on."""

    def __init__(self, work: Worked, key: str) -> None:
        chosen = rule(key.partition("@")[0])
        trace = work.answer(chosen.basis + key[len(chosen.id) :] if isinstance(chosen, DerivedRule) else key).trace
        assert trace is not None
        self.work, self.unit = work, work.file.minor_unit
        self.contaminates = isinstance(chosen, LotRule) and chosen.contaminates
        self.ledger, self.assumptions = apply(work.ledger, work.assumptions, variant(key.partition("@")[2]))
        self.moved: dict[str, list[Movement]] = {}
        for movement in trace.movements:
            self.moved.setdefault(movement.event, []).append(movement)

    def lines(self) -> Iterator[str]:
        entries = Entries(self.assumptions)
        for account in self.ledger.account_list:
            if account.opening > 0 and not account.is_external:
                lots = self.content(entries.opening(account))
                yield f"{account.id} opens with {money(account.opening, self.unit)} | lots: {lots}"
            elif account.opening < 0:
                yield f"{account.id} opens overdrawn: {money(account.opening, self.unit)}"
        for event in self.ledger:
            yield from self.event(event, self.moved.get(event.id, []))

    def event(self, event: Event, moved: list[Movement]) -> Iterator[str]:
        if event.inputs[0].account == ORIGIN:
            out = moved[-1]
            yield f"{out.account} holds {money(out.amount, self.unit)} | lots: {self.content(out.content)}"
        elif len(event.inputs) == len(event.outputs) == 1:
            paid, got = event.inputs[0], event.outputs[0]
            arrives = "" if got.amount == paid.amount else f", {money(got.amount, self.unit)} arrives"
            lots = self.content(next(m.content for m in moved if m.side == "out"))
            after = "; ".join(self.after(m) for m in moved if not m.account.startswith(EXTERNAL))
            head = f"{event.time:%Y-%m-%d} {event.id}: transfer {paid.account} -> {got.account}"
            yield f"{head} {money(paid.amount, self.unit)}{arrives} | lots: {lots} | then {after}"
        else:
            yield f"transaction {event.id}"
            for m in moved:
                yield f"  {m.side:3} {m.account} {money(m.amount, self.unit)} | lots: {self.content(m.content)}"

    def after(self, m: Movement) -> str:
        below = f", overdrawn {money(m.balance_after, self.unit)}" if m.balance_after < 0 else ""
        return f"{m.account}: {self.content(m.after)}{below}"

    def content(self, content: Content) -> str:
        shown = [f"{self.named(owner)} {nano_money(q, self.unit)}" for owner, q in content.items() if q]
        return ", ".join(shown) or "nothing"

    def named(self, owner: str) -> str:
        return CLEAN if self.contaminates and owner == OWN else self.work.named(owner)


def _unit(work: Worked) -> int:
    return work.file.minor_unit


def steps(case: str, key: str) -> str:
    """The formula of every payment out of an account, as the explanation prints it."""
    work = worked(case)
    trace = work.answer(key).trace
    assert trace is not None
    explain = Explainer(work.ledger, trace, work.assumptions, lambda currency: _unit(work))
    paid = [m for m in trace.movements if m.side == "in"]
    return table(
        ["Payment", "From", "How it is drawn"], [[m.event, f"`{m.account}`", explain.step(m).formula] for m in paid]
    )


def result(case: str, key: str) -> str:
    """Who has what at the end of a case under `key`; accounts that hold nothing are left out."""
    work = worked(case)
    found = outcome(case, key)
    owners = list(dict.fromkeys(owner for row in found.values() for owner in row))
    rows = [
        [
            f"`{account}`",
            *(money(row.get(owner, 0), _unit(work)) for owner in owners),
            money(sum(row.values()), _unit(work)),
        ]
        for account, row in found.items()
        if any(row.values())
    ]
    made = table(["account", *map(work.named, owners), "together"], rows, frozenset(range(1, len(owners) + 2)))
    return made if rule(key.partition("@")[0]).recoverable else f"{made}\n\n{SCREENING}"


def outcome(case: str, key: str) -> dict[str, dict[str, int]]:
    """account or fund -> owner -> minor units, for any family of cases."""
    work = worked(case)
    if work.file.family == "asset":
        return divide_asset(work.file.inputs)[key]
    if work.file.family == "distribution":
        return distribute(work.file.inputs)[key]
    answer: Answer = work.answer(key)
    if answer.skipped:
        raise ValueError(f"{key} on {case}: {answer.skipped}")
    return {account: row for account, row in answer.table.items() if account != ORIGIN}


def compare(case: str, account: str) -> str:
    """What every rule of the case's expected figures leaves in one account, side by side; screening rules left out."""
    work = worked(case)
    tables = {key: outcome(case, key) for key in work.stated["expected"] if rule(key.partition("@")[0]).recoverable}
    found = {key: rows[account] for key, rows in tables.items() if account in rows}
    owners = list(dict.fromkeys(owner for row in found.values() for owner in row if owner not in (TAINTED, CLEAN)))
    rows = [[f"`{key}`", *(money(row.get(o, 0), _unit(work)) for o in owners)] for key, row in found.items()]
    return table(["rule", *map(work.named, owners)], rows, frozenset(range(1, len(owners) + 1)))


def inputs(case: str) -> str:
    """What a case of an asset or a distribution starts from."""
    work = worked(case)
    rows = []
    for name, value in work.file.inputs.items():
        if name == "valuations":
            rows += [[f"value at `{v['id']}`", money(v["value"], _unit(work))] for v in value]
        elif isinstance(value, dict):
            rows += [[f"{name} by {owner}", money(amount, _unit(work))] for owner, amount in value.items()]
        else:
            rows.append([name, money(value, _unit(work)) if isinstance(value, int) else f"`{value}`"])
    return table(["given", ""], rows, frozenset({1}))


VARIANTS = {
    Variant.AS_BOOKED: ("as booked", "In the posting order of the bank.", "nothing"),
    Variant.CREDITS_FIRST: (
        "`@credits_first`",
        "At one time: credits from outside, then transfers between accounts of the ledger, then payments out.",
        "nothing",
    ),
    Variant.DEBITS_FIRST: ("`@debits_first`", "The reverse of it.", "nothing"),
    Variant.BACKWARD: (
        "`@backward`",
        "A later credit moves to the instant before the debit that it funded.",
        "a finding that the two were co-ordinated (`backward_for`)",
    ),
    Variant.CONSOLIDATED: (
        "`@consolidated`",
        "Several accounts of one holder count as one; transfers between them are dropped.",
        "a finding which accounts (`consolidate`)",
    ),
    Variant.NO_LINK: (
        "`@no_link`",
        "Links of a cash deposit to a withdrawal, and settlements by a broker, are left out.",
        "a link to leave out (`linked_to`, `settlement`)",
    ),
}


def variants() -> str:
    """Every variant: how the ledger is read, and what it needs. Raises KeyError for one that is not described."""
    return table(["Variant", "How the ledger is read", "What it needs"], [list(VARIANTS[v]) for v in Variant])
