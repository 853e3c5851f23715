"""Every shape in which people hand in certificates is read whole, what was mended is said, and every byte is accounted for."""

import shutil
import subprocess
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ca import good_chain, key, pem_bundle, pkcs7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from quirks import FOREIGN, JKS, QUIRKS, RARER, keystore

import finesse_certlint as fcl
from finesse_certlint.documents import Document, Kind
from finesse_certlint.formats import QUIRKS as MENDS
from finesse_certlint.formats import read
from finesse_certlint.limits import Limits

AT = datetime(2026, 11, 23, tzinfo=UTC)
Chain = Sequence[bytes]


def _armoured(content: bytes, label: str = "CERTIFICATE", end: str = "") -> bytes:
    return b"-----BEGIN %s-----\n%s-----END %s-----\n" % (
        label.encode(),
        encodebytes(content),
        (end or label).encode(),
    )


def _string_literal(chain: Chain) -> bytes:
    lines = pem_bundle(*chain).decode().splitlines()
    return "\n".join(f"'{line}'," for line in lines).encode()


def _between(before: str, after: str = "") -> Callable[[Chain], bytes]:
    """Every line between the same words; {} is its number."""
    return lambda chain: "".join(
        f"{before.format(number)}{line}{after}\n"
        for number, line in enumerate(pem_bundle(*chain).decode().splitlines(), 1)
    ).encode()


def _with(before: str, after: str) -> Callable[[Chain], bytes]:
    return lambda chain: pem_bundle(*chain).decode().replace(before, after).encode()


def _clear_signed(chain: Chain) -> bytes:
    """A message as `gpg --clearsign` has it (RFC 9580, section 7)."""
    text = pem_bundle(*chain).decode().replace("\n-----", "\n- -----")
    signature = "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n"
    return f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- {text}{signature}".encode()


def _django_escapejs(chain: Chain) -> bytes:
    text = pem_bundle(*chain).decode()
    for character in "-=\n":
        text = text.replace(character, f"\\u{ord(character):04X}")
    return f"var chain = '{text}';\n".encode()


def _utf_16(*chain: bytes) -> bytes:
    return pem_bundle(*chain).decode().encode("utf-16-le")


