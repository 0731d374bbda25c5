"""Dates of the Islamic calendar of Umm al-Qura and of the Persian calendar, as days of the Gregorian one.

Umm al-Qura: the official calendar of Saudi Arabia, by the table of the package hijridate (1343 to 1500 AH).
Persian (Jalali, Solar Hijri): the year begins on the day of the March equinox in Iran; its leap years follow
cycles of 33 years in the span read here, which tests compare with the equinoxes computed.
"""

from __future__ import annotations

from datetime import date, timedelta

GREGORIAN, HIJRI, JALALI = "gregorian", "hijri", "jalali"
CALENDARS = (GREGORIAN, HIJRI, JALALI)
JALALI_YEARS = range(1244, 1473)
"""Years (21 March 1865 to 20 March 2094) in which cycles of 33 years give the day of the equinox."""

_FIRST_JALALI_DAY = date(1865, 3, 21)


def gregorian_day(calendar: str, year: int, month: int, day: int) -> date:
    """The Gregorian day of a date of `calendar`. Raises `ValueError` where that calendar has no such date."""
    if calendar == HIJRI:
        return _of_hijri(year, month, day)
    if calendar == JALALI:
        return _of_jalali(year, month, day)
    return date(year, month, day)


def _of_hijri(year: int, month: int, day: int) -> date:
    from hijridate import Hijri

    try:
        return Hijri(year, month, day).to_gregorian()
    except OverflowError:
        raise ValueError("is outside the years of the table") from None


def _of_jalali(year: int, month: int, day: int) -> date:
    if year not in JALALI_YEARS:
        raise ValueError("is outside the years of the rule")
    if not 1 <= month <= 12 or not 1 <= day <= _days_of(year, month):
        raise ValueError("is no day of this month")
    years = sum(365 + is_jalali_leap(earlier) for earlier in range(JALALI_YEARS.start, year))
    months = 31 * min(month - 1, 6) + 30 * max(month - 7, 0)
    return _FIRST_JALALI_DAY + timedelta(days=years + months + day - 1)


def _days_of(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or is_jalali_leap(year) else 29


def is_jalali_leap(year: int) -> bool:
    """Whether a Persian year has 366 days: the 1st, 5th, 9th, 13th, 17th, 22nd, 26th and 30th of each 33."""
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)
