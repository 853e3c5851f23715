"""java.net.URI's grammar: RFC 2396 with deviations, as far as URIName asks for it.

Characters above ASCII count as "other" and are allowed in most places. An IA5String never yields one but U+FFFD, for an
octet that is not ASCII.
"""

import re
from ipaddress import IPv6Address
from urllib.parse import unquote

_UNRESERVED = r"A-Za-z0-9\-_.!~*'()"
_ESCAPED = r"|%[0-9A-Fa-f]{2}|\uFFFD"
# Nothing is given back (`++`, `*+`): what may follow each of these begins with a character that it does not take.
_URIC = rf"(?:[{_UNRESERVED};/?:@&=+$,\[\]]++{_ESCAPED})*+"
_PATH = rf"(?:[{_UNRESERVED}:@&=+$,;/]++{_ESCAPED})*+"
_REGISTRY = re.compile(rf"(?:[{_UNRESERVED}$,;:@&=+]++{_ESCAPED})*+")
_SERVER = re.compile(
    rf"(?:(?:[{_UNRESERVED};:&=+$,]++{_ESCAPED})*+@)?"
    r"(?P<host>\[(?P<v6>[^\]]+)\]|[0-9]+(?:\.[0-9]+){3}(?=:|\Z)|(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*"
    r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?)(?::(?P<port>[0-9]*))?"
)
_HIERARCHY = re.compile(rf"(?://(?P<authority>[^/?#]*))?(?P<path>{_PATH})(?:\?{_URIC})?(?:\#{_URIC})?")
_OPAQUE = re.compile(rf"(?:[{_UNRESERVED};?:@&=+$,\[\]]{_ESCAPED}){_URIC}(?:\#{_URIC})?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*\Z")
_HAS_SCHEME = re.compile(r"[^/?#:]*:")
_QUAD = re.compile(r"[0-9]+(?:\.[0-9]+){3}")


class UriError(ValueError):
    """The text is no URI (Java: URISyntaxException); the message is what Java says."""


def has_scheme(text: str) -> bool:
    """Whether a text is an absolute URI or, as in a constraint, a relative one."""
    return _HAS_SCHEME.match(text) is not None


def host(text: str) -> str | None:
    """The host of an absolute URI (`URI.getHost`).

    :returns: the host as it stands there; None for a URI without one, or with an authority that is no server's.
    :raises UriError: where it is no URI.
    """
    scheme, _, rest = text.partition(":")
    if not _SCHEME.match(scheme):
        raise UriError("invalid URI name")
    if rest.startswith("/"):
        return relative_host(rest)
    if not _OPAQUE.fullmatch(rest):
        raise UriError("invalid URI name")
    return None


def relative_host(text: str) -> str | None:
    """The same for a URI without its scheme."""
    match = _HIERARCHY.fullmatch(text)
    authority = match["authority"] if match else None
    if match is None or (authority == "" and len(text) == 2):
        raise UriError("invalid URI name")
    if not authority:
        return None
    server = _SERVER.fullmatch(authority)
    port = server["port"] if server else None
    if (
        server
        and (not port or int(port.lstrip("0")[:11] or 0) < 1 << 31)
        and _address_sound(server["v6"], server["host"])
    ):
        found: str = server["host"]
        return found
    if not _REGISTRY.fullmatch(authority):
        raise UriError("Illegal character in authority")
    return None


def constraint_host(text: str) -> str:
    """The host in a name constraint, which is taken for a relative URI, of which the part before the fragment counts."""
    return unquote(text.partition("#")[0])


def is_address(host: str) -> bool:
    """Whether a host is an address rather than a domain name."""
    return host.startswith("[") or _QUAD.fullmatch(host) is not None


def _address_sound(v6: str | None, host: str) -> bool:
    if v6 is None:
        return not _QUAD.fullmatch(host) or all(int(octet.lstrip("0")[:4] or 0) <= 255 for octet in host.split("."))
    address, separator, scope = v6.partition("%")
    try:
        IPv6Address(address)
    except ValueError:
        return False
    return scope.isdigit() if separator else True