# Shapes that no row of the table of inputs names, and that are read all the same.
MORE: dict[str, Callable[[Chain], bytes]] = {
    "end-label-differs": lambda chain: b"".join(_armoured(der, end="X509 CERTIFICATE") for der in chain),
    "base64url": lambda chain: b"".join(
        b"-----BEGIN CERTIFICATE-----\n" + urlsafe_b64encode(der) + b"\n-----END CERTIFICATE-----\n" for der in chain
    ),
    "encoded-twice": lambda chain: _armoured(pem_bundle(*chain)),
    "string-literal": _string_literal,
    "label-mismatch": lambda chain: b"".join(_armoured(der, "PKCS7") for der in chain),
    "trailing-bytes": lambda chain: b"".join(_armoured(der + b"xx") for der in chain),
    "stored-with-more": lambda chain: keystore(JKS, *(der + b"xx" for der in chain)),
    "several-in-one": lambda chain: _armoured(b"".join(chain)),
    "leading-bytes": lambda chain: b"\0" + chain[0] + b"".join(chain[1:]),
    "truncated-container": lambda chain: pkcs7(*chain, good_chain()[1].der)[:-60],
    "embedded-in-noise": lambda chain: b"\x7fnoise" * 9 + b"\xff\xfe\x01".join(chain) + b"\x01more",
    # Joined of parts of different kinds, as `copy /b`, `cat` and PowerShell's >> make them
    "pem-and-der": lambda chain: pem_bundle(chain[0]) + b"".join(chain[1:]),
    "der-and-pem": lambda chain: chain[0] + b"\r\n" + pem_bundle(*chain[1:]),
    "pem-and-pkcs7": lambda chain: pem_bundle(chain[0]) + pkcs7(*chain[1:]),
    "pem-and-utf16": lambda chain: pem_bundle(chain[0]) + _utf_16(*chain[1:]),
    "utf16-and-pem": lambda chain: b"\xff\xfe" + _utf_16(chain[0]) + pem_bundle(*chain[1:]),
    "der-and-utf16-and-pem": lambda chain: chain[0] + b"\xff\xfe" + _utf_16(*chain[1:2]) + pem_bundle(*chain[2:]),
    # Words around each line
    "cat-n": _between("{:6}\t"),
    "grep-n": _between("{}:"),
    "grep-of-files": _between("chain.pem:"),
    "a-log": _between("Nov 23 10:11:{:02} host app[12]: "),
    "slashes": _between("// "),
    "a-diff": _between("+"),
    "cat-A": _between("", "^M$"),
    "visual-basic": _between('    s = s & "', '" & vbCrLf'),
    "echo-into-a-file": _between('echo "', '" >> chain.pem'),
    # Other escapes and invisible characters
    "powershell-escapes": _with("\n", "`r`n"),
    "escapejs": _django_escapejs,
    "mark-of-direction": _with("\nM", "\n\u200eM"),
    "word-joiner": _with("\n", "\u2060\n"),
    "ideographic-space": _with("\n", "\u3000\n"),
    "line-separators": _with("\n", "\u2028"),
    "clear-signed": _clear_signed,
    # Base64 of the whole PEM text, as in the secrets of Kubernetes
    "base64-of-pem": lambda chain: b"  tls.crt: " + b64encode(pem_bundle(*chain)) + b"\n  ca.crt: ''\n",
    "stray-bytes": lambda chain: b"".join(chain) + b"\xff" * 64,
    "stray-marks": lambda chain: b"-----END CERTIFICATE-----\n" + pem_bundle(*chain) + b"-----BEGIN CERTIFICATE-----\n",
}
ALL = {**QUIRKS, **RARER, **MORE}


@pytest.fixture(scope="module")
def chain() -> Chain:
    """Server, issuing CA and root, each DER."""
    return [issued.der for issued in good_chain()]


def certificates(document: Document) -> list[bytes]:
    """The DER of every certificate that was found, in order."""
    return [block.der for block in document.walk() if block.kind is Kind.CERTIFICATE]


def mends(document: Document) -> set[str]:
    """The quirks that were mended."""
    found = {repair.quirk for repair in document.repairs}
    return found | {repair.quirk for block in document.walk() for repair in block.repairs}


def assert_accounted_for(document: Document, data: bytes) -> None:
    """The blocks stand in order, without a gap and without an overlap, from the first byte to the last."""
    position = 0
    for block in document.blocks:
        assert block.span.start == position
        position = block.span.stop
    assert position == len(data) == document.size


@pytest.mark.parametrize("quirk", ALL)
def test_every_certificate_is_read_in_order_and_every_byte_accounted_for(quirk: str, chain: Chain) -> None:
    data = ALL[quirk](chain)
    document = read(data, quirk, Limits())
    assert_accounted_for(document, data)
    assert certificates(document) == list(chain)


@pytest.mark.parametrize("quirk", ALL)
def test_a_quirk_changes_no_verdict(quirk: str, chain: Chain) -> None:
    report = fcl.lint(ALL[quirk](chain), at=AT, name=quirk)
    assert [c.der for c in report.certificates] == list(chain)
    damaged = quirk in ("stray-marks", "truncated-container")
    assert report.verdict == ("undetermined" if damaged else "accepted")


# What its reader takes for the whole file's kind, and what ends with a mark that takes in all that follows.
_TO_THE_END = ("jks", "jceks", "stored-with-more", "no-end-line", "truncated-container")


