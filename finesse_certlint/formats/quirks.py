"""What can be odd about a file that is read all the same, and which programs would not have read it.

`refused_by` names what was tried and failed: keytool of JDK 17 (``keytool -printcert``) on a whole chain, and OpenSSL
3.0 (``openssl x509``, ``openssl pkcs7``) on a file with one certificate. The tests repeat the trial for each row.
"""

from types import MappingProxyType

from ..documents import Repair

_BOTH = "keytool and openssl"

_ROWS = (
    # encoding of the whole file
    Repair(
        quirk="utf-8-bom", what="it begins with a UTF-8 byte order mark, as Notepad writes it", refused_by="keytool"
    ),
    Repair(
        quirk="utf-16",
        what="it is UTF-16 text, as PowerShell's > and Out-File write it",
        refused_by=_BOTH,
    ),
    Repair(
        quirk="mixed",
        what="it is joined of parts of different kinds: PEM and DER, or text in two encodings",
        refused_by="",
    ),
    Repair(quirk="cr-only", what="its lines end in CR alone, as on an old Macintosh", refused_by="openssl"),
    # armour
    Repair(
        quirk="end-begin-on-one-line",
        what="an END and the next BEGIN line stand on one line, as after joining files without a final newline",
        refused_by=_BOTH,
    ),
    Repair(quirk="odd-dashes", what="its BEGIN or END line has other dashes than five ASCII hyphens", refused_by=_BOTH),
    Repair(quirk="odd-label", what="its BEGIN or END line is spelled unusually (case, blanks)", refused_by=_BOTH),
    Repair(quirk="no-end-line", what="its END line is missing", refused_by=_BOTH),
    Repair(
        quirk="end-label-differs",
        what="its END line names another kind of object than its BEGIN line",
        refused_by=_BOTH,
    ),
    Repair(quirk="text-on-end-line", what="something else stands on its END line, behind it", refused_by="keytool"),
    # body
    Repair(
        quirk="nbsp",
        what="it holds non-breaking blanks or invisible characters, as copied from a web page, Word or a dialogue",
        refused_by="keytool",
    ),
    Repair(quirk="indented", what="its lines are indented", refused_by=_BOTH),
    Repair(quirk="quoted", what="its lines begin with a quotation or comment mark", refused_by=_BOTH),
    Repair(
        quirk="framed",
        what="the same words stand before or behind each of its lines, as in a listing, a log or a script",
        refused_by=_BOTH,
    ),
    Repair(quirk="newlines-to-spaces", what="its line ends have become blanks", refused_by=_BOTH),
    Repair(
        quirk="escaped-newlines", what="its line ends are written as backslash escapes, as in JSON", refused_by=_BOTH
    ),
    Repair(quirk="quoted-printable", what="it is in quoted-printable, as in mail", refused_by=_BOTH),
    Repair(quirk="html", what="it holds HTML tags or entities", refused_by=_BOTH),
    Repair(quirk="percent-encoded", what="it is percent-encoded, as in a URL or an nginx variable", refused_by=_BOTH),
    Repair(
        quirk="string-literal",
        what="it holds quotation marks, commas or brackets of a program's string",
        refused_by=_BOTH,
    ),
    Repair(quirk="rfc-1421-headers", what="it has header lines inside the armour (RFC 1421)", refused_by=_BOTH),
    Repair(quirk="base64url", what="it is in the URL-safe alphabet of base64", refused_by=_BOTH),
    Repair(quirk="no-padding", what="its base64 lacks the padding at its end", refused_by=""),
    Repair(quirk="no-armour", what="it is base64 without BEGIN and END lines", refused_by=_BOTH),
    Repair(quirk="encoded-twice", what="its base64 holds another PEM text", refused_by=_BOTH),
    # content
    Repair(
        quirk="trusted-certificate",
        what="it carries OpenSSL's trust settings behind the certificate",
        refused_by="keytool",
    ),
    Repair(
        quirk="pkcs7-labelled-certificate",
        what="its label says CERTIFICATE and it holds a PKCS#7",
        refused_by="openssl x509",
    ),
    Repair(quirk="cms-label", what="its label is CMS", refused_by="openssl"),
    Repair(quirk="label-mismatch", what="its label does not name what it holds", refused_by="openssl"),
    Repair(quirk="trailing-bytes", what="bytes stand behind the object", refused_by="keytool"),
    Repair(quirk="stored-with-more", what="bytes stand behind a certificate in a key store", refused_by=""),
    Repair(quirk="several-in-one", what="several objects stand in one block", refused_by="keytool"),
    Repair(quirk="leading-bytes", what="bytes stand before the object", refused_by=_BOTH),
    Repair(
        quirk="stray-bytes", what="bytes that are nothing known stand between the objects or behind them", refused_by=""
    ),
    Repair(
        quirk="several-der",
        what="several DER objects follow one another, of which openssl x509 reads only the first",
        refused_by="",
    ),
    Repair(quirk="truncated-container", what="it is cut off; what stands before the cut was read", refused_by=_BOTH),
)

QUIRKS = MappingProxyType({row.quirk: row for row in _ROWS})
