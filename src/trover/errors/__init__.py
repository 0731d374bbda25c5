"""Every problem Trover reports, one class each, with the message it prints. Imports nothing of Trover.

A problem says where it is, which value is wrong and what to do. Problems found together are raised
together as one `InputErrors`; the command line prints them all and exits with status 2.
"""

from __future__ import annotations

from trover.errors.asserted import ChecksumFails as ChecksumFails
from trover.errors.asserted import PageSpoiled as PageSpoiled
from trover.errors.asserted import PageUnclear as PageUnclear
from trover.errors.asserted import UnknownSource as UnknownSource
from trover.errors.asserted import UnknownVendor as UnknownVendor
from trover.errors.base import NOWHERE as NOWHERE
from trover.errors.base import InputErrors as InputErrors
from trover.errors.base import Place as Place
from trover.errors.base import Problem as Problem
from trover.errors.base import TroverError as TroverError
from trover.errors.base import plural as plural
from trover.errors.base import printable as printable
from trover.errors.case import BundleWrong as BundleWrong
from trover.errors.case import CaseDamaged as CaseDamaged
from trover.errors.case import CaseExists as CaseExists
from trover.errors.case import CaseInUse as CaseInUse
from trover.errors.case import CaseMissing as CaseMissing
from trover.errors.case import FileTooLarge as FileTooLarge
from trover.errors.case import KeyUnsafe as KeyUnsafe
from trover.errors.case import NotABundle as NotABundle
from trover.errors.case import NotAKey as NotAKey
from trover.errors.case import StampRefused as StampRefused
from trover.errors.case import StepsNotKept as StepsNotKept
from trover.errors.chain import AddressContradicted as AddressContradicted
from trover.errors.chain import AddressElsewhere as AddressElsewhere
from trover.errors.chain import AddressWrong as AddressWrong
from trover.errors.chain import BlockRefused as BlockRefused
from trover.errors.chain import RewardTooHigh as RewardTooHigh
from trover.errors.chain import StaleBlock as StaleBlock
from trover.errors.chain import TableAlone as TableAlone
from trover.errors.chain import TxidWrong as TxidWrong
from trover.errors.chain import ValueContradicted as ValueContradicted
from trover.errors.chain import ValueImpossible as ValueImpossible
from trover.errors.cluster import AddressNotHeld as AddressNotHeld
from trover.errors.cluster import EvidenceUnknown as EvidenceUnknown
from trover.errors.cluster import TransactionNotHeld as TransactionNotHeld
from trover.errors.keying import ChangedByNobody as ChangedByNobody
from trover.errors.keying import FormAlone as FormAlone
from trover.errors.keying import FormAltered as FormAltered
from trover.errors.keying import FormsDiffer as FormsDiffer
from trover.errors.keying import KeyedByNobody as KeyedByNobody
from trover.errors.keying import KeyedTwiceByOne as KeyedTwiceByOne
from trover.errors.keying import NotAForm as NotAForm
from trover.errors.keying import NotTsv as NotTsv
from trover.errors.keying import SameForm as SameForm
from trover.errors.keying import ScanRefused as ScanRefused
from trover.errors.keying import TesseractMissing as TesseractMissing
from trover.errors.message import DoctypeRefused as DoctypeRefused
from trover.errors.message import MessageNotRead as MessageNotRead
from trover.errors.message import NotPdf as NotPdf
from trover.errors.message import NotXml as NotXml
from trover.errors.message import RecordMisplaced as RecordMisplaced
from trover.errors.message import StatementRefused as StatementRefused
from trover.errors.message import TagMisplaced as TagMisplaced
from trover.errors.message import TextLayerMissing as TextLayerMissing
from trover.errors.message import TotalContradicted as TotalContradicted
from trover.errors.reading import ArchiveDamaged as ArchiveDamaged
from trover.errors.reading import ArchiveTooLarge as ArchiveTooLarge
from trover.errors.reading import MemberLocked as MemberLocked
from trover.errors.reading import MemberRefused as MemberRefused
from trover.errors.reading import ReadingBroke as ReadingBroke
from trover.errors.reading import ReadingTooLarge as ReadingTooLarge
from trover.errors.reading import ReadingTooMuch as ReadingTooMuch
from trover.errors.reading import ReadingTooSlow as ReadingTooSlow
from trover.errors.tables import CellDigitsLost as CellDigitsLost
from trover.errors.tables import CellError as CellError
from trover.errors.tables import CellMerged as CellMerged
from trover.errors.tables import FormulaWithoutValue as FormulaWithoutValue
from trover.errors.tables import HiddenCells as HiddenCells
from trover.errors.tables import MappingReused as MappingReused
from trover.errors.tables import NoSuchDay as NoSuchDay
from trover.errors.tables import NotAWorkbook as NotAWorkbook
from trover.errors.tables import SheetMissing as SheetMissing


