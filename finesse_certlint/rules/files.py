"""What the files themselves are, and what had to be mended to read them."""

from collections.abc import Iterator

import attrs

from ..documents import Block, Document, Integrity, Kind, Repair
from ..findings import Severity, sentence
from ..formats.foreign import FOREIGN
from ..rule import Problem, rule
from ..subject import Subject

_PEM = "RFC 7468, sections 2 and 3"
_INPUTS = "the table of inputs in the documentation, made with keytool of JDK 17 and OpenSSL 3.0"


@rule(severity="warning", scope="input", references=(_PEM, _INPUTS))
def input_repaired(subject: Subject) -> Iterator[Problem]:
    """Something about a file had to be mended before it could be read.

    ## What it means
    The certificates were read in full, but the file is not as the standards have it: its encoding, its BEGIN and END
    lines, its base64, or what is between.

    ## Why it matters
    Programs that are less patient refuse the file, or silently pass over a certificate in it. Where keytool or
    openssl was seen to do so, the finding names them; where neither did, it is a notice only.

    ## What to do
    Save the certificates anew in plain form: `finesse-certlint` has shown that nothing is lost, and `openssl x509 -in
    FILE -out NEW.pem` writes one certificate cleanly. Never paste certificates through a word processor or a mail.

    ## How to see it yourself
    `file FILE` names the encoding; `cat -A FILE` (Linux) shows every character.

    ## Source
    RFC 7468, section 3, for the form of PEM; which programs refuse what was tried with keytool of JDK 17 and OpenSSL
    3.0.
    """
    for document in subject.documents:
        if not document.repairs and not any(block.repairs for block in document.walk()):
            continue
        mends: dict[Repair, list[Block]] = {repair: [] for repair in document.repairs}
        for block in document.walk():
            if block.kind is Kind.DAMAGED:
                continue  # which was mended in vain; block-damaged speaks of it
            for repair in block.repairs:
                mends.setdefault(repair, []).append(block)
        for repair, blocks in mends.items():
            places = f" ({_places(blocks)})" if blocks and document.size else ""
            refused = f" {repair.refused_by} would refuse it." if repair.refused_by else ""
            yield Problem(
                severity=None if repair.refused_by else Severity.NOTICE,
                message=f"{document.name} was read, although {repair.what}{places}.{refused}",
                remedy="Save the certificates anew as plain PEM before you install or upload this file.",
                evidence={
                    "quirk": repair.quirk,
                    "document": document.name,
                    "count": len(blocks) or 1,
                    "lines": [block.line for block in blocks[:20] if block.line],
                    "refused_by": repair.refused_by,
                },
                start=blocks[0].span.start if blocks else 0,
                stop=blocks[0].span.stop if blocks else document.size,
                line=blocks[0].line if blocks else None,
                document=document.name,
            )


def _places(blocks: list[Block]) -> str:
    lines = [str(block.line) for block in blocks if block.line]
    if not lines:
        return f"{len(blocks)} times" if len(blocks) > 1 else "once"
    shown = ", ".join(lines[:5])
    return f"line {shown}" if len(lines) == 1 else f"lines {shown}{' and more' if len(lines) > 5 else ''}"


@rule(severity="error", scope="input", beside=True, references=(_PEM, "RFC 5280, section 4.1", "RFC 5652, section 5.1"))
def block_damaged(subject: Subject) -> Iterator[Problem]:
    """Something that announces itself as a certificate or a container of them cannot be read.

    ## What it means
    There is a BEGIN line, or the beginning of a DER object, but what follows is cut off, altered, or nothing of that
    kind. What stands before and behind it was read.

    ## Why it matters
    Nobody can say whether the certificate in it is acceptable, so the verdict is not "accepted". Observed: if a
    server sends a certificate that Java cannot parse, every release refuses, wherever in the chain it stands.

    ## What to do
    Get that certificate again from where it came; look at the line that the finding names for text that does not
    belong there, and for a missing end.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text`, and `openssl asn1parse -in FILE` for how far it goes.

    ## Source
    RFC 7468, section 3; RFC 5280, section 4.1; RFC 5652, section 5.1.
    """
    for document, block in subject.walk():
        if block.kind is Kind.DAMAGED or (block.kind is Kind.PKCS7 and block.error):
            name = f'The block "{block.label}"' if block.label else "An object"
            within = f" ({block.within})" if block.within else ""
            yield _about(
                document,
                block,
                message=f"{name}{within} cannot be read: {block.error}.",
                remedy="Get this certificate again from where it came, as a file and not through copy and paste.",
                evidence={"label": block.label, "error": block.error},
            )


