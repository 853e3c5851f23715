"""The .inf files of Windows: what certreq would make of one, each finding on its line, and CAPolicy.inf."""

from base64 import b64encode
from typing import Any

import pytest
from ca import pem_bundle, sequence, tlv
from test_requests import HOST, INF, good, hierarchy, lint, of, only, the

import finesse_certlint as fcl
from finesse_certlint import Report


def inf(changes: dict[str, str] | None = None, encoding: str = "utf-8", **options: Any) -> Report:
    text = INF
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    data = text.replace("\n", "\r\n").encode(encoding)
    return lint(data, name="request.inf", issuers=pem_bundle(*hierarchy()), **options)


def line_of(report: Report, rule: str) -> int | None:
    location = the(report, rule).location
    assert location is not None
    assert location.document == "request.inf"
    return location.line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_an_inf_file_is_read_as_the_request_that_certreq_makes_of_it(encoding: str) -> None:
    report = inf(encoding=encoding)
    found = only(report)
    assert (report.case.documents[0].format, found.form, found.proof) == ("certreq.inf", "certreq.inf", "unsigned")
    assert (found.title, found.subject) == (HOST, "C=US,O=Example\\, Inc.,CN=gadgets.example.com")
    assert (found.dns_names, found.ip_addresses) == ((HOST,), ("192.0.2.7",))
    assert found.key_usage == frozenset({"digitalSignature", "keyEncipherment"})
    assert found.extended_key_usage == ("1.3.6.1.5.5.7.3.1",)
    assert (str(found.public_key), str(found.signature_algorithm)) == ("RSA 2048", "sha256WithRSAEncryption")
    assert (found.template, found.problems) == ("WebServer", ())
    assert report.verdict == "accepted"


def test_a_name_in_the_code_page_of_windows_or_in_utf_8_is_read() -> None:
    for encoding in ("utf-8", "cp1252", "utf-16"):
        assert "O=Zürich" in only(inf({'""Example, Inc.""': "Zürich"}, encoding)).subject


@pytest.mark.parametrize("word", ["true", "1", "TRUE", "Yes"])
def test_alternate_signature_algorithm_is_found_on_its_line(word: str) -> None:
    report = inf({"HashAlgorithm = sha256": f"HashAlgorithm = sha256\nAlternateSignatureAlgorithm = {word}"})
    assert line_of(report, "request-signed-with-pss") == 13
    assert report.verdict == "accepted", "the CA signs as it is set up"
    finding = the(report, "request-signed-with-pss")
    assert "1. Set AlternateSignatureAlgorithm = false in [NewRequest]" in finding.remedy
    assert "RSASSA-PSS (SHA-256, MGF1 with SHA-256, 32)" in finding.message


@pytest.mark.parametrize("word", ["false", "0"])
def test_alternate_signature_algorithm_that_is_off_is_no_matter(word: str) -> None:
    report = inf({"KeyUsage": f"AlternateSignatureAlgorithm = {word}\nKeyUsage"})
    assert of(report, "request-signed-with-pss") == []


def test_a_self_signed_certificate_made_of_these_settings_is_signed_so_itself() -> None:
    report = inf({"KeyUsage": "AlternateSignatureAlgorithm = 1\nRequestType = Cert\nKeyUsage"})
    assert "this very signature is the certificate's" in the(report, "request-signed-with-pss").message


