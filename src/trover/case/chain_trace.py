"""The ordinary trace in the words of a chain: addresses beside outputs, satoshi exact, and why each branch ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trover.case.case import ALL, Case
from trover.case.chain_state import Lying, lying_in
from trover.case.open_ends import BLOCK_ORDER, NO_COURT, case_open_ends
from trover.case.sinks import sink_of, stops_of, with_stops
from trover.errors import InputErrors, Problem
from trover.ledger.begin import PAID
from trover.ledger.event import FEE, GAP, Account, AccountKind
from trover.ledger.hops import Outputs
from trover.sources.chain.transaction import COINBASE
from trover.trace.arithmetic import NANO, half_even
from trover.trace.claim import OWN
from trover.trace.compare import Answer, run
from trover.trace.engines import LARGE
from trover.trace.origins import REST, Origin, Upstream, upstream
from trover.trace.result import CLEAN
from trover.trace.rules import rules_on

FAMILY = "utxo"


def forward(case: Case, keys: Iterable[str] = (ALL,), *, labels: bool = True) -> dict[str, Any]:
    """Where what is claimed went under each rule, and where each branch ends. Amounts are minor units.

    `exact` is the same before rounding, as text with up to nine decimals of a minor unit. labels: stop where a label
    says that coin enters a mixer or the like; what is so cut is shown and not stored. Raises `InputErrors`.
    """
    sinks = stops_of(case) if labels else {}
    ledger = with_stops(case.traced(), sinks)
    if sinks and case.assumptions().claims:
        answers = list(run(ledger, case.assumptions(), _rules(keys), FAMILY, steps=len(ledger) < LARGE))
    else:
        answers = case.trace(list(keys), FAMILY, steps=len(ledger) < LARGE)
    accounts = ledger.account_by_id
    lying = lying_in(case)
    said = {sink_of(stop): stop for stop in sinks.values()}
    reached: dict[str, dict[str, Any]] = {}
    for answer in answers:
        for place, row in _claimed(answer).items():
            told = reached.setdefault(
                place, _place(place, accounts, lying) | {"holds": sum(answer.table[place].values())}
            )
            if place in said:
                told |= {"stops": str(said[place].kind), "says": said[place].says, "address": said[place].address}
            told["rules"][answer.key] = row
    places = sorted(reached.values(), key=lambda told: -_most(told))
    return {
        "case": case.info.name,
        "ledger": case.derived().hash,
        "disclosure": [BLOCK_ORDER, NO_COURT],
        "claims": [
            _claim(case, claim.claimant, claim.amount, claim.transfer, claim.account) for claim in _claims(case)
        ],
        "rules": {answer.key: _rule(answer) for answer in answers},
        "path": _path(case, answers),
        "places": places,
        "stops": [
            {"why": str(end.end), "place": end.place, "name": end.name, "currency": end.currency}
            for end in case_open_ends(case, answers)
        ],
        "notes": [note.plain() for note in case.derived().notes],
        "skipped": {answer.key: answer.skipped for answer in answers if answer.skipped},
    }


def backward(case: Case, place: str, keys: Iterable[str] = (ALL,)) -> dict[str, Any]:
    """What `place` is made of under each rule, by where each part came into the case, and what is missing there.

    place: an output, an address with one output in the case, another account, or a transfer. Raises `InputErrors`.
    """
    ledger = case.traced()
    looked = upstream(ledger, case.assumptions(), _one(case, place))
    answers = list(run(looked.ledger, looked.assumptions, _rules(keys), FAMILY, steps=bool(looked.event)))
    found: dict[str, dict[str, Any]] = {}
    for answer in answers:
        for name, row in _parts(answer, looked).items():
            origin = looked.origins.get(name) or Origin(name, "", "", 0, "")
            found.setdefault(name, _origin(case, origin))["rules"][answer.key] = row
    origins = sorted(found.values(), key=lambda told: -_most(told))
    return {
        "case": case.info.name,
        "ledger": case.derived().hash,
        "disclosure": [BLOCK_ORDER, NO_COURT],
        "place": _where(looked.account, ledger.account_by_id) if looked.account else {"transfer": looked.event},
        "rules": {answer.key: _rule(answer) for answer in answers},
        "origins": origins,
        "upstream": len(looked.origins),
        "skipped": {answer.key: answer.skipped for answer in answers if answer.skipped},
    }


def _path(case: Case, answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Each account of the case into which claimed value was paid, in order, with how much of it each rule says."""
    ledger = case.traced()
    accounts = ledger.account_by_id
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for answer in answers:
        for moved in answer.trace.movements if answer.trace else ():
            row = _owned(moved.content)
            if moved.side == "out" and row and moved.account in accounts and not accounts[moved.account].is_external:
                told: dict[str, Any] = {"event": moved.event, "holds": moved.amount, "rules": {}}
                told = found.setdefault((moved.event, moved.leg), _where(moved.account, accounts) | told)
                told["rules"][answer.key] = row
    place = {id: row for row, id in enumerate(ledger.events["id"].to_pylist())}
    times = ledger.events["time"].to_pylist()
    path = sorted(found.items(), key=lambda item: (place.get(item[0][0], 0), item[0][1]))
    return [told | {"time": times[place[event]].isoformat()} for (event, _), told in path if event in place]