@pytest.mark.parametrize(
    "behind", ["plain", "der-concatenated", "ber-pkcs7", "utf16le-without-bom", "pkcs12-without-password"]
)
def test_what_stands_behind_a_file_of_any_other_kind_is_read_too(behind: str, chain: Chain) -> None:
    for quirk in sorted(set(ALL) - set(_TO_THE_END)):
        data = ALL[quirk](chain[:1]) + ALL[behind](chain[1:])
        document = read(data, quirk, Limits())
        assert certificates(document) == list(chain), quirk
        assert_accounted_for(document, data)


PLAIN = {
    "plain",
    "crlf",
    "crcrlf",
    "missing-final-newline",
    "label-x509-certificate",
    "label-pkcs7",
    "label-pkcs7-signed-data",
    "bag-attributes",
    "keytool-list-rfc",
    "s_client-log",
    "text-between-blocks",
    "text-before-each-block",
    "markdown-fence",
    "der-pkcs7",
    "ber-pkcs7",
    "jks",
    "jceks",
    "pkcs12-without-password",
}


@pytest.mark.parametrize("quirk", sorted(set(ALL) - PLAIN - {"embedded-in-noise", "stray-marks"}))
def test_what_was_mended_is_a_finding(quirk: str, chain: Chain) -> None:
    report = fcl.lint(ALL[quirk](chain), at=AT, name="odd.pem")
    repaired = [finding for finding in report.findings if finding.rule == "input-repaired"]
    assert repaired
    for finding in repaired:
        named = finding.evidence["refused_by"]
        assert finding.severity == ("warning" if named else "notice")
        assert (f"{named} would refuse it" in finding.message) == bool(named)


@pytest.mark.parametrize("quirk", sorted(PLAIN))
def test_what_other_programs_read_too_is_not_held_against_a_file(quirk: str, chain: Chain) -> None:
    report = fcl.lint(ALL[quirk](chain), at=AT)
    assert "input-repaired" not in {finding.rule for finding in report.findings}


def test_every_mend_in_the_table_is_made_by_some_file_here(chain: Chain) -> None:
    made = {mend for make in ALL.values() for mend in mends(read(make(chain), "x", Limits()))}
    assert made == set(MENDS)


# -- What other programs refuse --------------------------------------------------------------------------------------


