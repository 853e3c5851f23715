"""Every shape in which people hand in their certificates, and what they hand in instead of certificates.

``QUIRKS`` holds what must still be read, all certificates of it; ``RARER`` holds more of the kind that is read if it
costs nothing; ``FOREIGN`` holds what is something else and deserves its own name in the report. The first two make a
file's bytes from the DER certificates of a clean chain in their order.
"""

import gzip
import hashlib
import html
import io
import json
import quopri
import struct
import zipfile
import zlib
from base64 import b64encode, encodebytes
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus

from asn1crypto import x509
from ca import (
    Issued,
    PrivateKey,
    Request,
    algorithm,
    armour,
    good_chain,
    key,
    oid,
    pem_bundle,
    pkcs7,
    pkcs7_pem,
    request,
    sequence,
    tlv,
)
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509 import ocsp

Chain = Sequence[bytes]
Quirk = Callable[[Chain], bytes]

BEGIN = "-----BEGIN CERTIFICATE-----"
END = "-----END CERTIFICATE-----"

# -- Helpers -----------------------------------------------------------------------------------------------------------


def _text(chain: Chain) -> str:
    return pem_bundle(*chain).decode()


def _blocks(chain: Chain) -> list[str]:
    return [armour("CERTIFICATE", der).decode() for der in chain]


def _lines(der: bytes) -> str:
    """The base64 of a certificate in lines of 64."""
    return "".join(f"{line}\n" for line in armour("", der).decode().splitlines()[1:-1])


def _base64(der: bytes) -> str:
    return b64encode(der).decode()


def _each_line(chain: Chain, before: str = "", after: str = "") -> str:
    return "".join(f"{before}{line}{after}\n" for line in _text(chain).splitlines())


_SHORT = {"common_name": "CN", "country_name": "C", "organization_name": "O", "organizational_unit_name": "OU"}


def _distinguished(name: Any) -> str:
    """A name as `openssl` prints it."""
    return ", ".join(f"{_SHORT.get(kind, kind)} = {value}" for kind, value in name.native.items())


def _names(der: bytes) -> tuple[str, str]:
    certificate = x509.Certificate.load(der)
    return _distinguished(certificate.subject), _distinguished(certificate.issuer)


# -- Tools' own output -------------------------------------------------------------------------------------------------


def bag_attributes(chain: Chain) -> bytes:
    """What `openssl pkcs12 -nokeys` prints."""
    out = ""
    for index, der in enumerate(chain):
        subject, issuer = _names(der)
        if index == 0:
            out += "Bag Attributes\n    friendlyName: gadgets\n"
            # The space at the end is OpenSSL's.
            out += f"    localKeyID: {hashlib.sha1(der).digest().hex(' ').upper()} \n"
        else:
            out += "Bag Attributes: <No Attributes>\n"
        out += f"subject={subject}\nissuer={issuer}\n{_blocks([der])[0]}"
    return out.encode()


def keytool_list_rfc(chain: Chain) -> bytes:
    """What `keytool -list -rfc` prints of a key's chain, on Linux too with CR LF inside the base64 and LF around it."""
    out = "Keystore type: PKCS12\nKeystore provider: SUN\n\nYour keystore contains 1 entry\n\n"
    out += "Alias name: gadgets\nCreation date: Nov 23, 2026\nEntry type: PrivateKeyEntry\n"
    out += f"Certificate chain length: {len(chain)}\n"
    for number, der in enumerate(chain, 1):
        body = _lines(der).rstrip("\n").replace("\n", "\r\n")
        out += f"Certificate[{number}]:\n{BEGIN}\n{body}\n{END}\n"
    return (out + "\n\n" + ("*" * 43 + "\n") * 2 + "\n\n").encode()


