"""Dates of other calendars, scripts and habits: published days, and everything that is refused."""
# ruff: noqa: RUF001

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import pytest

from trover.errors import DateAmbiguous, DateUnreadable
from trover.sources.calendars import HIJRI, JALALI, JALALI_YEARS, gregorian_day
from trover.sources.dates import DateStyle, pattern_of
from trover.sources.months import LANGUAGES, months_of

NEW_YEARS = {  # the first day of the Persian year, as calendars of Iran print it
    1357: date(1978, 3, 21), 1375: date(1996, 3, 20), 1379: date(2000, 3, 20), 1388: date(2009, 3, 21),
    1391: date(2012, 3, 20), 1395: date(2016, 3, 20), 1399: date(2020, 3, 20), 1400: date(2021, 3, 21),
    1403: date(2024, 3, 20), 1404: date(2025, 3, 21), 1408: date(2029, 3, 20),
}  # fmt: skip


@pytest.mark.parametrize(("year", "day"), NEW_YEARS.items())
def test_the_persian_year_begins_on_the_day_that_calendars_print(year: int, day: date) -> None:
    assert gregorian_day(JALALI, year, 1, 1) == day
    assert gregorian_day(JALALI, year - 1, 12, (day - gregorian_day(JALALI, year - 1, 12, 1)).days) == day - timedelta(
        1
    )


def _equinox(year: int) -> float:
    """Julian ephemeris day of the March equinox (Meeus, Astronomical Algorithms), main terms."""
    y = (year - 2000) / 1000
    mean = 2451623.80984 + 365242.37404 * y + 0.05169 * y**2 - 0.00411 * y**3 - 0.00057 * y**4
    t = (mean - 2451545.0) / 36525
    w = math.radians(35999.373 * t - 2.47)
    terms = ((485, 324.96, 1934.136), (203, 337.23, 32964.467), (199, 342.08, 20.186), (182, 27.85, 445267.112),
             (156, 73.14, 45036.886), (136, 171.52, 22518.443), (77, 222.54, 65928.934), (74, 296.72, 3034.906),
             (70, 243.58, 9037.513), (58, 119.81, 33718.147), (52, 297.17, 150.678), (50, 21.02, 2281.226))  # fmt: skip
    s = sum(a * math.cos(math.radians(b + c * t)) for a, b, c in terms)
    return mean + 0.00001 * s / (1 + 0.0334 * math.cos(w) + 0.0007 * math.cos(2 * w))


def test_every_persian_new_year_of_the_span_is_the_day_of_the_equinox_in_iran() -> None:
    for year in JALALI_YEARS:
        moment = datetime(2000, 1, 1, 12) + timedelta(days=_equinox(year + 621) - 2451545.0)
        in_iran = moment + timedelta(hours=3.5)
        from_noon = (in_iran.hour + in_iran.minute / 60) - 12.12  # apparent noon of the meridian of 52.5 degrees
        if abs(from_noon) < 0.1:
            continue  # too near to noon for these terms; published days above decide
        assert gregorian_day(JALALI, year, 1, 1) == in_iran.date() + timedelta(days=from_noon > 0), year


def test_every_day_of_the_persian_span_follows_the_one_before() -> None:
    days = [
        gregorian_day(JALALI, year, month, day)
        for year in range(1395, 1405)
        for month in range(1, 13)
        for day in range(1, 32)
        if _exists(year, month, day)
    ]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


def _exists(year: int, month: int, day: int) -> bool:
    try:
        gregorian_day(JALALI, year, month, day)
    except ValueError:
        return False
    return True


HIJRI_DAYS = [(1445, 9, 1, date(2024, 3, 11)), (1446, 1, 1, date(2024, 7, 7)), (1442, 10, 1, date(2021, 5, 13))]


@pytest.mark.parametrize(("year", "month", "day", "expected"), HIJRI_DAYS)
def test_hijri_days_are_those_of_the_calendar_of_umm_al_qura(year: int, month: int, day: int, expected: date) -> None:
    assert gregorian_day(HIJRI, year, month, day) == expected


@pytest.mark.parametrize("parts", [(JALALI, 1243, 1, 1), (JALALI, 1400, 12, 30), (JALALI, 1400, 7, 31),
    (HIJRI, 99, 1, 1),
                                   (JALALI, 1400, 13, 1), (HIJRI, 1445, 13, 1), (HIJRI, 9999, 1, 1)])  # fmt: skip