def _keytool_reads(path: Path, count: int) -> bool:
    done = subprocess.run(["keytool", "-printcert", "-file", path], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.count("SHA256:") == count


def _openssl_reads(path: Path) -> bool:
    """Whether `openssl x509` reads the file, or, where that could be its content, `openssl pkcs7`."""
    form = ["-inform", "DER"] if path.read_bytes()[:1] == b"0" else []
    commands = (["x509", "-noout"], ["pkcs7", "-print_certs", "-noout", *form])
    runs = [subprocess.run(["openssl", *c, "-in", path], capture_output=True, check=False) for c in commands]
    return any(run.returncode == 0 for run in runs)


@pytest.mark.parametrize("quirk", sorted(set(ALL) - {"embedded-in-noise", "stray-marks"}))
def test_a_program_that_a_finding_names_does_refuse_the_file(quirk: str, chain: Chain, tmp_path: Path) -> None:
    if not shutil.which("keytool") or not shutil.which("openssl"):
        pytest.skip("needs keytool and openssl")
    path = tmp_path / "file"
    data = ALL[quirk](chain)
    document = read(data, quirk, Limits())
    named = " ".join(MENDS[mend].refused_by for mend in mends(document))
    if "keytool" in named:
        path.write_bytes(data)
        assert not _keytool_reads(path, len(certificates(document)))
    alone = ALL[quirk](chain[:1])
    named_alone = " ".join(MENDS[mend].refused_by for mend in mends(read(alone, quirk, Limits())))
    path.write_bytes(alone)
    if "openssl x509" in named_alone:
        assert subprocess.run(["openssl", "x509", "-noout", "-in", path], capture_output=True, check=False).returncode
    elif "openssl" in named_alone:
        assert not _openssl_reads(path)


# -- What is not certificates ----------------------------------------------------------------------------------------

NAMED = {
    "pkcs12": "pkcs12-not-read",
    "private-key": "private-key-in-input",
    "public-key": "other-object-in-input",
    "ssh2-public-key": "other-object-in-input",
    "csr": "issuers-not-given",
    "crl": "other-object-in-input",
    "ocsp": "other-object-in-input",
    "attribute-certificate": "other-object-in-input",
    "pkcs7-without-certificates": "no-certificate",
    "jks-empty": "no-certificate",
    "jceks-empty": "no-certificate",
    "pcap": "capture-without-tls",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_certificate_is_named_with_what_to_do(name: str) -> None:
    data = FOREIGN[name]()
    report = fcl.lint(data, at=AT, name=f"given.{name}")
    expected = next((rule for start, rule in NAMED.items() if name.startswith(start)), "file-not-certificates")
    assert expected in {finding.rule for finding in report.findings}
    assert report.verdict == "undetermined"
    assert all(finding.remedy for finding in report.findings)
    assert_accounted_for(report.case.documents[0], data)


@pytest.mark.parametrize("name", [name for name in FOREIGN if name.startswith("private-key")])
def test_a_private_key_is_never_echoed_and_never_kept(name: str) -> None:
    data = FOREIGN[name]()
    report = fcl.lint(data, at=AT)
    said = report.to_json() + report.render()
    secret = [line for line in data.decode("latin-1").splitlines() if len(line) > 16 and "----" not in line]
    assert not any(line in said for line in secret)
    assert all(not block.der for document in report.case.documents for block in document.walk())


def test_noise_is_an_input_error_that_says_what_to_give() -> None:
    with pytest.raises(fcl.InputError, match=r"noise\.bin: .* Give certificates in PEM, DER"):
        fcl.lint(bytes(range(251, 200, -1)) * 40, at=AT, name="noise.bin")


def test_too_large_an_input_is_an_input_error_that_names_the_limit() -> None:
    with pytest.raises(fcl.InputError, match=r"Limits\(input_bytes="):
        fcl.lint(b"x" * 1001, at=AT, limits=Limits(input_bytes=1000))


# -- Damage ----------------------------------------------------------------------------------------------------------


def test_one_damaged_block_never_hides_the_next(chain: Chain) -> None:
    """The middle one of three has a character that base64 does not know; the other two are read, the line is named."""
    broken = pem_bundle(chain[1]).replace(b"\nM", b"\n!", 1)
    data = pem_bundle(chain[0]) + broken + pem_bundle(chain[2])
    report = fcl.lint(data, at=AT, name="chain.pem")
    assert [c.der for c in report.certificates] == [chain[0], chain[2]]
    (damaged,) = [finding for finding in report.findings if finding.rule == "block-damaged"]
    line = data.split(b"!")[0].count(b"\n")
    assert damaged.location is not None
    assert damaged.location.line == line
    assert "'!' (U+0021)" in damaged.message
    assert report.verdict == "undetermined"


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_cut_off_certificate_is_named_as_cut_off(kept: float, chain: Chain) -> None:
    for data in (chain[0][: int(len(chain[0]) * kept)], _armoured(chain[0][: int(len(chain[0]) * kept)])):
        report = fcl.lint(data, at=AT)
        assert any("cut off" in finding.message for finding in report.findings if finding.rule == "block-damaged")
        assert report.verdict == "undetermined"


def test_a_pkcs7_with_one_bad_certificate_gives_the_others(chain: Chain) -> None:
    data = pkcs7(chain[0], b"\x30\x03\x02\x01\x05", chain[2])
    report = fcl.lint(data, at=AT)
    assert [c.der for c in report.certificates] == [chain[0], chain[2]]
    (damaged,) = [finding for finding in report.findings if finding.rule == "block-damaged"]
    assert "certificates[1]" in damaged.message


def test_base64_without_armour_that_is_cut_off_or_hurt_is_not_passed_over(chain: Chain) -> None:
    whole = [encodebytes(der).decode() for der in chain]
    hurt = whole[1][:300] + "!" + whole[1][301:]
    for data, kept in (
        (f"{whole[0]}\n{whole[1][:400]}\n\n", chain[:1]),
        (f"{whole[0]}\n{hurt}\n{whole[2]}", (chain[0], chain[2])),
        (whole[0][:400], ()),
        (encodebytes(pkcs7(*chain))[:2400].decode(), chain[:2]),
    ):
        report = fcl.lint(data.encode(), at=AT)
        assert [c.der for c in report.certificates] == list(kept)
        assert any("cut off" in f.message for f in report.findings if f.rule == "block-damaged")
        assert report.verdict == "undetermined"


def test_the_beginning_of_base64_in_a_sentence_is_no_damage(chain: Chain) -> None:
    words = f"# it begins with {encodebytes(chain[0]).decode()[:40]}...\n".encode()
    assert fcl.lint(words + pem_bundle(*chain), at=AT).verdict == "accepted"


def test_a_certificate_that_a_transfer_in_text_mode_has_hurt_is_named(chain: Chain) -> None:
    hurt = chain[1][:40] + b"\r" + chain[1][40:]
    report = fcl.lint(chain[0] + hurt + chain[2], at=AT)
    assert [c.der for c in report.certificates] == [chain[0], chain[2]]
    (damaged,) = [finding for finding in report.findings if finding.rule == "block-damaged"]
    assert "lengths do not fit together" in damaged.message
    assert fcl.lint(hurt, at=AT).verdict == "undetermined", "alone it is no file of an unknown kind"


def _cut_off(whole: bytes) -> bytes:
    return whole[:-100]


def _longer(whole: bytes) -> bytes:
    return whole[:40] + b"\r" + whole[40:]


def _shorter(whole: bytes) -> bytes:
    return whole[:40] + whole[43:]


def _begun(whole: bytes) -> bytes:
    return whole[:60]


@pytest.mark.parametrize(
    ("hurt", "behind"),
    [
        *((hurt, "plain") for hurt in (_cut_off, _begun, _longer, _shorter)),
        *((hurt, "utf16le-without-bom") for hurt in (_cut_off, _begun, _longer, _shorter)),
        *((hurt, "der-concatenated") for hurt in (_begun, _longer, _shorter)),
    ],
)
def test_damaged_der_takes_in_nothing_that_stands_behind_it(
    hurt: Callable[[bytes], bytes], behind: str, chain: Chain
) -> None:
    """Its own length says that it goes on, or where it ends is not known."""
    data = hurt(chain[0]) + ALL[behind](chain[1:])
    report = fcl.lint(data, at=AT)
    assert [c.der for c in report.certificates] == list(chain[1:])
    assert "block-damaged" in {finding.rule for finding in report.findings}
    assert report.verdict == "undetermined"
    assert_accounted_for(report.case.documents[0], data)


@pytest.mark.parametrize("ber", [False, True])
def test_nor_does_a_pkcs7_that_is_cut_off(ber: bool, chain: Chain) -> None:
    data = pkcs7(*chain[:2], ber=ber)[:-100] + pem_bundle(chain[2])
    report = fcl.lint(data, at=AT)
    assert [c.der for c in report.certificates] == [chain[0], chain[2]]
    assert report.verdict == "undetermined"
    assert_accounted_for(report.case.documents[0], data)


@pytest.mark.parametrize("kind", ["ec256", "ed25519"])
def test_a_short_private_key_in_bare_base64_is_reported(kind: str, chain: Chain) -> None:
    """Of fewer than 128 bytes, it does not begin with MI."""
    form = PrivateFormat.TraditionalOpenSSL if kind == "ec256" else PrivateFormat.PKCS8
    secret = b64encode(key(kind, "a key that nobody uses").private.private_bytes(Encoding.DER, form, NoEncryption()))
    report = fcl.lint(b"KEY=" + secret + b"\n" + pem_bundle(*chain), at=AT)
    assert "private-key-in-input" in {finding.rule for finding in report.findings}
    assert secret.decode()[20:40] not in report.to_json()


def test_of_what_was_mended_in_vain_nothing_says_that_it_was_read() -> None:
    report = fcl.lint(b"-----BEGIN CERTIFICATE-----\n<paste it here>\n-----END CERTIFICATE-----\n", at=AT)
    assert {finding.rule for finding in report.findings} == {"no-certificate", "block-damaged"}


def test_two_beginnings_on_two_lines_are_not_said_to_stand_on_one(chain: Chain) -> None:
    report = fcl.lint(b"-----BEGIN CERTIFICATE-----\n" + pem_bundle(*chain), at=AT)
    assert [c.der for c in report.certificates] == list(chain)
    assert "input-repaired" not in {finding.rule for finding in report.findings}


def test_hexadecimal_is_named(chain: Chain) -> None:
    der = chain[0]
    for text in (der.hex(), "0x" + der.hex().upper(), der.hex(":"), ", ".join(f"0x{byte:02x}" for byte in der)):
        report = fcl.lint(text.encode(), at=AT)
        assert report.case.documents[0].format == "hex-text"


def test_a_limit_on_blocks_says_what_it_cut(chain: Chain) -> None:
    for data in (pem_bundle(*chain), pkcs7(*chain), b"".join(chain)):
        report = fcl.lint(data, at=AT, limits=Limits(blocks=2))
        assert 1 <= len(report.certificates) <= 2
        assert any("were not read" in finding.message for finding in report.findings if finding.rule == "limit-reached")
        assert report.verdict == "undetermined"
        assert_accounted_for(report.case.documents[0], data)


M = 1024 * 1024
HOSTILE: dict[str, Callable[[], bytes]] = {
    "noise": lambda: bytes((i * i * 31 + i // 7) & 0xFF for i in range(M)) * 20,
    "BEGIN lines": lambda: b"-----BEGIN CERTIFICATE-----\n" * (20 * M // 28),
    "unfinished BEGIN": lambda: b"-----BEGIN " * (20 * M // 11),
    "nested DER": lambda: b"".join(
        b"\x30\x84" + ((20 * M // 6 - i - 1) * 6).to_bytes(4, "big") for i in range(20 * M // 6)
    ),
    "nested indefinite": lambda: b"\x30\x80" * (10 * M),
    "an open PKCS#7": lambda: bytes.fromhex("308006092a864886f70d010702a080") + b"\x30\x03\x02\x01\x01" * (4 * M),
    "backslashes": lambda: b"-----BEGIN CERTIFICATE-----\n" + b"\\" * (20 * M) + b"\n-----END CERTIFICATE-----",
    "blanks": lambda: b"-----BEGIN CERTIFICATE-----\n=" + b" " * (20 * M) + b"!\n-----END CERTIFICATE-----",
    "base64 beginnings": lambda: b"MIAA " * (4 * M),
    "entries of a key store": lambda: JKS + b"\0\0\0\2" * (5 * M),
    "a key's chain": lambda: (
        JKS
        + bytes.fromhex("000000027fffffff00000001000161000000000000000000000002300000ffffff")
        + b"\0\5X.509\0\0\0\2\x30\0" * (20 * M // 13)
    ),
    "base64 of nothing": lambda: b"MIIDVTCCAj2gAwIBAgIU\n" * M,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_twenty_megabytes_of_anything_end_in_a_report_or_an_input_error(name: str) -> None:
    """In bounded memory too: a child process with 1 GiB of address space beyond its own start does it."""
    data = HOSTILE[name]()
    try:
        report = fcl.lint(data, at=AT)
    except fcl.InputError:
        return
    assert report.verdict == "undetermined"
    assert_accounted_for(report.case.documents[0], data)