def s_client_log(chain: Chain, *, showcerts: bool = True) -> bytes:
    """What `openssl s_client [-showcerts]` prints; without the option, the first certificate alone is in it."""
    names = [_names(der) for der in chain]
    out = ""
    for depth in reversed(range(len(chain))):
        out += f"depth={depth} {names[depth][0]}\n"
        if depth == len(chain) - 1:
            out += "verify error:num=19:self-signed certificate in certificate chain\n"
        out += "verify return:1\n"
    out += "CONNECTED(00000003)\n---\nCertificate chain\n"
    for index, der in enumerate(chain):
        subject, issuer = names[index]
        out += f" {index} s:{subject}\n   i:{issuer}\n   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256\n"
        out += "   v:NotBefore: Jan  1 00:00:00 2024 GMT; NotAfter: Jan  1 00:00:00 2044 GMT\n"
        if showcerts:
            out += _blocks([der])[0]
    out += "---\nServer certificate\n"
    if not showcerts:
        out += _blocks(chain)[0]
    out += f"subject={names[0][0]}\nissuer={names[0][1]}\n---\n"
    return (
        out.encode()
        + b"""\
No client certificate CA names sent
Peer signing digest: SHA256
Peer signature type: RSA-PSS
Server Temp Key: X25519, 253 bits
---
SSL handshake has read 3003 bytes and written 405 bytes
Verification error: self-signed certificate in certificate chain
---
New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
Server public key is 2048 bit
Secure Renegotiation IS NOT supported
Compression: NONE
Expansion: NONE
No ALPN negotiated
Early data was not sent
Verify return code: 19 (self-signed certificate in certificate chain)
---
DONE
"""
    )