def test_a_date_that_its_calendar_does_not_have_is_none(parts: tuple[str, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        gregorian_day(*parts)


READ = [
    (DateStyle(("%y%m%d",), years_from=1950), "930105", datetime(1993, 1, 5)),
    (DateStyle(("%y%m%d",), years_from=1950), "490105", datetime(2049, 1, 5)),
    (DateStyle(("%Y%m%d",)), "20200131", datetime(2020, 1, 31)),
    (DateStyle(("%d%b%Y",)), "03MAY2020", datetime(2020, 5, 3)),
    (DateStyle(("%d.%m.%Y %H:%M",)), "3.4.2020 7:05", datetime(2020, 4, 3, 7, 5)),
    (DateStyle(("%d-%b-%y %I:%M %p",), years_from=1970), "03-SEP-69 12:05 am", datetime(2069, 9, 3, 0, 5)),
    (DateStyle(("%d/%m/%Y %H:%M:%S%z",)), "3/4/2020 10:00:01+0230", datetime(2020, 4, 3, 7, 30, 1)),
    (DateStyle(("%A, %d %B %Y",)), "Monday, 1 June 2020", datetime(2020, 6, 1)),
    (DateStyle(("%d. %B %Y",), languages=("de",)), "3. März 2020", datetime(2020, 3, 3)),
    (DateStyle(("%d %b %Y",), languages=("ru",)), "3 мая 2020", datetime(2020, 5, 3)),
    (DateStyle(("%d %b %Y",), languages=("en", "fr")), "3 juil. 2020", datetime(2020, 7, 3)),
    (DateStyle(("%d %b %Y",), languages=("tr",)), "3 AĞU 2020", datetime(2020, 8, 3)),
    (DateStyle(("%d %B %Y",), languages=("ar",)), "٣ تشرين الثاني ٢٠٢٠", datetime(2020, 11, 3)),
    (DateStyle(("%Y/%m/%d",), calendar=JALALI), "۱۳۹۹/۰۱/۰۱", datetime(2020, 3, 20)),
    (DateStyle(("%d %B %Y",), calendar=JALALI, languages=("fa",)), "۱ فروردین ۱۳۹۹", datetime(2020, 3, 20)),
    (DateStyle(("%d/%m/%Y",), calendar=HIJRI), "\u200f٠١/٠٩/١٤٤٥", datetime(2024, 3, 11)),
    (DateStyle(("%d %B %Y",), calendar=HIJRI, languages=("ar",)), "١ ربيع الأول ١٤٤٥", datetime(2023, 9, 16)),
]


@pytest.mark.parametrize(("style", "text", "moment"), READ, ids=[text for _, text, _ in READ])
def test_a_date_is_read_as_its_style_says(style: DateStyle, text: str, moment: datetime) -> None:
    assert style.moment(text).time == moment.replace(tzinfo=UTC)


REFUSED = [
    (DateStyle(("%y%m%d",)), "930105"),
    (DateStyle(("%y%m%d",), years_from=1950), "93105"),
    (DateStyle(("%Y%m%d",)), "2020131"),
    (DateStyle(("%d.%m.%Y",)), "31.02.2020"),
    (DateStyle(("%d.%m.%Y",)), "3.4.20201"),
    (DateStyle(("%d %b %Y",)), "3 ju 2020"),
    (DateStyle(("%d %b %Y",)), "3 mai 2020"),
    (DateStyle(("%I:%M %p %d %b %Y",)), "13:00 pm 3 May 2020"),
]


@pytest.mark.parametrize(("style", "text"), REFUSED, ids=[text for _, text in REFUSED])
def test_a_date_that_says_less_or_something_else_is_refused(style: DateStyle, text: str) -> None:
    with pytest.raises(DateUnreadable):
        style.moment(text)


def test_two_formats_that_give_two_days_are_ambiguous() -> None:
    with pytest.raises(DateAmbiguous):
        DateStyle(("%d/%m/%y", "%m/%d/%y"), years_from=1990).moment("03/04/12")


@pytest.mark.parametrize("name", ["%d", "%Y%m%d%", "%Q%d%m%Y", "%d%m%Y%d", "%d %m %Y %I", "%Y %y %m %d"])
def test_a_format_that_cannot_say_a_day_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        pattern_of(name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_twelve_months_of_some_calendar(language: str) -> None:
    named = [set(months_of(calendar, (language,)).values()) for calendar in ("gregorian", HIJRI, JALALI)]
    assert set(range(1, 13)) in named
