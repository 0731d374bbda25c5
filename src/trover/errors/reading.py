"""Problems of reading a file apart from the rest: its reader was stopped, or broke off."""

from __future__ import annotations

from trover.errors.base import Problem

_KEPT = "Nothing of this file was taken in; the other files were not touched by it."


class ReadingTooSlow(Problem):
    says = "reading this file takes longer than a file of its size may take"
    remedy = f"{_KEPT} Obtain the file again and compare the hash; if it is right, give it in parts."


class ReadingTooLarge(Problem):
    says = "reading this file takes more memory than a file of its size may take"
    remedy = f"{_KEPT} Obtain the file again and compare the hash; if it is right, give it in parts."


class ReadingTooMuch(Problem):
    says = "reading this file gives more than a file of its size can hold"
    remedy = f"{_KEPT} Obtain the file again and compare the hash; if it is right, report it as a fault of the reader."


class ReadingBroke(Problem):
    says = "the reader broke off at this file"
    remedy = f"{_KEPT} Report it as a fault of the reader, with the kind of file and what is said here."


class ArchiveTooLarge(Problem):
    says = "unpacks to more than an archive may hold"
    remedy = "Nothing of it was taken in: it may be made to fill a machine. If it is right, add its files unpacked."


class ArchiveDamaged(Problem):
    says = "cannot be unpacked"
    remedy = "Obtain it again and compare the hash, or unpack it and add its files."


class MemberRefused(Problem):
    says = "is a member that is not unpacked"
    remedy = "The other members were unpacked. If this one is evidence, unpack it by hand and add the file."


class MemberLocked(Problem):
    says = "is encrypted"
    remedy = "Unpack it with its password and add the file."
