"""What Windows' certreq would make of an .inf file: the request, put together from the settings, to be judged like any other.

Its key is a stand-in of the kind and size that the settings name, and nobody has signed it. Each of its fields knows the line
that says it. The keys and their values are those of Microsoft's page on certreq ("certreq -new"); the flags of KeyUsage and the
tags in a {text} are CertEnroll's.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import attrs

from ..algorithms import HASHES, HASHES_BY_NAME, SIGNATURES
from ..documents import Document, Setting
from ..findings import FrozenMapping, Location, printable
from ..pkix import (
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    MGF1,
    PSS,
    FieldProblem,
    extension_field,
)
from ..request import ATTRIBUTES, EXTENSION_REQUEST, NAME_VALUE_PAIR, PROVIDER, TEMPLATE_FIELD, Request
from ..tlv import (
    BIT_STRING,
    CONTEXT_0,
    INTEGER,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    TlvError,
    encode,
    encode_oid,
)
from .values import (
    BMP_STRING,
    DSA,
    RSA,
    SEPARATORS,
    curve_named,
    dsa_key,
    ec_key,
    extension_value,
    key_usage_bits,
    relative_names,
    rsa_key,
    shown,
)

NEW_REQUEST = "newrequest"
_ECDSA_SPECIFIED = "1.2.840.10045.4.3"
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")
_DEFAULT_BITS = 2048
_LONGEST_VALUE = 32 * 1024
_MOST_BITS = 65_536


def planned(document: Document, index: int) -> Request | None:
    """The request that certreq would make of a document's settings; None where they are of another kind.

    :param document: an .inf file, as formats/inf.py has read it.
    :param index: the request's place among those of the input.
    """
    if not any(setting.section.lower() == NEW_REQUEST for setting in document.settings):
        return None
    return _Planner(document).request(index)


class _Planner:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines: dict[str, Location] = {}
        self.faults: list[FieldProblem] = []
        self.found: dict[tuple[str, str], Setting] = {}
        for setting in document.settings:
            field = _field(setting)
            self.lines.setdefault(field, self._place(setting, field))
            known = (setting.section.lower(), setting.key.lower()) in self.found
            if known and setting.key and setting.key.lower() != "oid":
                self._fault(setting, "this key stands there more than once; which of them counts is not said")
            self.found.setdefault((setting.section.lower(), setting.key.lower()), setting)
            self._look_at(setting)

    def _look_at(self, setting: Setting) -> None:
        """What is wrong with a line by itself."""
        if not setting.key:
            self._fault(setting, f"it is no line of the form key = value: {shown(setting.value)}")
        if len(setting.value) > _LONGEST_VALUE:
            self._fault(
                setting, f"its value is longer than {_LONGEST_VALUE} characters; not all of it may have been read"
            )
        if any(mark in setting.value for mark in "“”„‟"):
            self._fault(setting, 'it holds typographic quotation marks; certreq knows " alone')

    def _place(self, setting: Setting, field: str) -> Location:
        return Location(
            document=self.document.name, start=setting.start, stop=setting.stop, line=setting.line, field=field
        )

    def _fault(self, setting: Setting, reason: str) -> None:
        self.faults.append(FieldProblem(field=_field(setting), reason=reason))

    def _said(self, key: str, section: str = NEW_REQUEST) -> Setting | None:
        """The setting of that key, where it has a value."""
        setting = self.found.get((section, key.lower()))
        return setting if setting and setting.value else None

    def _says(self, field: str, *settings: Setting | None) -> None:
        """Note which line says a field: the first of the settings that is there."""
        for setting in settings:
            if setting is not None:
                self.lines.setdefault(field, attrs.evolve(self._place(setting, _field(setting)), field=_field(setting)))

    # -- The request -------------------------------------------------------------------------------------------------

    def request(self, index: int) -> Request:
        first = next(s for s in self.document.settings if s.section.lower() == NEW_REQUEST)
        family, key = self._key()
        kind = self._said("RequestType")
        attributes = [*self._extension_request(), *self._request_attributes(), *self._provider()]
        info = encode(SEQUENCE, encode(INTEGER, b"\0"), self._subject(), key, encode(CONTEXT_0, *attributes))
        unsigned = encode(BIT_STRING, b"\0")
        return Request(
            index=index,
            der=encode(SEQUENCE, info, self._algorithm(family), unsigned),
            location=self._place(first, "NewRequest"),
            form="certreq.inf",
            lines=FrozenMapping(self.lines),
            said=frozenset(f"{section}.{key}" for section, key in self.found if key),
            makes_certificate=bool(kind and kind.value.strip().lower() == "cert"),
            faults=tuple(self.faults),
            proof="unsigned",
        )

    def _subject(self) -> bytes:
        setting = self._said("Subject")
        self._says(Request.PATHS.subject, setting)
        if setting is None:
            return encode(SEQUENCE)
        try:
            return encode(SEQUENCE, *relative_names(setting.value, self._separators()))
        except (TlvError, ValueError) as error:
            self._fault(setting, f"it is no distinguished name: {error}")
            return encode(SEQUENCE)

    def _separators(self) -> str:
        """What stands between the parts of the subject: CertStrToName's flags can leave one kind of them alone."""
        setting = self._said("X500NameFlags")
        words = [] if setting is None else [word.strip().upper() for word in setting.value.split("|")]
        flags = 0
        for word in words:
            number = re.fullmatch(r"0X[0-9A-F]{1,8}|[0-9]{1,10}", word)
            flags |= int(word, 16 if word.startswith("0X") else 10) if number else _NAME_FLAGS.get(word, 0)
        separators = SEPARATORS
        for flag, left in ((_NAME_FLAGS[_SEMICOLON], ";+"), (_NAME_FLAGS[_COMMA], ",+")):
            separators = left if flags & flag else separators
        return separators.replace("+", "") if flags & _NAME_FLAGS[_NO_PLUS] else separators

    # -- The key -----------------------------------------------------------------------------------------------------

    def _key(self) -> tuple[str, bytes]:
        """Its family, and a subjectPublicKeyInfo with a stand-in of its kind and size."""
        length, algorithm = self._said("KeyLength"), self._said("KeyAlgorithm")
        bits = self._number(length) if length else None
        name = algorithm.value.upper() if algorithm else "RSA"
        curve = curve_named(name)
        if curve is not None:
            self._says(Request.PATHS.key, algorithm)
            return "EC", ec_key(curve)
        self._says(Request.PATHS.key, length, algorithm, self._first())
        if algorithm and name not in ("RSA", RSA, "DSA", DSA):
            self._fault(algorithm, f"no kind of key of that name is known here: {shown(algorithm.value)}")
        if length and bits is not None and not 0 < bits <= _MOST_BITS:
            self._fault(length, "no key has so many bits")
            bits = None
        bits = bits or _DEFAULT_BITS
        return ("DSA", dsa_key(bits)) if name in ("DSA", DSA) else ("RSA", rsa_key(bits))

    def _first(self) -> Setting | None:
        return next((s for s in self.document.settings if s.section.lower() == NEW_REQUEST), None)

    def _number(self, setting: Setting) -> int | None:
        words = setting.value.strip().lower()
        if re.fullmatch(r"(?:0x[0-9a-f]{1,8}|[0-9]{1,9})", words, re.ASCII):
            return int(words, 16 if words.startswith("0x") else 10)
        self._fault(setting, f"it is no number: {shown(setting.value)}")
        return None

    # -- The signature -----------------------------------------------------------------------------------------------

    def _algorithm(self, family: str) -> bytes:
        alternate, hashed = self._said("AlternateSignatureAlgorithm"), self._said("HashAlgorithm")
        on = self._flag(alternate) if alternate else False
        digest = self._hash(hashed) if hashed else "SHA-1"  # "... and using Secure Hash Algorithm 1 (SHA1)"
        self._says("signatureAlgorithm", alternate if on else None, hashed, self._first())
        self._says(HASH_LINE, hashed, self._first())
        plain = encode(SEQUENCE, encode_oid(HASHES_BY_NAME[digest].oid), encode(NULL))
        if on and family == "RSA":
            mask = encode(SEQUENCE, encode_oid(MGF1), plain)
            size = HASHES_BY_NAME[digest].bits // 8
            fields = (encode(0xA0, plain), encode(0xA1, mask), encode(0xA2, encode(INTEGER, bytes((size,)))))
            return encode(SEQUENCE, encode_oid(PSS), encode(SEQUENCE, *fields))
        if on and family == "EC":
            return encode(SEQUENCE, encode_oid(_ECDSA_SPECIFIED), plain)
        wanted = {"EC": "ECDSA"}.get(family, family)
        oids = [row.oid for row in SIGNATURES.values() if row.family == wanted and row.hash == digest and row.java]
        parameters = encode(NULL) if family == "RSA" else b""
        return encode(SEQUENCE, encode_oid(oids[0] if oids else RSA), parameters)

    def _flag(self, setting: Setting) -> bool:
        words = setting.value.strip().lower()
        if re.fullmatch(r"0x[0-9a-f]{1,8}|-?[0-9]{1,9}", words, re.ASCII):
            return int(words, 16 if words.startswith("0x") else 10) != 0
        if words not in (*_TRUE, *_FALSE):
            self._fault(setting, f"it is neither true nor false: {shown(setting.value)}")
        return words in _TRUE

    def _hash(self, setting: Setting) -> str:
        words = setting.value.strip()
        if words in HASHES:
            return HASHES[words].name
        plain = words.lower().replace("-", "").replace("_", "")
        for name in HASHES_BY_NAME:
            if name.lower().replace("-", "") == plain:
                return name
        self._fault(setting, f"no hash of that name is known here: {shown(setting.value)}")
        return "SHA-256"

    # -- Extensions --------------------------------------------------------------------------------------------------

    def _extension_request(self) -> Iterator[bytes]:
        found: dict[str, bytes] = {}
        for dotted, value in (*self._key_usage(), *self._purposes(), *self._extensions()):
            found.setdefault(dotted, value)
        if found:
            critical = self._critical()
            extensions = [
                encode(
                    SEQUENCE,
                    encode_oid(dotted),
                    encode(0x01, b"\xff") if dotted in critical else b"",
                    encode(OCTET_STRING, value),
                )
                for dotted, value in found.items()
            ]
            yield _attribute(EXTENSION_REQUEST, encode(SEQUENCE, *extensions))

    def _critical(self) -> set[str]:
        setting = self._said("Critical", "extensions")
        named = {word.strip() for word in setting.value.split(",")} if setting else set()
        return named | {KEY_USAGE}

    def _key_usage(self) -> Iterator[tuple[str, bytes]]:
        setting = self._said("KeyUsage")
        if setting is None:
            return
        flags = 0
        for word in setting.value.split("|"):
            known = _KEY_USAGES.get(word.strip().upper())
            number = re.fullmatch(r"0x[0-9a-f]{1,8}|[0-9]{1,9}", word.strip().lower(), re.ASCII)
            if known is None and number is None:
                # What certreq makes of the line is not known, so that nothing is taken to be asked for.
                why = "neither a number nor a CERT_..._KEY_USAGE, of which several are joined by |"
                self._fault(setting, f"it is {why}: {shown(word)}")
                return
            flags |= int(number[0], 16 if "x" in number[0] else 10) if number else known or 0
        self._says(extension_field(Request.PATHS.extensions, KEY_USAGE), setting)
        yield KEY_USAGE, key_usage_bits(flags)

    def _purposes(self) -> Iterator[tuple[str, bytes]]:
        settings = [
            s
            for s in self.document.settings
            if s.section.lower() == "enhancedkeyusageextension" and s.key.lower() == "oid"
        ]
        if not settings:
            return
        oids = []
        for setting in settings:
            for word in re.split(r"[,\s]+", setting.value.strip()):
                dotted = _PURPOSES.get(word.upper(), word)
                try:
                    oids.append(encode_oid(dotted))
                except TlvError:
                    self._fault(setting, f"it is no object identifier: {shown(word)}")
        self._says(extension_field(Request.PATHS.extensions, EXTENDED_KEY_USAGE), settings[0])
        if oids:
            yield EXTENDED_KEY_USAGE, encode(SEQUENCE, *oids)

    def _extensions(self) -> Iterator[tuple[str, bytes]]:
        for setting in self.document.settings:
            if setting.section.lower() != "extensions" or not re.fullmatch(r"[0-9]+(?:\.[0-9]+)+", setting.key):
                continue
            try:
                encode_oid(setting.key)
                value = extension_value(setting.key, setting.value)
            except (TlvError, ValueError) as error:
                self._fault(setting, f"its value cannot be read: {error}")
                continue
            self._says(extension_field(Request.PATHS.extensions, setting.key), setting)
            yield setting.key, value

    # -- Attributes --------------------------------------------------------------------------------------------------

    def _request_attributes(self) -> Iterator[bytes]:
        for setting in self.document.settings:
            if setting.section.lower() == "requestattributes" and setting.key:
                if setting.key.lower() == "certificatetemplate":
                    self._says(TEMPLATE_FIELD, setting)
                self._says(f"{_ATTRIBUTES}.{ATTRIBUTES[NAME_VALUE_PAIR]}", setting)
                strings = (encode(BMP_STRING, words.encode("utf-16-be", "replace")) for words in _pair(setting))
                yield _attribute(NAME_VALUE_PAIR, encode(SEQUENCE, *strings))

    def _provider(self) -> Iterator[bytes]:
        setting = self._said("ProviderName")
        if setting is not None:
            self._says(f"{_ATTRIBUTES}.{ATTRIBUTES[PROVIDER]}", setting)
            words = encode(BMP_STRING, setting.value.encode("utf-16-be", "replace"))
            yield _attribute(PROVIDER, encode(SEQUENCE, encode(INTEGER, b"\x01"), words, encode(BIT_STRING, b"\0")))


