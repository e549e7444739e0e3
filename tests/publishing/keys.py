"""Keys and their certificates, made anew for each run of the tests."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from tests.factories import NOON

YEAR = timedelta(days=365)
SHORT = 1024  # bits
MAKERS = {
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "another RSA": lambda: rsa.generate_private_key(65537, 2048),
    "short RSA": lambda: rsa.generate_private_key(65537, SHORT),
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "Bitcoin's": lambda: ec.generate_private_key(ec.SECP256K1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}


@cache
def make_key(kind):
    return MAKERS[kind]()


def make_key_pem(kind, password=None):
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    return make_key(kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()


@cache
def make_certificate(kind, begins_at=NOON - YEAR, ends_at=NOON + YEAR):
    """Signed by its own key, as PEM."""
    key = make_key(kind)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "weather.example.org")])
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins_at)
        .not_valid_after(ends_at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    digest = None if kind == "Ed25519" else SHA256()
    return builder.sign(key, digest).public_bytes(Encoding.PEM).decode()
