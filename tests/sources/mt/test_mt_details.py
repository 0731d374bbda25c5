"""Who, what for and under which references, in the styles in which banks write :86:."""

from __future__ import annotations

import pytest
from mt_messages import OWN, event, other, sound, statement
from tests.sources.readings import events

from trover.sources.mt.details import details_of
from trover.sources.record import AccountRecord, EventRecord

IN = ":61:2104020402C10,00NTRFNONREF//B1"
OUT = ":61:2104020402D10,00NTRFNONREF//B1"
IBAN = "DE02100100100006820101"


def holder(text: str) -> str:
    """The name of the only party outside."""
    records = sound(statement(IN, text)).records
    (found,) = (record for record in records if isinstance(record, AccountRecord) and record.id.startswith("EXT:"))
    return found.holder


def of(*text: str, line: str = IN) -> EventRecord:
    return event(line, *text)


def test_a_german_row_has_party_purpose_and_references_of_sepa() -> None:
    text = (
        ":86:166?00GUTSCHR. UEBERWEISUNG?109310?20EREF+INV-2021-0001-ABCDEF-0?210042?22KREF+K-7"
        "?23SVWZ+Rechnung 42 vom 1.4., ?24Kunde 7\n?30BYLADEM1001?31" + IBAN + "?32Max Mustermann?33 GmbH?34000"
    )
    found = of(text)
    assert (other(found), holder(text)) == (IBAN, "Max Mustermann GmbH")
    assert found.references == ("INV-2021-0001-ABCDEF-00042", "K-7", "B1")
    assert found.note == (
        "Rechnung 42 vom 1.4., Kunde 7; Max Mustermann GmbH; end-to-end id INV-2021-0001-ABCDEF-00042; "
        "customer reference K-7; GUTSCHR. UEBERWEISUNG; ?10 9310; ?34 000; code 166; bank BYLADEM1001; "
        "bank's reference B1; type NTRF"
    )


def test_a_mandate_names_a_contract_and_not_a_payment() -> None:
    found = of(":86:105?00LASTSCHRIFT?20EREF+E1?21MREF+M1?22CRED+DE98ZZZ09999999999?23SVWZ+Strom", line=OUT)
    assert found.references == ("E1", "B1")
    assert "mandate M1; creditor id DE98ZZZ09999999999" in found.note


def test_what_says_that_there_is_no_reference_is_none() -> None:
    found = event(":61:210401C1,00NTRFKREF+", ":86:166?00X?20EREF+NOTPROVIDED?21KREF+NONREF?22SVWZ+a")
    assert found.references == ()


@pytest.mark.parametrize("sign", ["?", "<", "~", "^", ">", "|"])
@pytest.mark.parametrize("code", ["020", ""])
def test_numbered_parts_with_any_of_their_signs(sign: str, code: str) -> None:
    text = "?".join([f":86:{code}", "00Wyplata", "20Za\tusluge 3" + ("?" if sign != "?" else ""), "3010600076"])
    text += "?310000777777777777?32HUTA SZKLA?33 TOPIC"
    found = of(
        text.replace("?", sign) if sign == "?" else text.replace("?", sign).replace(f"3{sign}{sign}", f"3?{sign}")
    )
    assert other(found) == "10600076/0000777777777777"
    assert found.note.startswith("Za usluge 3")


def test_the_long_number_goes_before_the_short_one() -> None:
    number = "PL08106000760000777777777777"
    assert other(of(f":86:020?00X?20Y?3010600076?310000777777777777?32HUTA?38{number[:18]}\n{number[18:]}")) == number


def test_a_number_that_is_no_iban_stands_with_its_bank_as_own_accounts_do() -> None:
    found = of(":86:166?00X?20Y?3087654321?31 99 88 77?32Bo")
    assert other(found) == "87654321/998877"


def test_the_own_account_is_no_counterparty() -> None:
    found = of(":86:000>1098765>20Kosten>311020304050")
    assert other(found).startswith("UNKNOWN:")
    assert "Kosten" in found.note


def test_lines_of_65_characters_go_on_without_a_space_and_one_of_64_has_lost_it() -> None:
    first = "?20" + "a" * 62
    second = "b" * 64
    found = of(f":86:166?00X\n{first}\n{second}\nc?32Bo")
    assert found.note.startswith("a" * 62 + "b" * 64 + " c")


def test_a_dutch_row_with_slashes() -> None:
    text = ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL27INGB0000026500/BIC/INGBNL2A/NAME/BELASTINGDI\nENST"
    text += "/REMI/6000/EREF/NOTPROVIDED"
    found = of(text, line=OUT)
    assert (other(found), holder(text)) == ("NL27INGB0000026500", "BELASTINGDIENST")
    assert found.note == ("6000; BELASTINGDIENST; TRTP SEPA OVERBOEKING; BIC INGBNL2A; bank's reference B1; type NTRF")


def test_a_row_of_ing_with_its_counterparty_in_one_key() -> None:
    text = ":86:/EREF/E-9//CNTP/NL32INGB0000012345/INGBNL2A/ING BANK NV/AMSTERDAM//REMI/USTD//Kosten\n 2021/"
    found = of(text, line=OUT)
    assert (other(found), holder(text)) == ("NL32INGB0000012345", "ING BANK NV")
    assert found.references == ("E-9", "B1")
    assert found.note.startswith("USTD//Kosten 2021; ING BANK NV; end-to-end id E-9; bank INGBNL2A; AMSTERDAM")


