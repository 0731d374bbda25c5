"""Readers run in processes of their own, with limits: one file's crash, delay or flood costs that file only.

`read_all` reads many files and hands on one at a time, in order. docs/concepts/reading-safely.md says what is
limited, by what, and what is not.
"""

from __future__ import annotations

from trover.sources.sandbox.limits import Limits as Limits
from trover.sources.sandbox.members import Archive as Archive
from trover.sources.sandbox.pool import Refused as Refused
from trover.sources.sandbox.pool import Sandbox as Sandbox
from trover.sources.sandbox.pool import opened as opened
from trover.sources.sandbox.pool import read_all as read_all
from trover.sources.sandbox.pool import read_in_sandbox as read_in_sandbox
from trover.sources.sandbox.pool import watched as watched
