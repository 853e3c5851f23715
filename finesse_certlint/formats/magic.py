"""How the files begin that are known by that. Their readers lie elsewhere, and are imported when such a file is there."""

import zlib
from types import MappingProxyType

KEY_STORES = MappingProxyType({b"\xfe\xed\xfe\xed": "JKS", b"\xce\xce\xce\xce": "JCEKS"})
GZIP = b"\x1f\x8b"
PCAP = MappingProxyType(
    {
        b"\xa1\xb2\xc3\xd4": (">", 1e-6, 16),
        b"\xd4\xc3\xb2\xa1": ("<", 1e-6, 16),
        b"\xa1\xb2\x3c\x4d": (">", 1e-9, 16),
        b"\x4d\x3c\xb2\xa1": ("<", 1e-9, 16),
        b"\xa1\xb2\xcd\x34": (">", 1e-6, 24),
        b"\x34\xcd\xb2\xa1": ("<", 1e-6, 24),
    }
)
"""Byte order, the unit of fractions of a second, and the length of a packet's header, by the magic number."""
PCAPNG = b"\x0a\x0d\x0d\x0a"
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (GZIP, "gzip"),
    (b"MSCF", "cab"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "windows-shortcut"),
)
"""What is named and not read (`foreign.FOREIGN`)."""
S_CLIENT = "CONNECTED("
"""Stands somewhere in every log of `openssl s_client`."""
_CAPTURES = (*PCAP, PCAPNG)


def begins_capture(head: bytes) -> bool:
    """Whether a file that begins so is a capture, gzip'ed or not.

    :param head: its first bytes; 4096 are enough.
    """
    if head.startswith(GZIP):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 4)
        except zlib.error:
            return False
    return head.startswith(_CAPTURES)
