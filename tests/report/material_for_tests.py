"""Material for exhibits in tests: the demonstration account, the worked cases, and a made-up case with everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from trover.errors import Problem
from trover.ledger.build import build_ledger
from trover.ledger.event import Account, AccountKind, Event, transfer
from trover.ledger.ledger import Ledger
from trover.report.material import (
    Cover,
    CustodyEntry,
    Display,
    Document,
    Material,
    PersonFinding,
    PrintedBalance,
    Software,
)
from trover.sources.case_json import read_case
from trover.sources.custody import read_source
from trover.sources.mapping import read_mapping
from trover.sources.reader import read_records
from trover.sources.record import Pointer
from trover.sources.strict_yaml import load_yaml
from trover.trace import compare
from trover.trace.claim import Assumptions, Claim
from trover.trace.variant import Variant

PROJECT = Path(__file__).parents[2]
METASTAR = PROJECT / "src" / "trover" / "demo_data" / "metastar"
DAY = date(2026, 11, 25)


def answers(ledger: Ledger, assumptions: Assumptions, keys: Sequence[str] = ()) -> list[compare.Answer]:
    chosen = keys or compare.keys_for("account", assumptions)
    return list(compare.run(ledger, assumptions, chosen, steps=True))


def cover(**changes: object) -> Cover:
    stated: dict[str, object] = {
        "title": "Tracing exhibit",
        "case": "Case 17/2026",
        "day": DAY,
        "author": "A. Analyst",
        "qualification": "Financial investigator",
        "instruction": "Letter of 3 November 2026",
        "version": "1",
        "exhibit_no": "AA/1",
        "declaration": "I understand my duty to the court and have complied with it.",
    }
    return Cover(**(stated | changes))  # type: ignore[arg-type]


def metastar(keys: Sequence[str] = ()) -> Material:
    """The demonstration: one account, July 2012, nine credits claimed."""
    reading = read_records(read_source(METASTAR / "transfers.csv"), read_mapping(METASTAR / "mapping.yml"))
    ledger = build_ledger(reading.records, files=reading.files, problems=reading.problems)
    stated = load_yaml(read_source(METASTAR / "claims.yml"))
    claims = tuple(Claim(stated["claimant"], int(c["amount"]) * 100, c["transfer"]) for c in stated["claims"])
    assumptions = Assumptions(claims)
    found = [
        PersonFinding(
            c.transfer,
            "claim",
            "Claim",
            "Demonstration",
            "2026-11-25",
            stated["reason"],
            "Purpose of the row",
            c.transfer,
        )
        for c in claims
    ]
    return Material(
        ledger=ledger,
        assumptions=assumptions,
        answers=answers(ledger, assumptions, keys),
        cover=cover(
            title="Metastar Invest LLP, July 2012",
            case="Demonstration",
            question="How much of nine credits naming Rosoboronexport can be traced out of the Metastar account?",
            cautions=(
                "Amounts are USD equivalents rounded up to whole dollars; the exchange legs are missing.",
                "The opening balance is assumed to be zero and no balance is printed, so completeness is unproved.",
                "The order of rows within one day is not evidenced.",
                "The claim is a hypothesis for illustration, not a finding about any named party.",
            ),
        ),
        order=Variant.CREDITS_FIRST,
        order_reason="The source lists debits first within each day and prints no balance: the order is not evidenced.",
        documents=[Document("D1", reading.source.sha256, reading.source.name, "Restated rows", "Published by OCCRP")],
        findings=found,
        software=Software("0.1.0", "ab" * 32),
        display=Display(shown={"USD": 0}),
    )


def case(name: str) -> Material:
    """One of the worked cases."""
    problems: list[Problem] = []
    stated = read_case(PROJECT / "tests" / "cases" / f"{name}.json", problems)
    ledger = build_ledger(stated.records, files=stated.files, claims=stated.claims, problems=problems)
    claims = tuple(Claim(c.claimant, c.amount, c.transfer, c.account, c.repaid) for c in stated.claims)
    flags = stated.flags
    pools = {pool: tuple(members) for pool, members in stated.params.get("consolidate", {}).items()}
    assumptions = Assumptions(claims, flags.bfp, flags.reverses, flags.linked_to, flags.backward_for, pools)
    return Material(
        ledger=ledger,
        assumptions=assumptions,
        answers=answers(ledger, assumptions),
        cover=cover(title=stated.title, case=stated.id),
        order=Variant.AS_BOOKED,
        order_reason="The posting order is that of the statement.",
        display=Display(places={stated.currency: stated.minor_unit}),
    )


def _made_up_events(hostile: str) -> list[Event]:
    start = datetime(2024, 3, 1, tzinfo=UTC)
    rows = [
        ("EXT:Ann", "T", 50_000_00, None, "Investment"),
        ("EXT:Ben", "T", 30_000_00, None, hostile),
        ("T", "EXT:Landlord", 12_000_00, None, "Rent"),
        ("T", "ASSET:Boat", 25_000_00, None, "Invoice 7"),
        ("EXT:Shop", "T", 4_000_00, None, "Takings"),
        ("T", "K", 20_000_00, 22_000_00, "Exchange"),
        ("K", f"EXT:{hostile}", 9_000_00, None, "=1+1"),
        ("T", "EXT:Casino", 60_000_00, None, "Chips"),
        ("EXT:Cleo", "T", 45_000_00, None, "Loan"),
        ("T", "EXT:Casino", 2_500_00, None, "Chips"),
        ("EXT:Casino", "T", 500_00, None, "Returned"),
        ("K", "EXT:Notary", 3_333_33, None, "Fee"),
    ]
    found = []
    for number, (payer, payee, amount, arrives, note) in enumerate(rows, 1):
        time = start + timedelta(days=number // 2)
        pointer = Pointer("cd" * 32, "p. 1", number)
        found.append(transfer(f"t{number}", time, number, payer, payee, amount, arrives, note=note, source=pointer))
    return found


def made_up(hostile: str = "Dora & Sons") -> Material:
    """Three claimants, an overdraft, an asset, a conversion, a return and a purchaser in good faith."""
    events = _made_up_events(hostile)
    inside = [
        Account("T", "EUR", AccountKind.BANK, "Trader Ltd", 1_000_00),
        Account("K", "USD", AccountKind.BANK, "Trader Ltd"),
        Account("ASSET:Boat", "EUR", AccountKind.ASSET),
    ]
    external = {leg.account: e for e in events for leg in (*e.inputs, *e.outputs) if leg.account.startswith("EXT:")}
    usd = {f"EXT:{hostile}", "EXT:Notary"}
    outside = [Account(id, "USD" if id in usd else "EUR", AccountKind.EXTERNAL, id[4:]) for id in external]
    ledger = Ledger.of([*inside, *outside], events)
    claims = (Claim("Ann", 50_000_00, "t1"), Claim("Ben", 20_000_00, "t2"), Claim("Cleo", 45_000_00, "t9"))
    assumptions = Assumptions(claims, bfp=frozenset({"t3"}), reverses={"t11": "t10"})
    return Material(
        ledger=ledger,
        assumptions=assumptions,
        answers=answers(ledger, assumptions),
        cover=cover(title=f"Trader Ltd {hostile}"),
        order=Variant.AS_BOOKED,
        order_reason="The statement prints rows in posting order.",
        documents=[Document("D1", "cd" * 32, f"statement {hostile}.pdf", gaps="")],
        findings=[PersonFinding("f1", "bfp", "Good faith", "A. Analyst", "2026-01-02", hostile, "Lease", "t3")],
        custody=[CustodyEntry("D1", "received", "A. Analyst", "2026-01-02T10:00:00Z", output_hash="cd" * 32)],
        printed={"t1": PrintedBalance("T", 51_000_00), "t2": PrintedBalance("T", 81_000_00)},
        openings={"T": "D1, p. 1, line 0"},
        without={"purchaser in good faith, row 3": answers(ledger, Assumptions(claims, reverses={"t11": "t10"}))},
        software=Software("0.1.0", "ab" * 32, "0123abc"),
        considered=["That the rent was paid from another account."],
        disclosure=["Statement of account K for 2023 was not used."],
    )