def test_a_row_of_rabobank_with_the_account_on_the_supplementary_line() -> None:
    line = ":61:130101D000000000025,00N102EREF\nNL70ABNA0987654321"
    found = event(line, ":86:/EREF/01-01-2013 003/BENM//NAME/HOLDER/REMI//ISDT/2013-07-11")
    assert other(found) == "NL70ABNA0987654321"
    assert found.references == ("01-01-2013 003",)


def test_account_and_name_behind_each_other_in_the_statement_line() -> None:
    found = event(":61:110617D000000000044,95N0600733959555      T-MOBILE NETHERLANDS BV", ":86:FACTUUR 9", ":86:JUNI")
    assert other(found) == "0733959555"
    assert found.note == "FACTUUR 9 JUNI; T-MOBILE NETHERLANDS BV; type N060"


def test_the_account_in_place_of_the_customers_reference() -> None:
    text = ":86:NL47INGB9999999999 hr jansen\n\nBetaling sieraden\n\n"
    found = event(":61:2001010101D65,00NOVBNL47INGB9999999999\nhr jansen", text)
    assert other(found) == "NL47INGB9999999999"
    assert found.references == ()


def test_a_polish_row_with_words_and_semicolons() -> None:
    text = (
        ":86:911 TRANSAKCJA; Z RACH.: \n56114010810000267002001001; OD: JAN NOWAK\n UL. 1; TYT.: CZYNSZ; \nTNR: 179.01"
    )
    found = of(text)
    assert (other(found), holder(text)) == ("56114010810000267002001001", "JAN NOWAK UL. 1")
    assert found.references == ("179.01", "B1")
    assert found.note.startswith("CZYNSZ; JAN NOWAK UL. 1; transaction number 179.01; 911 TRANSAKCJA")


def test_lines_of_the_non_swift_field() -> None:
    text = ":NS:01526715\n02A1\n15ERGO Fiokte\n16lep\n17G2\n3310918001\n340000004279070017"
    found = of(text)
    assert (other(found), holder(text)) == ("10918001/0000004279070017", "ERGO Fiokte lep")
    assert found.note.startswith("526715 A1; ERGO Fiokte lep; 17 G2; 33 10918001")


def test_free_text_is_a_purpose_and_names_nobody() -> None:
    found = of(":86:PAYMENT FROM JANE DOE\nIBAN DE02100100100006820101")
    assert other(found).startswith("UNKNOWN:")
    assert found.note == "PAYMENT FROM JANE DOE IBAN DE02100100100006820101; bank's reference B1; type NTRF"


def test_several_texts_of_one_row_are_one() -> None:
    first, second = events(sound(statement(IN, ":86:one", ":86:two", OUT, ":86:three")))
    assert (first.note.split(";")[0], second.note.split(";")[0]) == ("one two", "three")


# Exchange and charges ---------------------------------------------------------------------------------------------


def legs(record: EventRecord) -> list[tuple[str, int, str, int | None]]:
    return [
        ("own" if leg.account == OWN else leg.account.split(":")[0], leg.amount, leg.currency, leg.cost)
        for leg in (*record.inputs, *record.outputs)
    ]


def test_what_was_ordered_in_another_currency_is_the_other_leg() -> None:
    found = event(f"{OUT}\n/OCMT/USD12,34/EXCH/1,234/", ":86:x")
    assert legs(found) == [("own", 1000, "EUR", None), ("EXT", 1234, "USD", 1000)]
    assert found.note.endswith("ordered USD12,34; rate 1,234")
    assert legs(event(f"{IN}\n/OCMT/USD12,34/")) == [("EXT", 1234, "USD", None), ("own", 1000, "EUR", 1234)]


def test_a_charge_is_a_leg_only_where_the_amounts_prove_that_it_is_included() -> None:
    included = event(f"{OUT}\n/OCMT/EUR9,5//CHGS/EUR0,5/")
    assert legs(included) == [("own", 1000, "EUR", None), ("EXT", 950, "EUR", None), ("FEE", 50, "EUR", None)]
    beside = event(f"{OUT}\n/OCMT/EUR10,//CHGS/EUR0,5/")
    assert legs(beside) == [("own", 1000, "EUR", None), ("EXT", 1000, "EUR", None)]
    assert "charge EUR0,5" in beside.note
    came = event(f"{IN}\n/OCMT/EUR10,5//CHGS/EUR0,5/")
    assert legs(came) == [("EXT", 1000, "EUR", None), ("own", 1000, "EUR", None)]


def test_charges_in_the_keys_of_sepa() -> None:
    found = of(":86:116?00X?20OAMT+EUR9,5?21COAM+EUR0,5?22SVWZ+a", line=OUT)
    assert legs(found)[1:] == [("EXT", 950, "EUR", None), ("FEE", 50, "EUR", None)]


@pytest.mark.parametrize(
    ("line", "text", "kind"),
    [
        (":61:210401C1,00NINTX1", ":86:x", "interest"),
        (":61:210401D1,00NINTX1", ":86:x", ""),
        (":61:210401C1,00NRTIX1", ":86:x", "reversal"),
        (":61:210401C1,00NTRFX1", ":86:109?00RETOURE?20a", "reversal"),
        (":61:210401C1,00NTRFX1", ":86:/RTRN/MS03//REMI/x", "reversal"),
    ],
)
def test_the_kind_of_a_row(line: str, text: str, kind: str) -> None:
    assert event(line, text).kind == kind


def test_details_of_spaces_alone_are_text() -> None:
    assert details_of("86", [" " * 200_000 + "x"]).purpose.strip() == "x"
