"""Which texts sun.security.x509 takes for names of a kind: GeneralName, DNSName, RFC822Name, URIName."""

import re
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from .addresses import inet_address


class Kind(StrEnum):
    """The kinds of general names, by their names in RFC 5280, section 4.2.1.6."""

    OTHER = "otherName"
    MAIL = "rfc822Name"
    HOST = "dNSName"
    X400 = "x400Address"
    DIRECTORY = "directoryName"
    EDI = "ediPartyName"
    URI = "uniformResourceIdentifier"
    ADDRESS = "iPAddress"
    OID = "registeredID"


KINDS: Final = MappingProxyType(
    {
        0xA0: Kind.OTHER,
        0x81: Kind.MAIL,
        0x82: Kind.HOST,
        0xA3: Kind.X400,
        0xA4: Kind.DIRECTORY,
        0xA5: Kind.EDI,
        0x86: Kind.URI,
        0x87: Kind.ADDRESS,
        0x88: Kind.OID,
    }
)
"""The kinds by their tags; another tag makes the whole extension unreadable."""

_LETTER_LABEL = re.compile("[A-Za-z][A-Za-z0-9-]*")
_LABEL = re.compile("[A-Za-z0-9][A-Za-z0-9-]*")
_LIMITED_LABEL = re.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_DOMAIN_NAME = 253


def is_domain_name(text: str, *, digit_labels: bool, limited: bool) -> bool:
    """Whether DNSName(String) takes a text.

    :param text: the text.
    :param digit_labels: whether the release lets a label begin with a digit (JDK-8213952).
    :param limited: whether it keeps to 63 octets to a label and 253 in all, and ends no label with a hyphen (JDK-8381771).
    """
    if limited and len(text) > _LONGEST_DOMAIN_NAME:
        return False
    label = _LIMITED_LABEL if limited else _LABEL if digit_labels else _LETTER_LABEL
    return all(map(label.fullmatch, text.split(".")))


def has_domain(mail: str) -> bool:
    """Whether RFC822Name takes a text: something stands behind its `@`, or there is none."""
    return mail[mail.find("@") + 1 :] not in ("", ".")


def is_uri_host(host: str, *, digit_labels: bool, limited: bool) -> bool:
    """Whether URIName takes the host of a URI: a domain name, an IPv4 address, or an IPv6 address in brackets.

    :param host: the host that java.net.URI found (`uris.host`).
    :param digit_labels: as in `is_domain_name`.
    :param limited: as in `is_domain_name`.
    """
    if host.startswith("["):
        return inet_address(host[1:-1]) is not None
    return is_domain_name(host, digit_labels=digit_labels, limited=limited) or inet_address(host) is not None
