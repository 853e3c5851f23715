"""Key stores of Java: what keytool and openssl make is read whole, what is damaged is named, no password and no key is shown."""

import hashlib
import re
import shutil
import struct
import subprocess
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import ca
import pytest
from ca import good_chain, pem_bundle
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    KeySerializationEncryption,
    PrivateFormat,
    pkcs12,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from quirks import FOREIGN, JCEKS, JKS, keystore, open_pkcs12

import finesse_certlint as fcl
from finesse_certlint.documents import Block, Document, Integrity, Kind
from finesse_certlint.formats import rc2, read
from finesse_certlint.formats.pkcs12 import NO_PASSWORD, WRONG_PASSWORD
from finesse_certlint.limits import Limits

AT = datetime(2026, 11, 23, tzinfo=UTC)
ORACLES = Path(__file__).parent / "oracle"
PASSWORD = "correct horse"


def certificates(document: Document) -> list[bytes]:
    """The DER of every certificate that was found, in order."""
    return [block.der for block in document.walk() if block.kind is Kind.CERTIFICATE]


def trusted(document: Document) -> set[bytes]:
    """The certificates that count where the store is a trust store."""
    return {block.der for block in document.walk() if block.kind is Kind.CERTIFICATE and not block.untrusted}


def of_kind(document: Document, kind: Kind) -> list[Block]:
    return [block for block in document.walk() if block.kind is kind]


def damage(document: Document) -> list[Block]:
    """What of it is said to be damaged or unread."""
    closed = [block for block in of_kind(document, Kind.PKCS12) if block.error]
    return of_kind(document, Kind.DAMAGED) + of_kind(document, Kind.UNREAD) + closed


def opened(data: bytes, password: str | bytes | None = None, limits: Limits | None = None) -> Document:
    document = read(data, "store", limits or Limits(), password)
    assert [(block.span.start, block.span.stop) for block in document.blocks] == [(0, len(data))]
    return document


def rules_found(report: fcl.Report) -> dict[str, str]:
    return {finding.rule: finding.severity.value for finding in report.findings}


@cache
def small() -> tuple[bytes, ...]:
    """Three short certificates: a server, its CA, and a stranger."""
    top = ca.Authority("R", key="ec256")
    return top.server("a.example", key="ec256").der, top.der, ca.Authority("S", key="ec256").der


# -- What keytool and openssl make -----------------------------------------------------------------------------------