def _about(document: Document, block: Block, *, message: str, remedy: str, evidence: dict[str, object]) -> Problem:
    return Problem(
        message=message,
        remedy=remedy,
        evidence=evidence,
        document=document.name,
        start=block.span.start,
        stop=block.span.stop,
        line=block.line,
        within=block.within,
    )


@rule(severity="fatal", scope="input", beside=True, references=(_INPUTS,))
def file_not_certificates(subject: Subject) -> Iterator[Problem]:
    """The file is of a kind that holds no certificates, or none that can be taken out here.

    ## What it means
    It was recognised, by its first bytes or its words, as an archive, a picture, a document, a web page,
    a shortcut, the printout of a program, or an empty file.

    ## Why it matters
    There is nothing in it to judge. A printout or a picture shows a certificate without holding its bytes, and a
    download that ran into a log-in page is a web page whatever its name says.

    ## What to do
    What the finding says for that kind of file: unpack it, export the certificates from it, or download them again.

    ## How to see it yourself
    `file FILE` names the kind.

    ## Source
    The formats' own magic numbers; what programs print was looked at with the programs themselves.
    """
    for document in subject.documents:
        foreign = FOREIGN.get(document.format)
        if foreign is not None and foreign.kind is Kind.FOREIGN:
            yield Problem(
                message=f"{foreign.what}.",
                remedy=foreign.remedy,
                evidence={"format": foreign.name},
                document=document.name,
                start=0,
                stop=document.size,
            )


@rule(severity="fatal", scope="input", beside=True, references=("RFC 7292",))
def pkcs12_not_read(subject: Subject) -> Iterator[Problem]:
    """A PKCS#12 (.pfx, .p12) could not be opened, or not all of it.

    ## What it means
    What it holds is encrypted with a password that was not given or does not fit, in a way that is not known here, or
    is cut off. Where certificates were read from the rest of it, this is an error; otherwise there is nothing to judge.

    ## Why it matters
    The certificates can be judged only once they are read; a certificate that decides may be among those that were not.

    ## What to do
    Give the password: `password=` in Python; for the command the environment variable FINESSE_CERTLINT_PASSWORD or
    --password. It opens the certificates, and no private key is decrypted. Or export the certificates alone: `openssl pkcs12
    -in FILE.pfx -nokeys -out chain.pem`, and give chain.pem. In Windows: export the certificate without its private key,
    as PKCS#7 with all certificates in the path.

    ## How to see it yourself
    `openssl pkcs12 -in FILE.pfx -info -nokeys`, or `keytool -list -keystore FILE.pfx`.

    ## Source
    RFC 7292, section 4.
    """
    for document, block in subject.walk():
        if block.kind is Kind.PKCS12 and block.error:
            partly = any(child.kind is Kind.CERTIFICATE for child in block.children)
            problem = _about(
                document,
                block,
                message=f"This is a PKCS#12 (.pfx, .p12), and {'a part of it' if partly else 'it'} was not opened: {block.error}.",
                remedy=_pkcs12_remedy(block.error),
                evidence={"reason": block.error},
            )
            yield attrs.evolve(problem, severity=Severity.ERROR if partly else None)


def _pkcs12_remedy(error: str) -> str:
    from ..formats.pkcs12 import NO_PASSWORD, WRONG_PASSWORD

    export = (
        "export the certificates alone, without the private key: `openssl pkcs12 -in FILE.pfx -nokeys -out chain.pem`, and "
        "give chain.pem."
    )
    if NO_PASSWORD in error:
        return (
            f"Give its password (password=; on the command line FINESSE_CERTLINT_PASSWORD or --password). Or {export}"
        )
    if WRONG_PASSWORD in error:
        return f"Give the password that this file was made with, in its exact spelling. Or {export}"
    return f"Get the file again if it was cut off or changed on the way. Otherwise {export}"


_KEYSTORES = ("OpenJDK, sun/security/provider/JavaKeyStore.java", "RFC 7292, section 4 and appendix B")
_STORE_NAMES = {"JKS": "Java key store (JKS)", "JCEKS": "Java key store (JCEKS)"}


