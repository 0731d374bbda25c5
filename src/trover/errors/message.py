"""Problems of the messages that banks send: XML, ISO 20022, Fedwire."""

from __future__ import annotations

from trover.errors.base import Problem


class NotXml(Problem):
    says = "the file is not well-formed XML"
    remedy = "Obtain the file again; an XML file that was altered by hand may have lost a sign at the place named."


class DoctypeRefused(Problem):
    says = "opens a document type, which can read other files and swell without limit"
    remedy = "No statement needs one: obtain the file again from the bank, and keep this one as it is."


class MessageNotRead(Problem):
    says = "is not a message of ISO 20022 that is read"
    remedy = "Give statements, reports or notifications of an account (camt), pacs.008, pacs.004 or pain.001."


class TotalContradicted(Problem):
    says = "is a total that the rows do not give"
    remedy = "Ask for the message again; the rows that stand there were read."


class TagMisplaced(Problem):
    says = "stands where no such tag can stand"
    remedy = "A tag was lost or altered: obtain the file again from the bank, and keep this one as it is."


class StatementRefused(Problem):
    says = "is the status of an error"
    remedy = "The bank sent this answer instead of a statement: ask it for the statement again."


class RecordMisplaced(Problem):
    says = "is a record that cannot stand here"
    remedy = "A record was lost or altered: obtain the file again from the bank, and keep this one as it is."


class NotPdf(Problem):
    says = "the file is not a PDF that can be read"
    remedy = "The copy is damaged: obtain the file again and compare the hash."


class TextLayerMissing(Problem):
    says = "the file holds no text: it is a picture of a statement"
    remedy = "Ask the bank for a file with text, or key the statement in; a picture is not read here."
