"""Interest that follows the composition of each day of its period (rules 1.5, mode accrue_daily)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trover.trace.lot import Content, add


class DailyShares:
    """Sums, per account, what each owner had at the end of every day since the last interest.

    The sums serve as proportions: `sum over days of c_i(day)` against `sum over days of max(b(day), 0)`.
    """

    def __init__(self) -> None:
        self._sums: dict[str, Content] = {}
        self._today: date | None = None

    def pass_to(self, day: date, content: Mapping[str, Content]) -> None:
        """Count the days that have ended before `day`; `content` is as it stands at their end."""
        if self._today is not None and day > self._today:
            days = (day - self._today).days
            for account, held in content.items():
                add(self._sums.setdefault(account, {}), {owner: q * days for owner, q in held.items()})
        self._today = day

    def of(self, account: str) -> Content:
        """The proportions for interest posted now, and the start of a new period."""
        return self._sums.pop(account, {})
