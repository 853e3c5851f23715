"""The test CA and the quirks, held against real programs: what they make is what it claims to be."""

import base64
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ca
import make_examples
import pytest
import quirks
from asn1crypto import pem, x509
from ca import SCHEMES, Authority, Issued, Server, article_chain, good_chain, pem_bundle, pkcs7, pss, request
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.serialization import pkcs12

NOW = datetime(2026, 11, 23, tzinfo=UTC)

Run = Callable[..., str]


def _program(name: str) -> Run:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"needs {name}")

    def run(*arguments: str | Path, given: bytes = b"", ok: bool = True) -> str:
        done = subprocess.run([path, *map(str, arguments)], input=given, capture_output=True, check=False)
        out = (done.stdout + done.stderr).decode(errors="replace")
        assert (done.returncode == 0) is ok, out
        return out

    return run


@pytest.fixture(scope="session")
def openssl() -> Run:
    return _program("openssl")


@pytest.fixture(scope="session")
def keytool() -> Run:
    return _program("keytool")


@pytest.fixture(scope="session")
def chain() -> tuple[bytes, ...]:
    return tuple(issued.der for issued in good_chain())


def _verify(openssl: Run, folder: Path, leaf: Issued, *issuers: Issued, ok: bool = True) -> str:
    (folder / "leaf.pem").write_bytes(leaf.pem)
    (folder / "root.pem").write_bytes(issuers[-1].pem)
    (folder / "between.pem").write_bytes(pem_bundle(*issuers[:-1]))
    # Old hashes are verified here, not judged; and the root's own signature too, which is not verified by default.
    options = ["-provider", "legacy", "-provider", "default", "-auth_level", "0", "-check_ss_sig"]
    options += ["-attime", f"{NOW.timestamp():.0f}", "-CAfile", str(folder / "root.pem")]
    if len(issuers) > 1:
        options += ["-untrusted", str(folder / "between.pem")]
    return openssl("verify", *options, folder / "leaf.pem", ok=ok)


def _verify_signature(openssl: Run, folder: Path, issued: Issued, issuer: Issued, ok: bool = True) -> str:
    """Verify without regard to chains."""
    certificate = issued.certificate
    (folder / "signature").write_bytes(certificate["signature_value"].native)
    (folder / "key.pem").write_bytes(ca.armour("PUBLIC KEY", issuer.key.spki))
    digest = re.sub("with.*", "", _name_of(certificate["signature_algorithm"].dump())).replace("/", "-").lower()
    arguments = [f"-{digest}", "-verify", folder / "key.pem", "-signature", folder / "signature"]
    return openssl("dgst", *arguments, given=certificate["tbs_certificate"].dump(), ok=ok)


def _name_of(algorithm: bytes) -> str:
    return next(name for name, scheme in SCHEMES.items() if scheme.algorithm == algorithm)


def _key_for(name: str) -> str:
    family = SCHEMES[name].family
    return {"ECDSA": "ec256", "DSA": "dsa2048", "EdDSA": name.lower()}.get(family, "rsa2048")


# -- Certificates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [good_chain, article_chain])
def test_openssl_accepts_the_chains(
    openssl: Run, tmp_path: Path, make: Callable[[], tuple[Issued, Authority, Authority]]
) -> None:
    leaf, issuing, root = make()
    assert "OK" in _verify(openssl, tmp_path, leaf, issuing, root)
    for issued in (leaf, issuing, root):
        assert issued.certificate.dump(force=True) == issued.der
        parsed = pyca.load_der_x509_certificate(issued.der)
        assert parsed.not_valid_before_utc < NOW < parsed.not_valid_after_utc


def test_the_articles_chain_is_as_windows_makes_it(openssl: Run) -> None:
    leaf, issuing, root = article_chain()
    assert [issued.certificate["signature_algorithm"]["algorithm"].native for issued in (leaf, issuing, root)] == [
        "sha256_rsa",
        "sha256_rsa",
        "rsassa_pss",
    ]
    empty_parameters = bytes.fromhex("300d06092a864886f70d01010a3000")
    assert root.der.count(empty_parameters) == 2
    text = openssl("x509", "-noout", "-text", given=root.pem)
    assert "Signature Algorithm: rsassaPss" in text
    assert "Hash Algorithm: sha1 (default)" in text
    assert "Mask Algorithm: mgf1 with sha1 (default)" in text
    assert "Salt Length: 0x14 (default)" in text


