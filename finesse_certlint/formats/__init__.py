"""Bytes to documents. What a file is, is told by its content; its name is never asked."""

from collections.abc import Callable

from ..documents import Block, Document, Kind, Repair, Span
from ..errors import InputError
from ..limits import Limits
from ..tlv import SEQUENCE
from . import armour, bare, der
from .der import Reading
from .foreign import FOREIGN, Foreign, by_magic, by_words
from .quirks import QUIRKS
from .text import Text, decode

__all__ = ["FOREIGN", "QUIRKS", "read"]

_NOTHING = (Kind.TEXT, Kind.PADDING, Kind.NOISE, Kind.UNREAD)
_Reader = Callable[[bytes, str, Reading], Document | None]


def read(data: bytes, name: str, limits: Limits) -> Document:
    """Read one input, whatever it is.

    :param data: the file's bytes.
    :param name: what to call the input in findings.
    :returns: a document whose blocks cover every byte.
    :raises InputError: where nothing in it can be read or even named.
    """
    if len(data) > limits.input_bytes:
        raise InputError(
            f"{name}: {len(data)} bytes are more than the limit of {limits.input_bytes}. "
            "Give a smaller file, or raise the limit (Limits(input_bytes=...))."
        )
    for reader in READERS:
        document = reader(data, name, Reading.begin(limits))
        if document is not None:
            return document
    raise InputError(
        f"{name}: no certificate, request or key was found in {len(data)} bytes, and they are no known kind of file. "
        "Give certificates in PEM, DER (.cer, .crt) or PKCS#7 (.p7b)."
    )


def _foreign(data: bytes, name: str, _reading: Reading) -> Document | None:
    found = by_magic(data) if data else FOREIGN["empty"]
    return None if found is None else _named(data, name, found)


def _named(data: bytes, name: str, found: Foreign) -> Document:
    blocks = (Block(kind=found.kind, span=Span(start=0, stop=len(data)), label=found.name),)
    return Document(name=name, size=len(data), format=found.name, blocks=blocks if data else ())


def _binary(data: bytes, name: str, reading: Reading) -> Document | None:
    """DER and BER, also with something before the first object."""
    if data.lstrip(b"\0 \t\r\n")[:1] != bytes([SEQUENCE]):
        return None
    return _from_stream(data, name, reading)


def _from_stream(data: bytes, name: str, reading: Reading) -> Document | None:
    blocks, repairs = der.stream(data, reading)
    if all(block.kind in _NOTHING for block in blocks):
        return None
    return Document(name=name, size=len(data), format="DER", blocks=tuple(blocks), repairs=repairs)


def _armoured(data: bytes, name: str, reading: Reading) -> Document | None:
    source = decode(data)
    if not armour.has_markers(source.text):
        return None
    blocks = armour.blocks(source, reading)
    if all(block.kind in _NOTHING for block in blocks):
        return None
    return _text_document(data, name, "PEM", source, blocks)


def _bare_base64(data: bytes, name: str, reading: Reading) -> Document | None:
    source = decode(data)
    lines = armour.Lines(source.text)
    blocks = bare.blocks(source, 0, len(source.text), reading, line_at=lines.at)
    if all(block.kind in _NOTHING for block in blocks):
        return None
    return _text_document(data, name, "base64", source, blocks)


def _words(data: bytes, name: str, _reading: Reading) -> Document | None:
    found = by_words(decode(data).text)
    return None if found is None else _named(data, name, found)


def _embedded(data: bytes, name: str, reading: Reading) -> Document | None:
    """Certificates somewhere in bytes that are nothing known: a dump, a firmware image, a database."""
    return _from_stream(data, name, reading)


READERS: tuple[_Reader, ...] = (_foreign, _binary, _armoured, _bare_base64, _words, _embedded)
"""The sniffing table, first match wins; a new format is one file and one row here."""


def _text_document(data: bytes, name: str, format_: str, source: Text, blocks: list[Block]) -> Document:
    edges = [Block(kind=Kind.PADDING, span=Span(start=0, stop=source.base))] if source.base else []
    tail = source.byte(len(source.text))
    rest = [Block(kind=Kind.PADDING, span=Span(start=tail, stop=len(data)))] if tail < len(data) else []
    return Document(
        name=name,
        size=len(data),
        format=format_,
        blocks=(*edges, *blocks, *rest),
        repairs=_encoding_repairs(source),
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
