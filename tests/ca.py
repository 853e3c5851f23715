"""A small certificate authority for tests, which makes any certificate, well-formed or not.

    root = Authority("Example Root CA", sign="RSASSA-PSS-SHA1")
    issuing = root.authority("Example Issuing CA 1")
    leaf = issuing.server("gadgets.example.com")

cryptography's own builder refuses much of what this library is there to find (old hashes, two algorithms that differ,
empty names, negative serials), so the DER is put together here from asn1crypto's values and signed raw. Every knob of a
certificate is in `Knobs`. Nothing is random but the keys and the signatures that are random by nature.
"""

import hashlib
import subprocess
import tempfile
from base64 import encodebytes
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, Self, TypedDict, Unpack

import attrs
from asn1crypto import cms, core, csr, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

NOT_BEFORE = datetime(2024, 1, 1, tzinfo=UTC)
NOT_AFTER = datetime(2044, 1, 1, tzinfo=UTC)

# -- DER ---------------------------------------------------------------------------------------------------------------


def tlv(tag: int, *content: bytes) -> bytes:
    """One DER value with a one-byte tag; the content is taken as it is."""
    body = b"".join(content)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def indefinite(tag: int, *content: bytes) -> bytes:
    """The same in BER's indefinite-length form."""
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE of encoded parts."""
    return tlv(0x30, *parts)


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    return bytes(core.ObjectIdentifier(dotted).dump())


def integer(value: int) -> bytes:
    """An INTEGER."""
    return bytes(core.Integer(value).dump())


def bit_string(octets: bytes) -> bytes:
    """A BIT STRING of whole octets."""
    return tlv(0x03, b"\0", octets)


NULL = b"\x05\0"


def algorithm(dotted: str, parameters: bytes = NULL) -> bytes:
    """An AlgorithmIdentifier; ``parameters=b""`` leaves them out."""
    return sequence(oid(dotted), parameters)


# -- Signatures --------------------------------------------------------------------------------------------------------


@attrs.frozen
class _Hash:
    oid: str
    pyca: hashes.HashAlgorithm | None  # None: only the openssl program has it, if anything does
    size: int


_HASHES = {
    "MD2": _Hash("1.2.840.113549.2.2", None, 16),
    "MD4": _Hash("1.2.840.113549.2.4", None, 16),
    "MD5": _Hash("1.2.840.113549.2.5", hashes.MD5(), 16),
    "RIPEMD160": _Hash("1.3.36.3.2.1", None, 20),
    "SHA1": _Hash("1.3.14.3.2.26", hashes.SHA1(), 20),
    "SHA224": _Hash("2.16.840.1.101.3.4.2.4", hashes.SHA224(), 28),
    "SHA256": _Hash("2.16.840.1.101.3.4.2.1", hashes.SHA256(), 32),
    "SHA384": _Hash("2.16.840.1.101.3.4.2.2", hashes.SHA384(), 48),
    "SHA512": _Hash("2.16.840.1.101.3.4.2.3", hashes.SHA512(), 64),
    "SHA512/224": _Hash("2.16.840.1.101.3.4.2.5", hashes.SHA512_224(), 28),
    "SHA512/256": _Hash("2.16.840.1.101.3.4.2.6", hashes.SHA512_256(), 32),
    "SHA3-224": _Hash("2.16.840.1.101.3.4.2.7", hashes.SHA3_224(), 28),
    "SHA3-256": _Hash("2.16.840.1.101.3.4.2.8", hashes.SHA3_256(), 32),
    "SHA3-384": _Hash("2.16.840.1.101.3.4.2.9", hashes.SHA3_384(), 48),
    "SHA3-512": _Hash("2.16.840.1.101.3.4.2.10", hashes.SHA3_512(), 64),
}


@attrs.frozen
class Scheme:
    """A way to sign. ``family`` is RSA, PSS, ECDSA, DSA or EdDSA; the hashes are keys of ``_HASHES``."""

    name: str
    algorithm: bytes
    family: str
    hash: str = ""
    mgf: str = ""
    salt: int = 0


def pss(digest: str = "SHA256", *, mgf: str | None = None, salt: int | None = None, title: str | None = None) -> Scheme:
    """RSASSA-PSS with its parameters in DER, where a field that has its default value (SHA-1, 20) is left out.

    The mask's hash is the message's, and the salt as long as its digest, unless told otherwise.
    """
    mgf = digest if mgf is None else mgf
    salt = _HASHES[digest].size if salt is None else salt
    fields = []
    if digest != "SHA1":
        fields.append(tlv(0xA0, algorithm(_HASHES[digest].oid)))
    if mgf != "SHA1":
        fields.append(tlv(0xA1, algorithm("1.2.840.113549.1.1.8", algorithm(_HASHES[mgf].oid))))
    if salt != 20:
        fields.append(tlv(0xA2, integer(salt)))
    encoded = algorithm("1.2.840.113549.1.1.10", sequence(*fields))
    return Scheme(title or f"RSASSA-PSS-{digest}", encoded, "PSS", digest, mgf, salt)


def _schemes() -> Iterable[Scheme]:
    for hash_, dotted in {
        "MD2": "1.2.840.113549.1.1.2",
        "MD4": "1.2.840.113549.1.1.3",
        "MD5": "1.2.840.113549.1.1.4",
        "RIPEMD160": "1.3.36.3.3.1.2",
        "SHA1": "1.2.840.113549.1.1.5",
        "SHA224": "1.2.840.113549.1.1.14",
        "SHA256": "1.2.840.113549.1.1.11",
        "SHA384": "1.2.840.113549.1.1.12",
        "SHA512": "1.2.840.113549.1.1.13",
        "SHA512/224": "1.2.840.113549.1.1.15",
        "SHA512/256": "1.2.840.113549.1.1.16",
        "SHA3-224": "2.16.840.1.101.3.4.3.13",
        "SHA3-256": "2.16.840.1.101.3.4.3.14",
        "SHA3-384": "2.16.840.1.101.3.4.3.15",
        "SHA3-512": "2.16.840.1.101.3.4.3.16",
    }.items():
        yield Scheme(f"{hash_}withRSA", algorithm(dotted), "RSA", hash_)
    for hash_, known in _HASHES.items():
        if known.pyca is not None:
            yield pss(hash_)
    for hash_, dotted in {
        "SHA1": "1.2.840.10045.4.1",
        "SHA224": "1.2.840.10045.4.3.1",
        "SHA256": "1.2.840.10045.4.3.2",
        "SHA384": "1.2.840.10045.4.3.3",
        "SHA512": "1.2.840.10045.4.3.4",
        "SHA3-224": "2.16.840.1.101.3.4.3.9",
        "SHA3-256": "2.16.840.1.101.3.4.3.10",
        "SHA3-384": "2.16.840.1.101.3.4.3.11",
        "SHA3-512": "2.16.840.1.101.3.4.3.12",
    }.items():
        yield Scheme(f"{hash_}withECDSA", algorithm(dotted, b""), "ECDSA", hash_)
    for hash_, dotted in {
        "SHA1": "1.2.840.10040.4.3",
        "SHA224": "2.16.840.1.101.3.4.3.1",
        "SHA256": "2.16.840.1.101.3.4.3.2",
        "SHA384": "2.16.840.1.101.3.4.3.3",
        "SHA512": "2.16.840.1.101.3.4.3.4",
    }.items():
        yield Scheme(f"{hash_}withDSA", algorithm(dotted, b""), "DSA", hash_)
    yield Scheme("Ed25519", algorithm("1.3.101.112", b""), "EdDSA")
    yield Scheme("Ed448", algorithm("1.3.101.113", b""), "EdDSA")


SCHEMES = {scheme.name: scheme for scheme in _schemes()}

# -- Keys --------------------------------------------------------------------------------------------------------------

PrivateKey = (
    rsa.RSAPrivateKey
    | dsa.DSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
)

_CURVES: dict[str, ec.EllipticCurve] = {"ec256": ec.SECP256R1(), "ec384": ec.SECP384R1(), "ec521": ec.SECP521R1()}


@attrs.frozen(eq=False)
class Key:
    """A private key and what its certificate says of it; ``label`` tells keys of one kind apart."""

    kind: str
    label: str
    private: PrivateKey = attrs.field(repr=False)

    @cached_property
    def spki(self) -> bytes:
        """The SubjectPublicKeyInfo."""
        public = self.private.public_key()
        form = serialization.PublicFormat
        if self.kind.startswith("rsapss"):
            inner = public.public_bytes(serialization.Encoding.DER, form.PKCS1)
            return sequence(algorithm("1.2.840.113549.1.1.10", b""), bit_string(inner))
        return public.public_bytes(serialization.Encoding.DER, form.SubjectPublicKeyInfo)

    @property
    def identifier(self) -> bytes:
        """RFC 5280's first method: SHA-1 of the public key's bits."""
        info = core.load(self.spki)
        return hashlib.sha1(info[1].contents[1:], usedforsecurity=False).digest()

    @property
    def pem(self) -> bytes:
        """PKCS#8 PEM, for programs that take a key file."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def scheme(self) -> Scheme:
        """How this key signs when nobody says how."""
        if self.kind.startswith("rsapss"):
            return SCHEMES["RSASSA-PSS-SHA256"]
        if self.kind.startswith("rsa"):
            return SCHEMES["SHA256withRSA"]
        if self.kind.startswith("dsa"):
            return SCHEMES["SHA256withDSA"]
        return SCHEMES[
            {"ec256": "SHA256withECDSA", "ec384": "SHA384withECDSA", "ec521": "SHA512withECDSA"}.get(
                self.kind, self.kind.capitalize()
            )
        ]

    def sign(self, scheme: Scheme, data: bytes) -> bytes:
        """Sign for real.

        Raises:
            ValueError: This kind of key, or any tool at hand, cannot sign so.
        """
        private = self.private
        hash_ = _HASHES[scheme.hash].pyca if scheme.hash else None
        match scheme.family, private:
            case "RSA", rsa.RSAPrivateKey() if hash_ is None:
                return self._sign_by_openssl(scheme, data)
            case "RSA", rsa.RSAPrivateKey() if hash_ is not None:
                return private.sign(data, padding.PKCS1v15(), hash_)
            case "PSS", rsa.RSAPrivateKey() if hash_ is not None:
                mask = _HASHES[scheme.mgf].pyca
                if mask is not None:
                    return private.sign(data, padding.PSS(padding.MGF1(mask), scheme.salt), hash_)
            case "ECDSA", ec.EllipticCurvePrivateKey() if hash_ is not None:
                return private.sign(data, ec.ECDSA(hash_))
            case "DSA", dsa.DSAPrivateKey() if hash_ is not None:
                return private.sign(data, hash_)
            case "EdDSA", ed25519.Ed25519PrivateKey() | ed448.Ed448PrivateKey() if self.scheme.name == scheme.name:
                return private.sign(data)
        raise ValueError(f"a key of kind {self.kind} cannot sign {scheme.name}")

    def _sign_by_openssl(self, scheme: Scheme, data: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            keyfile = Path(folder, "key.pem")
            keyfile.write_bytes(self.pem)
            providers = ["-provider", "legacy", "-provider", "default"]
            command = ["openssl", "dgst", *providers, f"-{scheme.hash.lower()}", "-sign", str(keyfile)]
            try:
                done = subprocess.run(command, input=data, capture_output=True, check=False)
            except FileNotFoundError as error:
                raise ValueError(f"{scheme.name} is signed by the openssl program, which is not here") from error
        if done.returncode or not done.stdout:
            dotted = core.load(scheme.algorithm)[0].dotted
            raise ValueError(
                f"neither cryptography nor the openssl program signs {scheme.name}; if any signature will do, "
                f'say signature_oid="{dotted}": {done.stderr.decode(errors="replace").strip()}'
            )
        return done.stdout


@cache
def key(kind: str, label: str | int = 0) -> Key:
    """The key of this kind with this label, made when first asked for and the same one ever after.

    Kinds: rsa1024, rsa2048, rsa3072 (any size), rsapss2048 (the same under the OID id-RSASSA-PSS), ec256, ec384, ec521,
    ed25519, ed448, dsa1024, dsa2048, dsa3072.
    """
    return Key(kind, str(label), _generate(kind))


def _generate(kind: str) -> PrivateKey:
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "ed448":
        return ed448.Ed448PrivateKey.generate()
    family, size = kind.rstrip("0123456789"), int(kind.lstrip("abcdefghijklmnopqrstuvwxyz") or 0)
    if family in ("rsa", "rsapss"):
        return rsa.generate_private_key(65537, size)
    if family == "dsa":
        return _dsa_parameters(size).generate_private_key()
    raise ValueError(f"no kind of key is called {kind!r}")


@cache
def _dsa_parameters(size: int) -> dsa.DSAParameters:
    # The parameters are what takes the time; keys may share them.
    return dsa.generate_parameters(size)


# -- Names and extensions ----------------------------------------------------------------------------------------------

Subject = Sequence[tuple[str, str | bytes, str]]
"""(type, value, string type): asn1crypto's name of the attribute or its OID; its text, or octets as they are; a tag."""

_STRINGS = {
    "utf8_string": (0x0C, "utf-8"),
    "printable_string": (0x13, "latin-1"),
    "teletex_string": (0x14, "latin-1"),
    "ia5_string": (0x16, "latin-1"),
    "universal_string": (0x1C, "utf-32-be"),
    "bmp_string": (0x1E, "utf-16-be"),
}


def name(subject: Subject) -> bytes:
    """A Name with one attribute to an RDN."""
    rdns = []
    for kind, value, string_type in subject:
        tag, encoding = _STRINGS[string_type]
        octets = value if isinstance(value, bytes) else value.encode(encoding)
        rdns.append(tlv(0x31, sequence(bytes(x509.NameType(kind).dump()), tlv(tag, octets))))
    return sequence(*rdns)


def extension(identifier: str, critical: bool, value: bytes) -> bytes:
    """An Extension; ``value`` is the DER that goes into its OCTET STRING."""
    return sequence(oid(identifier), b"\x01\x01\xff" if critical else b"", tlv(0x04, value))


def _general_name(value: str) -> Any:
    try:
        address: IPv4Address | IPv6Address = ip_address(value)
    except ValueError:
        return x509.GeneralName("dns_name", value)
    return x509.GeneralName("ip_address", str(address))


class Knobs(TypedDict, total=False):
    """What can be set for one certificate; all are optional."""

    sign: str | Scheme
    """How the issuer signs: a name in `SCHEMES`, or `pss(...)`. The default suits the issuer's key."""
    key: str | Key
    """The subject's key: a kind (`key`), by default rsa2048, or a key itself."""
    not_before: datetime | bytes
    not_after: datetime | bytes
    """Aware; UTCTime up to 2049 and GeneralizedTime after, or the DER of a Time."""
    ca: bool | None
    """basicConstraints; None leaves the extension out."""
    path_length: int | None
    key_usage: tuple[str, ...] | None
    eku: tuple[str, ...] | None
    """Both by asn1crypto's names; eku takes OIDs too."""
    san: tuple[str, ...] | None
    """DNS names and IP addresses."""
    subject: Subject
    """In place of the common name alone."""
    issuer_subject: Subject
    """In place of the issuer's subject: the signature is its, the name is not."""
    serial: int
    version: int
    """3, or 1 for a certificate without extensions."""
    spki: bytes
    """The SubjectPublicKeyInfo as it shall stand, in place of the key's."""
    ski: bool | bytes
    aki: bool | bytes
    """Whether the key identifiers are there, or another identifier. By default aki is there unless self-signed."""
    extra_extensions: tuple[tuple[str, bool, bytes], ...]
    """(OID, critical, DER of the value), after the others."""
    signature_oid: str
    """Name this algorithm (with NULL parameters) in both places, over a signature that is junk."""
    inner_algorithm: bytes | Any
    """tbsCertificate.signature as it shall stand: DER, or an asn1crypto value. The signature stays real."""
    outer_algorithm: bytes | Any
    """signatureAlgorithm, likewise."""
    tamper: bool
    """Flip one bit of the signature."""


def _encoded(value: Any) -> bytes:
    return value if isinstance(value, bytes) else bytes(value.dump())


def _time(moment: datetime | bytes) -> bytes:
    if isinstance(moment, bytes):
        return moment
    if moment.utcoffset() is None:
        raise ValueError("a certificate's dates are aware datetimes")
    moment = moment.astimezone(UTC)
    if 1950 <= moment.year < 2050:
        return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, f"{moment.year:04}{moment:%m%d%H%M%S}Z".encode())