OPENSSL_NAMES = {
    "MD4withRSA": "md4WithRSAEncryption",
    "MD5withRSA": "md5WithRSAEncryption",
    "RIPEMD160withRSA": "ripemd160WithRSA",
    "SHA1withRSA": "sha1WithRSAEncryption",
    "SHA224withRSA": "sha224WithRSAEncryption",
    "SHA256withRSA": "sha256WithRSAEncryption",
    "SHA384withRSA": "sha384WithRSAEncryption",
    "SHA512withRSA": "sha512WithRSAEncryption",
    "SHA512/224withRSA": "sha512-224WithRSAEncryption",
    "SHA512/256withRSA": "sha512-256WithRSAEncryption",
    "SHA3-224withRSA": "RSA-SHA3-224",
    "SHA3-256withRSA": "RSA-SHA3-256",
    "SHA3-384withRSA": "RSA-SHA3-384",
    "SHA3-512withRSA": "RSA-SHA3-512",
    "RSASSA-PSS-MD5": "rsassaPss",
    "RSASSA-PSS-SHA1": "rsassaPss",
    "RSASSA-PSS-SHA224": "rsassaPss",
    "RSASSA-PSS-SHA256": "rsassaPss",
    "RSASSA-PSS-SHA384": "rsassaPss",
    "RSASSA-PSS-SHA512": "rsassaPss",
    "RSASSA-PSS-SHA512/224": "rsassaPss",
    "RSASSA-PSS-SHA512/256": "rsassaPss",
    "RSASSA-PSS-SHA3-224": "rsassaPss",
    "RSASSA-PSS-SHA3-256": "rsassaPss",
    "RSASSA-PSS-SHA3-384": "rsassaPss",
    "RSASSA-PSS-SHA3-512": "rsassaPss",
    "SHA1withECDSA": "ecdsa-with-SHA1",
    "SHA224withECDSA": "ecdsa-with-SHA224",
    "SHA256withECDSA": "ecdsa-with-SHA256",
    "SHA384withECDSA": "ecdsa-with-SHA384",
    "SHA512withECDSA": "ecdsa-with-SHA512",
    "SHA3-224withECDSA": "ecdsa_with_SHA3-224",
    "SHA3-256withECDSA": "ecdsa_with_SHA3-256",
    "SHA3-384withECDSA": "ecdsa_with_SHA3-384",
    "SHA3-512withECDSA": "ecdsa_with_SHA3-512",
    "SHA1withDSA": "dsaWithSHA1",
    "SHA224withDSA": "dsa_with_SHA224",
    "SHA256withDSA": "dsa_with_SHA256",
    "SHA384withDSA": "dsa_with_SHA384",
    "SHA512withDSA": "dsa_with_SHA512",
    "Ed25519": "ED25519",
    "Ed448": "ED448",
}


# OpenSSL prints these and signs so, but does not take them for a certificate's signature: `verify` finds no issuer.
NOT_IN_CHAINS = re.compile(r"SHA512/\d+withRSA|SHA3-\d+withECDSA|SHA(384|512)withDSA")


def test_every_signature_name_is_checked() -> None:
    # No program at hand computes MD2; that it says so is tested below.
    assert OPENSSL_NAMES.keys() == SCHEMES.keys() - {"MD2withRSA"}


@pytest.mark.parametrize("sign", OPENSSL_NAMES)
def test_openssl_knows_and_verifies_every_signature(openssl: Run, tmp_path: Path, sign: str) -> None:
    root = Authority("Example Root CA", key=_key_for(sign), sign=sign)
    text = openssl("x509", "-noout", "-text", given=root.pem)
    assert re.findall(r"^ *Signature Algorithm: (\S+)", text, re.MULTILINE) == [OPENSSL_NAMES[sign]] * 2
    spoilt = Authority("Example Root CA", key=_key_for(sign), sign=sign, tamper=True)
    check = _verify_signature if NOT_IN_CHAINS.fullmatch(sign) else _verify
    check(openssl, tmp_path, root, root)
    check(openssl, tmp_path, spoilt, spoilt, ok=False)