class UnknownCurrency(Problem):
    says = "is not a currency with a known minor unit"
    remedy = "Use an ISO 4217 code or a known token (BTC, ETH)."


class UnknownAccount(Problem):
    says = "is not an account of this ledger"
    remedy = "Declare the account, or start its id with EXT: if it is outside the ledger."


class UnknownTransfer(Problem):
    says = "is not a transfer of this ledger"
    remedy = "Name a transfer by its id as the ledger lists it."


class UnknownGap(Problem):
    says = "is no gap in the statements of this case"
    remedy = "trover check lists the gaps of each account."


class UnknownStatement(Problem):
    says = "is no statement and no file of this case"
    remedy = "trover check lists files and statements by their ids."


class DuplicateId(Problem):
    says = "occurs more than once"
    remedy = "Give every row its own id; a corrected row names the row it replaces."


class AmountNotPositive(Problem):
    says = "is not an amount above zero"
    remedy = "Amounts are positive; the direction is given by payer and payee."


class AmountUnreadable(Problem):
    says = "is not a number"
    remedy = "Write digits with the decimal sign named in the mapping."


class ClaimExceedsTransfer(Problem):
    says = "is claimed, more than came in"
    remedy = "Claims entered at one place may not exceed the amount that entered there."


class ClaimNotExternal(Problem):
    says = "does not enter the ledger from outside"
    remedy = "Enter the claim where the money first comes in; movements inside the ledger carry it on."


class ClaimOnInterest(Problem):
    says = "is claimed at interest, which follows what bore it"
    remedy = "Enter the claim where the money first comes in; interest is shared by the mode of interest."


class ClaimOnReturn(Problem):
    says = "is claimed at a payment that only returns or re-deposits earlier money"
    remedy = "Enter the claim where the money first came in; a return restores what the payment had."


class ReservedName(Problem):
    says = "is no name for a claimant"
    remedy = "OWN, CLEAN and TAINTED have meanings of their own; name the claimant otherwise."


class ReturnNotPossible(Problem):
    says = "cannot be what returns or re-deposits that payment"
    remedy = "Link a credit from outside to an earlier payment that left the accounts of this ledger."


class ConsolidationWrong(Problem):
    says = "cannot be consolidated as stated"
    remedy = "Name for each pool its accounts, each in one pool; a pool's own name belongs to no other account."


class BackwardLimit(Problem):
    says = "breaks a limit of backward tracing"
    remedy = "Link one credit to one earlier debit of the same holder, up to the shortfall that the debit created."


class UnbalancedEvent(Problem):
    says = "does not balance: what goes in is not what comes out"
    remedy = "Inputs must equal the cost of the outputs, fee included."


class MixedCurrencies(Problem):
    says = "mixes currencies that need one rate"
    remedy = "Give the amount in both currencies for each leg."


class AmountTooLarge(Problem):
    says = "has more than 38 digits"
    remedy = "Amounts are whole minor units of at most 38 digits; correct the value or the currency's decimals."


class AmountTooFine(Problem):
    says = "has more decimals than its currency"
    remedy = "Correct the amount or name the currency it is in; nothing is rounded on reading."


class SameAccount(Problem):
    says = "is payer and payee of one transfer"
    remedy = "Name the other account; a movement inside one account is not a transfer."


class UnknownKind(Problem):
    says = "is not a kind of account"
    remedy = "Use bank, asset, wallet, cash, output or external."


class AccountContradiction(Problem):
    says = "is declared in two ways"
    remedy = "Declare the account once, with one currency, kind and opening balance."


class BalanceContradictsRows(Problem):
    says = "is the balance the source prints, but the rows give another"
    remedy = "Look for a missing, doubled or misread row, or a wrong opening balance, before this row."


class UnknownOutput(Problem):
    says = "is not an output known at this point"
    remedy = "List the output, or the transaction that made it, before it is spent."


class OutputSpent(Problem):
    says = "is already spent"
    remedy = "An output is spent once; check the transactions for a double entry."


class OutputsExceedInputs(Problem):
    says = "pays out more than it takes in"
    remedy = "Outputs and fee together equal the inputs; check the values of this transaction."


class DateUnreadable(Problem):
    says = "is not a date"
    remedy = "Write it as 2020-01-31 or 2020-01-31T12:00:00Z, or name its format in a mapping (dates)."


class DateAmbiguous(Problem):
    says = "can be read as two dates"
    remedy = "Name the order of day and month in the mapping, for example dates: ['%d/%m/%Y']."


class ZoneMissing(Problem):
    says = "has no time zone, but other times of this source have one"
    remedy = "Give every time its zone, or name the zone of times without one (timezone in a mapping)."


class WrongEncoding(Problem):
    says = "is not text in the declared encoding"
    remedy = "Name the encoding of the file in the mapping, for example encoding: cp1252."


class NulByte(Problem):
    says = "is a NUL byte; text files have none"
    remedy = "The file is damaged, is binary, or is UTF-16: export it again or name its encoding in the mapping."