def _certificate_text(der: bytes) -> str:
    """Roughly what `openssl x509 -text -noout` prints."""
    certificate = x509.Certificate.load(der)
    subject, issuer = _names(der)
    serial = certificate.serial_number.to_bytes((certificate.serial_number.bit_length() + 8) // 8, "big").hex(":")
    signature = bytes(certificate.signature)
    rows = [signature[at : at + 18].hex(":") for at in range(0, len(signature), 18)]
    return "\n".join(
        [
            "Certificate:",
            "    Data:",
            "        Version: 3 (0x2)",
            "        Serial Number:",
            f"            {serial}",
            "        Signature Algorithm: sha256WithRSAEncryption",
            f"        Issuer: {issuer}",
            "        Validity",
            "            Not Before: Jan  1 00:00:00 2024 GMT",
            "            Not After : Jan  1 00:00:00 2044 GMT",
            f"        Subject: {subject}",
            "        Subject Public Key Info:",
            "            Public Key Algorithm: rsaEncryption",
            "                Public-Key: (2048 bit)",
            "    Signature Algorithm: sha256WithRSAEncryption",
            "    Signature Value:",
            *(f"        {row}:" for row in rows[:-1]),
            f"        {rows[-1]}",
            "",
        ]
    )


# -- Armour that was hurt ----------------------------------------------------------------------------------------------


def _relabel(label: str) -> Quirk:
    return lambda chain: b"".join(armour(label, der) for der in chain)


def _edges(before: str, after: str, encoding: str = "utf-8") -> Quirk:
    """Other words than BEGIN's and END's dashes, on both sides of the label."""

    def quirk(chain: Chain) -> bytes:
        text = ""
        for der in chain:
            text += f"{before}BEGIN CERTIFICATE{after}\n{_lines(der)}{before}END CERTIFICATE{after}\n"
        return text.encode(encoding)

    return quirk


def _newlines(newline: str) -> Quirk:
    return lambda chain: _text(chain).replace("\n", newline).encode()


def _encoded(encoding: str, mark: bytes = b"") -> Quirk:
    # Windows programs, which are the ones that write these, end lines with CR LF.
    return lambda chain: mark + _text(chain).replace("\n", "\r\n").encode(encoding)


def trusted(der: bytes, alias: str = "Example") -> bytes:
    """The certificate as `openssl x509 -trustout` has it: followed by a CertAux, here trust for TLS servers."""
    trust = sequence(oid("1.3.6.1.5.5.7.3.1"))
    return der + sequence(trust, tlv(0x0C, alias.encode()))


def _rfc1421(chain: Chain) -> bytes:
    headers = "Proc-Type: 4,MIC-ONLY\nContent-Domain: RFC822\nX-Comment: made for gadgets.example.com,\n  by hand\n\n"
    return "".join(f"{BEGIN}\n{headers}{_lines(der)}{END}\n" for der in chain).encode()


def _missing_padding(chain: Chain) -> bytes:
    # A certificate of a length that needs no padding has none to miss.
    return _text(chain).replace("=", "").encode()


def _between(chain: Chain) -> bytes:
    names = [_names(der)[0] for der in chain]
    pieces = [
        f"# {name}: valid -- see ticket 4711\n\n{block}" for name, block in zip(names, _blocks(chain), strict=True)
    ]
    return ("Hello,\n\nplease install these.\n\n" + "\n-- \n".join(pieces) + "\nKind regards\n").encode()


def _html(chain: Chain) -> bytes:
    text = html.escape(_text(chain)).replace(" ", "&nbsp;")
    for character, entity in {"+": "&#43;", "/": "&#x2F;", "=": "&#61;"}.items():
        text = text.replace(character, entity)
    head = (
        "<!DOCTYPE html>\n<html><head><title>Your certificate</title></head>\n<body>\n<p>Your certificate:</p>\n<pre>"
    )
    return (head + text.replace("\n", "<br>\n") + "</pre>\n</body></html>\n").encode()


def _yaml(chain: Chain) -> bytes:
    return ("tls:\n  host: gadgets.example.com\n  chain: |\n" + _each_line(chain, "    ") + "  port: 8443\n").encode()


def _soft_breaks(chain: Chain) -> bytes:
    # A mailer breaks lines of more than 76 characters only, so it takes base64 in one line to see it do so.
    text = "".join(f"{BEGIN}\r\n{_base64(der)}\r\n{END}\r\n" for der in chain)
    return quopri.encodestring(text.encode()).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


QUIRKS: dict[str, Quirk] = {
    "plain": lambda chain: _text(chain).encode(),
    # Line ends and encodings
    "crlf": _newlines("\r\n"),
    "cr": _newlines("\r"),
    "crcrlf": _newlines("\r\r\n"),
    "utf8-bom": _encoded("utf-8", b"\xef\xbb\xbf"),
    "utf16le-bom": _encoded("utf-16-le", b"\xff\xfe"),
    "utf16be-bom": _encoded("utf-16-be", b"\xfe\xff"),
    "utf16le-without-bom": _encoded("utf-16-le"),
    "utf16be-without-bom": _encoded("utf-16-be"),
    "missing-final-newline": lambda chain: _text(chain).removesuffix("\n").encode(),
    # White space
    "nbsp-line-ends": lambda chain: _each_line(chain, after="\u00a0").encode(),
    "nbsp-line-ends-cp1252": lambda chain: _each_line(chain, after="\u00a0").encode("cp1252"),
    "indented": lambda chain: _each_line(chain, "    ").encode(),
    "tabs": lambda chain: _each_line(chain, "\t", "\t").encode(),
    "quoted": lambda chain: _each_line(chain, "> ").encode(),
    "newlines-to-spaces": lambda chain: _text(chain).replace("\n", " ").encode(),
    "one-line-no-separators": lambda chain: _text(chain).replace("\n", "").encode(),
    "end-begin-on-one-line": lambda chain: _text(chain).replace(f"{END}\n{BEGIN}", END + BEGIN).encode(),
    # Escapes
    "literal-backslash-n": lambda chain: _text(chain).replace("\n", r"\n").encode(),
    "literal-backslash-r-n": lambda chain: _text(chain).replace("\n", r"\r\n").encode(),
    "json-string": lambda chain: json.dumps({"certificate": _text(chain)}).encode(),
    "json-string-escaped-slashes": lambda chain: json.dumps({"certificate": _text(chain)}).replace("/", r"\/").encode(),
    "quoted-printable": lambda chain: _text(chain).replace("=", "=3D").replace("\n", "\r\n").encode(),
    "quoted-printable-soft-breaks": _soft_breaks,
    "url-encoded": lambda chain: quote(_text(chain), safe="").encode(),
    "html-escaped": _html,
    # Dashes and labels
    "four-dashes": _edges("----", "----"),
    "spaced-dashes": _edges("----- ", " -----"),
    "en-dashes": _edges("\u2013" * 5, "\u2013" * 5),
    "en-dashes-cp1252": _edges("\u2013" * 5, "\u2013" * 5, "cp1252"),
    "lower-case-label": lambda chain: _text(chain).replace(BEGIN, BEGIN.lower()).replace(END, END.lower()).encode(),
    "no-end-line": lambda chain: _text(chain).removesuffix(f"{END}\n").encode(),
    "missing-padding": _missing_padding,
    "rfc1421-headers": _rfc1421,
    "label-x509-certificate": _relabel("X509 CERTIFICATE"),
    "label-trusted-certificate": lambda chain: b"".join(armour("TRUSTED CERTIFICATE", trusted(der)) for der in chain),
    "label-pkcs7": lambda chain: pkcs7_pem(*chain),
    "label-pkcs7-signed-data": lambda chain: pkcs7_pem(*chain, label="PKCS #7 SIGNED DATA"),
    "label-cms": lambda chain: pkcs7_pem(*chain, label="CMS"),
    "label-certificate-pkcs7": lambda chain: pkcs7_pem(*chain, label="CERTIFICATE"),
    # What programs print, and texts that PEM was pasted into
    "bag-attributes": bag_attributes,
    "keytool-list-rfc": keytool_list_rfc,
    "s_client-log": s_client_log,
    "text-between-blocks": _between,
    "markdown-fence": lambda chain: f"The chain:\n\n```pem\n{_text(chain)}```\n\nDone.\n".encode(),
    "yaml-block": _yaml,
    "python-list": lambda chain: repr(_blocks(chain)).encode(),
    "comma-separated": lambda chain: ",\n".join(block.rstrip("\n") for block in _blocks(chain)).encode() + b"\n",
    # No armour
    "der-concatenated": b"".join,
    "der-pkcs7": lambda chain: pkcs7(*chain),
    "ber-pkcs7": lambda chain: pkcs7(*chain, ber=True),
    "bare-base64": lambda chain: "\n".join(_lines(der) for der in chain).encode(),
    "bare-base64-pkcs7": lambda chain: encodebytes(pkcs7(*chain)),
}


def keystore(magic: bytes, *certificates: bytes, password: str = "changeit", alias: str = "trusted{}") -> bytes:
    """A Java keystore (FEEDFEED is JKS, CECECECE is JCEKS) of trusted certificates, which keytool reads."""

    def utf(text: str) -> bytes:
        return struct.pack(">H", len(text)) + text.encode()

    store = magic + struct.pack(">II", 2, len(certificates))
    for number, der in enumerate(certificates):
        store += struct.pack(">I", 2) + utf(alias.format(number)) + struct.pack(">Q", 1704067200000)
        store += utf("X.509") + struct.pack(">I", len(der)) + der
    # Sun's keystores are whitened with these words, since 1996.
    return store + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + store).digest()