def test_pss_parameters_are_free(openssl: Run, tmp_path: Path) -> None:
    root = Authority("Example Root CA", sign=pss("SHA256", mgf="SHA1", salt=20))
    text = openssl("x509", "-noout", "-text", given=root.pem)
    assert "Hash Algorithm: sha256" in text
    assert "mgf1 with sha1 (default)" in text
    _verify(openssl, tmp_path, root, root)


def test_what_cannot_be_signed_is_said() -> None:
    with pytest.raises(ValueError, match="a key of kind ec256 cannot sign SHA256withRSA"):
        Authority("Example Root CA", key="ec256", sign="SHA256withRSA")
    with pytest.raises(ValueError, match=r'signature_oid="1\.2\.840\.113549\.1\.1\.2"|not here'):
        Authority("Example Root CA", sign="MD2withRSA")
    with pytest.raises(ValueError, match="no kind of key is called 'gost'"):
        ca.key("gost")
    with pytest.raises(ValueError, match="aware"):
        Authority("Example Root CA", not_after=datetime(2044, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("kind", "printed"),
    [
        ("rsa1024", "rsaEncryption"),
        ("rsa3072", "rsaEncryption"),
        ("rsapss2048", "rsassaPss"),
        ("ec256", "id-ecPublicKey"),
        ("ec384", "id-ecPublicKey"),
        ("ec521", "id-ecPublicKey"),
        ("ed25519", "ED25519"),
        ("ed448", "ED448"),
        ("dsa2048", "dsaEncryption"),
    ],
)
def test_openssl_verifies_chains_of_every_kind_of_key(openssl: Run, tmp_path: Path, kind: str, printed: str) -> None:
    root = Authority("Example Root CA", key=kind)
    issuing = root.authority("Example Issuing CA 1", key=kind)
    leaf = issuing.server("gadgets.example.com", key=kind)
    assert f"Public Key Algorithm: {printed}" in openssl("x509", "-noout", "-text", given=leaf.pem)
    _verify(openssl, tmp_path, leaf, issuing, root)


def test_knobs_end_up_in_the_certificate() -> None:
    root = Authority("Example Root CA")
    leaf = root.server(
        "ignored",
        subject=(("country_name", "NO", "printable_string"), ("common_name", "Blåbær", "bmp_string")),
        issuer_subject=(("common_name", "Somebody Else", "utf8_string"),),
        serial=-5,
        not_before=datetime(2049, 12, 31, tzinfo=UTC),
        not_after=datetime(2050, 1, 1, tzinfo=UTC),
        ca=False,
        key_usage=("key_agreement",),
        eku=("client_auth", "1.3.6.1.4.1.311.10.3.4"),
        san=("a.example.com", "192.0.2.1", "2001:db8::1"),
        ski=b"12345",
        aki=False,
        extra_extensions=(("1.3.6.1.4.1.311.20.2", True, b"\x1e\x00"),) * 2,
    ).certificate
    tbs = leaf["tbs_certificate"]
    assert dict(leaf.subject.native) == {"country_name": "NO", "common_name": "Blåbær"}
    assert leaf.issuer.native == {"common_name": "Somebody Else"}
    assert tbs["serial_number"].native == -5
    assert [tbs["validity"][end].name for end in ("not_before", "not_after")] == ["utc_time", "general_time"]
    assert leaf.basic_constraints_value.native == {"ca": False, "path_len_constraint": None}
    assert leaf.key_usage_value.native == {"key_agreement"}
    assert leaf.extended_key_usage_value.native == ["client_auth", "microsoft_efs"]
    assert leaf.subject_alt_name_value.native == ["a.example.com", "192.0.2.1", "2001:db8::1"]
    assert leaf.key_identifier == b"12345"
    assert leaf.authority_key_identifier is None
    oids = [extension["extn_id"].dotted for extension in tbs["extensions"]]
    assert oids.count("1.3.6.1.4.1.311.20.2") == 2


def test_the_two_algorithms_are_free() -> None:
    root = Authority("Example Root CA")
    odd = root.server(
        "gadgets.example.com",
        inner_algorithm=ca.algorithm("1.3.14.3.2.29"),
        outer_algorithm=x509.SignedDigestAlgorithm({"algorithm": "sha512_rsa"}),
    ).certificate
    assert odd["tbs_certificate"]["signature"]["algorithm"].dotted == "1.3.14.3.2.29"
    assert odd["signature_algorithm"]["algorithm"].native == "sha512_rsa"
    junk = root.server("gadgets.example.com", signature_oid="1.2.840.113549.1.1.2").certificate
    assert junk["tbs_certificate"]["signature"]["algorithm"].native == "md2_rsa"
    assert junk["signature_algorithm"]["algorithm"].native == "md2_rsa"


def test_version_1_has_no_extensions(openssl: Run) -> None:
    root = Authority("Example Root CA", version=1)
    text = openssl("x509", "-noout", "-text", given=root.pem)
    assert "Version: 1 (0x0)" in text
    assert "X509v3 extensions" not in text


def test_keys_are_made_once() -> None:
    assert ca.key("rsa2048", "a") is ca.key("rsa2048", "a")
    assert Authority("Example Root CA").der == Authority("Example Root CA").der
    assert Authority("One CA").key.spki != Authority("Another CA").key.spki


def test_cross_signing_keeps_name_and_key(openssl: Run, tmp_path: Path) -> None:
    leaf, issuing, root = good_chain()
    other = Authority("Other Root CA", key="ec384")
    crossed = issuing.cross_sign(other)
    assert (crossed.name, crossed.key) == (issuing.name, issuing.key)
    _verify(openssl, tmp_path, leaf, crossed, other)
    _verify(openssl, tmp_path, leaf, crossed, root, ok=False)
    # A root crossed is an intermediate, whose key identifier of the issuer is the other's.
    assert root.cross_sign(other).certificate.authority_key_identifier == other.key.identifier


def test_renewing_keeps_the_name(openssl: Run, tmp_path: Path) -> None:
    leaf, issuing, root = good_chain()
    same = issuing.renew(not_after=ca.NOT_AFTER + timedelta(days=365))
    assert same.key is issuing.key
    assert same.name == issuing.name
    assert same.certificate.serial_number != issuing.certificate.serial_number
    _verify(openssl, tmp_path, leaf, same, root)
    fresh = issuing.renew(new_key=True)
    assert fresh.key.spki != issuing.key.spki
    _verify(openssl, tmp_path, leaf, fresh, root, ok=False)
    new_root = root.renew(new_key=True, sign="SHA512withRSA")
    assert new_root.issuer is None
    _verify(openssl, tmp_path, new_root, new_root)
    assert isinstance(leaf.renew(), Server)


def test_requests(openssl: Run) -> None:
    made = request("gadgets.example.com", sign="RSASSA-PSS-SHA256", eku=("server_auth",))
    text = openssl("req", "-noout", "-text", "-verify", given=made.pem)
    assert "DNS:gadgets.example.com" in text
    assert "rsassaPss" in text
    openssl("req", "-noout", "-verify", given=request("gadgets.example.com", san=None).pem)
    # OpenSSL 3.0 says that the signature is wrong and yet exits with 0; only the words tell.
    tampered = subprocess.run(
        ["openssl", "req", "-noout", "-verify"],
        input=request("gadgets.example.com", tamper=True).pem,
        capture_output=True,
        check=False,
    )
    assert b"OK" not in tampered.stderr


@pytest.mark.parametrize("ber", [False, True])
def test_pkcs7_keeps_the_order(openssl: Run, chain: tuple[bytes, ...], ber: bool) -> None:
    for order in (chain, chain[::-1]):
        assert ca.certificates_of(pkcs7(*order, ber=ber)) == list(order)
        printed = openssl("pkcs7", "-inform", "DER", "-print_certs", given=pkcs7(*order, ber=ber))
        assert _pem_blocks(printed) == list(order)


def _pem_blocks(text: str) -> list[bytes]:
    return [der for _, _, der in pem.unarmor(text.encode(), multiple=True)]


# -- Quirks ------------------------------------------------------------------------------------------------------------

ALL_QUIRKS = {**quirks.QUIRKS, **quirks.RARER}


def _landmark(der: bytes) -> str:
    """The longest piece of the base64 that no escape touches and that stands within one line of it."""
    text = base64.b64encode(der).decode()
    lines = " ".join(text[at : at + 64] for at in range(0, len(text), 64))
    pieces: list[str] = re.findall("[A-Za-z0-9]+", lines)
    return max(pieces, key=len)


@pytest.mark.parametrize("name", ALL_QUIRKS)
def test_no_quirk_loses_a_certificate(chain: tuple[bytes, ...], name: str) -> None:
    content = ALL_QUIRKS[name](chain)
    if name.startswith("bare-base64-pkcs7"):
        content = base64.b64decode(content)
    elif name in ("label-pkcs7", "label-pkcs7-signed-data", "label-cms", "label-certificate-pkcs7"):
        content = base64.b64decode(b"".join(content.splitlines()[1:-1]))
    encoding = {"utf16le": "utf-16-le", "utf16be": "utf-16-be"}.get(name[:7], "ascii")
    if name == "quoted-printable-soft-breaks":
        content = content.replace(b"=\r\n", b"")
    elif name == "ldif":
        content = content.replace(b"\n ", b"")
    for der in chain:
        assert der in content or _landmark(der).encode(encoding) in content
        assert ALL_QUIRKS[name]([der])


def test_certificates_that_are_alike_are_of_one_length() -> None:
    """Whichever keys were drawn: so a base64 that ends without padding in one run does so in all."""
    key = ca.key("rsa1024")
    assert len({len(ca.Authority(f"Example CA {number:03d}", key=key).der) for number in range(400)}) == 1


def test_quirks_differ(chain: tuple[bytes, ...]) -> None:
    made = [quirk(chain) for quirk in ALL_QUIRKS.values()]
    made += [foreign() for foreign in quirks.FOREIGN.values()]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("name", ["plain", "crlf", "label-x509-certificate", "text-before-each-block", "s_client-log"])
def test_openssl_reads(openssl: Run, tmp_path: Path, chain: tuple[bytes, ...], name: str) -> None:
    (tmp_path / "chain").write_bytes(ALL_QUIRKS[name](chain))
    bundle = openssl("crl2pkcs7", "-nocrl", "-certfile", tmp_path / "chain")
    assert _pem_blocks(openssl("pkcs7", "-print_certs", given=bundle.encode())) == list(chain)


def test_openssl_reads_trusted_certificates(openssl: Run, chain: tuple[bytes, ...]) -> None:
    text = openssl("x509", "-noout", "-text", given=quirks.QUIRKS["label-trusted-certificate"](chain))
    assert "Trusted Uses:" in text
    assert "TLS Web Server Authentication" in text
    assert "Alias: Example" in text


# The column "keytool" of the table that the quirks come from.
KEYTOOL_READS = [
    "plain",
    "crlf",
    "cr",
    "bag-attributes",
    "s_client-log",
    "keytool-list-rfc",
    "label-x509-certificate",
    "label-pkcs7",
    "label-cms",
    "label-certificate-pkcs7",
    "der-pkcs7",
]
KEYTOOL_REFUSES = ["utf8-bom", "utf16le-bom", "end-begin-on-one-line", "literal-backslash-n", "four-dashes", "quoted"]


@pytest.mark.parametrize("name", [*KEYTOOL_READS, *KEYTOOL_REFUSES])
def test_keytool_reads_or_refuses(keytool: Run, tmp_path: Path, chain: tuple[bytes, ...], name: str) -> None:
    path = tmp_path / "chain"
    path.write_bytes(quirks.QUIRKS[name](chain))
    printed = keytool("-J-Duser.language=en", "-printcert", "-file", path, ok=name in KEYTOOL_READS)
    assert printed.count("Owner: ") == (len(chain) if name in KEYTOOL_READS else 0)


def test_keytool_names_the_articles_signatures(keytool: Run, tmp_path: Path) -> None:
    path = tmp_path / "chain"
    path.write_bytes(pem_bundle(*article_chain()))
    printed = keytool("-J-Duser.language=en", "-printcert", "-file", path)
    names = re.findall(r"Signature algorithm name: (\S+)", printed)
    assert names == ["SHA256withRSA", "SHA256withRSA", "RSASSA-PSS"]


# -- What is something else --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "store", "entries"),
    [("jks", "JKS", 3), ("jks-empty", "JKS", 0), ("jceks", "JCEKS", 3), ("pkcs12-without-password", "PKCS12", 3)],
)
def test_keytool_opens_the_keystores(
    keytool: Run, tmp_path: Path, chain: tuple[bytes, ...], name: str, store: str, entries: int
) -> None:
    path = tmp_path / "store"
    path.write_bytes(quirks.RARER[name](chain) if entries else quirks.FOREIGN[name]())
    arguments = ["-list", "-storetype", store, "-storepass", "changeit", "-keystore", str(path)]
    printed = keytool("-J-Duser.language=en", *arguments)
    assert printed.count("trustedCertEntry") == entries


