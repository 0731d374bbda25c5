"""The offence that a claim rests on: the mission's types of crime and the ICCS code.

ICCS: International Classification of Crime for Statistical Purposes (UNODC, 2015): 11 sections of two
digits, divisions of four, groups of five, classes of six.
"""

from __future__ import annotations

import re
from enum import StrEnum

ICCS = re.compile(r"(?:0[1-9]|1[01])(?:\d{2}\d{0,2})?", re.ASCII)


class Offence(StrEnum):
    DRUG_TRAFFICKING = "drug_trafficking"
    TRAFFICKING_IN_HUMAN_BEINGS = "trafficking_in_human_beings"
    SMUGGLING_OF_MIGRANTS = "smuggling_of_migrants"
    SMALL_ARMS = "small_arms"
    MONEY_LAUNDERING = "money_laundering"
    CYBER_ENABLED = "cyber_enabled"
    CORRUPTION = "corruption"
    FRAUD = "fraud"
    OTHER = "other"


def is_offence(text: str) -> bool:
    return text in tuple(Offence)


def is_iccs(code: str) -> bool:
    """Whether `code` has the form of an ICCS code, for example 0702, 07021 or 070211."""
    return ICCS.fullmatch(code) is not None