def _extensions(knobs: Knobs, subject_key: Key, issuer_key: Key, self_signed: bool) -> list[bytes]:
    found = []

    def add(identifier: str, critical: bool, value: Any) -> None:
        found.append(extension(identifier, critical, _encoded(value)))

    ca = knobs.get("ca")
    if ca is not None:
        constraints: dict[str, bool | int] = {"ca": ca}
        path_length = knobs.get("path_length")
        if path_length is not None:
            constraints["path_len_constraint"] = path_length
        add("2.5.29.19", True, x509.BasicConstraints(constraints))
    usage = knobs.get("key_usage")
    if usage is not None:
        add("2.5.29.15", True, x509.KeyUsage(set(usage)))
    eku = knobs.get("eku")
    if eku is not None:
        add("2.5.29.37", False, x509.ExtKeyUsageSyntax(list(eku)))
    san = knobs.get("san")
    if san is not None:
        # RFC 5280: critical when it is the only name there is.
        add("2.5.29.17", not knobs.get("subject", "any"), x509.GeneralNames([_general_name(value) for value in san]))
    ski = knobs.get("ski", True)
    if ski:
        add("2.5.29.14", False, tlv(0x04, subject_key.identifier if ski is True else ski))
    aki = knobs.get("aki", not self_signed)
    if aki:
        add("2.5.29.35", False, sequence(tlv(0x80, issuer_key.identifier if aki is True else aki)))
    return found + [extension(*extra) for extra in knobs.get("extra_extensions", ())]


