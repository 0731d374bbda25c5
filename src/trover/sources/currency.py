"""Minor units: how many decimals a currency or token has.

Source: ISO 4217 list of active codes (exponents restated as facts); tokens by convention (rules 1.6):
BTC 8, ETH 18. A currency that is not listed has no known minor unit and is refused, never guessed. A token of
Ethereum is named by its contract and counted in its smallest unit, unless a source states its decimals.
"""

from __future__ import annotations

import re

from trover.errors import UnknownCurrency

_ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()
_THREE = "BHD IQD JOD KWD LYD OMR TND".split()
_FOUR = "CLF UYW".split()
_TWO = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
    "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL "
    "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK "
    "PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
).split()
_HISTORIC_TWO = "DEM FRF NLG ATS FIM IEP EEK LTL LVL HRK SKK CYP MTL".split()
_TOKENS = {"BTC": 8, "ETH": 18, "USDT": 6, "USDC": 6, "LTC": 8, "BCH": 8, "DOGE": 8, "TRX": 6, "XMR": 12}

MINOR_UNITS: dict[str, int] = (
    dict.fromkeys(_ZERO, 0)
    | dict.fromkeys(_THREE, 3)
    | dict.fromkeys(_FOUR, 4)
    | dict.fromkeys(_TWO, 2)
    | dict.fromkeys(_HISTORIC_TWO, 2)
    | _TOKENS
)

_CONTRACT = re.compile(r"0x[0-9a-f]{40}", re.ASCII)
_ISSUED = {
    "0xdac17f958d2ee523a2206206994597c13d831ec7": "USDT",
    "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": "USDC",
}
"""Contracts whose issuers say that they are these: any contract may call itself so."""


def token_currency(contract: str) -> str:
    """The currency of the token of `contract` (0x and 40 small digits): the contract itself, whatever it is called."""
    return _ISSUED.get(contract, contract)


def minor_units(currency: str) -> int:
    """Decimals of `currency` (an ISO 4217 code or a known token). Raises `UnknownCurrency`."""
    try:
        return MINOR_UNITS[currency]
    except KeyError:
        if _CONTRACT.fullmatch(currency):
            return 0
        raise UnknownCurrency(currency) from None