_ATTRIBUTES = "certificationRequestInfo.attributes"
HASH_LINE = "NewRequest.HashAlgorithm"
"""The field of the line that says the hash, which is another than the one that says how to sign."""

_SEMICOLON, _COMMA, _NO_PLUS = (f"CERT_NAME_STR_{name}_FLAG" for name in ("SEMICOLON", "COMMA", "NO_PLUS"))
_NAME_FLAGS: Mapping[str, int] = MappingProxyType({_SEMICOLON: 0x40000000, _COMMA: 0x04000000, _NO_PLUS: 0x20000000})
"""Those of CertStrToName that change how a name is read here (wincrypt.h)."""

_KEY_USAGES: Mapping[str, int] = MappingProxyType(
    {
        f"CERT_{name}_KEY_USAGE": flag
        for name, flag in {
            "DIGITAL_SIGNATURE": 0x80,
            "NON_REPUDIATION": 0x40,
            "KEY_ENCIPHERMENT": 0x20,
            "DATA_ENCIPHERMENT": 0x10,
            "KEY_AGREEMENT": 0x08,
            "KEY_CERT_SIGN": 0x04,
            "OFFLINE_CRL_SIGN": 0x02,
            "CRL_SIGN": 0x02,
            "ENCIPHER_ONLY": 0x01,
            "DECIPHER_ONLY": 0x8000,
        }.items()
    }
)
_PURPOSES = MappingProxyType(
    {
        "SZOID_PKIX_KP_SERVER_AUTH": "1.3.6.1.5.5.7.3.1",
        "SZOID_PKIX_KP_CLIENT_AUTH": "1.3.6.1.5.5.7.3.2",
        "%SZOID_PKIX_KP_SERVER_AUTH%": "1.3.6.1.5.5.7.3.1",
        "%SZOID_PKIX_KP_CLIENT_AUTH%": "1.3.6.1.5.5.7.3.2",
    }
)


def _field(setting: Setting) -> str:
    """What a setting is called in a finding."""
    return printable(f"{setting.section}.{setting.key}"[:160]) if setting.key else printable(setting.section[:80])


def _pair(setting: Setting) -> tuple[str, str]:
    return setting.key, setting.value


def _attribute(dotted: str, value: bytes) -> bytes:
    return encode(SEQUENCE, encode_oid(dotted), encode(SET, value))
