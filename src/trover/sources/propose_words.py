"""Words that head the columns of statements, by meaning, and words that say credit or debit, in many languages."""

from __future__ import annotations

import re

WORDS: dict[str, str] = {
    "date": "date|booking date|posting date|posted|transaction date|trans date|operation date|day"
    "|completed date|time stamp"
    "|datum|buchungstag|buchungsdatum|buchung|date comptable|date operation|date de l'operation|fecha|fecha operacion"
    "|fecha contable|data|data operacao|data movimento|data lancamento|data contabile|data operazione|boekdatum"
    "|transactiedatum|data operacji|data ksiegowania|data transakcji|дата|дата операции|дата проводки|дата документа"
    "|дата операції|дата проведення|tarih|islem tarihi|tarix|emeliyyat tarixi|kuupaev|kande kuupaev|التاريخ|تاريخ"
    "|تاريخ العملية|تاريخ القيد|تاریخ|datum zauctovani|datum operace|initiation time",
    "time": "time|uhrzeit|heure|hora|ora|tijd|godzina|czas|время|час|saat|vaxt|kellaaeg|الوقت|زمان|cas",
    "value_date": "value date|valuta|wertstellung|valutadatum|date de valeur|date valeur|fecha valor|data valor"
    "|data valuta|rentedatum|data waluty|дата валютирования|дата валютування|valor|valor tarihi|vaartuspaev"
    "|تاريخ الحق|تاريخ القيمة",
    "amount": "amount|transaction amount|sum|betrag|umsatz|montant|importe|monto|valor|importo|bedrag|kwota"
    "|kwota operacji|сумма|сума|сумма операции|сума операції|tutar|islem tutari|mebleg|summa|المبلغ|مبلغ|castka|gross"
    "|amount sent",
    "debit": "debit|debits|debit amount|withdrawal|withdrawals|paid out|money out|payments|out|soll|belastung|ausgabe"
    "|ausgaben|debito|cargo|cargos|debe|adeudo|dare|uscite|addebiti|af|obciazenia|wyplaty|дебет|расход|списание|видаток"
    "|borc|cixan|mexaric|deebet|valjaminek|مدين|سحب|debet|withdrawn",
    "credit": "credit|credits|credit amount|deposit|deposits|paid in|money in|receipts|in|haben|gutschrift|einnahme"
    "|einnahmen|credito|abono|abonos|haber|avere|entrate|accrediti|bij|uznania|wplaty|кредит|приход|зачисление|прихід"
    "|alacak|daxil olan|medaxil|kreedit|sissetulek|دائن|إيداع|kredit|received",
    "fee": "fee|fees|charge|charges|commission|gebuhr|gebuehr|entgelt|frais|comision|comissao|taxa|commissione|kosten"
    "|oplata|prowizja|комиссия|комісія|masraf|komisyon|komissiya|teenustasu|tasu|عمولة|رسوم|poplatek|transaction fee",
    "balance": "balance|running balance|balance after|account balance|closing balance|saldo|kontostand|solde"
    "|saldo final"
    "|saldo contabile|saldo na transactie|saldo po operacji|остаток|залишок|баланс"
    "|исходящий остаток|bakiye|qaliq|balans"
    "|jaak|الرصيد|رصيد|مانده|zustatek|balance after transaction|left",
    "currency": "currency|ccy|curr|wahrung|waehrung|devise|monnaie|moneda|divisa|moeda|valuta|munt|waluta|валюта|doviz"
    "|para birimi|valyuta|العملة|ارز|mena",
    "account": "account|account number|account no|account id|own account|iban|konto|kontonummer|auftragskonto|compte"
    "|numero de compte|cuenta|conta|conto|rekening|rekeningnummer|rachunek|numer rachunku|счет|номер счета|рахунок"
    "|hesap|hesap no|hesab|kliendi konto|رقم الحساب|الحساب|ucet|cislo uctu|acct|msisdn|wallet",
    "counterparty": "counterparty|counterparty name|name|payee|payer|beneficiary|beneficiary/payer|merchant|other party"
    "|description of counterparty|empfanger|empfaenger|auftraggeber|beguenstigter/zahlungspflichtiger"
    "|begunstigter/zahlungspflichtiger|name zahlungsbeteiligter|beneficiaire|tiers|contrepartie|beneficiario|ordenante"
    "|contraparte|favorecido|controparte|tegenpartij|naam tegenpartij|naam|kontrahent|nadawca|odbiorca|контрагент"
    "|получатель|плательщик|отримувач|платник|alici|karsi taraf|qarsi teref|saaja|maksja|saaja/maksja"
    "|saaja/maksja nimi|المستفيد|الطرف الآخر|protistrana|who|other party name|sender|recipient",
    "counterparty_account": "counterparty account|counterparty account number|payee account|beneficiary account"
    "|other account|gegenkonto|kontonummer/iban|iban zahlungsbeteiligter|compte contrepartie|cuenta contraparte"
    "|conta contraparte|conto controparte|tegenrekening|rachunek kontrahenta|numer rachunku kontrahenta"
    "|счет контрагента|корреспондент|рахунок контрагента|karsi hesap|qarsi hesab|saaja/maksja konto"
    "|حساب المستفيد|protiucet|counterparty iban|other party account",
    "counterparty_bank": "counterparty bank|beneficiary bank|bic|swift|bank|bank code|blz|banque"
    "|banco|banca|bank kontrahenta|бик|банк|мфо|banka|bank kodu|pank|البنك|kod banky|swift code",
    "note": "description|details|purpose|narrative|memo|remarks|particulars|payment details|transaction details|text"
    "|verwendungszweck|buchungstext|libelle|motif|communication|concepto|descripcion|observaciones|descricao|historico"
    "|descrizione|causale|omschrijving|mededelingen|opis|tytul|tytul operacji|назначение платежа|назначение|описание"
    "|содержание|призначення платежу|призначення|опис|aciklama|teyinat|tesvir|selgitus|البيان|التفاصيل|الوصف|شرح|popis"
    "|ucel|operation|k symbol|why",
    "references": "reference|reference number|ref|ref no|transaction id|transaction reference|bank reference"
    "|end to end id|endtoend|kundenreferenz|mandatsreferenz|referenz|reference client|numero d'operation|referencia"
    "|documento|referenza|riferimento|kenmerk|referencja|numer referencyjny|номер документа|референс|номер|референція"
    "|referans|dekont no|referans no|istinad|viitenumber|arhiveerimistunnus|رقم المرجع|المرجع|شماره سند|trans id"
    "|receipt no|receipt|mtcn|transaction number|cheque number|check number|cheque",
    "kind": "type|transaction type|kind|art|umsatzart|type operation|tipo|soort|mutatiesoort|typ|typ operacji|тип|вид"
    "|вид операции|тип операції|tur|islem turu|nov|liik|tehingu liik|النوع|نوع العملية",
    "status": "status|state|transaction status|etat|estado|stato|durum|статус|olek|الحالة",
    "from": "from|from account|payer account|sender account|debit account|sender iban|счет плательщика"
    "|рахунок платника",
    "to": "to|to account|payee account|receiver account|credit account|receiver iban|beneficiary iban|счет получателя"
    "|рахунок отримувача",
    "from_holder": "from name|payer name|sender name|sender|плательщик|платник",
    "to_holder": "to name|payee name|receiver name|receiver|получатель|отримувач",
}
"""Our name of a column -> what headers say, folded (no accents on Latin letters, no case); the first match counts."""