JKS = b"\xfe\xed\xfe\xed"
JCEKS = b"\xce\xce\xce\xce"


def open_pkcs12(*certificates: bytes) -> bytes:
    """A PKCS#12 without password, encryption and MAC, as the cacerts of Java 18 and later."""

    def explicit(content: bytes) -> bytes:
        return tlv(0xA0, content)

    def data(content: bytes) -> bytes:
        return sequence(oid("1.2.840.113549.1.7.1"), explicit(tlv(0x04, content)))

    bags = b""
    for number, der in enumerate(certificates):
        bag = sequence(oid("1.2.840.113549.1.9.22.1"), explicit(tlv(0x04, der)))
        name = tlv(0x1E, f"trusted{number}".encode("utf-16-be"))
        attributes = sequence(oid("1.2.840.113549.1.9.20"), tlv(0x31, name))
        # Oracle's trustedKeyUsage, with anyExtendedKeyUsage: without it Java sees no entry.
        attributes += sequence(oid("2.16.840.1.113894.746875.1.1"), tlv(0x31, oid("2.5.29.37.0")))
        bags += sequence(oid("1.2.840.113549.1.12.10.1.3"), explicit(bag), tlv(0x31, attributes))
    return sequence(tlv(0x02, b"\3"), data(sequence(data(sequence(bags)))))


def _ldif(chain: Chain) -> bytes:
    out = "dn: CN=Example Root CA,CN=AIA,CN=Public Key Services\nobjectClass: certificationAuthority\n"
    for der in chain:
        line = f"cACertificate;binary:: {_base64(der)}"
        out += line[:76] + "".join(f"\n {line[at : at + 75]}" for at in range(76, len(line), 75)) + "\n"
    return out.encode()