class Bench:
    """A folder with the chain in files, where keytool and openssl work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        server, issuing, root = good_chain()
        self.chain = (server.der, issuing.der, root.der)
        (folder / "root.pem").write_bytes(root.pem)
        (folder / "issuing.pem").write_bytes(issuing.pem)
        (folder / "all.pem").write_bytes(server.key.pem + pem_bundle(server, issuing, root))
        # Below its password a key of pyca's is what keytool can import.
        mine, *others = (x509.load_der_x509_certificate(der) for der in self.chain)
        encryption = BestAvailableEncryption(PASSWORD.encode())
        private = server.key.private
        assert isinstance(private, rsa.RSAPrivateKey)
        made = pkcs12.serialize_key_and_certificates(b"gadgets", private, mine, others, encryption)
        (folder / "source.p12").write_bytes(made)

    def keytool(self, *arguments: str) -> str:
        if not shutil.which("keytool"):
            pytest.skip("needs keytool")
        command = ["keytool", "-J-XX:TieredStopAtLevel=1", "-J-Duser.language=en", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def openssl(self, *arguments: str) -> None:
        if not shutil.which("openssl"):
            pytest.skip("needs openssl")
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode and "unsupported" in done.stderr:
            pytest.skip("this OpenSSL has no legacy ciphers")
        assert done.returncode == 0, done.stderr

    def trust(self, kind: str, *options: str) -> bytes:
        """Root and issuing CA as trusted entries."""
        for name in ("root", "issuing"):
            self.keytool(
                *options, "-importcert", "-noprompt", "-alias", name, "-file", f"{name}.pem", *self._store(kind)
            )
        return self.take()

    def keys(self, kind: str) -> bytes:
        """A private key with its chain of three, and another CA that is trusted."""
        (self.folder / "stranger.pem").write_bytes(ca.Authority("Another Root CA").pem)
        source = ("-srckeystore", "source.p12", "-srcstoretype", "PKCS12", "-srcstorepass", PASSWORD)
        target = ("-destkeystore", "store", "-deststoretype", kind, "-deststorepass", PASSWORD)
        self.keytool("-importkeystore", "-noprompt", *source, *target)
        self.keytool("-importcert", "-noprompt", "-alias", "other", "-file", "stranger.pem", *self._store(kind))
        return (self.folder / "store").read_bytes()

    def secret(self, kind: str) -> bytes:
        """A secret key before and between trusted entries."""
        size = ("-keyalg", "AES", "-keysize", "128")
        passwords = ("-keypass", PASSWORD) if kind == "JCEKS" else ()
        self.keytool("-genseckey", "-alias", "secret", *size, *passwords, *self._store(kind))
        return self.trust(kind)

    def take(self) -> bytes:
        data = (self.folder / "store").read_bytes()
        (self.folder / "store").unlink()
        return data

    def _store(self, kind: str) -> tuple[str, ...]:
        return ("-keystore", "store", "-storetype", kind, "-storepass", PASSWORD)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("kind", ["JKS", "JCEKS"])
def test_a_trust_store_of_keytools_is_read_without_its_password(bench: Bench, kind: str) -> None:
    data = bench.trust(kind)
    document = opened(data)
    assert document.format == kind
    assert set(certificates(document)) == set(bench.chain[1:]) == trusted(document)
    assert {block.within for block in of_kind(document, Kind.CERTIFICATE)} == {'alias "root"', 'alias "issuing"'}
    assert damage(document) == []
    assert document.blocks[0].integrity is Integrity.NO_PASSWORD
    assert opened(data, PASSWORD).blocks[0].integrity is Integrity.HELD
    assert opened(data, PASSWORD.encode()).blocks[0].integrity is Integrity.HELD
    assert opened(data, "another").blocks[0].integrity is Integrity.BROKEN
    assert opened(data, "").blocks[0].integrity is Integrity.BROKEN


@pytest.mark.parametrize("options", [(), ("-J-Dkeystore.pkcs12.legacy",)], ids=["today", "as-up-to-java-8"])
def test_a_pkcs12_of_keytools_is_read_with_its_password(bench: Bench, options: tuple[str, ...]) -> None:
    data = bench.trust("PKCS12", *options)
    document = opened(data, PASSWORD)
    assert set(certificates(document)) == set(bench.chain[1:]) == trusted(document)
    assert {block.within for block in of_kind(document, Kind.CERTIFICATE)} == {'alias "root"', 'alias "issuing"'}
    assert document.blocks[0].integrity is Integrity.HELD
    assert damage(document) == []
    for password, reason in ((None, NO_PASSWORD), ("another", WRONG_PASSWORD), ("", WRONG_PASSWORD)):
        closed = opened(data, password)
        assert certificates(closed) == []
        assert closed.blocks[0].error == reason


def test_a_pkcs12_without_password_is_read_without_one(bench: Bench) -> None:
    """As Java 18 and later have their cacerts: neither encrypted nor with a MAC."""
    options = [f"-J-Dkeystore.pkcs12.{name}=NONE" for name in ("certProtectionAlgorithm", "macAlgorithm")]
    data = bench.trust("PKCS12", *options)
    for password in (None, "", "any"):
        document = opened(data, password)
        assert set(certificates(document)) == set(bench.chain[1:]) == trusted(document)
        assert document.blocks[0].integrity is Integrity.NO_DIGEST
        assert document.blocks[0].error is None


@pytest.mark.parametrize("kind", ["JKS", "JCEKS", "PKCS12"])
def test_of_a_private_key_the_chain_is_read_and_the_key_is_named_alone(bench: Bench, kind: str) -> None:
    data = bench.keys(kind)
    document = opened(data, PASSWORD)
    (key,) = of_kind(document, Kind.PRIVATE_KEY)
    assert (key.label, key.within, key.der) == ("private key", 'alias "gadgets"', b"")
    assert set(certificates(document)) == {*bench.chain, ca.Authority("Another Root CA").der}
    assert trusted(document) == {bench.chain[0], ca.Authority("Another Root CA").der}, (
        "the issuers in a key's chain are not"
    )
    report = fcl.lint(data, at=AT, password=PASSWORD)
    assert rules_found(report)["private-key-in-input"] == "warning"
    shown = report.to_json() + report.render() + repr(report) + repr(report.case.documents)
    stretch = data[key.span.start : key.span.stop]
    pieces = [stretch[at : at + 16] for at in range(32, len(stretch) - 16, 16)]
    assert not [piece for piece in pieces if piece.hex() in shown or repr(piece)[2:-1] in shown]
    assert PASSWORD not in shown


@pytest.mark.parametrize("kind", ["JKS", "JCEKS", "PKCS12"])
def test_java_trusts_of_a_store_what_is_trusted_here(bench: Bench, kind: str) -> None:
    if not shutil.which("java"):
        pytest.skip("needs java")
    document = opened(bench.keys(kind), PASSWORD)
    command = ["java", "-XX:TieredStopAtLevel=1", str(ORACLES / "Trusted.java"), "store", kind, PASSWORD]
    done = subprocess.run(command, cwd=bench.folder, capture_output=True, text=True, check=True)
    assert {b64decode(line) for line in done.stdout.split()} == trusted(document)


@pytest.mark.parametrize("kind", ["JCEKS", "PKCS12"])
def test_behind_a_secret_key_the_next_entries_are_found(bench: Bench, kind: str) -> None:
    """In JCEKS it is a serialized object of unknown length, and stands wherever a hash table has put it."""
    document = opened(bench.secret(kind), PASSWORD)
    (key,) = of_kind(document, Kind.PRIVATE_KEY)
    assert (key.label, key.within) == ("secret key", 'alias "secret"')
    assert set(certificates(document)) == set(bench.chain[1:])
    assert document.blocks[0].integrity is Integrity.HELD
    assert damage(document) == []


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"),
        ("-certpbe", "AES-128-CBC", "-macalg", "sha512"),
        ("-certpbe", "PBE-SHA1-2DES"),
        ("-legacy",),
        ("-legacy", "-certpbe", "PBE-SHA1-RC2-128"),
        ("-nomac",),
        ("-keypbe", "NONE", "-certpbe", "NONE"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("password", [PASSWORD, "", "p\u00e4ss\u20acword"], ids=["plain", "empty", "beyond-ascii"])
def test_what_openssl_makes_is_read_as_pyca_reads_it(bench: Bench, options: tuple[str, ...], password: str) -> None:
    bench.openssl("pkcs12", "-export", *options, "-in", "all.pem", "-out", "store", "-passout", f"pass:{password}")
    data = bench.take()
    document = opened(data, password)
    assert damage(document) == []
    assert document.blocks[0].integrity is (Integrity.NO_DIGEST if "-nomac" in options else Integrity.HELD)
    store = pkcs12.load_pkcs12(data, password.encode())
    theirs = [entry.certificate for entry in (store.cert, *store.additional_certs) if entry is not None]
    assert {hashlib.sha256(der).digest() for der in certificates(document)} == {
        certificate.fingerprint(hashes.SHA256()) for certificate in theirs
    }
    assert len(of_kind(document, Kind.PRIVATE_KEY)) == 1
    assert trusted(document) == {bench.chain[0]}


def _cacerts() -> Path:
    if not shutil.which("java") or not shutil.which("keytool"):
        pytest.skip("needs java and keytool")
    command = ["java", "-XshowSettings:properties", "-version"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    home = re.search(r"java\.home = (.+)", said)
    assert home is not None
    path = Path(home[1]) / "lib" / "security" / "cacerts"
    if not path.exists():
        pytest.skip("this Java has no cacerts")
    return path


def test_javas_own_cacerts_is_read_as_keytool_reads_it() -> None:
    path = _cacerts()
    command = ["keytool", "-J-Duser.language=en", "-list", "-rfc", "-keystore", str(path), "-storepass", "changeit"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout
    document = opened(path.read_bytes(), "changeit")
    theirs = [hashlib.sha256(der).hexdigest() for der in pem(listed)]
    ours = [hashlib.sha256(der).hexdigest() for der in certificates(document)]
    assert sorted(ours) == sorted(theirs)
    assert ours
    assert damage(document) == []
    assert document.blocks[0].integrity in (Integrity.HELD, Integrity.NO_DIGEST)


def pem(text: bytes) -> Iterator[bytes]:
    for body in re.findall(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", text, re.DOTALL):
        yield b64decode(body)


# -- As a trust store and as the input -------------------------------------------------------------------------------

STORES: dict[str, Callable[..., bytes]] = {
    "jks": lambda *chain: keystore(JKS, *chain),
    "jceks": lambda *chain: keystore(JCEKS, *chain),
    "pkcs12": open_pkcs12,
}


@pytest.mark.parametrize("kind", STORES)
def test_a_key_store_is_a_trust_store(kind: str) -> None:
    server, issuing, root = good_chain()
    report = fcl.lint(pem_bundle(server, issuing), at=AT, trusted=STORES[kind](root.der))
    assert (report.verdict, report.trust) == ("accepted", "given")
    assert rules_found(report)["keystore-not-verified"] == "info"
    stranger = STORES[kind](ca.Authority("Another Root CA").der)
    assert fcl.lint(pem_bundle(server, issuing), at=AT, trusted=stranger).verdict == "refused"


def test_a_trust_store_that_its_password_opens() -> None:
    server, issuing, root = good_chain()
    store = _pkcs12(root.der)
    report = fcl.lint(pem_bundle(server, issuing), at=AT, trusted=store, password=PASSWORD)
    assert report.verdict == "accepted"
    assert "keystore-not-verified" not in rules_found(report)


def _pkcs12(*ders: bytes, encryption: KeySerializationEncryption | None = None) -> bytes:
    """Certificates alone under the password; few rounds, for there are many to open."""
    cas = [x509.load_der_x509_certificate(der) for der in ders]
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2)
    builder = builder.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA256())
    chosen = encryption or builder.build(PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(None, None, None, cas, chosen)


@pytest.mark.parametrize(("password", "reason"), [(None, NO_PASSWORD), ("mistaken", WRONG_PASSWORD)])
def test_a_trust_store_that_stays_closed_is_an_input_error_that_says_what_to_do(
    password: str | None, reason: str
) -> None:
    store = _pkcs12(good_chain()[2].der)
    with pytest.raises(fcl.InputError) as raised:
        fcl.lint(good_chain()[0].pem, at=AT, trusted=store, password=password)
    assert str(raised.value).startswith(
        f"trusted: this is a PKCS#12, and no certificate was read from it: {reason}. Give "
    )
    assert "password=" in str(raised.value)
    assert "mistaken" not in str(raised.value)


@pytest.mark.parametrize(("password", "reason"), [(None, NO_PASSWORD), ("mistaken", WRONG_PASSWORD)])
def test_an_input_that_stays_closed_is_a_finding(password: str | None, reason: str) -> None:
    report = fcl.lint(_pkcs12(*small()), at=AT, password=password)
    (finding,) = [finding for finding in report.findings if finding.rule == "pkcs12-not-read"]
    assert (finding.severity, report.verdict) == ("fatal", "undetermined")
    assert reason in finding.message
    assert "password" in finding.remedy
    assert "mistaken" not in report.to_json()


def test_a_chain_in_a_pkcs12_is_judged() -> None:
    report = fcl.lint(FOREIGN["pkcs12"](), at=AT, password="changeit")
    assert report.verdict == "accepted"
    assert rules_found(report) == {"private-key-in-input": "warning", "trust-presumed": "info"}
    assert [c.der for c in report.certificates] == [issued.der for issued in good_chain()]


def test_in_armour_too() -> None:
    report = fcl.lint(ca.armour("PKCS12", FOREIGN["pkcs12"]()), at=AT, password="changeit")
    assert report.verdict == "accepted"
    assert all(certificate.location.line == 1 for certificate in report.certificates)


def test_a_wrong_password_on_a_java_key_store_is_a_warning_and_what_was_read_counts() -> None:
    store = keystore(JKS, *(issued.der for issued in good_chain()))
    report = fcl.lint(store, at=AT, password="another")
    assert rules_found(report)["keystore-digest-differs"] == "warning"
    assert report.verdict == "accepted"


def test_an_opened_store_without_certificates_says_so() -> None:
    for store in (keystore(JKS), keystore(JCEKS), open_pkcs12()):
        report = fcl.lint(store, at=AT)
        assert rules_found(report) == {"no-certificate": "fatal"}


def test_an_alias_is_shown_escaped_and_not_longer_than_a_line() -> None:
    der = small()[0]
    alias = b"\x1b[2J" + b"\xed\xa0\xbd\xed\xb8\x80" + b"\xc0\x80" + b"x" * 2000  # modified UTF-8: surrogates, NUL
    entry = struct.pack(">IH", 2, len(alias)) + alias + bytes(8) + b"\0\5X.509" + struct.pack(">I", len(der)) + der
    document = opened(JKS + struct.pack(">II", 2, 1) + entry + bytes(20))
    (block,) = of_kind(document, Kind.CERTIFICATE)
    assert block.within is not None
    assert block.within.startswith('alias "\\1B[2J\U0001f600\\00xxx')
    assert block.within.isprintable()
    assert len(block.within) < 100


def test_version_1_of_jks_has_no_types() -> None:
    der = small()[0]
    entry = struct.pack(">IH", 2, 1) + b"a" + bytes(8) + struct.pack(">I", len(der)) + der
    document = opened(JKS + struct.pack(">II", 1, 2) + entry + entry + bytes(20))
    assert certificates(document) == [der, der]
    assert damage(document) == []


# -- Damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("magic", [JKS, JCEKS])
def test_wherever_a_java_key_store_is_cut_off_what_is_whole_is_read_and_the_rest_named(magic: bytes) -> None:
    whole = keystore(magic, *small())
    ends = [whole.index(der) + len(der) for der in small()]
    for length in range(4, len(whole)):
        document = opened(whole[:length])
        assert certificates(document) == [der for der, end in zip(small(), ends, strict=True) if end <= length]
        (block, *_) = damage(document)
        assert re.match(r"at byte \d+: ", block.error or "")


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_wherever_a_byte_of_a_java_key_store_is_changed_the_other_certificates_are_read(flip: int) -> None:
    whole = keystore(JKS, *small())
    for at in range(8, len(whole)):
        data = whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :]
        document = opened(data, "changeit")
        found = set(certificates(document))
        lost = [der for der in small() if der not in found]
        assert len(lost) <= 1, at
        changed = at not in range(8, 12) and not any(der in data and der in lost for der in small())
        if lost and not changed:
            assert damage(document), at
        assert document.blocks[0].integrity is not Integrity.HELD


@pytest.mark.parametrize("bad", [0, 3, 0xFFFFFFFF])
def test_an_unknown_version_is_said_and_the_entries_are_read(bad: int) -> None:
    whole = keystore(JKS, *small())
    document = opened(whole[:4] + struct.pack(">I", bad) + whole[8:])
    assert certificates(document) == list(small())
    assert f"its version is {bad}" in (damage(document)[0].error or "")


@pytest.mark.parametrize("more", [b"\n", b"\0" * 512])
def test_what_stands_behind_the_digest_does_no_harm(more: bytes, tmp_path: Path) -> None:
    """As in Java, which reads no further."""
    whole = keystore(JKS, *(issued.der for issued in good_chain())) + more
    for password in (None, "changeit"):
        report = fcl.lint(whole, at=AT, password=password)
        assert (report.verdict, len(report.certificates)) == ("accepted", 3)
        assert "keystore-digest-differs" not in rules_found(report)
        assert rules_found(report)["input-repaired"] == "notice"
    if shutil.which("keytool"):
        path = tmp_path / "store.jks"
        path.write_bytes(whole)
        listed = subprocess.run(
            ["keytool", "-list", "-keystore", path, "-storepass", "changeit"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert listed.stdout.count("trustedCertEntry") == 3


@pytest.mark.parametrize("count", [0, 2, 4, 0xFFFFFFFF])
def test_a_wrong_number_of_entries_is_said_and_all_are_read(count: int) -> None:
    whole = keystore(JKS, *small())
    document = opened(whole[:8] + struct.pack(">I", count) + whole[12:])
    assert certificates(document) == list(small())
    (block,) = damage(document)
    assert block.error == f"at byte 8: the store says that it has {count} entries, and 3 are there"
    chain = keystore(JKS, *(issued.der for issued in good_chain()))
    assert fcl.lint(chain, at=AT).verdict == "accepted"
    assert fcl.lint(chain[:8] + struct.pack(">I", count) + chain[12:], at=AT).verdict == "undetermined"


def test_what_is_no_certificate_in_a_store_is_damage_and_the_next_is_read() -> None:
    first, second, third = small()
    for make in STORES.values():
        document = opened(make(first, b"\x30\x03\x02\x01\x05", third))
        assert certificates(document) == [first, third]
        (block,) = damage(document)
        assert block.within == 'alias "trusted1"'
    other = keystore(JKS, first, second).replace(b"X.509", b"X.508", 1)
    document = opened(other)
    assert certificates(document) == [second]
    assert 'of the type "X.508"' in (damage(document)[0].error or "")


def _outcome(data: bytes, password: str | None) -> Document | None:
    """The document; None where nothing in it could be named."""
    try:
        return read(data, "store", Limits(), password)
    except fcl.InputError:
        return None


@pytest.mark.parametrize("password", [None, PASSWORD, "another"])
@pytest.mark.parametrize("make", [_pkcs12, open_pkcs12], ids=["encrypted", "open"])
def test_wherever_a_pkcs12_is_cut_off_it_is_said(make: Callable[..., bytes], password: str | None) -> None:
    whole = make(*small())
    for length in range(30, len(whole)):
        document = _outcome(whole[:length], password)
        assert document is not None, length
        found = certificates(document)
        assert found == list(small())[: len(found)]
        assert damage(document), length


@pytest.mark.parametrize("make", [_pkcs12, open_pkcs12], ids=["encrypted", "open"])
def test_wherever_a_byte_of_a_pkcs12_is_changed_nothing_is_raised(make: Callable[..., bytes]) -> None:
    whole = make(*small())
    for at in range(len(whole)):
        for flip in (0x01, 0x20, 0x80) if make is open_pkcs12 else (0x01,):
            data = whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :]
            document = _outcome(data, PASSWORD)
            # Without its beginning it is some other file, or a heap of bytes in which certificates are looked for.
            known = document is not None and of_kind(document, Kind.PKCS12)
            if document is not None and known and set(certificates(document)) != set(small()):
                changed = make is open_pkcs12 and any(der not in data for der in small())
                # A number more or less in its identifier makes another kind of entry of it.
                renamed = of_kind(document, Kind.PRIVATE_KEY) + of_kind(document, Kind.CRL)
                assert changed or renamed or damage(document), (at, flip)


@settings(max_examples=300)
@given(st.data())
def test_any_mutilation_of_a_store_ends_in_a_document(data: st.DataObject) -> None:
    stores = [keystore(JKS, *small()), keystore(JCEKS, *small()), open_pkcs12(*small())]
    store = bytearray(data.draw(st.sampled_from(stores)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(4, len(store)))
        piece = data.draw(st.binary(max_size=12))
        store[at : at + data.draw(st.integers(0, 40))] = piece
    document = _outcome(bytes(store), data.draw(st.sampled_from([None, "", "changeit"])))
    if store[:4] in (JKS, JCEKS):
        assert document is not None
    if document is not None:
        assert sum(len(block.span) for block in document.blocks) == len(store)


@settings(max_examples=300)
@given(st.binary(max_size=400), st.sampled_from([JKS + b"\0\0\0\2", JCEKS + b"\0\0\0\2"]))
def test_any_bytes_behind_a_magic_number_end_in_a_document(data: bytes, magic: bytes) -> None:
    opened(magic + data, "changeit")


# -- Bounds ----------------------------------------------------------------------------------------------------------


def test_a_limit_on_blocks_holds_in_a_store() -> None:
    for make in STORES.values():
        document = opened(make(*small()), limits=Limits(blocks=2))
        assert len(certificates(document)) < 3
        assert of_kind(document, Kind.UNREAD)


def test_a_password_that_takes_too_many_rounds_is_not_tried() -> None:
    data = _pkcs12(*small())
    patient = opened(data, PASSWORD)
    assert len(certificates(patient)) == 3
    hasty = opened(data, PASSWORD, Limits(password_rounds=1))
    assert certificates(hasty) == []
    assert "Limits(password_rounds=...)" in (hasty.blocks[0].error or "")
    # 2 rounds for the key and 2048 for the MAC; a file may ask for any number, here for 2^31 - 1.
    rounds = ca.tlv(0x02, b"\x7f\xff\xff\xff")
    for bomb in (rounds, ca.tlv(0x02, b"\x7f" * 4000)):
        report = fcl.lint(_with_rounds(data, bomb), at=AT, password=PASSWORD)
        assert report.verdict == "undetermined"
        assert rules_found(report)["pkcs12-not-read"] == "fatal"


def _with_rounds(data: bytes, rounds: bytes) -> bytes:
    """The PKCS#12 with another number of rounds for its MAC and its encryption, all lengths around them mended."""

    def mended(content: bytes) -> bytes:
        out, position = b"", 0
        while position < len(content):
            tag = content[position]
            size, header = content[position + 1], 2
            if size & 0x80:
                header += size & 0x7F
                size = int.from_bytes(content[position + 2 : position + header], "big")
            inner = content[position + header : position + header + size]
            whole = content[position : position + header + size]
            nested = tag & 0x20 or (tag == 0x04 and inner[:2] == b"\x30\x82")
            out += rounds if whole in (b"\2\1\2", b"\2\2\x08\0") else ca.tlv(tag, mended(inner)) if nested else whole
            position += header + size
        return out

    return mended(data)


def test_a_hostile_store_takes_bounded_time() -> None:
    """A megabyte that is all beginnings of entries, and one of an OCTET STRING in half a million pieces."""
    entries = JKS + struct.pack(">II", 2, 0xFFFFFFFF) + b"\0\0\0\1\0\1a" * 150_000
    assert damage(opened(entries))
    pieces = bytes.fromhex("3080020103308006092a864886f70d010701a0802480") + b"\4\0" * 500_000 + b"\0\0" * 4
    (block,) = opened(pieces).blocks
    assert "too many pieces" in (block.error or "")


# -- RC2 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "bits", "clear", "secret"),
    [
        # RFC 2268 section 5.
        ("0000000000000000", 63, "0000000000000000", "ebb773f993278eff"),
        ("ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"),
        ("3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"),
        ("88", 64, "0000000000000000", "61a8a244adacccf0"),
        ("88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"),
        ("88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"),
        ("88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"),
    ],
)
def test_rc2_as_its_rfc_has_it(key: str, bits: int, clear: str, secret: str) -> None:
    assert rc2.decrypt_cbc(bytes.fromhex(key), bits, bytes(8), bytes.fromhex(secret)).hex() == clear