# -- Certificates ------------------------------------------------------------------------------------------------------


def armour(label: str, octets: bytes, *, newline: bytes = b"\n") -> bytes:
    """PEM as OpenSSL writes it: 64 columns, a newline after every line."""
    text = encodebytes(octets).replace(b"\n", b"")
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    edges = f"-----BEGIN {label}-----".encode(), f"-----END {label}-----".encode()
    return newline.join([edges[0], *lines, edges[1], b""])


class Issued:
    """A certificate that was made here, with its key."""

    der: bytes
    key: Key
    common_name: str
    issuer: "Authority | None"  # None: self-signed

    def __init__(self, common_name: str, *, issuer: "Authority | None" = None, **knobs: Unpack[Knobs]) -> None:
        given = knobs.get("key", "rsa2048")
        self.common_name = common_name
        self.issuer = issuer
        self.key = key(given, common_name) if isinstance(given, str) else given
        self._knobs = self._defaults()
        self._knobs.update(knobs)
        self.der = self._build()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.common_name!r}>"

    def _defaults(self) -> Knobs:
        return {"ca": None}

    @property
    def certificate(self) -> Any:
        """The certificate as an asn1crypto.x509.Certificate, read anew from its DER."""
        return x509.Certificate.load(self.der)

    @property
    def pem(self) -> bytes:
        """The certificate in PEM."""
        return armour("CERTIFICATE", self.der)

    @property
    def name(self) -> bytes:
        """The subject's DER."""
        return name(self._knobs.get("subject", (("common_name", self.common_name, "utf8_string"),)))

    def renew(self, *, new_key: bool = False, **knobs: Unpack[Knobs]) -> Self:
        """The same subject and issuer again, with what is told here changed; another serial number at the least."""
        changed: Knobs = {**self._knobs, "key": self.key, **knobs}
        if new_key and "key" not in knobs:
            changed["key"] = key(self.key.kind, self.key.label + "'")
        if "serial" not in knobs:
            changed["serial"] = int(self.certificate.serial_number) + 1
        return type(self)(self.common_name, issuer=self.issuer, **changed)

    def cross_sign(self, other: "Authority", **knobs: Unpack[Knobs]) -> Self:
        """The same subject and key, issued by ``other``, who signs as its key does unless told."""
        changed: Knobs = {**self._knobs, "key": self.key}
        # How its own issuer signed says nothing of the other, whose key may be of another kind.
        changed.pop("sign", None)
        changed.pop("serial", None)
        changed.update(knobs)
        return type(self)(self.common_name, issuer=other, **changed)

    def _build(self) -> bytes:
        knobs = self._knobs
        signer = self.issuer.key if self.issuer else self.key
        chosen = knobs.get("sign", signer.scheme)
        scheme = SCHEMES[chosen] if isinstance(chosen, str) else chosen
        named = algorithm(knobs["signature_oid"]) if "signature_oid" in knobs else scheme.algorithm

        issuer_name = self.issuer.name if self.issuer else self.name
        if "issuer_subject" in knobs:
            issuer_name = name(knobs["issuer_subject"])
        spki = knobs.get("spki", self.key.spki)
        validity = sequence(_time(knobs.get("not_before", NOT_BEFORE)), _time(knobs.get("not_after", NOT_AFTER)))
        # Unlike between certificates of one issuer and alike from run to run as far as the keys are; always of 16 octets, for
        # what becomes of a certificate in base64 depends on its length.
        digest = hashlib.sha256(issuer_name + self.name + spki + validity).digest()
        serial = knobs.get("serial", int.from_bytes(digest[:16], "big") >> 2 | 1 << 126)
        fields = [
            integer(serial),
            _encoded(knobs.get("inner_algorithm", named)),
            issuer_name,
            validity,
            self.name,
            spki,
        ]
        version = knobs.get("version", 3)
        if version > 1:
            fields.insert(0, tlv(0xA0, integer(version - 1)))
            extensions = _extensions(knobs, self.key, signer, self.issuer is None)
            if extensions:
                fields.append(tlv(0xA3, sequence(*extensions)))
        tbs = sequence(*fields)

        junk = "signature_oid" in knobs
        signature = hashlib.shake_256(tbs).digest(256) if junk else signer.sign(scheme, tbs)
        if knobs.get("tamper"):
            signature = signature[:-1] + bytes([signature[-1] ^ 1])
        return sequence(tbs, _encoded(knobs.get("outer_algorithm", named)), bit_string(signature))


