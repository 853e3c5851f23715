"""Bytes to documents. What a file is, is told by its content; its name is never asked.

What most inputs are, PEM and DER, is read by modules that are imported here; the reader of any other kind is imported when
a file may be of that kind.
"""

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import attrs

from ..documents import Block, Document, Kind, Repair, Span
from ..errors import InputError
from ..limits import Limits
from ..tlv import SEQUENCE
from . import armour, bare, der, magic
from .der import Reading, one_certificate, presented_block, something
from .quirks import QUIRKS
from .text import Text, decode

if TYPE_CHECKING:
    from ..handshake import Handshake
    from .foreign import Foreign

__all__ = ["QUIRKS", "one_certificate", "presented_block", "read"]

_NOISE = Kind.NOISE
_Reader = Callable[[bytes, str, Reading], Document | None]
_ANY = bytes(range(256))
_BLANKS = b"\0 \t\r\n"


def read(data: bytes, name: str, limits: Limits, password: str | bytes | None = None) -> Document:
    """Read one input, whatever it is.

    :param data: the file's bytes.
    :param name: what to call the input in findings.
    :param limits: bounds on the work.
    :param password: for key stores, bytes being UTF-8; None is none, and an empty one is a password.
    :returns: a document whose blocks cover every byte.
    :raises InputError: where nothing in it can be read or even named.
    """
    if len(data) > limits.input_bytes:
        raise InputError(
            f"{name}: {len(data)} bytes are more than the limit of {limits.input_bytes}. "
            "Give a smaller file, or raise the limit (Limits(input_bytes=...))."
        )
    if isinstance(password, bytes):
        password = password.decode("utf-8", "surrogateescape")
    if not data:
        from .foreign import FOREIGN

        return _named(data, name, FOREIGN["empty"])
    for reader in _BY_FIRST_BYTE[data[0]]:
        document = reader(data, name, Reading.begin(limits, password))
        if document is not None:
            return document
    raise InputError(
        f"{name}: no certificate, request or key was found in {len(data)} bytes, and they are no known kind of file. "
        "Give certificates in PEM, DER (.cer, .crt) or PKCS#7 (.p7b), a Java key store, or a packet capture (pcap, pcapng)."
    )


def _key_store(data: bytes, name: str, reading: Reading) -> Document | None:
    from . import keystore

    return keystore.document(data, name, reading)


def _captured(data: bytes, name: str, reading: Reading) -> Document | None:
    if not magic.begins_capture(data[:4096]):
        return None
    from .capture import reading as capture

    return capture.read(io.BytesIO(data), name, reading.limits)


def _foreign(data: bytes, name: str, _reading: Reading) -> Document | None:
    from .foreign import by_magic

    found = by_magic(data)
    return None if found is None else _named(data, name, found)


def _named(data: bytes, name: str, found: "Foreign") -> Document:
    blocks = (Block(kind=found.kind, span=Span(start=0, stop=len(data)), label=found.name),)
    return Document(name=name, size=len(data), format=found.name, blocks=blocks if data else ())


def _binary(data: bytes, name: str, reading: Reading) -> Document | None:
    """DER and BER, also with something before the first object."""
    if int.from_bytes(data[2:4], "big") + 4 == len(data):  # one object, to which the rest would come too
        block = der.certificate_at(data, 0, reading.limits)
        if block is not None:
            return Document(name=name, size=len(data), format="DER", blocks=(block,))
    if data[0] != SEQUENCE and data.lstrip(_BLANKS)[:1] != bytes([SEQUENCE]):
        return None
    return _from_stream(data, name, reading)


def _from_stream(data: bytes, name: str, reading: Reading) -> Document | None:
    blocks, repairs = der.stream(data, reading)
    if not something(blocks):
        return None
    if len(blocks) > 1 or blocks[0].error:
        blocks = _looked_through(data, blocks, reading)
    if len(blocks) > 1 and any(block.kind is _NOISE for block in blocks[1:]):
        repairs += (QUIRKS["stray-bytes"],)
    return Document(name=name, size=len(data), format="DER", blocks=tuple(blocks), repairs=repairs)


def _looked_through(data: bytes, blocks: list[Block], reading: Reading) -> list[Block]:
    """The blocks, and what is of another kind than they among them."""
    from . import mixed

    return mixed.looked_through(data, blocks, reading)


def _with_others(data: bytes, source: Text, blocks: list[Block], reading: Reading) -> list[Block]:
    """The same for blocks of text, where it is not ASCII throughout."""
    if source.width == 1 and data.isascii() and b"\0" not in data:
        return blocks
    odd = blocks[-1].kind is Kind.TEXT and blocks[-1].span.stop + 1 == len(data)
    if odd:  # a last byte that makes no character belongs to what is no UTF-16
        last = attrs.evolve(blocks[-1], span=Span(start=blocks[-1].span.start, stop=len(data)))
        blocks = [*blocks[:-1], last]
    return _looked_through(data, blocks, reading)