@pytest.mark.parametrize(
    ("changes", "rule", "line", "severity"),
    [
        ({"KeyLength = 2048": "KeyLength = 512"}, "rsa-key-too-small", 10, "error"),
        ({"KeyLength = 2048": "KeyLength = 1024"}, "request-key-short", 10, "warning"),
        ({"sha256": "sha1"}, "request-weak-hash", 12, "warning"),
        ({"HashAlgorithm = sha256": "HashAlgorithm = md5"}, "request-weak-hash", 12, "warning"),
        ({"HashAlgorithm = sha256\n": ""}, "request-weak-hash", 9, "notice"),
        ({"0xa0": "0x20"}, "server-use-not-allowed", 11, "error"),
        ({"KeyUsage = 0xa0": 'KeyUsage = "CERT_KEY_ENCIPHERMENT_KEY_USAGE"'}, "server-use-not-allowed", 11, "error"),
        ({"1.3.6.1.5.5.7.3.1": "1.3.6.1.5.5.7.3.2"}, "server-auth-missing", 16, "error"),
        ({"dns=gadgets": "dns=other"}, "hostname-mismatch", 19, "error"),
        ({"KeyLength = 2048": "KeyLength = many"}, "request-malformed", 10, "warning"),
        ({"dns=gadgets.example.com": "gadgets.example.com"}, "request-malformed", 19, "error"),
        ({"KeyUsage = 0xa0": "KeyUsage 0xa0"}, "request-malformed", 11, "warning"),
        ({'"CN=gadgets.example.com': "“CN=gadgets.example.com"}, "request-malformed", 9, "error"),
        ({"CertificateTemplate = WebServer": "CertificateTemplate = User"}, "request-made-by-windows", 24, "warning"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else str(value),
)
def test_a_finding_on_settings_stands_on_its_line(changes: dict[str, str], rule: str, line: int, severity: str) -> None:
    report = inf(changes)
    found = [f for f in of(report, rule) if f.location is not None and f.location.line == line]
    assert {finding.severity.value for finding in found} == {severity}
    assert all(finding.request == 0 for finding in found)


def test_what_was_delivered_for_settings_is_held_against_them_but_for_the_key() -> None:
    issuing, root = hierarchy()
    server = issuing.server(HOST)
    report = lint(pem_bundle(server, issuing, root), request=INF.encode())
    assert the(report, "delivered-name-missing").evidence["missing"] == ["192.0.2.7"]
    assert of(report, "delivered-key-differs") == []
    assert of(report, "upload-order")


def test_a_name_given_as_an_attribute_is_not_in_the_request() -> None:
    """An AD CS heeds it only where EDITF_ATTRIBUTESUBJECTALTNAME2 is set."""
    text = INF.split("[Extensions]", maxsplit=1)[0] + '[RequestAttributes]\nSAN="dns=gadgets.example.com"\n'
    report = lint(text.encode(), name="request.inf", issuers=pem_bundle(*hierarchy()))
    finding = the(report, "request-without-alternative-name")
    assert "EDITF_ATTRIBUTESUBJECTALTNAME2" in finding.message
    assert "[Extensions]: 2.5.29.17" in finding.remedy


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("ECDSA_P256", "EC secp256r1"),
        ("ECDH_P384", "EC secp384r1"),
        ("ECDSA_brainpoolP256r1", "EC brainpoolP256r1"),
        ("DSA", "DSA 2048"),
        ("RSA", "RSA 2048"),
    ],
)
def test_the_kind_of_key_is_the_one_that_the_settings_name(word: str, key: str) -> None:
    report = inf({"KeyLength = 2048": f"KeyLength = 2048\nKeyAlgorithm = {word}"})
    assert str(only(report).public_key) == key
    assert of(report, "certificate-unparseable") == [] or "brainpool" in word


def test_extensions_in_hexadecimal_and_base64_are_read() -> None:
    names = sequence(tlv(0x82, b"hex.example.com"))
    for value in ("{hex}" + names.hex(" "), b64encode(names).decode()):
        changed = INF.split("[Extensions]", maxsplit=1)[0] + f"[Extensions]\n2.5.29.17 = {value}\n"
        assert only(lint(changed.encode())).dns_names == ("hex.example.com",)


@pytest.mark.parametrize("flags", ["CERT_NAME_STR_SEMICOLON_FLAG", "0x40000000", "CERT_X500_NAME_STR | 0x40000000"])
def test_a_flag_leaves_the_comma_to_the_value(flags: str) -> None:
    """CertStrToName takes commas and semicolons for separators, unless X500NameFlags says that only one kind is."""
    name = '"CN=gadgets.example.com, O=""Example, Inc."", C=US"   ; the host'
    report = inf({name: f'"CN=gadgets.example.com;O=Example, Inc.;C=US"\nX500NameFlags = {flags}'})
    assert only(report).subject == "C=US,O=Example\\, Inc.,CN=gadgets.example.com"
    assert (report.verdict, of(report, "request-malformed")) == ("accepted", [])


def test_the_kinds_of_name_that_windows_knows_are_read_and_another_is_named() -> None:
    report = inf({"C=US": "C=US, PostalCode=94107, GivenName=x"})
    assert "2.5.4.17=94107" in only(report).subject
    assert of(report, "request-malformed") == []
    finding = the(inf({"C=US": "C=US, Land=x"}), "request-malformed")
    assert "Windows knows no Land= in a name" in finding.message