class Authority(Issued):
    """A CA: self-signed when made by name, or issued by another with `authority`."""

    def _defaults(self) -> Knobs:
        return {"ca": True, "key_usage": ("key_cert_sign", "crl_sign")}

    def authority(self, common_name: str, **knobs: Unpack[Knobs]) -> "Authority":
        """Issue an intermediate CA."""
        return Authority(common_name, issuer=self, **knobs)

    def server(self, common_name: str, **knobs: Unpack[Knobs]) -> "Server":
        """Issue a TLS server's certificate."""
        return Server(common_name, issuer=self, **knobs)


class Server(Issued):
    """A TLS server's certificate; without an issuer it is self-signed."""

    def _defaults(self) -> Knobs:
        # Only plain RSA keys encipher: id-RSASSA-PSS keys and the others sign.
        encipher = ("key_encipherment",) if self.key.kind.rstrip("0123456789") == "rsa" else ()
        return {
            "ca": None,
            "key_usage": ("digital_signature", *encipher),
            "eku": ("server_auth",),
            "san": (self.common_name,),
        }


# -- Requests ----------------------------------------------------------------------------------------------------------


class RequestKnobs(TypedDict, total=False):
    """What can be set for a certificate request; as in `Knobs`."""

    sign: str | Scheme
    key: str | Key
    subject: Subject
    san: tuple[str, ...] | None
    key_usage: tuple[str, ...] | None
    eku: tuple[str, ...] | None
    extra_extensions: tuple[tuple[str, bool, bytes], ...]
    attributes: tuple[bytes, ...]
    """Further attributes in DER (`attribute`), behind the requested extensions."""
    spki: bytes
    """The SubjectPublicKeyInfo as it shall stand, in place of the key's."""
    signature_oid: str
    """Name this algorithm (with NULL parameters), whatever made the signature."""
    tamper: bool


