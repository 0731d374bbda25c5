"""`python -m trover.report.verifier > verify.py`: a copy of the script that did not come with any bundle."""

from __future__ import annotations

import sys

from trover.report.verifier import script

sys.stdout.write(script())
