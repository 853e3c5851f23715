"""The form of a certificate."""

from collections.abc import Iterable, Iterator

from ..certificate import Certificate
from ..documents import Kind
from ..findings import Role, Severity
from ..pkix import FieldProblem
from ..rule import Problem, rule
from ..subject import Subject

_EXTENSION = "tbsCertificate.extensions."
_EXTENDED_KEY_USAGE = "2.5.29.37"
_TOLERATED = ("tbsCertificate.serialNumber", "tbsCertificate.version")


@rule(severity="error", scope="certificate", references=("RFC 5280, section 4.1",))
def certificate_malformed(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
    """A field of a certificate is not as RFC 5280 has it.

    ## What it means
    The field that the finding names is missing, of another type, or cannot be decoded. The rest of the certificate
    was judged all the same.

    ## Why it matters
    A field that the judgement rests on (a name, a date, the key, the signature) cannot be relied upon: that is an
    error. The rest is a warning, for Java reads on, as long as it can read the certificate at all (if not,
    certificate-unparseable says so). Observed on every release: a time without seconds, a version or a serial number
    that may not be, an extension that is not critical and makes no sense are passed over. Only Java 21 refuses a
    server's certificate whose extKeyUsage or subjectAltName cannot be read, though it is not critical.

    ## What to do
    Have the certificate reissued; tell the maker of the CA's software which field it is.

    ## How to see it yourself
    `openssl asn1parse -in FILE` shows the fields as they stand.

    ## Source
    RFC 5280, section 4.1 and its subsections, by the field's name. The behaviour of Java was observed.
    """
    for problem in certificate.problems:
        yield Problem(
            certificate=certificate.index,
            field=problem.field,
            severity=Severity.WARNING if _tolerated(subject, certificate, problem) else None,
            message=f"{problem.field}: {problem.reason}.",
            remedy="Get the certificate again; if it comes the same way, have "
            f"{certificate.issuer_title or 'the CA'} reissue it.",
            evidence={"field": problem.field},
        )


def _tolerated(subject: Subject, certificate: Certificate, problem: FieldProblem) -> bool:
    """Whether the client reads on, and nothing that is judged here rests on the field."""
    if problem.field in _TOLERATED or "it is not in the form" in problem.reason:
        return True
    parser = subject.profile.parser
    refusal = parser.refusal(certificate)
    if problem.field.startswith(_EXTENSION):
        if refusal is not None and refusal.field == problem.field:
            return False
        unread = {extension.oid: extension.field for extension in parser.unreadable_extensions(certificate)}
        return not (
            parser.unreadable_purposes_refused
            and unread.get(_EXTENDED_KEY_USAGE) == problem.field
            and subject.role(certificate) is Role.LEAF
        )
    # Bits that do not count, in a signature or a key that was read all the same.
    if problem.field == certificate.PATHS.signature:
        return certificate.signature_value is not None
    if problem.field == certificate.PATHS.key:
        return certificate.public_key is not None and certificate.public_key.bits is not None
    # Something that stands where nothing belongs; what is missing Java would not read.
    return problem.field == "tbsCertificate" and refusal is None and certificate.public_key is not None


@rule(
    severity="error",
    scope="certificate",
    anchors=True,
    everywhere=True,
    references=(
        "OpenJDK's sun/security/x509/X509CertImpl.java and X509CertInfo.java",
        "RFC 5280, section 4.1",
    ),
)
def certificate_unparseable(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """The Java in question cannot read a certificate at all.

    ## What it means
    Java's CertificateFactory refuses the certificate before anything in it is judged: a field that it needs is
    missing or damaged, a critical extension cannot be read, an extension stands there twice, the two signature
    algorithms differ, or the public key is of a kind or size that this Java does not take.

    ## Why it matters
    Java reads every certificate that a server sends before it looks for a path. One that cannot be read ends the
    handshake, wherever it stands and whether it is needed or not. In a trust store such a certificate cannot be:
    the import fails the same way.

    ## What to do
    Have the certificate reissued without what the finding names. If it is not part of the chain, take it out of what
    the server sends.

    ## How to see it yourself
    `keytool -printcert -file FILE` with the Java in question reports the same exception.

    ## Source
    Read in the source of OpenJDK's X509Factory, X509CertImpl, X509CertInfo, CertificateExtensions, AlgorithmId,
    X509Key and DerValue, release by release; observed on 7u80, 7u181, 8u181, 8u504, 11, 17 and 21.
    """
    refusal = subject.profile.parser.refusal(certificate)
    if refusal is None:
        return ()
    ca = certificate.issuer_title or "the CA"
    java = subject.profile.title if subject.profile.release else "Java 7u181"
    stored = certificate.trusted
    problem = Problem(
        certificate=certificate.index,
        field=refusal.field,
        message=f"{java} cannot read this certificate. {refusal.field}: {refusal.reason}. "
        + (
            "It cannot have been imported into the trust store: the import fails the same way."
            if stored
            else "Anywhere in what the server sends it ends the handshake, and into a trust store it cannot be imported."
        ),
        before_issue="Make the request anew without that. A CA may leave it out of its own accord, but nothing says that this one "
        "does.",
        remedy=f"Have {ca} reissue it without that, and put the new one in its place"
        + ("." if stored else "; if the chain does not need it, take it out of what the server sends."),
        evidence={"field": refusal.field, "reason": refusal.reason},
    )
    return (problem,)


@rule(
    severity="error",
    scope="presented",
    everywhere=True,
    beside=True,
    references=("OpenJDK's sun/security/ssl/CertificateMessage.java", "RFC 5246, section 7.4.2"),
)
def certificate_bytes_unreadable(subject: Subject) -> Iterator[Problem]:
    """Something stands among the certificates that says it is one, and no Java could read it.

    ## What it means
    A block is labelled as a certificate, and its bytes are cut off or damaged. If the server sends it as it stands here,
    it sends something that is no certificate. The profile `finesse`, which takes a file for a collection, leaves it at
    block-damaged.

    ## Why it matters
    Java reads every certificate that a server sends before it looks for a path. Observed on 7u80 to 21: one that cannot be
    read ends the handshake, wherever it stands and whether it is needed or not.

    ## What to do
    Take the damaged block out of the server's file, or put the whole certificate in its place, and restart the server.

    ## How to see it yourself
    `openssl crl2pkcs7 -nocrl -certfile FILE | openssl pkcs7 -print_certs -noout` stops at it.

    ## Source
    OpenJDK's CertificateMessage.java; RFC 5246, section 7.4.2; the behaviour of Java was observed.
    """
    if subject.profile.paths is None:
        return
    for document, block in subject.walk():
        if block.kind is Kind.DAMAGED and block.label.endswith("CERTIFICATE"):
            yield Problem(
                message=f"{subject.profile.title} ends the handshake where a server sends this: it is no certificate that it "
                "could read.",
                remedy="Take the damaged block out of the server's file, or put the whole certificate there, and restart.",
                document=document.name,
                start=block.span.start,
                stop=block.span.stop,
                line=block.line,
                within=block.within,
                evidence={"label": block.label, "error": block.error},
            )


_LONGEST_SERIAL_BITS = 160


@rule(severity="notice", scope="certificate", references=("RFC 5280, section 4.1.2.2",))
def serial_number_odd(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A serial number is zero, negative, or longer than the standard allows.

    ## What it means
    The CA numbers its certificates otherwise than RFC 5280 asks.

    ## Why it matters
    Observed: every Java from 7u80 to 21 accepts a serial number of 0, a negative one and one of 64 octets. Other programs
    refuse them, and the tools of some PKIs cannot revoke such a certificate.

    ## What to do
    Nothing for Finesse. At the next renewal, have it issued with a positive number of at most 20 octets.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -serial`.

    ## Source
    RFC 5280, section 4.1.2.2: "The serial number MUST be a positive integer assigned by the CA to each certificate", and
    "Conforming CAs MUST NOT use serialNumber values longer than 20 octets". The behaviour of Java was observed.
    """
    serial = certificate.serial
    if serial is None or (serial > 0 and serial.bit_length() < _LONGEST_SERIAL_BITS):
        return ()
    what = "zero" if serial == 0 else "negative" if serial < 0 else f"{serial.bit_length()} bits long"
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.serialNumber",
        message=f"Its serial number is {what}. Observed: every Java accepts that; other programs may not.",
        remedy=f"Nothing for Finesse; have {certificate.issuer_title or 'the CA'} number it properly at the next renewal.",
        evidence={"bits": serial.bit_length(), "negative": serial < 0},
    )
    return (problem,)