RARER: dict[str, Quirk] = {
    "form-encoded": lambda chain: quote_plus(_text(chain)).encode(),
    # What WordPress makes of five hyphens: an em-dash for three and an en-dash for two.
    "wordpress-dashes": _edges("\u2014\u2013", "\u2014\u2013"),
    "bare-base64-one-line-each": lambda chain: "".join(f"{_base64(der)}\n" for der in chain).encode(),
    "json-x5c": lambda chain: json.dumps({"x5c": [_base64(der) for der in chain]}).encode(),
    "ldif": _ldif,
    "jks": lambda chain: keystore(JKS, *chain),
    "jceks": lambda chain: keystore(JCEKS, *chain),
    "pkcs12-without-password": lambda chain: open_pkcs12(*chain),
    "text-before-each-block": lambda chain: "".join(
        _certificate_text(der) + _blocks([der])[0] for der in chain
    ).encode(),
}

# -- What is something else --------------------------------------------------------------------------------------------


@cache
def _chain() -> tuple[Issued, Issued, Issued]:
    return good_chain()


def _private(
    kind: str,
    form: PrivateFormat = PrivateFormat.PKCS8,
    encoding: Encoding = Encoding.PEM,
    encryption: KeySerializationEncryption | None = None,
) -> bytes:
    private: PrivateKey = key(kind, "a key that nobody uses").private
    return private.private_bytes(encoding, form, encryption or NoEncryption())


def _public(encoding: Encoding, form: PublicFormat) -> bytes:
    return key("rsa2048", "a key that nobody uses").private.public_key().public_bytes(encoding, form)


def _pkcs12() -> bytes:
    leaf, issuing, root = _chain()
    assert isinstance(leaf.key.private, rsa.RSAPrivateKey)
    others = [pyca.load_der_x509_certificate(issuer.der) for issuer in (issuing, root)]
    mine = pyca.load_der_x509_certificate(leaf.der)
    encryption = BestAvailableEncryption(b"changeit")
    return pkcs12.serialize_key_and_certificates(b"gadgets", leaf.key.private, mine, others, encryption)


def _keystore_text() -> bytes:
    return b"""\
Keystore type: PKCS12
Keystore provider: SUN

Your keystore contains 1 entry

Alias name: gadgets
Creation date: Nov 23, 2026
Entry type: PrivateKeyEntry
Certificate chain length: 1
Certificate[1]:
Owner: CN=gadgets.example.com
Issuer: CN=Example Issuing CA 1
Serial number: 8
Valid from: Mon Jan 01 00:00:00 UTC 2024 until: Fri Jan 01 00:00:00 UTC 2044
Certificate fingerprints:
\t SHA1: D8:7B:D3:3E:C8:D3:2C:DD:54:2C:A1:1F:97:C9:8C:88:AB:C2:DE:F2
Signature algorithm name: SHA256withRSA
Subject Public Key Algorithm: 2048-bit RSA key
Version: 3
"""


def _crl(encoding: Encoding) -> bytes:
    root = _chain()[2]
    assert isinstance(root.key.private, rsa.RSAPrivateKey)
    revoked = (
        pyca.RevokedCertificateBuilder().serial_number(7).revocation_date(datetime(2025, 1, 1, tzinfo=UTC)).build()
    )
    builder = (
        pyca.CertificateRevocationListBuilder()
        .issuer_name(pyca.load_der_x509_certificate(root.der).subject)
        .last_update(datetime(2026, 1, 1, tzinfo=UTC))
        .next_update(datetime(2027, 1, 1, tzinfo=UTC))
        .add_revoked_certificate(revoked)
    )
    return builder.sign(root.key.private, hashes.SHA256()).public_bytes(encoding)


def _ocsp_response() -> bytes:
    leaf, issuing, _ = _chain()
    assert isinstance(issuing.key.private, rsa.RSAPrivateKey)
    mine, issuer = (pyca.load_der_x509_certificate(issued.der) for issued in (leaf, issuing))
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=mine,
        issuer=issuer,
        algorithm=hashes.SHA1(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=datetime(2026, 1, 1, tzinfo=UTC),
        next_update=datetime(2027, 1, 1, tzinfo=UTC),
        revocation_time=None,
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
    return builder.sign(issuing.key.private, hashes.SHA256()).public_bytes(Encoding.DER)


def _request() -> Request:
    return request("gadgets.example.com")


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("gadgets_example_com.crt"), _chain()[0].pem)
    return out.getvalue()


