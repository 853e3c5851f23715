"""Files that hold no certificates, or none that can be taken out here: known by their first bytes or words."""

import re
from types import MappingProxyType

import attrs

from ..documents import Kind
from . import magic


@attrs.frozen(kw_only=True)
class Foreign:
    """A file format that is named, with what to do about it, and not read."""

    name: str
    kind: Kind
    what: str
    remedy: str


def _row(name: str, what: str, remedy: str, kind: Kind = Kind.FOREIGN) -> Foreign:
    return Foreign(name=name, kind=kind, what=what, remedy=remedy)


_SAVE_CERTIFICATE = (
    "Give the certificates themselves, in PEM, DER (.cer, .crt) or PKCS#7 (.p7b): from the CA's download page, or from "
    "the server with `openssl s_client -connect HOST:443 -showcerts`."
)

_ROWS = (
    _row("empty", "The file is empty", _SAVE_CERTIFICATE),
    _row("blank", "The file holds nothing but blanks", _SAVE_CERTIFICATE),
    _row("zip", "This is a zip archive", "Unpack it and give the certificate files in it."),
    _row("gzip", "This is a gzip archive", "Unpack it (`gunzip FILE`) and give the file in it."),
    _row("cab", "This is a Windows cabinet", "Unpack it and give the certificate files in it."),
    _row("7z", "This is a 7-Zip archive", "Unpack it and give the certificate files in it."),
    _row("jpeg", "This is a JPEG picture", f"A picture of a certificate cannot be read. {_SAVE_CERTIFICATE}"),
    _row("png", "This is a PNG picture", f"A picture of a certificate cannot be read. {_SAVE_CERTIFICATE}"),
    _row("gif", "This is a GIF picture", f"A picture of a certificate cannot be read. {_SAVE_CERTIFICATE}"),
    _row(
        "pdf",
        "This is a PDF document",
        f"Certificates printed into a document cannot be read back. {_SAVE_CERTIFICATE}",
    ),
    _row(
        "office",
        "This is an old Office document",
        f"Certificates pasted into a document must come out again. {_SAVE_CERTIFICATE}",
    ),
    _row(
        "windows-shortcut", "This is a Windows shortcut (.lnk), not the file that it points to", "Give the file itself."
    ),
    _row(
        "url-shortcut",
        "This is a shortcut to a web page (.url)",
        f"Open it and save the certificate. {_SAVE_CERTIFICATE}",
    ),
    _row(
        "html",
        "This is a web page, saved in place of the certificate",
        f"The download went wrong, often at a log-in page. {_SAVE_CERTIFICATE}",
    ),
    _row(
        "certutil-dump",
        "This is the text that `certutil -dump` prints; the certificate cannot be put together from it again",
        "Export the certificate: `certutil -encode FILE.cer FILE.pem`, or give the .cer file itself.",
    ),
    _row(
        "openssl-text",
        "This is the text that `openssl x509 -text -noout` prints; the certificate cannot be put together from it again",
        "Leave out -noout, so that the PEM block is printed too: `openssl x509 -in FILE -text`.",
    ),
    _row(
        "keytool-text",
        "This is the text that `keytool -list -v` or -printcert prints; the certificate cannot be put together from it again",
        "Add -rfc, so that the PEM block is printed: `keytool -list -rfc -keystore FILE` or `keytool -printcert -rfc -file FILE`.",
    ),
    _row(
        "wireshark-text",
        "This is text copied out of Wireshark; the certificates cannot be put together from it again",
        "Save the capture itself (File, Save As), or export the certificate's bytes (File, Export Packet Bytes).",
    ),
    _row(
        "hex-text",
        "These are bytes written out in hexadecimal",
        "Turn them into a file: `xxd -r -p FILE FILE.cer` for bare digits, `certutil -decodehex FILE FILE.cer` on Windows. Out "
        "of Wireshark, export the bytes instead (File, Export Packet Bytes).",
    ),
    _row(
        "ssh-key",
        "This is an SSH public key; it is no X.509 certificate",
        _SAVE_CERTIFICATE,
    ),
    _row(
        "putty-key",
        "This is a PuTTY private key",
        "A private key is not needed here. Remove this file from wherever it was sent, and give the certificates only.",
        Kind.PRIVATE_KEY,
    ),
)

FOREIGN = MappingProxyType({row.name: row for row in _ROWS})

# Compiled when the first file asks for them; `re` keeps those that were asked for.
_WORDS = (
    (r"PuTTY-User-Key-File-\d", "putty-key"),
    (r"(?i)\[InternetShortcut\]", "url-shortcut"),
    (r"(?i)<!DOCTYPE html|<html[\s>]|<head[\s>]|<body[\s>]", "html"),
    (r"(?m)^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+) AAAA", "ssh-key"),
    (r"(?m)CertUtil: -|^X509 Certificate:[ \t]*\r?$|={8,} Begin Nesting Level", "certutil-dump"),
    (r"(?m)^[ \t]*Certificate:[ \t]*\r?\n[ \t]+Data:[ \t]*\r?\n[ \t]+Version:", "openssl-text"),
    (r"(?m)^(?:Owner|Keystore type|Certificate fingerprints):", "keytool-text"),
    (
        # The packet list's words, a hex dump, and what "copy as printable text" leaves of sha256WithRSAEncryption's OID.
        (
            r"(?m)^(?:Frame \d+[:,]|Transport Layer Security|[ \t]*Handshake Protocol: )"
            r"|^[0-9a-f]{4,8}\s{2,}(?:[0-9a-f]{2} ){8}|\t\*H\r"
        ),
        "wireshark-text",
    ),
    # The beginning of a DER object of more than 127 bytes: `3082...`, `30 82`, `30:82`, `0x30, 0x82`.
    (r"(?i)30[\s:,]{0,3}(?:0x)?8[1-4](?:[\s:,\\]{0,6}(?:0x)?[0-9a-f]{2}){60}", "hex-text"),
)
_SAMPLE = 64 * 1024


def by_magic(data: bytes) -> Foreign | None:
    """The format whose magic number `data` begins with."""
    return next((FOREIGN[name] for first, name in magic.FOREIGN if data.startswith(first)), None)


def by_words(text: str) -> Foreign | None:
    """The format that the beginning of a text, in which no certificate was found, gives away."""
    if not text.strip(" \t\r\n\f\v\0\ufeff\xa0"):
        return FOREIGN["blank"]
    sample = text[:_SAMPLE]
    return next((FOREIGN[name] for pattern, name in _WORDS if re.search(pattern, sample)), None)
