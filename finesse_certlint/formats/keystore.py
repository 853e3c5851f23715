"""Java key stores of the kinds JKS and JCEKS, read without their password.

Both are written with java.io.DataOutput: numbers big-endian, strings in modified UTF-8 behind a length of two bytes. The
layout is the one that OpenJDK's sun/security/provider/JavaKeyStore.java (`engineLoad`, `engineStore`) and
com/sun/crypto/provider/JceKeyStore.java read and write::

    magic, version (1 or 2), number of entries
    entry:  tag, alias, date (8 bytes), and then
        1   a private key:   length, encrypted key; number of certificates, certificates
        2   a certificate
        3   a secret key, in JCEKS alone: a serialized Java object, which says nowhere how long it is
    certificate:  its type, such as X.509 (from version 2 on), length, bytes
    digest: SHA-1 of the password in UTF-16BE, the words "Mighty Aphrodite" and all that stands before (20 bytes)

Certificates stand in it unencrypted; the password is needed only to see that nobody changed them. Of a key nothing is
read but its length. An entry that is damaged is named, and the next that is plainly one is looked for behind it.
"""

import hashlib
import hmac
import re
import struct
from collections.abc import Iterator

import attrs

from ..documents import Block, Document, Integrity, Kind, Span
from ..findings import printable
from ..tlv import TlvError, read
from .der import Reading, certificate_block
from .magic import KEY_STORES
from .quirks import QUIRKS

_HEADER = 12
_DIGEST = 20
_WORDS = b"Mighty Aphrodite"
_PRIVATE_KEY, _CERTIFICATE, _SECRET_KEY = 1, 2, 3
_SERIALIZED = b"\xac\xed\0\x05"
"""Java Object Serialization Specification, section 6.4.2: STREAM_MAGIC, STREAM_VERSION."""
_TAG = re.compile(rb"\0\0\0[\1-\3]")
_TYPE = re.compile(rb"\0[\4\5]X\.?509", re.IGNORECASE)
_OBJECT = re.compile(rb"0[\x81-\x83]")
_LONGEST_ALIAS = 1024
"""Bytes of an alias that are read; an entry behind a damaged one is recognised only by one that is not longer."""
_SHOWN = 80