def test_openssl_opens_what_is_foreign(openssl: Run, tmp_path: Path) -> None:
    for name, command in {
        "private-key-pkcs8-pem": "pkey -noout",
        "private-key-pkcs8-der": "pkey -noout -inform DER",
        "private-key-pkcs1-pem": "rsa -noout",
        "private-key-pkcs1-der": "rsa -noout -inform DER",
        "private-key-ec-pem": "ec -noout",
        "private-key-encrypted-pkcs8-pem": "pkey -noout -passin pass:changeit",
        "private-key-encrypted-pkcs8-der": "pkey -noout -passin pass:changeit -inform DER",
        "private-key-encrypted-pkcs1-pem": "pkey -noout -passin pass:changeit",
        "public-key-pem": "pkey -pubin -noout",
        "public-key-der": "pkey -pubin -noout -inform DER",
        "csr-pem": "req -noout -verify",
        "csr-new-pem": "req -noout -verify",
        "csr-der": "req -noout -verify -inform DER",
        "crl-pem": "crl -noout",
        "crl-der": "crl -noout -inform DER",
        "pkcs7-without-certificates": "pkcs7 -noout -inform DER",
    }.items():
        (tmp_path / "file").write_bytes(quirks.FOREIGN[name]())
        openssl(*command.split(), "-in", tmp_path / "file")
    (tmp_path / "file").write_bytes(quirks.FOREIGN["ocsp-response-der"]())
    text = openssl("ocsp", "-noverify", "-resp_text", "-respin", tmp_path / "file")
    assert "Cert Status: good" in text


