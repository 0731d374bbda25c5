"""Names of months as statements print them, by language and calendar; abbreviations by their first letters."""
# ruff: noqa: RUF001

from __future__ import annotations

from functools import cache

from trover.sources.calendars import GREGORIAN, HIJRI, JALALI

_NAMES = {
    "en": "january february march april may june july august september october november december",
    "de": "januar/jänner februar/feber märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février/fevrier mars avril mai juin juillet août/aout septembre octobre novembre décembre/decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março/marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "styczeń/stycznia luty/lutego marzec/marca kwiecień/kwietnia maj/maja czerwiec/czerwca lipiec/lipca "
    "sierpień/sierpnia wrzesień/września październik/października listopad/listopada grudzień/grudnia",
    "cs": "leden/ledna únor/února březen/března duben/dubna květen/května červen/června červenec/července "
    "srpen/srpna září říjen/října listopad/listopadu prosinec/prosince",
    "ru": "январь/января февраль/февраля март/марта апрель/апреля май/мая июнь/июня июль/июля август/августа "
    "сентябрь/сентября октябрь/октября ноябрь/ноября декабрь/декабря",
    "uk": "січень/січня лютий/лютого березень/березня квітень/квітня травень/травня червень/червня липень/липня "
    "серпень/серпня вересень/вересня жовтень/жовтня листопад/листопада грудень/грудня",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "lv": "janvāris/janvārī februāris/februārī marts/martā aprīlis/aprīlī maijs/maijā jūnijs/jūnijā jūlijs/jūlijā "
    "augusts/augustā septembris/septembrī oktobris/oktobrī novembris/novembrī decembris/decembrī",
    "lt": "sausis/sausio vasaris/vasario kovas/kovo balandis/balandžio gegužė/gegužės birželis/birželio "
    "liepa/liepos rugpjūtis/rugpjūčio rugsėjis/rugsėjo spalis/spalio lapkritis/lapkričio gruodis/gruodžio",
    "ar": "يناير/كانون_الثاني فبراير/شباط مارس/آذار أبريل/ابريل/نيسان مايو/أيار يونيو/حزيران يوليو/تموز "
    "أغسطس/اغسطس/آب سبتمبر/أيلول أكتوبر/اكتوبر/تشرين_الأول نوفمبر/تشرين_الثاني ديسمبر/كانون_الأول",
}
_HIJRI = {
    "en": "muharram safar rabi_al-awwal/rabi_i rabi_al-thani/rabi_ii jumada_al-ula/jumada_i "
    "jumada_al-akhirah/jumada_ii rajab shaban/sha'ban ramadan shawwal dhu_al-qadah/dhul-qadah "
    "dhu_al-hijjah/dhul-hijjah",
    "ar": "محرم صفر ربيع_الأول ربيع_الآخر/ربيع_الثاني جمادى_الأولى جمادى_الآخرة/جمادى_الثانية رجب شعبان رمضان شوال "
    "ذو_القعدة ذو_الحجة",
}
_JALALI = {
    "en": "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand",
    "fa": "فروردین اردیبهشت خرداد تیر مرداد/امرداد شهریور مهر آبان آذر دی بهمن اسفند",
}
_BY_CALENDAR = {GREGORIAN: _NAMES, HIJRI: _HIJRI, JALALI: _JALALI}
_SHORT = {"de": {"mrz": 3}, "en": {"sept": 9}, "ru": {"мая": 5}, "nl": {"mrt": 3}, "fr": {"juil": 7}}
LANGUAGES = tuple(sorted({language for names in _BY_CALENDAR.values() for language in names}))
_SHORTEST = 3


@cache
def months_of(calendar: str, languages: tuple[str, ...]) -> dict[str, int]:
    """Every name and clear abbreviation of at least 3 letters, folded, -> month; what two months share is left out."""
    found: dict[str, int] = {}
    for language in languages:
        listed = _BY_CALENDAR[calendar].get(language, "")
        names = [(number, name.replace("_", " ")) for number, group in enumerate(listed.split(), 1)
                 for name in group.split("/")]  # fmt: skip
        for number, name in names:
            for length in range(min(_SHORTEST, len(name)), len(name) + 1):
                start = name[:length]
                if start == name or len({other for other, each in names if each.startswith(start)}) == 1:
                    _add(found, start, number)
        for start, number in _SHORT.get(language, {}).items():
            if calendar == GREGORIAN:
                _add(found, start, number)
    return {fold(name): number for name, number in found.items() if number}


def _add(found: dict[str, int], name: str, number: int) -> None:
    found[name] = number if found.get(name, number) == number else 0


def fold(name: str) -> str:
    """A name of a month as it is compared: without case, dots and doubled spaces."""
    return " ".join(name.replace("İ", "i").casefold().replace(".", " ").split())