class _DamageError(Exception):
    """What stands here is no whole entry; the message says why."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at = at


def document(data: bytes, name: str, reading: Reading) -> Document | None:
    """Read a JKS or JCEKS key store.

    :param data: the file's bytes.
    :param name: what to call the input in findings.
    :param reading: the bounds, and the password if one was given.
    :returns: a document of one block, whose children are the certificates and keys, and what could not be read with its
        offset and the reason; None where it is no such file.
    """
    kind = KEY_STORES.get(data[:4])
    if kind is None:
        return None
    store = _Store(data=data, reading=reading, is_jceks=kind == "JCEKS")
    children = tuple(store.blocks())
    block = Block(
        kind=Kind.KEYSTORE,
        span=Span(start=0, stop=len(data)),
        label=kind,
        children=children,
        integrity=store.integrity(),
        repairs=(QUIRKS["stray-bytes"],) if store.followed else (),
    )
    return Document(name=name, size=len(data), format=kind, blocks=(block,))


@attrs.define(kw_only=True)
class _Store:
    data: bytes
    reading: Reading
    is_jceks: bool
    version: int = 2
    position: int = 0
    digest_at: int | None = None
    sought: tuple[int, int] = (1, 0)
    """From where the next entry was last looked for, and where it was: what lies between is not searched again."""

    @property
    def followed(self) -> bool:
        """Whether anything stands behind the digest, at which the store ends."""
        return self.digest_at is not None and self.digest_at + _DIGEST < len(self.data)

    def integrity(self) -> Integrity:
        """What the digest at the end says, once the blocks have been read."""
        if self.digest_at is None:
            return Integrity.UNCHECKABLE
        if self.reading.password is None:
            return Integrity.NO_PASSWORD
        words = self.reading.password.encode("utf-16-be", "surrogatepass") + _WORDS
        digest = hashlib.sha1(words, usedforsecurity=False)
        digest.update(memoryview(self.data)[: self.digest_at])
        held = hmac.compare_digest(digest.digest(), self.data[self.digest_at : self.digest_at + _DIGEST])
        return Integrity.HELD if held else Integrity.BROKEN

    def blocks(self) -> Iterator[Block]:
        """What stands in the store, in its order; nothing of it is left out without a word."""
        if len(self.data) < _HEADER:
            yield self._damaged(0, len(self.data), "the file ends within its header")
            return
        self.version, count = struct.unpack_from(">II", self.data, 4)
        self.position = _HEADER
        if self.version not in (1, 2):
            yield self._damaged(4, 8, f"its version is {self.version}, and only 1 and 2 are known; it is read as 2")
            self.version = 2
        whole, damaged = 0, False
        while len(self.data) - self.position > _DIGEST:
            if whole == count and not damaged and self._next_entry(self.position) >= len(self.data) - _DIGEST:
                break  # as Java does, which passes over what stands behind the digest
            if not self.reading.take():
                yield Block(kind=Kind.UNREAD, span=_span(self.position, len(self.data)))
                return
            accounted = self.position
            try:
                for block in self._entry():
                    accounted = block.span.stop
                    yield block
                whole += 1
            except _DamageError as damage:
                damaged = True
                self.position = self._next_entry(accounted + 1)
                yield self._damaged(accounted, self.position, str(damage), damage.at)
        left = len(self.data) - self.position
        if left >= _DIGEST:
            self.digest_at = self.position
        elif not damaged:
            yield self._damaged(self.position, len(self.data), "it is cut off: the digest at its end is not whole")
        if whole != count and not damaged:
            why = f"the store says that it has {count} entries, and {whole} are there"
            yield self._damaged(4, _HEADER, why, 8)

    # -- Entries -----------------------------------------------------------------------------------------------------

    def _entry(self) -> Iterator[Block]:
        """The blocks of the entry here. The position moves behind it."""
        start = self.position
        (tag,) = self._numbers(">I", "the tag of an entry")
        if tag not in (_PRIVATE_KEY, _CERTIFICATE, _SECRET_KEY) or (tag == _SECRET_KEY and not self.is_jceks):
            raise _DamageError(start, f"no entry has the tag {tag}")
        alias = f'alias "{_shown(self._string("an alias"))}"'
        self._numbers(">q", "the date of an entry")
        if tag == _CERTIFICATE:
            yield self._certificate(alias)
        elif tag == _PRIVATE_KEY:
            begin, stop = self._sized("a private key")
            # EncryptedPrivateKeyInfo: where it is shorter or longer, the length is damaged, and hides what follows.
            if not self._is_object(begin, stop):
                raise _DamageError(begin, f"{alias}: the length of the private key is not that of what stands here")
            yield Block(kind=Kind.PRIVATE_KEY, span=_span(begin, stop), label="private key", within=alias)
            (chain,) = self._numbers(">i", "the length of a chain")
            for number in range(chain):
                if not self.reading.take():
                    return  # and the rest is unread
                block = self._certificate(f"{alias}, certificate {number + 1} of {chain}")
                # sun.security.validator.TrustStoreUtil takes the first certificate of a key's chain and no other.
                yield attrs.evolve(block, untrusted=number > 0)
        else:
            if not self.data.startswith(_SERIALIZED, self.position):
                raise _DamageError(
                    self.position, f"{alias}: no serialized Java object stands in the place of a secret key"
                )
            begin, self.position = self.position, self._next_entry(self.position + len(_SERIALIZED))
            yield Block(kind=Kind.PRIVATE_KEY, span=_span(begin, self.position), label="secret key", within=alias)

    def _certificate(self, within: str) -> Block:
        start = self.position
        kind = self._string("the type of a certificate") if self.version == 2 else "X.509"
        begin, stop = self._sized("a certificate")
        # CertificateFactory.getInstance() knows both names, in any case.
        if kind.upper() not in ("X.509", "X509"):
            why = f'a certificate of the type "{_shown(kind)}" is not read, only X.509'
            return Block(kind=Kind.DAMAGED, span=_span(start, stop), within=within, error=_at(start, why))
        block = certificate_block(self.data, begin, stop, _span, self.reading, within=within)
        if block.error or block.repairs:
            # Where the length is damaged, further entries stand in what it takes in.
            self.position = min(stop, self._next_entry(begin))
            block = attrs.evolve(block, span=_span(begin, self.position))
        return attrs.evolve(block, error=_at(begin, block.error)) if block.error else block

    def _is_object(self, start: int, stop: int) -> bool:
        try:
            return read(self.data, start, stop).stop == stop
        except TlvError:
            return False

    def _next_entry(self, position: int) -> int:
        """Where the next thing stands that is plainly an entry, or the digest, or the end."""
        asked, answer = self.sought
        if not asked <= position <= answer:
            end = min(max(position, len(self.data) - _DIGEST), len(self.data))
            found = (match.start() for match in _TAG.finditer(self.data, position, end) if self._plain(match.start()))
            asked, answer = self.sought = position, next(found, end)
        return answer

    def _plain(self, position: int) -> bool:
        """Whether an entry begins there: a tag, a short alias, a date, and the beginning of what the tag says."""
        tag = self.data[position + 3]
        (length,) = struct.unpack_from(">H", self.data, position + 4)
        at = position + 6 + length + 8
        if length > _LONGEST_ALIAS or at + 4 > len(self.data):
            return False
        if tag == _SECRET_KEY:
            return self.is_jceks and self.data.startswith(_SERIALIZED, at)
        if tag == _CERTIFICATE and self.version == 2:
            return _TYPE.match(self.data, at) is not None
        (size,) = struct.unpack_from(">I", self.data, at)
        # A certificate, or an EncryptedPrivateKeyInfo: each is a SEQUENCE of more than 127 bytes.
        return at + 4 + size <= len(self.data) and _OBJECT.match(self.data, at + 4) is not None

    # -- java.io.DataInput -------------------------------------------------------------------------------------------

    def _numbers(self, form: str, what: str) -> tuple[int, ...]:
        start, self.position = self.position, self.position + struct.calcsize(form)
        if self.position > len(self.data):
            raise _DamageError(start, f"it is cut off in {what}")
        return struct.unpack_from(form, self.data, start)

    def _string(self, what: str) -> str:
        """DataInput.readUTF: modified UTF-8, in which NUL takes two bytes and what lies beyond U+FFFF two surrogates."""
        (length,) = self._numbers(">H", what)
        start, stop = self._stretch(length, what)
        octets = self.data[start : min(stop, start + _LONGEST_ALIAS)].replace(b"\xc0\x80", b"\0")
        try:
            text = octets.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return octets.decode("utf-8", "backslashreplace")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _sized(self, what: str) -> tuple[int, int]:
        (length,) = self._numbers(">I", f"the length of {what}")
        return self._stretch(length, what)

    def _stretch(self, length: int, what: str) -> tuple[int, int]:
        start, left = self.position, len(self.data) - self.position
        if length > left:
            raise _DamageError(start, f"it is cut off in {what}: it says {length} bytes, and {left} are there")
        self.position += length
        return start, self.position

    def _damaged(self, start: int, stop: int, why: str, at: int | None = None) -> Block:
        error = _at(start if at is None else at, why)
        return Block(kind=Kind.DAMAGED, span=_span(start, stop), label="key store", error=error)


def _span(start: int, stop: int) -> Span:
    return Span(start=start, stop=stop)


def _at(offset: int, why: str) -> str:
    return f"at byte {offset}: {why}"


def _shown(text: str) -> str:
    """An alias as it may stand in a report: printable, and not longer than a line."""
    shown = printable(text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