_OPENING = (
    "opening balance|balance brought forward|anfangssaldo|alter kontostand|solde initial|saldo inicial|saldo iniziale"
    "|beginsaldo|saldo poczatkowe|входящий остаток|вхідний залишок|acilis bakiyesi|algsaldo|الرصيد الافتتاحي"
)
_CLOSING = (
    "closing balance|endsaldo|neuer kontostand|solde final|saldo final|saldo finale|eindsaldo|saldo koncowe"
    "|исходящий остаток|вихідний залишок|kapanis bakiyesi|loppsaldo|الرصيد الختامي"
)
HEAD_WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_OPENING.split("|"), ("opening",)),
    **dict.fromkeys(_CLOSING.split("|"), ("closing",)),
}
"""Labels of balances that stand above a table."""

CREDIT = frozenset(
    "c|cr|credit|credits|deposit|in|paid in|received|h|haben|gutschrift|credito|abono|haber|avere|bij|uznanie|wplata|кт"
    "|к|кредит|приход|прихід|alacak|medaxil|k|kreedit|دائن|إيداع|prijem|+|crdt|incoming|kredit".split("|")
)
DEBIT = frozenset(
    "d|dr|debit|debits|withdrawal|out|paid out|sent|s|soll|lastschrift|belastung|debito|cargo|debe|dare|af|obciazenie"
    "|wyplata|дт|д|дебет|расход|видаток|borc|mexaric|deebet|مدين|سحب|vydaj|-|dbit|outgoing|debet|payment".split("|")
)
_ACCENTS = str.maketrans("àáâãäåāăąçćčďèéêëēėęěğìíîïįıłñńňòóôõöøőřśşšșťțţùúûüūůűųýÿźżžəßæœ",
                         "aaaaaaaaacccdeeeeeeeegiiiiiilnnnooooooorssssttt" + "uuuuuuuuyyzzzesao")  # fmt: skip


def header_word(text: str) -> str:
    """A header as it is compared: no case, no accents on Latin letters, no units in brackets, words apart."""
    plain = text.replace("İ", "i").casefold().translate(_ACCENTS)
    closed = 1 + max(plain.rfind(")"), plain.rfind("]"))
    bare = re.sub(r"[(\[][^)\]]*[)\]]", " ", plain[:closed]) + plain[closed:]
    return " ".join(re.sub(r"[_\-:.#*\u200e\u200f]+", " ", bare).split())


_BY_WORD: dict[str, tuple[str, ...]] = {}
for _name, _text in WORDS.items():
    for _word in _text.split("|"):
        _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _name)


def meanings_of(header: str) -> tuple[str, ...]:
    """What a header may mean, the likeliest first; empty if it is no word listed."""
    return _BY_WORD.get(header_word(header), ())