class Truncated(Problem):
    says = "ends too early"
    remedy = "The file is cut off: obtain it again and compare the size and the hash."


class NotReadable(Problem):
    says = "cannot be read"
    remedy = "Check the name, that it is a file, and that you may read it."


class NotJson(Problem):
    says = "is not JSON"
    remedy = "Correct the file at the place named."


class DuplicateKey(Problem):
    says = "is a key that occurs twice in one object"
    remedy = "Keep one of the two: a reader would silently drop the other."


class TooDeep(Problem):
    says = "levels of nesting are more than this format has"
    remedy = "Check that this is the right file; at most 64 levels are read."


class TooLong(Problem):
    says = "is longer than any such value can be"
    remedy = "Check that delimiter and quotes are right; ids have at most 200 characters, texts 20,000."


class FieldMissing(Problem):
    says = "is missing"
    remedy = "Add the field; nothing is assumed in its place."


class FieldWrong(Problem):
    says = "has the wrong type"
    remedy = "Correct it as the message says."


class UnknownField(Problem):
    says = "is not a field of this format"
    remedy = "Check the spelling; a field that is not understood is refused, so that none is silently ignored."


class NotYaml(Problem):
    says = "is not YAML as this project reads it"
    remedy = "Correct the file at the place named."


class ColumnMissing(Problem):
    says = "is not a column of the file"
    remedy = "Name the columns in the mapping as the header row writes them."


class RowShape(Problem):
    says = "does not have as many values as the header has columns"
    remedy = "Check delimiter and quotes of this row; no value is dropped or moved."


class NotCsv(Problem):
    says = "is not CSV as the mapping describes it"
    remedy = "Check delimiter and quotes of this row."


class MappingMissing(Problem):
    says = "needs a mapping that says what its columns mean"
    remedy = "Give one with --mapping; trover mapping propose FILE proposes one for you to approve."


class UnknownFormat(Problem):
    says = "is in no format that can be read"
    remedy = "Give a case file (JSON), a message of a bank in a format that is read, or a table with a mapping."


class ChainBroken(Problem):
    says = "does not follow from the record before it"
    remedy = "The custody log was changed after it was written: compare it with a copy held elsewhere."


class StoreDamaged(Problem):
    says = "is missing or is not what the manifest of the ledger names"
    remedy = "Restore the folder from a copy: a part of a stored ledger is never changed."


class NotText(Problem):
    says = "holds a character that no text has"
    remedy = "Correct the value: NUL and single surrogates are refused."


class UnknownFamily(Problem):
    says = "is not a family of cases this version reads"
    remedy = "Use account, asset, distribution or utxo."


class UnknownRule(Problem):
    says = "is not a tracing rule"
    remedy = "Name a rule (trover rules lists them) or ask for all."


class MissingChoice(Problem):
    says = "needs a choice that only a person makes"
    remedy = "Record the choice with author and reason."


class FigureWithoutRows(Problem):
    says = "is a figure that cites no row of the schedule"
    remedy = "An exhibit prints no figure without the rows it sums; name them."


class BandWithoutRows(Problem):
    says = "is a band of the flow picture that cites no row of the schedule"
    remedy = "A picture shows nothing the schedule does not; name the rows of the band."


class AnchorMissing(Problem):
    says = "is linked to, but is not in the exhibit"
    remedy = "Print what the link names, or leave the link out."


class UnknownEdition(Problem):
    says = "is not a format an exhibit is built in"
    remedy = "Use html, xlsx or pdf."


class UnknownMarking(Problem):
    says = "is not a marking of TLP 2.0"
    remedy = "Use CLEAR, GREEN, AMBER, AMBER+STRICT or RED."


class UnknownFinding(Problem):
    says = "is not a finding of this case"
    remedy = "Name a finding by its id as findings.yml lists it."


class UnknownEvidence(Problem):
    says = "is not an evidence record of this case"
    remedy = "Name a record by its id as trover evidence list shows it, or add the file that holds it."


class FindingReplaced(Problem):
    says = "is no longer in force"
    remedy = "Correct or withdraw the finding that took its place."


class FindingAltered(Problem):
    says = "is the id of other content than stands under it"
    remedy = "Restore the finding as it was, or delete its id to record what stands there as a new finding."


class FindingTwice(Problem):
    says = "is found twice, in two ways"
    remedy = "Withdraw one of the findings, or let the new one supersede the old."


class LinkImpossible(Problem):
    says = "cannot be linked like this"
    remedy = "Check which two transfers are meant."


class CurrencyMismatch(Problem):
    says = "is not the currency of the money it is about"
    remedy = "State the amount in the currency of the account where the money came in."


class OffenceUnknown(Problem):
    says = "is not a type of offence that is recorded"
    remedy = "Use one of the types of offence, or other; and an ICCS code of 2, 4, 5 or 6 digits."
