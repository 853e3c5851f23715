"""The values in an .inf file, in DER: names, keys, extensions.

What they look like is Microsoft's: `CN=x, O="Example, Inc."` for a name, `{text}dns=HOST&` for an extension.
"""

import binascii
import ipaddress
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from ..algorithms import CURVES
from ..findings import printable
from ..pkix import BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, SUBJECT_ALT_NAME
from ..tlv import BIT_STRING, CONTEXT_0, INTEGER, NULL, OCTET_STRING, SEQUENCE, SET, encode, encode_oid

UTF8_STRING, BMP_STRING = 0x0C, 0x1E
_PRINTABLE_STRING = 0x13
RSA, DSA = "1.2.840.113549.1.1.1", "1.2.840.10040.4.1"
_EC = "1.2.840.10045.2.1"


def shown(words: str) -> str:
    """The beginning of what somebody wrote, made harmless."""
    return printable(words[:60])


# -- Keys --------------------------------------------------------------------------------------------------------------


def curve_named(name: str) -> str | None:
    """The curve's OID for CNG's name of it: ECDSA_P256, ECDH_brainpoolP256r1, ECDSA_nistP384."""
    if not name.startswith(("ECDSA_", "ECDH_", "ECDSA", "ECDH")):
        return None
    word = re.sub(r"^EC(?:DSA|DH)_?(?:NIST)?", "", name).lower()
    word = {"p256": "secp256r1", "p384": "secp384r1", "p521": "secp521r1", "": "secp256r1"}.get(word, word)
    return next((dotted for dotted, title in CURVES.items() if title.lower() == word), None)


def ec_key(curve: str) -> bytes:
    """A subjectPublicKeyInfo with a stand-in of that curve."""
    size = (int(re.sub(r"\D*(\d+).*", r"\1", CURVES[curve])) + 7) // 8
    algorithm = encode(SEQUENCE, encode_oid(_EC), encode_oid(curve))
    return encode(SEQUENCE, algorithm, encode(BIT_STRING, b"\0\x04", b"\x01" * (2 * size)))


def _unsigned(value: int) -> bytes:
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def rsa_key(bits: int) -> bytes:
    """One with a stand-in of so many bits."""
    numbers = encode(SEQUENCE, _unsigned((1 << bits) - 1), _unsigned(65537))
    algorithm = encode(SEQUENCE, encode_oid(RSA), encode(NULL))
    return encode(SEQUENCE, algorithm, encode(BIT_STRING, b"\0", numbers))


def dsa_key(bits: int) -> bytes:
    """The same for DSA."""
    parameters = encode(SEQUENCE, _unsigned((1 << bits) - 1), _unsigned((1 << 160) - 1), _unsigned(2))
    algorithm = encode(SEQUENCE, encode_oid(DSA), parameters)
    return encode(SEQUENCE, algorithm, encode(BIT_STRING, b"\0", _unsigned((1 << bits) - 1)))


# -- Names -------------------------------------------------------------------------------------------------------------

_NAME_TYPES = MappingProxyType(
    {
        "CN": "2.5.4.3",
        "L": "2.5.4.7",
        "S": "2.5.4.8",
        "ST": "2.5.4.8",
        "O": "2.5.4.10",
        "OU": "2.5.4.11",
        "C": "2.5.4.6",
        "STREET": "2.5.4.9",
        "T": "2.5.4.12",
        "TITLE": "2.5.4.12",
        "G": "2.5.4.42",
        "GN": "2.5.4.42",
        "GIVENNAME": "2.5.4.42",
        "SN": "2.5.4.4",
        "I": "2.5.4.43",
        "INITIALS": "2.5.4.43",
        "DESCRIPTION": "2.5.4.13",
        "POSTALCODE": "2.5.4.17",
        "POBOX": "2.5.4.18",
        "PHONE": "2.5.4.20",
        "X21ADDRESS": "2.5.4.24",
        "DNQUALIFIER": "2.5.4.46",
        "SERIALNUMBER": "2.5.4.5",
        "DC": "0.9.2342.19200300.100.1.25",
        "UID": "0.9.2342.19200300.100.1.1",
        "E": "1.2.840.113549.1.9.1",
        "EMAIL": "1.2.840.113549.1.9.1",
    }
)
SEPARATORS = ",;+"
"""What can stand between the parts of a name where no flag says otherwise (CertStrToName)."""