def _stores(subject: Subject, *states: Integrity) -> Iterator[tuple[Document, Block, str]]:
    """The key stores in which something was read, with what to call them."""
    for document, block in subject.walk():
        if block.integrity in states and any(child.kind is Kind.CERTIFICATE for child in block.children):
            yield document, block, _STORE_NAMES.get(block.label, "PKCS#12 key store")


@rule(severity="warning", scope="input", beside=True, references=_KEYSTORES)
def keystore_digest_differs(subject: Subject) -> Iterator[Problem]:
    """The digest of a key store does not fit the password that was given.

    ## What it means
    Either the password is not the store's own, or the store was changed after it was written. Its certificates stand in it
    unencrypted and were read all the same.

    ## Why it matters
    Java refuses to open the store with this password: "Keystore was tampered with, or password was incorrect". If the store
    was changed, somebody may have put a certificate of his own in it.

    ## What to do
    Give the store's own password. If it was that, get the store again from where it came.

    ## How to see it yourself
    `keytool -list -keystore FILE` asks for the password and checks the same digest.

    ## Source
    OpenJDK, JavaKeyStore.java, `engineLoad`: SHA-1 of the password, the words "Mighty Aphrodite" and the store; for
    PKCS#12, RFC 7292, appendix B.
    """
    for document, block, what in _stores(subject, Integrity.BROKEN):
        if block.error:
            continue  # said by pkcs12-not-read
        yield _about(
            document,
            block,
            message=f"The digest of this {what} does not fit the password that was given: the password is another one, or the "
            "store was changed. What stands in it was read all the same.",
            remedy="Give the store's own password; if it was that, get the store again from where it came.",
            evidence={"format": block.label},
        )


_UNVERIFIED = {
    Integrity.NO_PASSWORD: (
        "because no password was given",
        "Give its password (password=; on the command line FINESSE_CERTLINT_PASSWORD or --password) to have it checked.",
    ),
    Integrity.NO_DIGEST: (
        "because it carries no digest, as a store without a password does",
        "Nothing to do, if you know where the store comes from.",
    ),
    Integrity.UNCHECKABLE: (
        "because its digest is cut off, of a kind that is not known here, or takes more rounds of hashing than the limit allows",
        "Check it with `keytool -list -keystore FILE`.",
    ),
}


@rule(severity="info", scope="input", beside=True, references=_KEYSTORES)
def keystore_not_verified(subject: Subject) -> Iterator[Problem]:
    """The certificates of a key store were read, and whether anybody changed the store was not checked.

    ## What it means
    The certificates in it are not encrypted, so they can be read without the password. Only the digest at its end, which
    cannot be made without the password, shows that they are the ones that were put in.

    ## Why it matters
    It matters where the store came over a way that others can write to. Java itself reads a store without a password in the
    same way, as it does with the property javax.net.ssl.trustStore and no trustStorePassword.

    ## What to do
    Give the password: `password=` in Python; for the command the environment variable FINESSE_CERTLINT_PASSWORD or
    --password. Java's own cacerts has "changeit", or none.

    ## How to see it yourself
    `keytool -list -keystore FILE`, and press Enter when it asks for the password: it then says that the integrity was not
    verified.

    ## Source
    OpenJDK, JavaKeyStore.java, `engineLoad`: the digest is checked if a password is given; PKCS#12, RFC 7292, section 4: the
    MAC is optional.
    """
    for document, block, what in _stores(subject, *_UNVERIFIED):
        assert block.integrity is not None
        why, remedy = _UNVERIFIED[block.integrity]
        yield _about(
            document,
            block,
            message=f"Whether this {what} is as it was written was not checked, {why}.",
            remedy=remedy,
            evidence={"format": block.label, "reason": block.integrity.value},
        )