@attrs.frozen
class Request:
    """A PKCS#10 request with its key."""

    der: bytes = attrs.field(repr=False)
    key: Key
    common_name: str

    @property
    def request(self) -> Any:
        """The request as an asn1crypto.csr.CertificationRequest."""
        return csr.CertificationRequest.load(self.der)

    @property
    def pem(self) -> bytes:
        """PEM as OpenSSL labels it; keytool and certreq write NEW CERTIFICATE REQUEST."""
        return armour("CERTIFICATE REQUEST", self.der)


def request(common_name: str, **knobs: Unpack[RequestKnobs]) -> Request:
    """Make a PKCS#10 request, by default for a name in the SAN and nothing else."""
    given = knobs.get("key", "rsa2048")
    signer = key(given, common_name) if isinstance(given, str) else given
    chosen = knobs.get("sign", signer.scheme)
    scheme = SCHEMES[chosen] if isinstance(chosen, str) else chosen
    wanted: Knobs = {
        "ski": False,
        "aki": False,
        "san": knobs.get("san", (common_name,)),
        "key_usage": knobs.get("key_usage"),
        "eku": knobs.get("eku"),
        "extra_extensions": knobs.get("extra_extensions", ()),
    }
    extensions = _extensions(wanted, signer, signer, True)
    attributes = b"".join(knobs.get("attributes", ()))
    if extensions:
        attributes = attribute("1.2.840.113549.1.9.14", sequence(*extensions)) + attributes
    subject = name(knobs.get("subject", (("common_name", common_name, "utf8_string"),)))
    info = sequence(integer(0), subject, knobs.get("spki", signer.spki), tlv(0xA0, attributes))
    signature = signer.sign(scheme, info)
    if knobs.get("tamper"):
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    named = algorithm(knobs["signature_oid"]) if "signature_oid" in knobs else scheme.algorithm
    return Request(sequence(info, named, bit_string(signature)), signer, common_name)


