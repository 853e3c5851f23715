"""Addresses, as Java reads their texts and octets: sun.net.util.IPAddressUtil, java.net.InetAddress, IPAddressName."""

import re

_HEX = re.compile("[0-9A-Fa-f]+")
_MAPPED = bytes(10) + b"\xff\xff"


def is_address(host: str) -> bool:
    """Whether Java takes the text for an address: also 10.1 and 167772161, which inet_aton knows."""
    return ipv4(host) is not None or ipv6(host) is not None


def ipv4(text: str) -> bytes | None:
    """The address in one to four decimal numbers, the last of which fills what is left, as inet_aton has it."""
    parts = text.split(".") if len(text) <= 15 else []
    if not 1 <= len(parts) <= 4 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    *leading, last = map(int, parts)
    room = 5 - len(parts)
    if any(part > 0xFF for part in leading) or last >= 1 << 8 * room:
        return None
    return bytes(leading) + last.to_bytes(room, "big")


def ipv6(text: str) -> bytes | None:
    """The address, four octets for an IPv4-mapped one; a scope behind % is passed over."""
    body, percent, scope = text.partition("%")
    if len(text) < 2 or (percent and not scope) or (body.startswith(":") and not body.startswith("::")):
        return None
    head, gap, tail = body.partition("::")
    if gap and tail.startswith(":"):
        return None
    front = _groups(head, last=not gap)
    back = _groups(tail, last=True)
    if front is None or back is None:
        return None
    length = len(front) + len(back)
    if length > 14 + (not gap) * 2 or (not gap and length != 16):
        return None
    address = front + bytes(16 - length) + back
    return plain(address)


def _groups(text: str, *, last: bool) -> bytes | None:
    if not text:
        return b""
    out = bytearray()
    parts = text.split(":")
    for place, part in enumerate(parts):
        if "." in part and last and place == len(parts) - 1:
            quad = ipv4(part) if part.count(".") == 3 else None
            if quad is None:
                return None
            out += quad
        elif part and _HEX.fullmatch(part):
            value = part.lstrip("0")
            if len(value) > 4:
                return None
            out += int(value or "0", 16).to_bytes(2, "big")
        else:
            return None
    return bytes(out)


def plain(octets: bytes) -> bytes:
    """An IPv4-mapped address, or subnet of such, as IPv4, which it is to Java; all else as it is."""
    if not octets.startswith(_MAPPED) or len(octets) not in (16, 32):
        return octets
    if len(octets) == 32 and octets[16:28] != b"\xff" * 12:
        return octets
    return octets[12:16] + octets[28:]


def inet_address(text: str) -> bytes | None:
    """`InetAddress.getByName` of an address; None where it fails.

    A scope that is no number names a network interface, which is taken not to exist.
    """
    found = ipv4(text)
    if found is not None:
        return found
    found = ipv6(text)
    _, percent, scope = text.partition("%")
    if not percent or found is None:
        return found
    if not (scope.isascii() and scope.isdigit()) or len(found) != 16:
        return None
    number = scope.lstrip("0") or "0"
    return found if len(number) <= 10 and int(number) <= 0x7FFFFFFF else None
