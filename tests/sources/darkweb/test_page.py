"""What stands in a page is found with its place, checked, and nothing in a page runs, decodes or breaks the reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from trover.sources.custody import source_of
from trover.sources.darkweb.mention import Mention
from trover.sources.mapping import mapping_of
from trover.sources.reader import Reading, read_records
from trover.sources.sandbox import read_in_sandbox

GENESIS = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
KEY = (Path(__file__).parent / "key.asc").read_text(encoding="ascii")
FINGERPRINT = "F645146200B5D2910EB73377AF73FF86CBDD67CA"


def page(body: str, head: str = "") -> Reading:
    html = f"<!DOCTYPE html>\n<html><head>{head}</head><body>\n{body}\n</body></html>"
    return read_records(source_of("page.html", html.encode()))


def text(content: str) -> Reading:
    return read_records(source_of("note.txt", content.encode()), mapping_of({"format": "text"}))


def only(reading: Reading, kind: str = "address") -> Mention:
    (mention,) = [each for each in reading.mentions if each.kind == kind]
    return mention


def test_an_address_is_found_with_line_column_and_element() -> None:
    mention = only(page(f"<div><p>first</p>\n<p>Pay to {GENESIS} now</p></div>"))
    assert (mention.system, mention.value, mention.checked) == ("bitcoin", GENESIS, True)
    assert mention.place == "line 4, column 11, html/body/div[1]/p[2]"


@pytest.mark.parametrize(
    "written",
    [
        f"{GENESIS[:9]}<b>{GENESIS[9:20]}</b><wbr>{GENESIS[20:]}",
        f"{GENESIS[:9]}\u200b{GENESIS[9:]}",
        f"{GENESIS[:9]}&shy;{GENESIS[9:]}",
        "".join(f"&#{ord(sign)};" for sign in GENESIS),
        f"<span style='color:white'>{GENESIS}",
        "<div>" * 3000 + GENESIS,
    ],
    ids=["elements", "zero width", "soft hyphen", "entities", "unseen by the eye", "deep"],
)
def test_an_address_is_found_however_the_page_cuts_or_hides_it(written: str) -> None:
    mention = only(page(f"<p>{written}</p>"))
    assert (mention.value, mention.pointer.row) == (GENESIS, 3)


@pytest.mark.parametrize(
    ("written", "where"),
    [
        (f"<a href='bitcoin:{GENESIS}?amount=1'>pay</a>", "attribute href"),
        (f"<!-- {GENESIS} -->", "comment"),
        (f"<script>var a = '{GENESIS}'; document.write('<p>')</script>", "script"),
        (f"<style>p:after {{ content: '{GENESIS}' }}</style>", "style"),
        (f"<p>text <!-- never closed {GENESIS}", "not closed"),
        (f"<p>text <img alt='{GENESIS}", "not closed"),
    ],
)
def test_what_a_visitor_did_not_see_says_where_it_stands(written: str, where: str) -> None:
    html = f"<html><body>{written}"
    assert only(read_records(source_of("page.html", html.encode()))).where == where


def test_an_address_in_two_blocks_is_not_put_together() -> None:
    assert not page(f"<p>{GENESIS[:20]}</p><p>{GENESIS[20:]}</p>").mentions


@pytest.mark.parametrize(
    ("system", "address"),
    [
        ("bitcoin", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
        ("bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
        ("litecoin", "LdP8Qox1VAhCzLJNqrr74YovaWYyNBUWvL"),
        ("bitcoin cash", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"),
        ("dogecoin", "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"),
        ("xrp", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"),
        ("tron", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
        ("zcash", "t1VShHAhsQc5RVndQLyM1ZbQXLHKd35GkG1"),
        (
            "monero",
            "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
        ),
    ],
)
def test_a_coin_is_told_by_the_checksum_of_its_address(system: str, address: str) -> None:
    mention = only(text(f"send to {address}, thanks"))
    assert (mention.system, mention.value, mention.checked) == (system, address, True)
    last = "2" if address[-1] != "2" else "3"
    assert not [each for each in text(f"send to {address[:-1]}{last}, thanks").mentions if each.checked]


@pytest.mark.parametrize(
    ("written", "checked"),
    [
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", [True]),
        ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", [False]),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", []),
    ],
)
def test_the_capitals_of_an_address_of_ethereum_are_its_checksum(written: str, checked: list[bool]) -> None:
    mentions = text(written).mentions
    assert [each.checked for each in mentions] == checked
    assert {each.value for each in mentions} <= {"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"}


def test_an_address_that_fails_its_checksum_is_named_with_its_place_and_the_rest_goes_on() -> None:
    reading = page(f"<p>{GENESIS[:-1]}b</p><p>{GENESIS}</p>")
    assert only(reading).value == GENESIS
    assert [str(remark) for remark in reading.remarks] == [
        f"page.html, html/body/p[1], row 3: '{GENESIS[:-1]}b' is not an address: it fails its checksum."
        " A sign was lost or altered: copy the address again from its source; nothing is paid to this text."
    ]


def test_an_address_of_a_test_network_is_not_taken_for_one_of_value() -> None:
    assert not text("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn").mentions


@pytest.mark.parametrize("joined", ["\n", "<br>\n", " "], ids=["lines", "breaks", "one line"])
def test_a_key_gives_its_fingerprint_and_what_it_says_of_its_owner(joined: str) -> None:
    mention = only(page(f"<div>{KEY.replace(chr(10), joined)}</div>"), "pgp_key")
    assert (mention.value, mention.checked) == (FINGERPRINT, True)
    assert mention.detail.endswith("Example Vendor <vendor@example.org>")
    assert mention.place == "line 3, column 6, html/body/div[1]"


def test_a_key_that_lost_a_sign_fails_its_checksum() -> None:
    lines = KEY.splitlines()
    lines[3] = ("A" if lines[3][0] != "A" else "B") + lines[3][1:]
    reading = text("\n".join(lines))
    assert not reading.mentions
    assert "fails its checksum" in str(reading.remarks[0])


def test_a_fingerprint_is_read_in_groups_and_beside_its_name() -> None:
    groups = " ".join(FINGERPRINT[at : at + 4] for at in range(0, 40, 4))
    found = [*text(f"me: {groups}").mentions, *text(f"PGP key: {FINGERPRINT.lower()}").mentions]
    assert [(each.kind, each.value) for each in found] == [("pgp_fingerprint", FINGERPRINT)] * 2


def test_onion_names_of_version_3_are_checked_and_of_version_2_are_called_unchecked() -> None:
    long = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
    reading = text(f"http://{long}/x or www.expyuzz4wqqyqhjn.onion, not {'a' + long[1:]}")
    assert [(each.system, each.checked) for each in reading.mentions] == [("v3", True), ("v2", False)]
    assert reading.mentions[0].value == long
    assert "fails its checksum" in str(reading.remarks[0])


@pytest.mark.parametrize(
    ("written", "system", "value"),
    [
        ("https://t.me/Big_Dealer", "telegram", "big_dealer"),
        ("Telegram: @Big_Dealer", "telegram", "big_dealer"),
        ("wickr me: bigdealer9", "wickr", "bigdealer9"),
        ("Jabber: dealer@example.im", "jabber", "dealer@example.im"),
        ("mail dealer@example.org.", "email", "dealer@example.org"),
        ("ICQ: 123456789", "icq", "123456789"),
        ("threema id: ABCD1234", "threema", "abcd1234"),
        ("05" + "ab" * 32, "session", "05" + "ab" * 32),
    ],
)
def test_handles_are_found(written: str, system: str, value: str) -> None:
    mention = only(text(written), "handle")
    assert (mention.system, mention.value) == (system, value)


def test_pictures_are_counted_and_named_and_nothing_of_them_is_kept() -> None:
    reading = page(
        f'<img src="data:image/png;base64,{"QUJD" * 50}"><img src="http://x.onion/pics/me.jpg?{GENESIS}">'
        '<p>data:image/gif;base64,R0lGODlhAQABAAAAACw= <video src="v.mp4"></video>'
    )
    assert [(each.system, each.value) for each in reading.mentions if each.kind == "media"] == [
        ("img", "image/png, embedded, 222 characters"),
        ("img", "me.jpg"),
        ("text", "image/gif, embedded, 42 characters"),
        ("video", "v.mp4"),
    ]
    assert "QUJDQUJD" not in repr(reading.mentions)
    assert "R0lGOD" not in repr(reading.mentions)


PAGE = """<h1>Blue things, 5 g</h1><table><tr><td>Vendor</td><td><a href=x>Big Dealer</a></td></tr>
<tr><td>Price:</td><td>USD 1,012.50 (0.5000 BTC)</td></tr><tr><td>Ships from</td><td>Netherlands</td></tr></table>
<p>Ships to: <b>Worldwide</b></p><p>Category: Goods</p><p>Sold: 17 since 2016</p>"""


def test_a_page_of_one_listing_says_what_it_offers() -> None:
    (listing,) = page(PAGE).listings
    assert (listing.vendor, listing.title, listing.category) == ("Big Dealer", "Blue things, 5 g", "Goods")
    assert (listing.price, listing.currency, listing.price_btc, listing.sold) == (101_250, "USD", 50_000_000, 17)
    assert (listing.origin, listing.destination, listing.pointer.row) == ("Netherlands", "Worldwide", 4)


def test_a_page_of_several_listings_is_not_guessed_at() -> None:
    reading = page(f"{PAGE}<p>Vendor: Somebody else</p>")
    assert not reading.listings
    assert "'vendor' stands beside 2 values in the page" in str(reading.remarks[0])


@pytest.mark.parametrize("price", ["cheap", "12.50", "$12.50", "USD 1.005", "1.2.3 EUR"])
def test_a_price_without_its_currency_or_too_fine_is_none(price: str) -> None:
    (listing,) = page(f"<p>Vendor: x</p><p>Price: {price}</p>").listings
    assert (listing.price, listing.price_btc) == (None, None)


def test_what_stands_behind_an_embedded_picture_is_read() -> None:
    assert only(page(f"<p>data:image/gif;base64,R0lGOD= {GENESIS}")).value == GENESIS


@pytest.mark.parametrize(
    "spoiled",
    [
        b"<html>" + b"<" * 20_000,
        b"<html>" + b"<!--" * 20_000,
        b"<html>" + b"<![CDATA[" * 20_000,
        b"<html>" + b"<div>" * 50_000,
        b"<html>" + b"<a b='" * 20_000,
        b"<html>" + b"&#99999999999;&#xD800;&bogus;" * 500,
        b"<html>" + b"-----BEGIN PGP PUBLIC KEY BLOCK-----" * 2_000,
        b"<html>\x00\xff\xfe\x80" + bytes(range(256)),
        b"\xff\xfe" + "<html>\ud800<p>x".encode("utf-16-le", "surrogatepass"),
        b"<html><meta charset=zip_codec><p>x",
        b"<html><script>while(1);</script><iframe src=javascript:alert(1)>",
    ],
    ids=[
        "angles",
        "comments",
        "cdata",
        "deep",
        "quotes",
        "references",
        "armour",
        "bytes",
        "utf-16",
        "charset",
        "script",
    ],
)
def test_a_hostile_page_is_read_to_its_end(spoiled: bytes) -> None:
    reading = read_records(source_of("page.html", spoiled))
    assert (reading.format, reading.problems, reading.records) == ("page", (), ())


def test_what_cannot_be_decoded_is_counted() -> None:
    (remark,) = read_records(source_of("page.html", b"<html><p>caf\xe9 \xff")).remarks
    assert "2 signs" in str(remark)


def test_the_encoding_that_a_page_states_is_used() -> None:
    html = "<html><meta charset=windows-1251><p>Телеграм telegram: @dealer".encode("cp1251")
    reading = read_records(source_of("page.html", html))
    assert not reading.remarks
    assert only(reading, "handle").value == "dealer"


def test_a_page_crosses_from_the_process_that_reads_it_as_it_is() -> None:
    html = f"<html><p>{GENESIS}<img src=a.png>{KEY}</p>".encode()
    source = source_of("page.html", html)
    crossed = read_in_sandbox(source, None)
    assert isinstance(crossed, Reading)
    assert crossed.mentions == read_records(source).mentions
    assert len(crossed.mentions) == 3
