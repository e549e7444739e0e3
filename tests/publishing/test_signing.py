"""Signed messages, judged by signxml; and what a wrong key does."""

from __future__ import annotations

import pytest
from signxml import SignatureConfiguration, SignatureMethod, XMLVerifier
from signxml.exceptions import InvalidDigest, InvalidSignature

from tests.factories import NOON, make_place
from tests.publishing.judges import judge_cap
from tests.publishing.keys import YEAR, make_certificate, make_key_pem
from tests.publishing.test_messages import raise_alert
from weatherapp.checks import SIGNING_MISTAKES, check_signing_key
from weatherapp.models import Alert, PublishedMessage
from weatherapp.official.documents.read import read_document
from weatherapp.publishing.signing import SigningError, SigningProblem, load_signer
from weatherapp.publishing.workflow import publish_due

METHODS = {
    "RSA": SignatureMethod.RSA_SHA256,
    "P-256": SignatureMethod.ECDSA_SHA256,
    "P-384": SignatureMethod.ECDSA_SHA256,
    "P-521": SignatureMethod.ECDSA_SHA256,
}


def verify(document, kind):
    """What of it is signed. Raises InvalidSignature."""
    wanted = SignatureConfiguration(signature_methods=frozenset({METHODS[kind]}))
    answer = XMLVerifier().verify(document, x509_cert=make_certificate(kind), expect_config=wanted)
    return answer.signed_xml


@pytest.fixture
def signs_with(settings):
    def change(key, certificate):
        settings.CAP_SIGNING_KEY, settings.CAP_SIGNING_CERTIFICATE = key, certificate

    return change


def publish_one(name="Dublin"):
    raise_alert(place=make_place(name=name))
    publish_due(now=NOON)
    return PublishedMessage.objects.get().document


@pytest.mark.django_db
@pytest.mark.parametrize("kind", METHODS)
@pytest.mark.parametrize("name", ["Dublin", "Ünï & <b>'q'</b> \r\n\t \"x\" \U0001f327"])
def test_a_signed_message_is_verified_whole_and_is_a_message_as_any(signs_with, kind, name):
    signs_with(make_key_pem(kind), make_certificate(kind))

    document = publish_one(name)

    judge_cap(document)
    signed = verify(document, kind)
    assert signed.tag.endswith("}alert")
    assert len(signed) == len(judge_cap(document)) - 1  # all but the signature
    assert len(read_document(document).messages) == 1


@pytest.mark.django_db
def test_it_goes_out_as_it_was_signed(signs_with, client):
    signs_with(make_key_pem("P-256"), make_certificate("P-256"))
    publish_one()
    message = PublishedMessage.objects.get()
    signs_with("", "")

    verify(client.get(message.get_absolute_url()).content, "P-256")


@pytest.mark.parametrize("kind", ["RSA", "P-256"])
def test_a_changed_byte_is_seen(kind):
    written = b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><note>Wind</note></alert>'
    document = load_signer(make_key_pem(kind), make_certificate(kind)).sign(written)

    verify(document, kind)
    with pytest.raises(InvalidDigest):
        verify(document.replace(b"Wind", b"Wing"), kind)
    with pytest.raises(InvalidSignature):
        verify(document.replace(b"</note>", b"</note><note>Flood</note>"), kind)


def test_another_key_is_seen():
    written = b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><note>Wind</note></alert>'
    document = load_signer(make_key_pem("another RSA"), make_certificate("another RSA")).sign(
        written
    )

    with pytest.raises(InvalidSignature):
        verify(document, "RSA")


@pytest.mark.parametrize(
    "write", [str, lambda pem: pem.replace("\n", "\\n")], ids=["PEM", "one line"]
)
def test_keys_may_stand_in_the_environment(write):
    load_signer(write(make_key_pem("P-256")), write(make_certificate("P-256")))


def test_keys_may_stand_in_files_and_certificates_in_a_chain(tmp_path):
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    key.write_text(make_key_pem("P-256"))
    chain.write_text(make_certificate("P-256") + make_certificate("RSA"))

    signed = load_signer(str(key), str(chain)).sign(b"<alert></alert>")

    assert signed.count(b"<X509Certificate>") == 2


def list_wrong():
    key, certificate = make_key_pem("RSA"), make_certificate("RSA")
    past = make_certificate("RSA", NOON - 2 * YEAR, NOON - YEAR)
    wrong = [
        ("NO_KEY", "", certificate),
        ("NO_CERTIFICATE", key, ""),
        ("BAD_KEY", "/nowhere/key.pem", certificate),
        ("BAD_KEY", certificate, certificate),
        ("BAD_KEY", key[:-300], certificate),
        ("BAD_KEY", make_key_pem("RSA", b"secret"), certificate),
        ("UNFIT_KEY", make_key_pem("short RSA"), make_certificate("short RSA")),
        ("UNFIT_KEY", make_key_pem("Bitcoin's"), make_certificate("Bitcoin's")),
        ("UNFIT_KEY", make_key_pem("Ed25519"), make_certificate("Ed25519")),
        ("BAD_CERTIFICATE", key, "/nowhere/chain.pem"),
        ("BAD_CERTIFICATE", key, key),
        ("OTHER_CERTIFICATE", key, make_certificate("another RSA")),
        ("OTHER_CERTIFICATE", key, make_certificate("P-256") + certificate),
        ("OUT_OF_DATE", key, past),
    ]
    return [pytest.param(*one, id=f"{one[0]} {number}") for number, one in enumerate(wrong)]


@pytest.mark.parametrize(("problem", "key", "certificate"), list_wrong())
def test_a_wrong_key_is_named_by_the_checks_and_shows_nothing_of_itself(
    signs_with, monkeypatch, problem, key, certificate
):
    signs_with(key, certificate)
    monkeypatch.setattr("weatherapp.checks.timezone.now", lambda: NOON)

    (error,) = check_signing_key()

    text, way_out = SIGNING_MISTAKES[problem]
    assert (error.id, error.msg) == ("weatherapp.E013", f"Alerts cannot be signed: {text}")
    assert error.hint == way_out
    assert "nowhere" not in error.msg


def test_all_problems_have_their_words():
    assert set(SIGNING_MISTAKES) == set(SigningProblem)


def test_a_package_that_is_missing_is_named(signs_with, monkeypatch):
    signs_with(make_key_pem("RSA"), make_certificate("RSA"))
    monkeypatch.setitem(__import__("sys").modules, "cryptography", None)

    (error,) = check_signing_key()

    assert "cryptography is not installed" in error.msg


def test_no_key_and_a_right_one_are_no_mistakes(signs_with, monkeypatch):
    monkeypatch.setattr("weatherapp.checks.timezone.now", lambda: NOON)
    assert check_signing_key() == []
    signs_with(make_key_pem("P-256"), make_certificate("P-256"))

    assert check_signing_key() == []


@pytest.mark.django_db
def test_nothing_goes_out_unsigned_where_a_signature_is_promised(signs_with):
    signs_with(make_key_pem("RSA"), make_certificate("RSA", NOON - 2 * YEAR, NOON - YEAR))
    raise_alert()

    with pytest.raises(SigningError, match="OUT_OF_DATE"):
        publish_due(now=NOON)

    assert PublishedMessage.objects.count() == 0
    assert Alert.objects.get().publish_at == NOON  # it is tried again
