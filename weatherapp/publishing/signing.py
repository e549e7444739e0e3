"""An XML signature on a message: enveloped, exclusive C14N, SHA-256; for who publishes with a key.

https://www.w3.org/TR/xmldsig-core1/. Written by hand, as the messages are: what is signed is known to the
byte. `cryptography` costs the worker 9 MB, and only where there is a key.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

    Key = RSAPrivateKey | EllipticCurvePrivateKey

C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
DIGEST = "http://www.w3.org/2001/04/xmlenc#sha256"
LEAST_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")  # with SHA-256 each: the curve is what is strong
BEGINS = "-----BEGIN "
END = b"</alert>"
# In its canonical form, so that what is signed is what is written.
SIGNED_INFO = (
    f'<SignedInfo xmlns="{XMLDSIG}">'
    f'<CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
    f'<SignatureMethod Algorithm="{MORE}{{method}}"></SignatureMethod>'
    '<Reference URI=""><Transforms>'
    f'<Transform Algorithm="{XMLDSIG}enveloped-signature"></Transform>'
    f'<Transform Algorithm="{C14N}"></Transform>'
    f'</Transforms><DigestMethod Algorithm="{DIGEST}"></DigestMethod>'
    "<DigestValue>{digest}</DigestValue></Reference></SignedInfo>"
)
SIGNATURE = (
    f'<Signature xmlns="{XMLDSIG}">{{info}}<SignatureValue>{{value}}</SignatureValue>'
    "<KeyInfo><X509Data>{certificates}</X509Data></KeyInfo></Signature>"
)


class SigningProblem(StrEnum):
    """Why nothing can be signed."""

    NO_PACKAGE = "NO_PACKAGE"
    NO_KEY = "NO_KEY"  # there is a certificate only
    NO_CERTIFICATE = "NO_CERTIFICATE"
    BAD_KEY = "BAD_KEY"  # no file, no PEM, or it asks for a password
    UNFIT_KEY = "UNFIT_KEY"
    BAD_CERTIFICATE = "BAD_CERTIFICATE"
    OTHER_CERTIFICATE = "OTHER_CERTIFICATE"  # another key's
    OUT_OF_DATE = "OUT_OF_DATE"  # not valid yet, or no longer


class SigningError(Exception):
    """Nothing may be published until the operator has mended it: readers count on the signature."""

    def __init__(self, problem: SigningProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Signer:
    """A key with its certificate, and those that lead from it to a known one."""

    def __init__(self, key: Key, certificates: Sequence[Certificate]) -> None:
        """Raises SigningError."""
        self.method = find_method(key)
        if key.public_key() != certificates[0].public_key():
            raise SigningError(SigningProblem.OTHER_CERTIFICATE)
        self.key, self.certificates = key, certificates

    def check_dates(self, now: datetime) -> None:
        """Raises SigningError."""
        own = self.certificates[0]
        if not own.not_valid_before_utc <= now <= own.not_valid_after_utc:
            raise SigningError(SigningProblem.OUT_OF_DATE)

    def sign(self, document: bytes) -> bytes:
        """A message as write_cap() made it, with its signature as the last element."""
        digest = sha256(ET.canonicalize(document).encode()).digest()
        info = SIGNED_INFO.format(method=self.method, digest=_encode(digest))
        signature = SIGNATURE.format(
            # Inside of Signature its namespace is said already.
            info=info.replace(f' xmlns="{XMLDSIG}"', "", 1),
            value=_encode(_sign(self.key, info.encode())),
            certificates="".join(map(_write_certificate, self.certificates)),
        )
        return document.removesuffix(END) + signature.encode() + END


def load_signer(key: str, certificate: str) -> Signer:
    """Each PEM itself (line ends may be written as \\n) or the path of a file of it. Raises SigningError."""
    if not key or not certificate:
        raise SigningError(SigningProblem.NO_CERTIFICATE if key else SigningProblem.NO_KEY)
    try:
        import cryptography  # noqa: F401 - whether it is there
    except ImportError as error:
        raise SigningError(SigningProblem.NO_PACKAGE) from error
    return Signer(_load_key(key), _load_certificates(certificate))


def find_method(key: Key) -> str:
    """Its name in RFC 4051. Raises SigningError for a key that is weak or of another kind."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(key, RSAPrivateKey) and key.key_size >= LEAST_RSA_BITS:
        return "rsa-sha256"
    if isinstance(key, EllipticCurvePrivateKey) and key.curve.name in CURVES:
        return "ecdsa-sha256"
    raise SigningError(SigningProblem.UNFIT_KEY)


def _load_key(key: str) -> Key:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(_read(key), password=None)  # type: ignore[return-value]  # see find_method
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        # Without its cause, which may show the path or a part of the key.
        raise SigningError(SigningProblem.BAD_KEY) from None


def _load_certificates(certificate: str) -> Sequence[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(_read(certificate))
    except (OSError, ValueError):
        raise SigningError(SigningProblem.BAD_CERTIFICATE) from None


def _read(given: str) -> bytes:
    if given.lstrip().startswith(BEGINS):
        return given.replace("\\n", "\n").encode()
    return Path(given).read_bytes()


def _sign(key: Key, content: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
    from cryptography.hazmat.primitives.hashes import SHA256

    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), SHA256())
    size = (key.curve.key_size + 7) // 8
    r, s = utils.decode_dss_signature(key.sign(content, ec.ECDSA(SHA256())))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _write_certificate(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return f"<X509Certificate>{_encode(certificate.public_bytes(Encoding.DER))}</X509Certificate>"


def _encode(content: bytes) -> str:
    return b64encode(content).decode()
