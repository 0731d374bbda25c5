"""Problems with the folder of a case, a bundle, a key or a time stamp."""

from __future__ import annotations

from trover.errors.base import Problem


class CaseMissing(Problem):
    says = "is not a case"
    remedy = "Name the folder of a case, or make one with trover new."


class CaseExists(Problem):
    says = "already exists and is not empty"
    remedy = "Choose another folder; a case is never written over."


class CaseInUse(Problem):
    says = "is being changed by someone else"
    remedy = "Try again when that has ended; nothing was changed by this command."


class CaseDamaged(Problem):
    says = "is not what was recorded"
    remedy = "Restore the case folder from a copy; what was changed after it was recorded is not evidence."


class FileTooLarge(Problem):
    says = "bytes are more than such a file has"
    remedy = "Check that this is the right file."


class NotABundle(Problem):
    says = "is there already and is not a bundle"
    remedy = "Name a folder that does not exist yet."


class StepsNotKept(Problem):
    says = "was traced without keeping its steps"
    remedy = "Run the rules with steps; a bundle carries every one."


class KeyUnsafe(Problem):
    says = "lets others use this key"
    remedy = "Take the access away (chmod 600); if somebody may have copied it, make a new key."


class NotAKey(Problem):
    says = "is not an Ed25519 key"
    remedy = "Name a signing key that Trover made."


class StampRefused(Problem):
    says = "is not a time-stamp of this bundle"
    remedy = "Request it again, for this bundle."


class BundleWrong(Problem):
    says = "does not hold, so no bundle was written"
    remedy = "Report this with the case: one of the two engines is wrong, and no figure of it may be used."