def relative_names(words: str, separators: str = SEPARATORS) -> Iterator[bytes]:
    """The relative names of a Name as Windows writes it: CN=x, O="Example, Inc.", OID.1.2.3=y.

    :param separators: what stands between them, which X500NameFlags can narrow.
    """
    between = re.escape(separators)
    relative_name = re.compile(
        rf'\s*([A-Za-z0-9.]{{1,80}})\s*=\s*(?:"((?:[^"]|"")*)"|([^{between}"]*))\s*(?:[{between}]|\Z)'
    )
    position = 0
    stop = len(words.rstrip(f" {separators}"))
    while position < stop:
        match = relative_name.match(words, position)
        if match is None:
            raise ValueError(f"{shown(words[position:])} is no type and value")
        kind = match[1].upper().removeprefix("OID.")
        value = match[3].strip() if match[2] is None else match[2].replace('""', '"')
        dotted = _NAME_TYPES.get(kind, kind)
        if not dotted[:1].isdigit():
            raise ValueError(f"Windows knows no {shown(match[1])}= in a name")
        tag = _PRINTABLE_STRING if kind == "C" and value.isascii() else UTF8_STRING
        pair = encode(SEQUENCE, encode_oid(dotted), encode(tag, value.encode("utf-8", "replace")))
        yield encode(SET, pair)
        position = match.end()


# -- Extensions --------------------------------------------------------------------------------------------------------


def extension_value(dotted: str, words: str) -> bytes:
    """The DER of an extension: {text} for the few that have one, {hex}, or base64.

    :raises ValueError: where it is none of these.
    """
    form, _, rest = words.strip().partition("}")
    form = form.lower()
    if form == "{text":
        reader = _TEXTS.get(dotted)
        if reader is None:
            raise ValueError("the {text} of this extension is not known here")
        return reader(rest)
    if form == "{hex":
        return bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", rest))
    packed = "".join((rest if form.startswith("{") else words).split())
    try:
        return binascii.a2b_base64(packed, strict_mode=True)
    except binascii.Error:
        raise ValueError("it is no base64") from None


def _alternative_names(words: str) -> bytes:
    found = []
    for part in words.split("&"):
        if not part.strip():
            continue
        tag, equals, value = part.strip().partition("=")
        form = _NAME_FORMS.get(tag.strip().lower())
        if not equals or form is None:
            raise ValueError(
                f"{shown(part)} is not dns=, ipaddress=, email=, url=, upn=, oid=, guid= or dn= with a name"
            )
        found.append(form(value.strip()))
    if not found:
        raise ValueError("it names nothing")
    return encode(SEQUENCE, *found)


def _address(value: str) -> bytes:
    return encode(0x87, ipaddress.ip_address(value).packed)


def _principal(value: str) -> bytes:
    return encode(
        CONTEXT_0,
        encode_oid("1.3.6.1.4.1.311.20.2.3"),
        encode(CONTEXT_0, encode(UTF8_STRING, value.encode("utf-8", "replace"))),
    )


def _directory_object(value: str) -> bytes:
    """The GUID of a domain controller, as Windows has it in an otherName."""
    identifier = uuid.UUID(value).bytes_le
    return encode(CONTEXT_0, encode_oid("1.3.6.1.4.1.311.25.1"), encode(CONTEXT_0, encode(OCTET_STRING, identifier)))


_NAME_FORMS: Mapping[str, Callable[[str], bytes]] = MappingProxyType(
    {
        "dns": lambda value: encode(0x82, value.encode("utf-8", "replace")),
        "email": lambda value: encode(0x81, value.encode("utf-8", "replace")),
        "url": lambda value: encode(0x86, value.encode("utf-8", "replace")),
        "ipaddress": _address,
        "oid": lambda value: encode(0x88, encode_oid(value)[2:]),
        "dn": lambda value: encode(0xA4, encode(SEQUENCE, *relative_names(value.strip('"')))),
        "upn": _principal,
        "guid": _directory_object,
    }
)


def _purposes(words: str) -> bytes:
    return encode(SEQUENCE, *(encode_oid(word) for word in re.split(r"[,;\s]+", words) if word))


def _constraints(words: str) -> bytes:
    said = dict(part.strip().lower().partition("=")[::2] for part in words.split("&") if part.strip())
    if said.get("ca") not in ("0", "1", "true", "false"):
        raise ValueError("it is not ca=0 or ca=1")
    return encode(SEQUENCE, encode(0x01, b"\xff") if said["ca"] in ("1", "true") else b"")


_TEXTS: Mapping[str, Callable[[str], bytes]] = MappingProxyType(
    {SUBJECT_ALT_NAME: _alternative_names, EXTENDED_KEY_USAGE: _purposes, BASIC_CONSTRAINTS: _constraints}
)


def key_usage_bits(flags: int) -> bytes:
    """KeyUsage: the low octet of Windows' flags first, and no zero bits at the end (X.690 section 11.2.2)."""
    octets = bytes((flags & 0xFF, flags >> 8 & 0xFF)).rstrip(b"\0")
    unused = (octets[-1] & -octets[-1]).bit_length() - 1 if octets else 0
    return encode(BIT_STRING, bytes((unused,)), octets)