def test_every_kind_of_alternative_name_in_windows_own_example_is_read() -> None:
    more = (
        '_continue_ = "guid=f7c3ac41-b8ce-4fb4-aa58-3d1dc0e36b39&"\n_continue_ = "dn=""CN=x,DC=y""&"\n'
        '_continue_ = "url=http://x/default.htm&"\n_continue_ = "email=a@example.com&"\n_continue_ = "upn=a@example.com&"\n'
    )
    report = inf({'_continue_ = "ipaddress': f'{more}_continue_ = "ipaddress'})
    assert (only(report).dns_names, only(report).ip_addresses) == ((HOST,), ("192.0.2.7",))
    assert (report.verdict, of(report, "request-malformed")) == ("accepted", [])
    (names,) = (e.value for e in only(report).extensions if e.oid == "2.5.29.17")
    assert bytes.fromhex("41acc3f7ceb8b44faa583d1dc0e36b39") in names, "the order in which Windows has a GUID's octets"


@pytest.mark.parametrize("words", ["A0h", "CERT_DIGITAL_SIGNATURE_KEY_USAGE, CERT_KEY_ENCIPHERMENT_KEY_USAGE"])
def test_a_key_usage_that_cannot_be_read_is_said_to_be_that_and_no_other_one(words: str) -> None:
    report = inf({"KeyUsage = 0xa0": f"KeyUsage = {words}"})
    assert (report.verdict, line_of(report, "request-malformed")) == ("refused", 11)
    assert only(report).key_usage is None
    assert of(report, "server-use-not-allowed") == []


@pytest.mark.parametrize("number", ["0x1", "-1", "2"])
def test_any_number_but_zero_turns_alternate_signature_algorithm_on(number: str) -> None:
    report = inf({"HashAlgorithm = sha256": f"HashAlgorithm = sha256\nAlternateSignatureAlgorithm = {number}"})
    assert line_of(report, "request-signed-with-pss") == 13


def test_names_that_cannot_be_read_are_not_said_to_be_missing() -> None:
    report = inf({"dns=gadgets": "dns:gadgets"})
    assert of(report, "request-malformed")
    assert of(report, "request-without-alternative-name") == []


M = 1024 * 1024


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        b'[NewRequest]\nSubject = "' + b"x" * (20 * M),
        b"[NewRequest]\nSubject = " + b'"' * (20 * M),
        b"[NewRequest]\n" + b"a=b\n" * (5 * M),
        b"[NewRequest]\na=b\n" + b"[a]\n" * (5 * M),
        b"[Strings]\na=" + b"%a%" * 300 + b"\n[NewRequest]\nSubject = " + b"%a%" * (6 * M),
        b'[NewRequest]\nSubject="' + b"CN=x," * (4 * M) + b'"\n',
        b"[newrequest" * (2 * M),
    ],
    ids=["one value", "quotation marks", "lines", "sections", "strings", "a name", "half a heading"],
)
def test_twenty_megabytes_of_settings_end_in_a_report_or_an_input_error(data: bytes) -> None:
    try:
        report = lint(data)
    except fcl.InputError:
        return
    assert report.rules.crashed == ()
    assert sum(len(block.span) for block in report.case.documents[0].blocks) == len(data)


def test_capolicy_that_turns_pss_on_is_refused_on_its_line() -> None:
    text = (
        '[Version]\nSignature="$Windows NT$"\n[Certsrv_Server]\nRenewalKeyLength=4096\nAlternateSignatureAlgorithm=1\n'
    )
    report = lint(text.encode("utf-16"), name="CAPolicy.inf")
    finding = the(report, "capolicy-alternate-signature")
    assert (report.verdict, finding.severity) == ("refused", "error")
    assert finding.location is not None
    assert (finding.location.document, finding.location.line) == ("CAPolicy.inf", 5)
    assert lint(text.encode(), profile="java-17").verdict == "undetermined"
    off = lint(text.replace("=1", "=0").encode())
    assert off.verdict == "undetermined"
    assert the(off, "capolicy-says-little").severity == "notice"


def test_capolicy_beside_a_request_counts_as_part_of_what_is_known_of_the_ca() -> None:
    files = {"ca.pem": pem_bundle(*hierarchy()), "CAPolicy.inf": b"[certsrv_server]\nAlternateSignatureAlgorithm=1\n"}
    assert lint(good().pem, issuers=files).verdict == "refused"
