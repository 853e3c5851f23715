"""PKCS#12 (RFC 7292): what stands in it openly is read without a password, and what is encrypted with it.

The bags are walked here rather than handed to pyca's `load_pkcs12`. That decrypts the private key with everything else,
gives back no certificate at all where it cannot parse one of them, passes over secret keys, a second private key and the
mark by which Java knows a trusted certificate, and takes as long as the file wants: 20 million rounds of hashing took it
2.9 seconds, and a file may ask for 2000 million. What is used of pyca are its ciphers. It comes with
pyhanko-certvalidator and so is no dependency of its own; it is imported when it is needed.

A private key is never decrypted here and never kept, only named.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any

import attrs

from ..documents import Block, Integrity, Kind
from ..findings import printable
from ..tlv import OCTET_STRING, SEQUENCE, Tlv, TlvError, oid
from . import rc2
from .der import Place, Reading, certificate_block
from .objects import clamped

NO_PASSWORD = "it is encrypted, and no password was given"  # noqa: S105 - words for people
WRONG_PASSWORD = "the password that was given is not its own, or the file was changed"  # noqa: S105 - likewise

_PKCS7 = "1.2.840.113549.1.7."
_DATA, _ENVELOPED, _ENCRYPTED = _PKCS7 + "1", _PKCS7 + "3", _PKCS7 + "6"
_BAG = "1.2.840.113549.1.12.10.1."
_KEY, _SHROUDED_KEY, _CERTIFICATE, _CRL, _SECRET, _SAFE = (_BAG + str(number) for number in range(1, 7))
_X509_CERTIFICATE = "1.2.840.113549.1.9.22.1"
_FRIENDLY_NAME, _LOCAL_KEY_ID = "1.2.840.113549.1.9.20", "1.2.840.113549.1.9.21"
_TRUSTED_KEY_USAGE = "2.16.840.1.113894.746875.1.1"
"""Oracle's, on what `keytool -importcert` stores: OpenJDK's PKCS12KeyStore takes no other certificate for a trusted one."""
_DEEPEST = 8
_MOST_PIECES = 20_000
"""Pieces of one OCTET STRING; those who cut it up do so every thousand bytes."""
_SHOWN = 80

_HASHES = MappingProxyType(
    {
        "1.3.14.3.2.26": "sha1",
        "2.16.840.1.101.3.4.2.4": "sha224",
        "2.16.840.1.101.3.4.2.1": "sha256",
        "2.16.840.1.101.3.4.2.2": "sha384",
        "2.16.840.1.101.3.4.2.3": "sha512",
    }
)
_HMACS = MappingProxyType(
    {
        "1.2.840.113549.2.7": "sha1",
        "1.2.840.113549.2.8": "sha224",
        "1.2.840.113549.2.9": "sha256",
        "1.2.840.113549.2.10": "sha384",
        "1.2.840.113549.2.11": "sha512",
    }
)
_PBKDF2, _PBES2, _PBMAC1 = "1.2.840.113549.1.5.12", "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.14"
_TRIPLE_DES = "1.2.840.113549.3.7"
_RC2 = "1.2.840.113549.3.2"
# The ciphers of PBES2 (RFC 8018 appendix B.2), with the bytes of their keys.
_CIPHERS = MappingProxyType(
    {
        "2.16.840.1.101.3.4.1.2": 16,
        "2.16.840.1.101.3.4.1.22": 24,
        "2.16.840.1.101.3.4.1.42": 32,
        _TRIPLE_DES: 24,
    }
)
# RFC 7292 appendix C: the cipher, and the bytes of its key.
_PKCS12_CIPHERS = MappingProxyType(
    {
        "1.2.840.113549.1.12.1.3": (_TRIPLE_DES, 24),
        "1.2.840.113549.1.12.1.4": (_TRIPLE_DES, 16),
        "1.2.840.113549.1.12.1.5": (_RC2, 16),
        "1.2.840.113549.1.12.1.6": (_RC2, 5),
    }
)
_FOR_KEY, _FOR_IV, _FOR_MAC = 1, 2, 3
_LONGEST_KEY = 64
_RC2_BLOCK = 60
"""How many rounds of hashing take as long as a block of RC2, which is done in Python."""

_NOT_WHOLE = "a part of it is not whole"
_UNKNOWN_FORM = "a part of it has a form that is not known here"


class _LockedError(Exception):
    """A part that stays closed; the message says why."""


@attrs.frozen(kw_only=True)
class _View:
    """Bytes in which elements stand, and from where in the input they come."""

    data: bytes = attrs.field(repr=False)
    place: Place

    def parts(self, parent: Tlv, most: int = 16) -> list[Tlv]:
        """The elements inside one, `most` and one more; the last, if it is cut off, as far as it goes."""
        return clamped(self.data, parent, most)

    def content(self, element: Tlv) -> bytes:
        return self.data[element.content : element.content_stop]

    def oid(self, element: Tlv) -> str:
        try:
            return oid(self.content(element))
        except TlvError:
            return ""


def block(
    data: bytes,
    element: Tlv,
    place: Place,
    reading: Reading,
    *,
    line: int | None = None,
    within: str | None = None,
    label: str = "",
    cut: str = "",
) -> Block:
    """Read a PKCS#12.

    :param data: the bytes that `element` stands in.
    :param element: the PFX; where its end is missing, all that is there.
    :param place: from offsets in `data` to a span of the input.
    :param reading: the bounds, and the password if one was given.
    :param cut: how it is known to be cut off, where it is.
    :returns: a block of kind PKCS12 whose children are the certificates, keys and other bags. Its `error` says what of it
        stays closed and why; nothing is raised.
    """
    store = _Store(reading=reading, line=line, outer=within)
    try:
        store.open(_View(data=data, place=place), element, cut=bool(cut))
    except _LockedError as reason:
        store.closed.append(str(reason))
    reasons = dict.fromkeys([*([cut] if cut else []), *store.closed])
    return Block(
        kind=Kind.PKCS12,
        span=place(element.start, element.stop),
        line=line,
        within=within,
        label=label or "PKCS#12",
        error="; ".join(reasons) or None,
        children=store.found(),
        integrity=store.integrity,
    )


@attrs.frozen(kw_only=True)
class _Held:
    """A block, and whether Java would trust it in its trust store."""

    block: Block
    trusted: bool


@attrs.define(kw_only=True)
class _Store:
    reading: Reading
    line: int | None
    outer: str | None
    held: list[_Held] = attrs.field(factory=list)
    closed: list[str] = attrs.field(factory=list)
    integrity: Integrity = Integrity.UNCHECKABLE

    def found(self) -> tuple[Block, ...]:
        """All that was found. Of its certificates, Java trusts those that are marked as trusted, and those of keys.

        A store of nothing but unmarked certificates is empty to Java; here it is the heap of certificates that it is.
        """
        tells = any(held.trusted or held.block.kind is Kind.PRIVATE_KEY for held in self.held)
        return tuple(
            attrs.evolve(held.block, untrusted=tells and not held.trusted and held.block.kind is Kind.CERTIFICATE)
            for held in self.held
        )

    def open(self, view: _View, pfx: Tlv, *, cut: bool) -> None:
        """Go through the file and note what is found.

        PFX ::= SEQUENCE { version, authSafe ContentInfo, macData MacData OPTIONAL }  (RFC 7292 section 4)

        :raises _LockedError: where nothing in it can be read.
        """
        members = view.parts(pfx)
        info = view.parts(members[1]) if len(members) > 1 else []
        kind = view.oid(info[0]) if info else ""
        if kind != _DATA:
            raise _LockedError("it is protected with a certificate and not with a password" if kind else _UNKNOWN_FORM)
        if len(info) < 2:
            raise _LockedError(_NOT_WHOLE)
        safes, whole = self._octets_in(view, info[1])
        if not cut:
            self.integrity = self._integrity(view, members, safes.content(whole))
        for safe in self._elements(safes, whole, 2):
            try:
                self._safe(safes, safe)
            except _LockedError as reason:
                self.closed.append(str(reason))

    # -- Safes and bags ----------------------------------------------------------------------------------------------

    def _elements(self, view: _View, parent: Tlv, members: int) -> Iterator[Tlv]:
        """The elements of the SEQUENCE OF inside `parent`, each of at most so many members, as far as the bounds go.

        What is left over is noted. One with more members has a wrong length; the rest of it are the elements behind it.
        """
        sequence = next(iter(view.parts(parent)), None)
        if sequence is None or sequence.tag != SEQUENCE:
            raise _LockedError(_UNKNOWN_FORM)
        position, end = sequence.content, sequence.content_stop
        while position < end and (found := view.parts(Tlv(SEQUENCE, position, position, end, end), 0)):
            element = found[0]
            if not self.reading.take():
                self._keep(Block(kind=Kind.UNREAD, span=view.place(position, sequence.stop), line=self.line))
                return
            inside = view.parts(element, members)
            if len(inside) > members:
                stop = inside[members].start
                self._damage(view, element.start, stop, "the length of an entry takes in what stands behind it")
                element = Tlv(element.tag, element.start, element.content, stop, stop)
            yield element
            position = element.stop
        for start, stop in ((position, end), (sequence.stop, parent.content_stop)):
            if start < stop:
                self._damage(view, start, stop, f"{stop - start} bytes of it are no entry")

    def _safe(self, view: _View, safe: Tlv) -> None:
        """AuthenticatedSafe ::= SEQUENCE OF ContentInfo: data, encryptedData or envelopedData."""
        info = view.parts(safe)
        kind = view.oid(info[0]) if info else ""
        if kind == _ENVELOPED:
            raise _LockedError("a part of it is encrypted for a certificate and not with a password")
        if len(info) < 2 or kind not in (_DATA, _ENCRYPTED):
            raise _LockedError(_UNKNOWN_FORM)
        if kind == _DATA:
            self._bags(*self._octets_in(view, info[1]), depth=0)
            return
        clear = self._decrypted(view, info[1])
        span = view.place(safe.start, safe.stop)
        self._bags(_View(data=clear, place=lambda _start, _stop: span), _all(clear), depth=0)

    def _bags(self, view: _View, contents: Tlv, depth: int) -> None:
        """SafeContents ::= SEQUENCE OF SafeBag { bagId, bagValue [0] EXPLICIT, bagAttributes SET OPTIONAL }."""
        for bag in self._elements(view, contents, 3):
            parts = view.parts(bag)
            if len(parts) < 2:
                self._damage(view, bag.start, bag.stop, "an entry of it is not whole")
                continue
            kind = view.oid(parts[0])
            if kind == _SAFE and depth < _DEEPEST:
                self._bags(view, parts[1], depth + 1)
            else:
                self._bag(view, bag, kind, parts[1], _attributes(view, parts[2] if len(parts) > 2 else None))

    def _bag(self, view: _View, bag: Tlv, kind: str, value: Tlv, attributes: dict[str, bytes]) -> None:
        span = view.place(bag.start, bag.stop)
        alias = _shown(attributes.get(_FRIENDLY_NAME, b""))
        place = f'alias "{alias}"' if alias else f"entry {len(self.held) + 1}"
        within = f"{self.outer}, {place}" if self.outer else place
        if kind in (_KEY, _SHROUDED_KEY, _SECRET):
            label = "secret key" if kind == _SECRET else "private key"
            self._keep(Block(kind=Kind.PRIVATE_KEY, span=span, line=self.line, label=label, within=within))
        elif kind == _CRL:
            self._keep(Block(kind=Kind.CRL, span=span, line=self.line, within=within))
        elif kind == _CERTIFICATE:
            trusted = _TRUSTED_KEY_USAGE in attributes or _LOCAL_KEY_ID in attributes
            self._keep(self._certificate(view, value, within), trusted=trusted)
        else:
            self._damage(view, bag.start, bag.stop, "its kind is not known, or it is nested too deep", within)

    def _certificate(self, view: _View, value: Tlv, within: str) -> Block:
        """CertBag ::= SEQUENCE { certId, certValue [0] EXPLICIT OCTET STRING }."""
        parts = view.parts(next(iter(view.parts(value)), value))
        try:
            if len(parts) < 2 or view.oid(parts[0]) != _X509_CERTIFICATE:
                raise _LockedError("this entry for a certificate holds none of the kind X.509")
            inner, octets = self._octets_in(view, parts[1])
        except _LockedError as reason:
            span = view.place(value.start, value.stop)
            return Block(kind=Kind.DAMAGED, span=span, line=self.line, within=within, error=str(reason))
        return certificate_block(
            inner.data, octets.content, octets.content_stop, inner.place, self.reading, line=self.line, within=within
        )

    def _damage(self, view: _View, start: int, stop: int, error: str, within: str | None = None) -> None:
        span = view.place(start, stop)
        within = within or self.outer
        self._keep(Block(kind=Kind.DAMAGED, span=span, line=self.line, label="PKCS#12", within=within, error=error))

    def _keep(self, block: Block, *, trusted: bool = False) -> None:
        self.held.append(_Held(block=block, trusted=trusted))

    def _octets_in(self, view: _View, explicit: Tlv) -> tuple[_View, Tlv]:
        """The OCTET STRING inside an explicit tag, in one piece."""
        inner = view.parts(explicit)
        if not inner or inner[0].tag & ~0x20 != OCTET_STRING:
            raise _LockedError(_UNKNOWN_FORM)
        return self._octets(view, inner[0])

    def _octets(self, view: _View, element: Tlv) -> tuple[_View, Tlv]:
        """An OCTET STRING in one piece; BER may have it in several, one in the other (X.690 section 8.7)."""
        if not element.tag & 0x20:
            return view, element
        pieces: list[bytes] = []
        pending = [element]
        for _ in range(_MOST_PIECES):
            if not pending:
                break
            piece = pending.pop()
            if piece.tag & 0x20:
                pending += reversed(view.parts(piece, _MOST_PIECES))
            else:
                pieces.append(view.content(piece))
        if pending:
            raise _LockedError("a part of it is cut into too many pieces")
        joined = b"".join(pieces)
        span = view.place(element.start, element.stop)
        return _View(data=joined, place=lambda _start, _stop: span), _all(joined)

    # -- Under the password ------------------------------------------------------------------------------------------

    def _integrity(self, view: _View, members: list[Tlv], protected: bytes) -> Integrity:
        if len(members) < 3:
            return Integrity.NO_DIGEST
        if self.reading.password is None:
            return Integrity.NO_PASSWORD
        try:
            return Integrity.HELD if self._mac_holds(view, members[2], protected) else Integrity.BROKEN
        except (_LockedError, ValueError, LookupError):
            return Integrity.UNCHECKABLE

    def _mac_holds(self, view: _View, mac: Tlv, protected: bytes) -> bool:
        """MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 }."""
        info, salt, *rest = view.parts(mac)
        algorithm, digest = view.parts(info)
        name, *parameters = view.parts(algorithm)
        if view.oid(name) == _PBMAC1:  # RFC 9579
            derivation, scheme = view.parts(parameters[0])
            hash_ = _HMACS[view.oid(view.parts(scheme)[0])]
            keys = iter([self._pbkdf2(view, derivation, None)])
        else:
            hash_ = _HASHES[view.oid(name)]
            rounds = _number(view.content(rest[0])) if rest else 1
            size = hashlib.new(hash_, usedforsecurity=False).digest_size
            keys = (self._derived(p, hash_, view.content(salt), rounds, _FOR_MAC, size) for p in self._passwords())
        return any(hmac.compare_digest(hmac.digest(key, protected, hash_), view.content(digest)) for key in keys)

    def _decrypted(self, view: _View, content: Tlv) -> bytes:
        """The SafeContents in an EncryptedData: SEQUENCE { version, EncryptedContentInfo } (RFC 5652 section 8)."""
        if self.reading.password is None:
            raise _LockedError(NO_PASSWORD)
        if self.integrity is Integrity.BROKEN:
            raise _LockedError(WRONG_PASSWORD)
        try:
            _version, info = view.parts(view.parts(content)[0])[:2]
            _kind, algorithm, encrypted = view.parts(info)[:3]
            name, parameters = view.parts(algorithm)[:2]
            octets, whole = self._octets(view, encrypted)
            secret = octets.content(whole)
            method = view.oid(name)
            if method == _PBES2:
                return self._pbes2(view, parameters, secret)
            if method in _PKCS12_CIPHERS:
                return self._pbes1(view, method, parameters, secret)
        except (ValueError, LookupError):
            raise _LockedError(_UNKNOWN_FORM) from None
        raise _unknown(method)

    def _pbes2(self, view: _View, parameters: Tlv, secret: bytes) -> bytes:
        """PBES2-params ::= SEQUENCE { keyDerivationFunc, encryptionScheme } (RFC 8018 appendix A.4)."""
        derivation, scheme = view.parts(parameters)[:2]
        cipher, iv = view.parts(scheme)[:2]
        name = view.oid(cipher)
        if name not in _CIPHERS:
            raise _unknown(name)
        key = self._pbkdf2(view, derivation, _CIPHERS[name])
        return self._clear(name, key, view.content(iv), secret)

    def _pbes1(self, view: _View, method: str, parameters: Tlv, secret: bytes) -> bytes:
        """Parameters ::= SEQUENCE { salt OCTET STRING, iterations INTEGER } (RFC 7292 appendix C)."""
        salt, rounds = (view.content(part) for part in view.parts(parameters)[:2])
        cipher, size = _PKCS12_CIPHERS[method]
        wrong = _LockedError(WRONG_PASSWORD)
        for password in self._passwords():
            key = self._derived(password, "sha1", salt, _number(rounds), _FOR_KEY, size)
            iv = self._derived(password, "sha1", salt, _number(rounds), _FOR_IV, 8)
            try:
                return self._clear(cipher, key, iv, secret)
            except _LockedError as error:
                wrong = error
        raise wrong

    def _clear(self, cipher: str, key: bytes, iv: bytes, secret: bytes) -> bytes:
        """What was encrypted, its padding (RFC 8018 section 6.1.1) taken off."""
        if cipher == _RC2:
            self._spend(len(secret) // rc2.BLOCK * _RC2_BLOCK)
        clear = _deciphered(cipher, key, iv, secret)
        padding = clear[-1]
        # SafeContents is a SEQUENCE; the wrong key makes one of it together with a padding once in 65536 times.
        if not 1 <= padding <= 16 or clear[-padding:] != bytes([padding]) * padding or clear[0] != SEQUENCE:
            raise _LockedError(WRONG_PASSWORD)
        return clear[:-padding]

    def _passwords(self) -> Iterator[bytes]:
        """RFC 7292 appendix B.1: a BMPString and two zero bytes behind it; of an empty one, some leave these out."""
        password = self.reading.password or ""
        yield password.encode("utf-16-be", "surrogatepass") + b"\0\0"
        if not password:
            yield b""

    def _pbkdf2(self, view: _View, derivation: Tlv, size: int | None) -> bytes:
        """PBKDF2-params ::= SEQUENCE { salt, iterationCount, keyLength OPTIONAL, prf DEFAULT hmacWithSHA1 }."""
        name, parameters = view.parts(derivation)[:2]
        if view.oid(name) != _PBKDF2:
            raise _unknown(view.oid(name))
        salt, rounds, *rest = view.parts(parameters)
        sizes = [_number(view.content(part)) for part in rest if part.tag != SEQUENCE]
        prf = next((_HMACS[view.oid(view.parts(part)[0])] for part in rest if part.tag == SEQUENCE), "sha1")
        size = min(size or sizes[0], _LONGEST_KEY)
        count = _number(view.content(rounds))
        self._spend(count * -(-size // hashlib.new(prf, usedforsecurity=False).digest_size))
        # RFC 9579 section 5, and what OpenSSL and Java do: the password in UTF-8, unlike elsewhere in PKCS#12.
        password = (self.reading.password or "").encode("utf-8", "surrogatepass")
        return hashlib.pbkdf2_hmac(prf, password, view.content(salt), count, size)

    def _derived(self, password: bytes, hash_: str, salt: bytes, rounds: int, purpose: int, size: int) -> bytes:
        """A key, an initialization vector or a key for the MAC from the password: RFC 7292 appendix B.2."""
        make: Callable[..., Any] = getattr(hashlib, hash_)  # half as slow as hashlib.new()
        start = make(usedforsecurity=False)
        width = start.block_size
        self._spend(rounds * -(-size // start.digest_size))
        start.update(bytes([purpose]) * width)
        mixed = _filled(salt, width) + _filled(password, width)
        out = b""
        while len(out) < size:
            state = start.copy()
            state.update(mixed)
            digest: bytes = state.digest()
            for _ in range(rounds - 1):
                digest = make(digest, usedforsecurity=False).digest()
            out += digest
            addend = int.from_bytes(_filled(digest, width)[:width], "big") + 1
            blocks = (int.from_bytes(mixed[at : at + width], "big") for at in range(0, len(mixed), width))
            mixed = b"".join(((block + addend) % (1 << 8 * width)).to_bytes(width, "big") for block in blocks)
        return out[:size]

    def _spend(self, rounds: int) -> None:
        if not self.reading.spend(rounds):
            most = self.reading.limits.password_rounds
            raise _LockedError(
                f"its password takes more rounds of hashing than the limit of {most} allows (Limits(password_rounds=...))"
            )


def _unknown(name: str) -> _LockedError:
    return _LockedError(f"a part of it is encrypted in a way that is not known here ({name})")


def _all(data: bytes) -> Tlv:
    """All of the bytes as the content of an element."""
    return Tlv(OCTET_STRING, 0, 0, len(data), len(data))


def _deciphered(name: str, key: bytes, iv: bytes, secret: bytes) -> bytes:
    if not secret or len(secret) % 8:
        raise _LockedError(_NOT_WHOLE)
    if name == _RC2 and len(iv) == rc2.BLOCK:
        return rc2.decrypt_cbc(key, 8 * len(key), iv, secret)
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    # With two keys, the first is the third again.
    algorithm = TripleDES((key + key[:8])[:24]) if name == _TRIPLE_DES else AES(key)
    cipher = Cipher(algorithm, CBC(iv)).decryptor()
    return cipher.update(secret) + cipher.finalize()


def _filled(data: bytes, width: int) -> bytes:
    """The bytes repeated up to a whole number of blocks."""
    size = -(-len(data) // width) * width
    return (data * (size // len(data) + 1))[:size] if data else b""


def _number(content: bytes) -> int:
    """A count; one that no file means is larger than any limit."""
    return int.from_bytes(content, "big") if len(content) <= 8 else 1 << 64


def _attributes(view: _View, attributes: Tlv | None) -> dict[str, bytes]:
    """PKCS12Attribute ::= SEQUENCE { attrId, attrValues SET }: the first value of each."""
    found: dict[str, bytes] = {}
    for attribute in view.parts(attributes) if attributes else ():
        parts = view.parts(attribute)
        values = view.parts(parts[1]) if len(parts) > 1 else []
        if parts:
            found[view.oid(parts[0])] = view.content(values[0]) if values else b""
    return found


def _shown(name: bytes) -> str:
    """A friendlyName, which is a BMPString, as it may stand in a report: printable, and not longer than a line."""
    shown = printable(name[: 4 * _SHOWN].decode("utf-16-be", "replace"))
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