def _armoured(data: bytes, name: str, reading: Reading) -> Document | None:
    plain = armour.plain_blocks(data, reading.limits)
    if plain is not None:
        return Document(name=name, size=len(data), format="PEM", blocks=plain)
    source = decode(data)
    if not armour.has_markers(source.text):
        return None
    blocks = _with_others(data, source, armour.blocks(source, reading), reading)
    if not something(blocks):
        return None
    return _text_document(data, name, "PEM", source, blocks, reading.limits)


def _bare_base64(data: bytes, name: str, reading: Reading) -> Document | None:
    source = decode(data)
    lines = armour.Lines(source.text)
    blocks = bare.blocks(source, 0, len(source.text), reading, line_at=lines.at)
    if not something(blocks):
        return None
    blocks = _with_others(data, source, blocks, reading)
    return _text_document(data, name, "base64", source, blocks, reading.limits)


def _settings(data: bytes, name: str, reading: Reading) -> Document | None:
    from . import inf

    return inf.document(data, name, reading)


def _log(data: bytes, name: str, reading: Reading) -> Document | None:
    """The log of an s_client that got no certificate: how it failed."""
    source = decode(data)
    if magic.S_CLIENT not in source.text:
        return None
    from . import s_client

    if not s_client.is_log(source.text):
        return None
    blocks = [Block(kind=Kind.TEXT, span=Span(start=source.base, stop=source.byte(len(source.text))), line=1)]
    document = _text_document(data, name, "s_client", source, blocks, reading.limits)
    return document if document.handshakes else None


def _words(data: bytes, name: str, _reading: Reading) -> Document | None:
    from .foreign import by_words

    found = by_words(decode(data).text)
    return None if found is None else _named(data, name, found)


def _embedded(data: bytes, name: str, reading: Reading) -> Document | None:
    """Certificates somewhere in bytes that are nothing known: a dump, a firmware image, a database."""
    return _from_stream(data, name, reading)


def _first(numbers: Iterable[bytes]) -> bytes:
    return bytes({number[0] for number in numbers})


READERS: tuple[tuple[bytes, _Reader], ...] = (
    (_first(magic.KEY_STORES), _key_store),
    (_first((*magic.PCAP, magic.PCAPNG, magic.GZIP)), _captured),
    (_first(begins for begins, _ in magic.FOREIGN), _foreign),
    (bytes([SEQUENCE]) + _BLANKS, _binary),
    (_ANY, _armoured),
    (_ANY, _settings),
    (_ANY, _log),
    (_ANY, _bare_base64),
    (_ANY, _words),
    (_ANY, _embedded),
)
"""The sniffing table: the bytes that such a file can begin with, and who reads it if it is one. The first match wins; a new
format is one file and one row here."""
_BY_FIRST_BYTE = tuple(tuple(reader for first, reader in READERS if byte in first) for byte in _ANY)


def _text_document(data: bytes, name: str, format_: str, source: Text, blocks: list[Block], limits: Limits) -> Document:
    edges = [Block(kind=Kind.PADDING, span=Span(start=0, stop=source.base))] if source.base else []
    tail = blocks[-1].span.stop if blocks else source.byte(len(source.text))
    rest = [Block(kind=Kind.PADDING, span=Span(start=tail, stop=len(data)))] if tail < len(data) else []
    return Document(
        name=name,
        size=len(data),
        format=format_,
        blocks=(*edges, *blocks, *rest),
        repairs=_encoding_repairs(source),
        handshakes=_logged(name, source, limits),
    )


def _logged(name: str, source: Text, limits: Limits) -> tuple["Handshake", ...]:
    """The handshakes in a text, where it is the log of an s_client."""
    if magic.S_CLIENT not in source.text:
        return ()
    from . import s_client

    return tuple(
        s_client.located(logged, name, source.byte(logged.start), source.byte(logged.stop))
        for logged in s_client.sessions(source.text, limits.handshakes)
    )


def _encoding_repairs(source: Text) -> tuple[Repair, ...]:
    quirks = []
    if source.encoding == "utf-8-bom":
        quirks.append("utf-8-bom")
    if source.encoding.startswith("utf-16"):
        quirks.append("utf-16")
    if "\r" in source.text and "\n" not in source.text:
        quirks.append("cr-only")
    return tuple(QUIRKS[quirk] for quirk in quirks)
