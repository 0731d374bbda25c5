"""What a case has of the evidence, and what is missing: by file, by account and by day.

Nothing here decides anything: it says what the gate found, what people let in, and where statements do not join.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from trover.case.admission import Judged, Place, by_source
from trover.case.case import Case
from trover.case.derived import Note
from trover.case.finding import Finding
from trover.case.gaps import bridges
from trover.case.state import Refused, Source
from trover.case.statement import Statement
from trover.ledger.event import EXTERNAL, FEE, Account
from trover.ledger.gap import Gap
from trover.ledger.gate import Standing

DAY = timedelta(days=1)


class Cover(StrEnum):
    """What is known of a day of an account, the best first."""

    PROVED = "proved"
    UNPROVED = "unproved"
    """Admitted by a person although nothing proves it."""
    FAILED = "failed"
    """Admitted by a person although a printed balance contradicts it."""
    HELD = "held"
    QUARANTINED = "quarantined"
    QUIET = "no statement"
    """Between two statements that no row separates: the balances agree."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `start` to `end`, both included, of which the same is known."""

    start: date
    end: date
    cover: Cover

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows of one file that stand at one place in one currency; amounts in minor units.

    Rows of no one account (transactions of a chain) have no sums of what came in and went out: both are 0.
    """

    place: Place
    standing: Standing
    currency: str
    statements: int
    rows: int
    credits: int
    debits: int

    @property
    def are_of_accounts(self) -> bool:
        return bool(self.credits or self.debits or not self.rows)

    @property
    def stands(self) -> str:
        """Where they stand, in words; what is admitted although it is not proved says so."""
        rests = self.place is Place.ADMITTED and self.standing is not Standing.PROVED
        return f"{self.place}, {self.standing}" if rests else str(self.place)


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file. `problems` in words: why it was refused, or what first fails in each statement that failed.

    `unbooked` rows are printed and move nothing; `unreadable` ones fail their statement.
    """

    name: str
    sha256: str
    format: str
    statements: tuple[Judged, ...] = ()
    sums: tuple[Sums, ...] = ()
    unbooked: int = 0
    unreadable: int = 0
    problems: tuple[str, ...] = ()
    is_refused: bool = False

    @property
    def rows(self) -> int:
        """Rows read, those that move nothing and those that could not be read included."""
        return sum(s.statement.rows + s.statement.replaced for s in self.statements) + self.unbooked + self.unreadable


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A gap, and the finding that bridges it, if a person made one."""

    gap: Gap
    bridged: Finding | None

    @property
    def is_open(self) -> bool:
        return self.gap.stops and self.bridged is None


@dataclass(frozen=True, slots=True)
class AccountReport:
    """One account: its statements by their days, what is known of each day from the first to the last, and its gaps."""

    id: str
    holder: str
    currency: str
    statements: tuple[Judged, ...]
    days: tuple[Stretch, ...]
    gaps: tuple[OpenGap, ...]

    def covered(self, cover: Cover) -> int:
        """Days of which this is known."""
        return sum(stretch.days for stretch in self.days if stretch.cover is cover)


@dataclass(frozen=True, slots=True)
class Completeness:
    """The whole report. `notes`: what was put together, or assumed, to make the ledger that is traced."""

    case: str
    files: tuple[FileReport, ...]
    accounts: tuple[AccountReport, ...]
    notes: tuple[Note, ...]

    @property
    def resting(self) -> tuple[Judged, ...]:
        """Statements in the ledger that nothing proves, each admitted by a person."""
        return tuple(each for file in self.files for each in file.statements if each.by)

    @property
    def waiting(self) -> tuple[Judged, ...]:
        """Statements that are not in the ledger."""
        return tuple(each for file in self.files for each in file.statements if not each.is_admitted)

    @property
    def open_gaps(self) -> tuple[OpenGap, ...]:
        return tuple(gap for account in self.accounts for gap in account.gaps if gap.is_open)

    @property
    def is_proved(self) -> bool:
        """Whether all that is traced is proved, and no gap in it is open."""
        return not self.resting and not self.open_gaps


def completeness(case: Case) -> Completeness:
    """What `case` has and what is missing, as things stand."""
    state, made = case.state(), case.derived()
    statements = case.statements()
    own = by_source(statements)
    files = [_read(source, own[sha256]) for sha256, source in state.sources.items()]
    files += [_refused(refused) for refused in state.refused.values()]
    bridged = bridges(state.in_force)
    gaps = [OpenGap(gap, bridged.get(gap.sink)) for gap in made.gaps]
    accounts = _accounts(made.ledger.account_by_id, statements, gaps)
    return Completeness(case.info.name, tuple(files), tuple(accounts), made.notes)


def _read(source: Source, own: Sequence[Judged]) -> FileReport:
    failed = [each.statement.problem for each in own if each.statement.standing is Standing.FAILED]
    return FileReport(
        name=source.name,
        sha256=source.sha256,
        format=source.format,
        statements=tuple(own),
        sums=tuple(_sums(own)),
        unbooked=source.unbooked,
        unreadable=sum(each.statement.unreadable for each in own),
        problems=tuple(filter(None, failed)),
    )


def _refused(refused: Refused) -> FileReport:
    return FileReport(refused.name, refused.sha256, "", problems=refused.problems, is_refused=True)


def _sums(statements: Iterable[Judged]) -> Iterable[Sums]:
    groups: dict[tuple[Place, Standing, str], list[Statement]] = {}
    for each in statements:
        told = each.statement
        groups.setdefault((each.place, told.standing, told.currency), []).append(told)
    for place in Place:
        for (at, standing, currency), some in groups.items():
            if at is place:
                rows, credits = sum(s.rows for s in some), sum(s.credits for s in some)
                yield Sums(place, standing, currency, len(some), rows, credits, sum(s.debits for s in some))


def _accounts(
    known: Mapping[str, Account], statements: Sequence[Judged], gaps: Iterable[OpenGap]
) -> Iterable[AccountReport]:
    own: dict[tuple[str, str], list[Judged]] = {}
    for each in statements:
        name = each.statement.account
        if name and not name.startswith((EXTERNAL, FEE)):
            own.setdefault((name, each.statement.currency), []).append(each)
    found: defaultdict[tuple[str, str], list[OpenGap]] = defaultdict(list)
    for gap in gaps:
        found[gap.gap.account, gap.gap.currency].append(gap)
    for (id, currency), some in own.items():
        some.sort(key=lambda each: (each.statement.start or date.max, each.statement.end or date.max))
        account, missing = known.get(id), found[id, currency]
        days = tuple(stretches(some, [gap.gap for gap in missing]))
        yield AccountReport(id, account.holder if account else "", currency, tuple(some), days, tuple(missing))


def stretches(statements: Iterable[Judged], gaps: Iterable[Gap]) -> Iterable[Stretch]:
    """What is known of each day from the first to the last that any statement of the account covers.

    Where several statements cover a day the best of them counts; a day that none covers is missing where a gap
    says so, and quiet where the balances on both sides agree.
    """
    spans = [(s.statement.start, s.statement.end, _cover(s)) for s in statements if s.statement.booked]
    known = [(start, end, cover) for start, end, cover in spans if start and end]
    absent = [(gap.start, gap.end) for gap in gaps]
    edges = sorted(
        {start for start, _, _ in known}
        | {end + DAY for _, end, _ in known}
        | {start for start, _ in absent}
        | {end + DAY for _, end in absent}
    )
    last: Stretch | None = None
    for start, following in pairwise(edges):
        end = following - DAY
        covers = [cover for first, final, cover in known if first <= start and end <= final]
        lost = any(first <= start and end <= final for first, final in absent)
        best = min(covers, key=_ORDER.__getitem__) if covers else Cover.MISSING if lost else Cover.QUIET
        if last and last.cover is best:
            last = Stretch(last.start, end, best)
            continue
        if last:
            yield last
        last = Stretch(start, end, best)
    if last:
        yield last


_ORDER = {cover: rank for rank, cover in enumerate(Cover)}


def _cover(each: Judged) -> Cover:
    if each.is_admitted:
        return Cover(str(each.statement.standing))
    return Cover(str(each.place))
