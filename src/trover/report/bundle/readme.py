"""README.txt of a bundle: how to check it without our software, in plain words."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from trover.report.verifier.verify import MEANING
from trover.trace.compare import Answer

TEXT = """\
WHAT THIS IS

This folder holds the figures of a tracing exhibit and everything they rest on:
every row of the ledger, every claim and finding, every step of every rule.
Whoever receives it can redo each figure by hand, or check all of them with a
script that needs no other software than Python.

HOW TO CHECK IT

1. Take a copy of verify.py that did not come with this folder, if you have
   one. Otherwise use the one in this folder: it is a plain text of some
   thousand lines, and you may read it first.
2. Take the key fingerprint from the cover of the exhibit, on paper or from
   the author, not from this folder.
3. Run, with Python 3.9 or newer (no network is used):

     python3 verify.py FOLDER --fingerprint "THE FINGERPRINT"

   FOLDER is this folder or the .zip as you received it.
4. It ends with status 0 if everything holds, otherwise with status 1, and
   names each thing that does not hold, with file and line.

The script checks that the files are those that were signed; that the order of
events follows from time and the stated tie rule; it computes every step of
every rule anew and compares to the last digit; and it checks for every event
and every claimant that nothing was lost and nothing created.

WHAT STATUS 0 SAYS

MEANING

THE FILES

manifest.json      every file with its size and SHA-256; results with their ids
manifest.sig       Ed25519 signature over the bytes of manifest.json
signer.pub         the public key; its SHA-256 is the fingerprint
accounts.csv       accounts with currency and opening balance
also.csv           other rows of evidence that state the same event
events.csv         what happened, in order, each row with its source line
legs.csv           the amounts of each event: what goes in, what comes out
claims.json        what is claimed, by whom, where it came in
assumptions.json   findings of people that the results take as given
findings.json      the same with author, date, reason and evidence
sources.json       the documents, with SHA-256
cover.json         what the cover of the exhibit says
runs/              the order in which events run, for each variant
results/           for each rule: what each account and recipient holds
steps/             for each rule: every leg with the account before and after
lines.json         short hashes of lines; they only help to find a change
verify.py          the script

HOW TO READ THE FIGURES

Amounts are whole minor units (cents) of the account's currency. Within steps
and under "nano", quantities are in units of 10^-9 of a minor unit: 1 cent is
1000000000. "B=600 OWN=400" says who holds how much. OWN is what is not shown
to be anybody's claim; it does not say that the money is clean. OD:x is what
repaid the overdraft of x, BFP:x what a purchaser in good faith received.
A split is rounded half to even at the last nano unit; what is over or short
goes to the owners, in the order of the claims, whom rounding moved the other
way. Printed amounts are rounded by largest remainder.

SCREENING
"""


def readme(answers: Sequence[Answer]) -> str:
    meaning = "\n".join(textwrap.fill(sentence, 78) for sentence in MEANING)
    screening = [answer.key for answer in answers if not answer.rule.recoverable]
    says = "No figure here is a screening measure."
    if screening:
        says = (
            f"{', '.join(screening)}: these figures say what money touched. They are not amounts that can be "
            "recovered, and must not be quoted as such."
        )
    return TEXT.replace("MEANING", meaning) + "\n" + textwrap.fill(says, 78) + "\n"