def _html_page() -> bytes:
    return b"""\
<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">
<html>
<head><title>Microsoft Active Directory Certificate Services</title></head>
<body>
<h1>Certificate Issued</h1>
<p>The certificate you requested was issued to you.</p>
<a href="certnew.cer?ReqID=12&amp;Enc=b64">Download certificate</a>
<a href="certnew.p7b?ReqID=12&amp;Enc=b64">Download certificate chain</a>
</body>
</html>
"""


def _certutil_dump() -> bytes:
    # Only Windows has the program; it indents its ASN.1 so, and ends with the last line here.
    return b"""\
X509 Certificate:
Version: 3
Serial Number: 4f8a0b3c000000000004
Signature Algorithm:
    Algorithm ObjectId: 1.2.840.113549.1.1.10 RSASSA-PSS
    Algorithm Parameters:
    30 00
Issuer:
    CN=Example Root CA
  Name Hash(sha1): 5a0a1b3d7e5a7c4c7c63b5a6a6a4f3a0e6c1d2f3

 NotBefore: 1/1/2024 12:00 AM
 NotAfter: 1/1/2044 12:00 AM

Subject:
    CN=Example Issuing CA 1

Public Key Algorithm:
    Algorithm ObjectId: 1.2.840.113549.1.1.1 RSA
    Algorithm Parameters:
    05 00
Public Key Length: 2048 bits
Public Key: UnusedBits = 0
    0000  30 82 01 0a 02 82 01 01  00 b6 2b 98 af 07 66 f5
Certificate Extensions: 1
    2.5.29.19: Flags = 1(Critical), Length = 5
    Basic Constraints
        Subject Type=CA
        Path Length Constraint=None

Non-root Certificate
Key Id Hash(rfc-sha1): d48b4a00987430c7b466779ab4add678df6bcdf6
CertUtil: -dump command completed successfully.
""".replace(b"\n", b"\r\n")


def _wireshark_details() -> bytes:
    return b"""\
Frame 6: 1454 bytes on wire (11632 bits), 1454 bytes captured (11632 bits)
Ethernet II, Src: 00:50:56:aa:bb:01 (00:50:56:aa:bb:01), Dst: 00:50:56:aa:bb:02 (00:50:56:aa:bb:02)
Internet Protocol Version 4, Src: 192.0.2.10, Dst: 192.0.2.20
Transmission Control Protocol, Src Port: 8443, Dst Port: 49822, Seq: 1, Ack: 204, Len: 1388
Transport Layer Security
    TLSv1.2 Record Layer: Handshake Protocol: Certificate
        Content Type: Handshake (22)
        Version: TLS 1.2 (0x0303)
        Length: 2574
        Handshake Protocol: Certificate
            Handshake Type: Certificate (11)
            Length: 2570
            Certificates Length: 2567
            Certificates (2567 bytes)
                Certificate Length: 852
                Certificate: 3082035030820238a00302010202100839feaaeb7c32aee6583beea701acb1300d06092a\xe2\x80\xa6
                    signedCertificate
                        version: v3 (2)
                        signature (sha256WithRSAEncryption)
                            Algorithm Id: 1.2.840.113549.1.1.11 (sha256WithRSAEncryption)
"""


def _wireshark_printable() -> bytes:
    # Wireshark drops what is not printable, and with it what would make the bytes a certificate again.
    message = b"\x16\x03\x03\x0a\x0e\x0b\0\x0a\x0a" + b"".join(issued.der for issued in _chain())
    return bytes(byte for byte in message if byte in b"\t\n\r" or 0x20 <= byte < 0x7F)


def _wireshark_hex_dump() -> bytes:
    message = b"\x16\x03\x03\x0a\x0e\x0b\0\x0a\x0a" + _chain()[0].der
    rows = (message[at : at + 16] for at in range(0, len(message), 16))
    return "".join(f"{at * 16:04x}   {row.hex(' ')}\n" for at, row in enumerate(rows)).encode()


def _attribute_certificate() -> bytes:
    return armour("ATTRIBUTE CERTIFICATE", sequence(algorithm("1.3.6.1.4.1.99999.1"), tlv(0x04, bytes(range(96)))))


def _pcap(order: str, magic: int) -> bytes:
    return struct.pack(f"{order}IHHIIII", magic, 2, 4, 0, 0, 65535, 1)


