"""What a connection says before TLS begins, or instead of it: told by its first bytes."""

import re

_TEXTS = (
    (r"\ACONNECT [^\r\n]* HTTP/1", "HTTP CONNECT"),
    (r"\APROXY (?:TCP[46]|UNKNOWN)", "PROXY protocol"),
    (r"\A(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|PRI) \S{0,200} ?HTTP/", "HTTP"),
    (r"\AHTTP/\d|\A\s{0,20}<(?:!DOCTYPE|html)", "HTTP"),
    (r"urn:ietf:params:xml:ns:xmpp-tls|jabber:(?:client|server)", "XMPP with STARTTLS"),
    (r"\A\+OK|^STLS\r?$", "POP3 with STLS"),
    (r"\A\* (?:OK|PREAUTH|BYE)|^(?!\d{3} )\S{1,32} STARTTLS\r?$", "IMAP with STARTTLS"),
    (r"^AUTH (?:TLS|SSL)", "FTP with AUTH TLS"),
    (r"^(?:EHLO|HELO|LHLO) |\A220[ -][^\n]{0,200}SMTP", "SMTP with STARTTLS"),
    (r"^STARTTLS\r?$", "STARTTLS"),
    (r"\A220[ -]", "FTP or SMTP"),
    (r"\ASSH-\d", "SSH"),
)
"""Of what is text; the first that is found, in what the client said or in what the server said, names it."""
_BYTES = (
    (rb"\r\n\r\n\0\r\nQUIT\n", "PROXY protocol"),
    (rb".{0,64}1\.3\.6\.1\.4\.1\.1466\.20037", "LDAP with StartTLS"),
    (rb"\0\0\0\x08\x04\xd2\x16[\x2f\x30]", "PostgreSQL's SSLRequest"),
    (rb".{3}\0\x0a[\x20-\x7e]{3,64}\0", "MySQL's SSL request"),
    (rb"\x03\0\0.[\x0e-\xff][\xd0\xe0]\0\0", "RDP's negotiation"),
    (rb"\x05[\x01-\x10].", "SOCKS5"),
    (rb"\x04[\x01\x02].{6}", "SOCKS4"),
)
"""Of what is none."""
_TEXT_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE | re.MULTILINE), what) for pattern, what in _TEXTS)
_BYTE_PATTERNS = tuple((re.compile(pattern, re.DOTALL), what) for pattern, what in _BYTES)
_TEXT = re.compile(rb"[\t\r\n\x20-\x7e\x80-\xff]*\Z")
_SAMPLE = 512


def name(client: bytes, server: bytes) -> str:
    """What was spoken before TLS, from the beginning of what each side said; empty where nothing was."""
    said = [sample for sample in (client[:_SAMPLE], server[:_SAMPLE]) if sample]
    if not said:
        return ""
    for pattern, what in _BYTE_PATTERNS:
        if any(pattern.match(sample) for sample in said):
            return what
    texts = [sample.decode("latin-1") for sample in said if _TEXT.match(sample)]
    for text_pattern, what in _TEXT_PATTERNS:
        if any(text_pattern.search(text) for text in texts):
            return what
    return "another protocol, in text" if texts else "another protocol"