@rule(severity="warning", scope="input", beside=True, references=("RFC 5958", "RFC 7468, section 10"))
def private_key_in_input(subject: Subject) -> Iterator[Problem]:
    """A private key stands in the input.

    ## What it means
    Beside or instead of certificates there is a private key. It was recognised and not read; nothing of it is kept or
    shown.

    ## Why it matters
    Whoever has the key can pose as the server. A chain that is sent around, uploaded or put into a ticket must not
    carry it.

    ## What to do
    Take it out of the file before you pass the file on; of a key store, pass on the certificates alone. If the file has
    left the server, or the people who may see the key, make a new key and have the certificate reissued.

    ## How to see it yourself
    Look for a line with "PRIVATE KEY" in the file; of a key store, `keytool -list` names the PrivateKeyEntry.

    ## Source
    RFC 5958 and RFC 7468, section 10, for the forms in which keys are written.
    """
    for document, block in subject.walk():
        if block.kind is Kind.PRIVATE_KEY:
            yield _about(
                document,
                block,
                message=f"A {_KEYS.get(block.label, 'private key')} stands here{_of(block)}. It was not read, and nothing of it is "
                "shown.",
                remedy="Take it out of this file. If the file was passed on, make a new key and have the certificate reissued.",
                evidence={"label": block.label},
            )


_KEYS = {"secret key": "secret key"}


def _of(block: Block) -> str:
    return f" ({block.within})" if block.within else ""


_OTHERS = {
    Kind.CRL: ("a certificate revocation list (CRL)", "RFC 5280, section 5"),
    Kind.OCSP: ("an OCSP request or response", "RFC 6960"),
    Kind.ATTRIBUTE_CERTIFICATE: ("an attribute certificate", "RFC 5755"),
    Kind.PUBLIC_KEY: ("a public key without a certificate", "RFC 5280, section 4.1.2.7"),
    Kind.PARAMETERS: ("parameters or another object", "RFC 7468"),
}


@rule(
    severity="notice",
    scope="input",
    beside=True,
    references=("RFC 5280, section 5", "RFC 6960", "RFC 5755", "RFC 7468"),
)
def other_object_in_input(subject: Subject) -> Iterator[Problem]:
    """Something other than a certificate stands in the input: a CRL, an OCSP answer, a public key.

    ## What it means
    It was recognised and plays no part in the judgement.

    ## Why it matters
    It does no harm here. A server's certificate file should not hold it; some servers stop at it.

    ## What to do
    Nothing for the judgement. If this was meant to be the certificate, get the certificate.

    ## How to see it yourself
    `openssl crl -in FILE -noout -text` for a CRL, `openssl ocsp -respin FILE -text` for an OCSP response.

    ## Source
    RFC 5280, section 5 (CRL), RFC 6960 (OCSP), RFC 5755 (attribute certificates).
    """
    for document, block in subject.walk():
        if block.kind in _OTHERS:
            what, source = _OTHERS[block.kind]
            label = f' "{block.label}"' if block.label else ""
            yield _about(
                document,
                block,
                message=f"{sentence(what)}{label} stands here ({source}); it plays no part in the judgement.",
                remedy="Nothing to do, unless it was meant to be the certificate: then get the certificate itself.",
                evidence={"kind": block.kind.value, "label": block.label},
            )


@rule(severity="fatal", scope="input", beside=True, references=(_PEM, "RFC 5652, section 5.1"))
def no_certificate(subject: Subject) -> Iterator[Problem]:
    """The input was read, and there is no certificate in it.

    ## What it means
    What it holds is named by the other findings: a key, a CRL, a PKCS#7 of another content, a damaged block.

    ## Why it matters
    Without a certificate there is nothing to judge.

    ## What to do
    Give the certificates, in PEM, DER (.cer, .crt) or PKCS#7 (.p7b).

    ## How to see it yourself
    Look for a line "BEGIN CERTIFICATE" in the file.

    ## Source
    RFC 7468, section 5; RFC 5652, section 5.1: a PKCS#7 can be without certificates.
    """
    kinds = {block.kind for _, block in subject.walk() if block.kind is not Kind.PKCS12 or block.error}
    named = {Kind.FOREIGN, Kind.PKCS12, Kind.CAPTURE, Kind.REQUEST, Kind.SETTINGS} & kinds
    if subject.certificates or subject.handshakes or named or not any(document.size for document in subject.documents):
        return
    held = [block.label for _, block in subject.walk() if block.kind is Kind.PKCS7 and not block.children]
    content = f" The PKCS#7 is of the type {held[0]} and carries none." if held else ""
    yield Problem(
        message=f"There is no certificate in {', '.join(document.name for document in subject.documents)}.{content}",
        remedy="Give the certificates, in PEM, DER (.cer, .crt) or PKCS#7 (.p7b): from the CA's download page, or from the "
        "server with `openssl s_client -connect HOST:443 -showcerts`.",
        evidence={"found": sorted(kind.value for kind in kinds)},
    )