def attribute(dotted: str, *values: bytes) -> bytes:
    """An Attribute of a request: its type and a SET of its values in DER."""
    return sequence(oid(dotted), tlv(0x31, *values))


# -- Files -------------------------------------------------------------------------------------------------------------


def _der(item: Issued | bytes) -> bytes:
    return item if isinstance(item, bytes) else item.der


def pem_bundle(*issued: Issued | bytes) -> bytes:
    """The certificates in PEM, one after another."""
    return b"".join(armour("CERTIFICATE", _der(item)) for item in issued)


def pkcs7(*issued: Issued | bytes, ber: bool = False) -> bytes:
    """A SignedData without signers. The certificates stand as given, though DER would sort them: Windows does not.

    With ``ber`` the lengths of the outer values are indefinite.
    """
    wrap = indefinite if ber else tlv
    signed = wrap(
        0x30,
        integer(1),
        tlv(0x31),
        sequence(oid("1.2.840.113549.1.7.1")),
        wrap(0xA0, *map(_der, issued)),
        tlv(0x31),
    )
    return wrap(0x30, oid("1.2.840.113549.1.7.2"), wrap(0xA0, signed))


def pkcs7_pem(*issued: Issued | bytes, label: str = "PKCS7", ber: bool = False) -> bytes:
    """The same in PEM, under any of the labels in use."""
    return armour(label, pkcs7(*issued, ber=ber))


def certificates_of(signed_data: bytes) -> list[bytes]:
    """What is in a PKCS#7, according to asn1crypto, for tests to compare with."""
    content = cms.ContentInfo.load(signed_data)["content"]
    return [bytes(choice.chosen.dump()) for choice in content["certificates"]]


# -- Chains ------------------------------------------------------------------------------------------------------------


def article_chain() -> tuple[Issued, Authority, Authority]:
    """The chain that Cisco's article is about: all are SHA-256 with RSA but the root, which is RSASSA-PSS with SHA-1.

    The root's PSS parameters are an empty SEQUENCE, for all have their default values, and so Windows writes them.
    """
    root = Authority("Example Root CA", sign="RSASSA-PSS-SHA1")
    issuing = root.authority("Example Issuing CA 1", sign="SHA256withRSA", path_length=0)
    return issuing.server("gadgets.example.com"), issuing, root


def good_chain() -> tuple[Issued, Authority, Authority]:
    """The same names with nothing wrong: leaf, issuing CA, root."""
    root = Authority("Example Root CA")
    issuing = root.authority("Example Issuing CA 1", path_length=0)
    return issuing.server("gadgets.example.com"), issuing, root