def _pcapng() -> bytes:
    section = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
    return section + struct.pack("<IIHHII", 1, 20, 1, 0, 0, 20)


def _png() -> bytes:
    """A picture of one black dot."""
    out = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")):
        out += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return out


def _ssh2_public_key() -> bytes:
    """RFC 4716's form, as PuTTYgen saves it: four dashes and spaces are its own, not a damaged certificate's."""
    blob = _public(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1].decode()
    lines = "".join(f"{blob[at : at + 70]}\n" for at in range(0, len(blob), 70))
    edges = "---- BEGIN SSH2 PUBLIC KEY ----\n", "---- END SSH2 PUBLIC KEY ----\n"
    return f'{edges[0]}Comment: "rsa-key-20240101"\n{lines}{edges[1]}'.encode()


FOREIGN: dict[str, Callable[[], bytes]] = {
    # Key stores: one whose password is not given, and some with nothing in them
    "pkcs12": _pkcs12,
    "jks-empty": lambda: keystore(JKS),
    "jceks-empty": lambda: keystore(JCEKS),
    "keystore-text": _keystore_text,
    # Keys
    "private-key-pkcs8-pem": lambda: _private("rsa2048"),
    "private-key-pkcs8-der": lambda: _private("rsa2048", encoding=Encoding.DER),
    "private-key-pkcs1-pem": lambda: _private("rsa2048", PrivateFormat.TraditionalOpenSSL),
    "private-key-pkcs1-der": lambda: _private("rsa2048", PrivateFormat.TraditionalOpenSSL, Encoding.DER),
    "private-key-ec-pem": lambda: _private("ec256", PrivateFormat.TraditionalOpenSSL),
    "private-key-encrypted-pkcs8-pem": lambda: _private("rsa2048", encryption=BestAvailableEncryption(b"changeit")),
    "private-key-encrypted-pkcs8-der": lambda: _private(
        "rsa2048", encoding=Encoding.DER, encryption=BestAvailableEncryption(b"changeit")
    ),
    "private-key-encrypted-pkcs1-pem": lambda: _private(
        "rsa2048", PrivateFormat.TraditionalOpenSSL, encryption=BestAvailableEncryption(b"changeit")
    ),
    "private-key-openssh": lambda: _private("rsa2048", PrivateFormat.OpenSSH),
    "public-key-pem": lambda: _public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "public-key-der": lambda: _public(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "ssh-public-key": lambda: _public(Encoding.OpenSSH, PublicFormat.OpenSSH) + b" admin@example.com\n",
    "ssh2-public-key": _ssh2_public_key,
    # Others of X.509's family
    "csr-pem": lambda: _request().pem,
    "csr-new-pem": lambda: armour("NEW CERTIFICATE REQUEST", _request().der),
    "csr-der": lambda: _request().der,
    "crl-pem": lambda: _crl(Encoding.PEM),
    "crl-der": lambda: _crl(Encoding.DER),
    "ocsp-response-der": _ocsp_response,
    "attribute-certificate-pem": _attribute_certificate,
    "pkcs7-without-certificates": pkcs7,
    # Text about certificates
    "certutil-dump": _certutil_dump,
    "openssl-text": lambda: _certificate_text(_chain()[0].der).encode(),
    "wireshark-details": _wireshark_details,
    "wireshark-printable-text": _wireshark_printable,
    "wireshark-hex-dump": _wireshark_hex_dump,
    "html-page": _html_page,
    "url-shortcut": lambda: (
        b"[InternetShortcut]\r\nURL=https://ca.example.com/certsrv/certnew.cer?ReqID=12&Enc=b64\r\n"
    ),
    # Files of other kinds
    "lnk": lambda: bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(56),
    "zip": _zip,
    "gzip": lambda: gzip.compress(_chain()[0].pem, mtime=0),
    "jpeg": lambda: bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"),
    "png": _png,
    "pdf": lambda: (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    ),
    "pcap": lambda: _pcap("<", 0xA1B2C3D4),
    "pcap-big-endian": lambda: _pcap(">", 0xA1B2C3D4),
    "pcap-nanosecond": lambda: _pcap("<", 0xA1B23C4D),
    "pcapng": _pcapng,
    "empty": lambda: b"",
    "white-space": lambda: b" \r\n\t\n \n",
}