def test_the_pkcs12_holds_the_chain(chain: tuple[bytes, ...]) -> None:
    store = pkcs12.load_pkcs12(quirks.FOREIGN["pkcs12"](), b"changeit")
    assert store.key is not None
    assert len(store.additional_certs) == len(chain) - 1


# -- Examples ----------------------------------------------------------------------------------------------------------


def test_the_examples_are_those_that_are_made() -> None:
    made = make_examples.files()
    assert {path.name for path in make_examples.FOLDER.iterdir()} == made.keys()
    for path in make_examples.FOLDER.iterdir():
        content = path.read_bytes()
        assert b"PRIVATE" not in content
        # Keys are new each time, so files of one shape is what can be asked.
        assert content.count(b"BEGIN CERTIFICATE") == made[path.name].count(b"BEGIN CERTIFICATE")
    assert (make_examples.FOLDER / "README.md").read_bytes() == made["README.md"]


def test_openssl_accepts_the_examples(openssl: Run, tmp_path: Path) -> None:
    for name in ("article-chain.pem", "good-chain.pem"):
        leaf, issuing, root = _pem_blocks((make_examples.FOLDER / name).read_text())
        (tmp_path / "ca.pem").write_bytes(pem_bundle(issuing, root))
        (tmp_path / "leaf.pem").write_bytes(pem_bundle(leaf))
        arguments = ["-CAfile", tmp_path / "ca.pem", "-attime", f"{NOW.timestamp():.0f}"]
        openssl("verify", *arguments, "-check_ss_sig", "-verify_hostname", "gadgets.example.com", tmp_path / "leaf.pem")
    article = make_examples.FOLDER / "article-chain.pem"
    assert ca.certificates_of(article.with_suffix(".p7b").read_bytes()) == _pem_blocks(article.read_text())
    good, alone = (make_examples.FOLDER / name for name in ("good-chain.pem", "no-issuer.pem"))
    assert _pem_blocks(alone.read_text()) == _pem_blocks(good.read_text())[:1]


def test_making_them_overwrites(tmp_path: Path) -> None:
    (tmp_path / "good-chain.pem").write_bytes(b"old")
    make_examples.main(tmp_path)
    assert (tmp_path / "good-chain.pem").read_bytes().startswith(b"-----BEGIN")