def _owned(content: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """Claimant -> amount of a content in nano units."""
    owners = {owner: nano for owner, nano in content.items() if owner not in (OWN, CLEAN) and nano}
    return {owner: {"amount": half_even(nano, NANO), "exact": exact(nano)} for owner, nano in owners.items()}


def _rules(keys: Iterable[str]) -> list[str]:
    wanted = list(keys)
    return [rule.id for rule in rules_on(FAMILY)] if ALL in wanted else wanted


def _rule(answer: Answer) -> dict[str, Any]:
    return {"title": answer.rule.title, "recoverable": answer.rule.recoverable}


def _claims(case: Case) -> Sequence[Any]:
    return case.assumptions().claims


def _claim(case: Case, claimant: str, amount: int, transfer: str, account: str) -> dict[str, Any]:
    accounts = case.traced().account_by_id
    plain: dict[str, Any] = {"claimant": claimant, "amount": amount, "transfer": transfer, "account": account}
    if account in accounts:
        plain |= {"currency": accounts[account].currency, "address": accounts[account].address}
    return plain


def _claimed(answer: Answer) -> dict[str, dict[str, dict[str, Any]]]:
    """Place -> claimant -> amount, for what is claimed; nothing where nothing is."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    if answer.trace is None:
        return found
    for place, row in answer.table.items():
        owned = _owned(answer.trace.content[place])
        if owned:
            found[place] = {owner: cell | {"amount": row[owner]} for owner, cell in owned.items()}
    return found


def _parts(answer: Answer, looked: Upstream) -> dict[str, dict[str, Any]]:
    """Origin -> what of it is in the place. A rule that taints all divides nothing and names no origin."""
    if answer.trace is None or not answer.rule.recoverable:
        return {}
    content = looked.content(answer.trace)
    return {origin: {"amount": half_even(nano, NANO), "exact": exact(nano)} for origin, nano in content.items() if nano}


def exact(nano: int) -> str:
    """Nano units as minor units with all that is smaller: 5828829110862000000 is 5828829110.862."""
    whole, rest = divmod(nano, NANO)
    return f"{whole}.{rest:09}".rstrip("0").rstrip(".")


def _most(told: Mapping[str, Any]) -> int:
    rows = [[row] if "amount" in row else row.values() for row in told["rules"].values()]
    return max((cell["amount"] for row in rows for cell in row), default=0)


def _where(id: str, accounts: Mapping[str, Account]) -> dict[str, Any]:
    account = accounts.get(id)
    if account is None:
        return {"place": id, "kind": "pseudo", "currency": "", "address": "", "name": id}
    return {
        "place": id,
        "kind": str(account.kind),
        "currency": account.currency,
        "address": account.address,
        "name": account.holder,
    }


def _place(id: str, accounts: Mapping[str, Account], lying: Mapping[str, Lying]) -> dict[str, Any]:
    """A place that claimed value reached: what it holds in all, and what is known of how it goes on."""
    told = {**_where(id, accounts), "rules": {}, "stops": "", "says": "", "missing": ""}
    account = accounts.get(id)
    if id.startswith(FEE):
        told |= {"says": "a fee, kept by whoever made the block"}
    elif id.startswith(GAP):
        told |= {"stops": "gap", "says": "went into transactions that are not in this case"}
    elif account is not None and account.kind is AccountKind.OUTPUT:
        known = lying.get(id)
        if known is not None:
            told["says"] = known.says
            if known.end is not None:
                told |= {
                    "stops": known.end.name.lower(),
                    "missing": f"the transaction that spends {id}, if there is one",
                }
            if known.end is not None and known.end.name == "SPENT":
                told["missing"] = f"the transaction that spends {id}"
    elif id.startswith(PAID):
        told |= {"says": "another claim reached an output at which a claim begins: the two conflict"}
    elif account is not None and account.is_external:
        told |= {"says": "paid out of the accounts of this case"}
    return told


def _origin(case: Case, origin: Origin) -> dict[str, Any]:
    """Where something came in, and what is missing before it."""
    accounts = case.traced().account_by_id
    account = accounts.get(origin.account)
    told: dict[str, Any] = {
        "origin": origin.name,
        "entered": origin.amount,
        "currency": origin.currency,
        "address": account.address if account else "",
        "rules": {},
        "stops": "entry",
        "says": "",
        "missing": "",
    }
    if origin.name == REST:
        told |= {"says": "told together", "stops": ""}
    elif origin.event:
        is_new = origin.party in (COINBASE, COINBASE.removeprefix("EXT:"))
        told["says"] = "new coin and fees, made by a block" if is_new else f"came in from outside: {origin.party}"
    elif f"{PAID}{origin.account}" in accounts:
        told["says"] = "a claim begins here; what its payer had before is not followed into it"
    elif account is not None and account.kind is AccountKind.OUTPUT:
        maker = account.id.rpartition(":")[0]
        told |= {
            "stops": "unmade",
            "says": "its value is stated by what spends it; nothing in this case shows how it came there",
            "missing": f"transaction {maker}, which made it",
        }
    else:
        told["says"] = "stood in the account when its data begin"
    return told


def _one(case: Case, place: str) -> str:
    """The account or transfer that `place` names; an address stands for its one output in the case."""
    ledger = case.traced()
    if place in ledger.account_by_id:
        return place
    made = Outputs(ledger).made
    every = [account.id for account in ledger.account_list if account.address and account.address == place]
    own = [id for id in every if id in made] or every
    if len(own) > 1:
        says = f"has {len(own)} outputs in this case: {', '.join(sorted(own)[:4])}"
        raise InputErrors(
            [Problem(place, says=says, remedy="Name the output: its transaction, a colon and its number.")]
        )
    return own[0] if own else place
