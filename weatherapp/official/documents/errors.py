"""Why a document as a whole says nothing: never to be taken for "no warnings"."""

from __future__ import annotations


class DocumentError(ValueError):
    """Nothing of the document may be used; what was known before stays."""


class NotADocumentError(DocumentError):
    """It is of no form that holds warnings."""


class WebPageError(NotADocumentError):
    """A page for people: services answer so while they are being repaired."""


class ServiceProblemError(NotADocumentError):
    """The service says that it failed (RFC 9457), whatever the status of HTTP said."""


class TruncatedError(DocumentError):
    """It ends before its end: ask again."""


class TooLargeError(DocumentError):
    """More bytes than are ever taken."""


class TooManyEntriesError(DocumentError):
    """More entries than are ever taken."""


class TooDeepError(DocumentError):
    """Nested deeper than any warning is."""


class ForbiddenXmlError(DocumentError):
    """It declares a document type or entities, of which warnings need none and attackers much."""


class WrongCharsetError(DocumentError):
    """Its bytes are no text in the charset that it names."""
