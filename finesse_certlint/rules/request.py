"""What stands in a certificate request.

What is asked for (the key, the names, the uses) is judged as the certificate that would come of it, by the rules on
certificates. These rules speak of what only a request has.
"""

from collections.abc import Iterator

from .. import algorithms
from ..findings import Severity
from ..pkix import PSS
from ..request import Request
from ..rule import Problem, rule
from ..subject import Subject

_PKCS10 = "RFC 2986"
_CERTENROLL = "Microsoft, IX509CertificateRequest::put_AlternateSignatureAlgorithm"
_ALTERNATE = "Microsoft, Guidelines for Using Alternate Signature Formats (cc753169)"
_CERTREQ = "Microsoft, certreq"
_SETTINGS = "certreq.inf"
_NEEDED = ("certificationRequestInfo.subject", "certificationRequestInfo.subjectPKInfo", "signature")
_ASKED = "certificationRequestInfo.attributes.extensionRequest"
_SERVER_TEMPLATES_DO_NOT = (
    "User",
    "EFS",
    "SmartcardLogon",
    "SmartcardUser",
    "ClientAuth",
    "EmailSigning",
    "CodeSigning",
)


@rule(severity="error", scope="request", references=(f"{_PKCS10}, section 4",))
def request_malformed(subject: Subject, request: Request) -> Iterator[Problem]:
    """A field of a request is not as RFC 2986 has it, or a line of an .inf file makes no sense.

    ## What it means
    The field that the finding names is missing, of another type, or cannot be decoded; of an .inf file, the line that it
    names is none that certreq is known to take. The rest was judged all the same.

    ## Why it matters
    A CA refuses a request whose name, key or signature it cannot read. What it makes of an extension or attribute that it
    cannot read is its own affair: it may refuse, or issue without it; that is a warning.

    ## What to do
    Make the request anew. If it comes the same way, the software that makes it is at fault.

    ## How to see it yourself
    `openssl asn1parse -in FILE` shows the fields as they stand; `openssl req -in FILE -noout -text` stops at some faults.

    ## Source
    RFC 2986, section 4: CertificationRequestInfo and CertificationRequest; Microsoft's page on certreq.
    """
    for problem in request.problems:
        needed = any(problem.field.startswith(field) for field in _NEEDED)
        broken = problem.field == "certificationRequestInfo" and request.public_key is None
        # An .inf line that is passed over can be the one that matters, such as a subject that is no name.
        yield Problem(
            request=request.index,
            field=problem.field,
            severity=None if needed or broken or _decides(problem.field) else Severity.WARNING,
            message=f"{problem.field}: {problem.reason}.",
            remedy="Make the request anew, with the same key if you like."
            if request.form != _SETTINGS
            else "Correct this line before certreq makes a key and a request of the file.",
            evidence={"field": problem.field},
        )


def _decides(field: str) -> bool:
    """Whether a line of an .inf file says something without which the certificate may be refused."""
    return field in ("NewRequest.Subject", "NewRequest.KeyUsage", "Extensions.2.5.29.17")


@rule(severity="error", scope="request", references=(f"{_PKCS10}, section 3", "RFC 4211, section 4"))
def request_signature_invalid(subject: Subject, request: Request) -> Iterator[Problem]:
    """A request is not signed with the key that is in it.

    ## What it means
    The signature on the request does not verify with the public key for which it asks a certificate: it was changed after
    it was signed, or was signed with another key.

    ## Why it matters
    The signature proves that the requester holds the private key. A CA refuses a request without that proof.

    ## What to do
    Make the request anew, with the private key that the server will use, and send it as it is.

    ## How to see it yourself
    `openssl req -in FILE -noout -verify` prints "verify OK" or "verify failure".

    ## Source
    RFC 2986, section 3: "The signature ... prevents an entity from requesting a certificate with another party's public
    key."
    """
    if request.proof == "failed":
        yield Problem(
            request=request.index,
            field="signature",
            message="Its signature does not verify with the public key in it: it was changed, or another key signed it.",
            remedy="Make the request anew with the server's private key, and send it unchanged.",
            evidence={"proof_of_possession": request.proof},
        )


@rule(severity="warning", scope="request", references=(f"{_PKCS10}, section 3",))
def request_signature_not_checked(subject: Subject, request: Request) -> Iterator[Problem]:
    """Whether a request is signed with its own key could not be told.

    ## What it means
    The algorithm of its signature, or the kind of its key, is not known to the libraries in use here.

    ## Why it matters
    A CA checks that signature before it issues. If it cannot check it either, it refuses.

    ## What to do
    Check it with the program that made it, or make it anew with an RSA or EC key and SHA-256.

    ## How to see it yourself
    `openssl req -in FILE -noout -verify`.

    ## Source
    RFC 2986, section 3.
    """
    if request.proof == "unchecked":
        algorithm = request.signature_algorithm
        yield Problem(
            request=request.index,
            field="signature",
            message=f"Its signature ({algorithm or 'of an algorithm that cannot be read'}) could not be checked here.",
            remedy="Check it with `openssl req -verify`, or make the request anew with an RSA or EC key and SHA-256.",
            evidence={"oid": algorithm.oid if algorithm else None},
        )


@rule(severity="warning", scope="request", references=(_CERTENROLL, _ALTERNATE, "RFC 4055", f"{_PKCS10}, section 3"))
def request_signed_with_pss(subject: Subject, request: Request) -> Iterator[Problem]:
    """The request itself is signed with RSASSA-PSS, or certreq is told to sign it so.

    ## What it means
    Windows signs a request so where `AlternateSignatureAlgorithm = true` stands in certreq's .inf file, or where the
    template asks for "Use alternate signature format". It is the requester's setting of that name, not the CA's.

    ## Why it matters
    It does not decide how the certificate will be signed. The signature of a request shows the CA that the requester holds
    the key, and stays behind; the certificate's is made by the CA, as the CA is set up. So the certificate may well be
    signed with PKCS #1 v1.5. Two things can go wrong all the same: a CA that does not know RSASSA-PSS cannot check such a
    request, and refuses it; and where this setting was chosen on purpose, the CA's own may have been as well. With
    `RequestType = Cert` certreq makes a self-signed certificate, and there it does decide.

    ## What to do
    Make the request with `AlternateSignatureAlgorithm = false`, or without that line; with another program, without PSS.
    Then look at how the CA signs: give its chain as `issuers` and a certificate that it has issued as `issued`.

    ## How to see it yourself
    `openssl req -in FILE -noout -text` shows "Signature Algorithm: rsassaPss"; `certutil -dump FILE` likewise.

    ## Source
    Microsoft: IX509CertificateRequest::put_AlternateSignatureAlgorithm, and Guidelines for Using Alternate Signature Formats;
    RFC 2986, section 3.
    """
    algorithm = request.signature_algorithm
    if algorithm is None or algorithm.oid not in (PSS, "1.2.840.10045.4.3"):
        return
    settings = request.form == _SETTINGS
    what = f"It will be signed with {algorithm}" if settings else f"It is signed with {algorithm}, {algorithm.oid}"
    yield Problem(
        request=request.index,
        field="signatureAlgorithm",
        severity=_signed_so(subject, request, algorithm.oid),
        message=f"{what}. That shows the CA who holds the key, and says nothing of how the CA will sign the certificate: the CA "
        "signs as it is set up. But a CA that does not know RSASSA-PSS refuses such a request"
        + (
            ", and with RequestType = Cert this very signature is the certificate's."
            if request.makes_certificate
            else ", and where somebody chose this format for requests, the CA may have been set up in the same way."
        ),
        remedy=(
            "1. Set AlternateSignatureAlgorithm = false in [NewRequest], or take the line out, and let certreq make the request."
            if settings
            else "1. Make the request anew without RSASSA-PSS: in certreq's .inf file AlternateSignatureAlgorithm = false; if the "
            'template asks for it, its administrator clears "Use alternate signature format".'
        )
        + "\n2. Whether you do or not, find out how the CA signs: judge again with its chain (--issuers) and a certificate that it "
        "has issued lately (--issued).",
        evidence={"oid": algorithm.oid, "parameters": str(algorithm.parameters) if algorithm.parameters else None},
    )


def _signed_so(subject: Subject, request: Request, dotted: str) -> Severity | None:
    if dotted in subject.profile.signature_algorithms:
        return Severity.NOTICE
    # The self-signed certificate that certreq makes would be the chain's root, whose own signature only the article counts.
    return Severity.ERROR if request.makes_certificate and subject.profile.judges_anchors else None


@rule(severity="warning", scope="request", references=("RFC 6151", "RFC 9155", "NIST SP 800-131A Rev. 2"))
def request_weak_hash(subject: Subject, request: Request) -> Iterator[Problem]:
    """A request is signed over a hash that is broken.

    ## What it means
    The signature on the request uses MD2, MD4, MD5 or SHA-1. It does not pass into the certificate, for which the CA
    chooses the hash.

    ## Why it matters
    Many CAs refuse a request so signed. Of the certificate it says nothing.

    ## What to do
    Make the request with SHA-256: `openssl req -new -sha256`, `keytool -certreq -sigalg SHA256withRSA`, or `HashAlgorithm =
    sha256` in certreq's .inf file.

    ## How to see it yourself
    `openssl req -in FILE -noout -text` shows "Signature Algorithm".

    ## Source
    RFC 6151 (MD5), RFC 9155 (SHA-1 in TLS); NIST SP 800-131A Rev. 2. Microsoft's page on certreq names SHA-1 as the hash of
    its defaults.
    """
    algorithm = request.signature_algorithm
    digest = algorithms.HASHES_BY_NAME.get(algorithm.hash or "") if algorithm else None
    if algorithm is None or digest is None or digest.broken is None:
        return
    settings = request.form == _SETTINGS
    unsaid = settings and "newrequest.hashalgorithm" not in request.said
    yield Problem(
        request=request.index,
        field="NewRequest.HashAlgorithm" if settings else "signatureAlgorithm",
        severity=Severity.NOTICE if unsaid else None,
        message=(
            "No HashAlgorithm is set, and Microsoft's page on certreq names SHA-1 as what it then takes."
            if unsaid
            else f"It is signed over {digest.name}. {digest.name} is {digest.broken}."
        )
        + " The CA chooses the certificate's hash by itself, but may refuse a request over such a one.",
        remedy="Set HashAlgorithm = sha256 in [NewRequest]." if settings else "Make the request anew with SHA-256.",
        evidence={"hash": digest.name, "oid": algorithm.oid},
    )


_LEAST_BITS = 2048


@rule(
    severity="warning",
    scope="request",
    references=("NIST SP 800-131A Rev. 2", "CA/Browser Forum Baseline Requirements, section 6.1.5"),
)
def request_key_short(subject: Subject, request: Request) -> Iterator[Problem]:
    """A request is for an RSA key of fewer than 2048 bits.

    ## What it means
    The key would do for Java, which asks for 1024 bits, and for few others.

    ## Why it matters
    CAs refuse such a request: the CA/Browser Forum's requirements ask for 2048 bits, and so do the templates of AD CS as a
    rule. NIST disallows shorter ones. Of keys under 1024 bits rsa-key-too-small speaks.

    ## What to do
    Make a key of at least 2048 bits and a new request with it.

    ## How to see it yourself
    `openssl req -in FILE -noout -text` shows "Public-Key: (1024 bit)".

    ## Source
    NIST SP 800-131A Rev. 2, table 2; CA/Browser Forum Baseline Requirements, section 6.1.5. That Java accepts 1024 bits was
    observed on 7u80 to 21.
    """
    key = request.public_key
    if key is None or key.name not in ("RSA", "RSASSA-PSS") or key.bits is None or key.bits >= _LEAST_BITS:
        return
    if subject.profile.algorithms.key(key, subject.at, verifies=False) is None:
        yield Problem(
            request=request.index,
            field=request.PATHS.key,
            message=f"Its RSA key has {key.bits} bits. Observed: Java accepts that; most CAs refuse to issue for fewer than 2048.",
            remedy="Make an RSA key of at least 2048 bits, and a new request with it.",
            evidence={"bits": key.bits},
        )


@rule(severity="warning", scope="request", references=(f"{_PKCS10}, section 4.1", "RFC 2985, section 5.4"))
def request_attribute_repeated(subject: Subject, request: Request) -> Iterator[Problem]:
    """An attribute stands in a request more than once.

    ## What it means
    Two attributes of one kind, the requested extensions for example, are in it.

    ## Why it matters
    Which of them counts is not said, and CAs differ: the one may issue for the first, the other for both, a third refuse.

    ## What to do
    Make the request anew with one of each kind; put all names into one subjectAltName.

    ## How to see it yourself
    `openssl req -in FILE -noout -text` lists "Attributes" and "Requested Extensions".

    ## Source
    RFC 2985, section 5.4: the attributes challengePassword and extensionRequest are single-valued.
    """
    for attribute in request.repeated_attributes:
        yield Problem(
            request=request.index,
            field=attribute.field,
            message=f"The attribute {attribute.name} stands in it more than once; which of them the CA heeds is not known.",
            remedy="Make the request anew with that attribute once.",
            evidence={"oid": attribute.oid},
        )
    for attribute in request.attributes:
        if len(attribute.values) > 1:
            yield Problem(
                request=request.index,
                field=attribute.field,
                message=f"The attribute {attribute.name} has {len(attribute.values)} values; which of them the CA heeds is not "
                "known.",
                remedy="Make the request anew with one value in that attribute.",
                evidence={"oid": attribute.oid, "values": len(attribute.values)},
            )


@rule(severity="warning", scope="request", references=("RFC 2985, section 5.4.1",))
def request_challenge_password(subject: Subject, request: Request) -> Iterator[Problem]:
    """A request holds a challenge password.

    ## What it means
    The attribute challengePassword is in it, in clear text. `openssl req` asks for it ("A challenge password"). Nothing of
    it is shown here.

    ## Why it matters
    Whoever sees the request can read it. It was meant for asking the CA to revoke the certificate; only enrolment by SCEP
    still has a use for it. If it is a password that is used elsewhere too, it is given away.

    ## What to do
    Make the request anew and leave the question empty, unless the CA asked for it. Change the password if it is in use
    elsewhere.

    ## How to see it yourself
    `openssl req -in FILE -noout -text` shows "challengePassword", and the password.

    ## Source
    RFC 2985, section 5.4.1.
    """
    if request.challenge_password:
        yield Problem(
            request=request.index,
            field="certificationRequestInfo.attributes.challengePassword",
            message="A challenge password stands in it in clear text. It is not shown here.",
            remedy="Make the request anew without it, unless the CA asked for it; change the password if it is used elsewhere.",
            evidence={},
        )


@rule(severity="warning", scope="request", references=("RFC 5280, sections 4.2.1.3 and 4.2.1.9",))
def request_for_ca(subject: Subject, request: Request) -> Iterator[Problem]:
    """A request asks for a CA's certificate.

    ## What it means
    basicConstraints with CA:TRUE is asked for, or keyCertSign in keyUsage.

    ## Why it matters
    A CA that is to issue for servers refuses it or leaves that out. If it does not, the server can issue certificates for
    whomever it likes.

    ## What to do
    Make the request anew without basicConstraints and keyCertSign: many take an example of OpenSSL's configuration with
    `v3_ca` in it.

    ## How to see it yourself
    `openssl req -in FILE -noout -text` shows "CA:TRUE" or "Certificate Sign".

    ## Source
    RFC 5280, section 4.2.1.9: "The cA boolean indicates whether the certified public key may be used to verify certificate
    signatures."
    """
    usage = request.key_usage or frozenset()
    if request.ca or "keyCertSign" in usage:
        what = "a CA's certificate (CA:TRUE)" if request.ca else "the right to sign certificates (keyCertSign)"
        yield Problem(
            request=request.index,
            field=f"{_ASKED}.{'basicConstraints' if request.ca else 'keyUsage'}",
            message=f"It asks for {what}, which a server does not need and a CA for servers does not give.",
            remedy="Make the request anew without it: for a server, keyUsage has digitalSignature and, for an RSA key, "
            "keyEncipherment.",
            evidence={"ca": request.ca, "key_usage": sorted(usage)},
        )


@rule(severity="warning", scope="request", references=("RFC 2818, section 3.1", "RFC 9525, section 2"))
def request_without_alternative_name(subject: Subject, request: Request) -> Iterator[Problem]:
    """A request has no host name in subjectAltName.

    ## What it means
    It names the server in its common name at most. A CA may add the name to subjectAltName by itself, or not.

    ## Why it matters
    Observed: every Java from 7u80 to 21 falls back on the common name where no dNSName is there, so Finesse accepts such a
    certificate; browsers do not, and they too open the gadget's server.

    ## What to do
    Ask for the host as dNSName in subjectAltName as well: `openssl req -new -addext subjectAltName=DNS:HOST`, `keytool
    -certreq -ext san=dns:HOST`, or in certreq's .inf file, in [Extensions], 2.5.29.17 = "{text}" and _continue_ =
    "dns=HOST&". Names in certreq's [RequestAttributes] do not stand in the request; an AD CS heeds them only where it
    was told to (EDITF_ATTRIBUTESUBJECTALTNAME2), which is a known weakness.

    ## How to see it yourself
    `openssl req -in FILE -noout -text` shows "X509v3 Subject Alternative Name".

    ## Source
    RFC 2818, section 3.1, on the common name: "Although the use of the Common Name is existing practice, it is deprecated";
    RFC 9525, section 2. The behaviour of Java was observed.
    """
    if request.dns_names or request.ip_addresses or any(_of_names(problem.field) for problem in request.problems):
        return
    beside = "san" in request.enrollment_values
    name = request.title if request.common_names else "the server's host"
    yield Problem(
        request=request.index,
        field=f"{_ASKED}.subjectAltName",
        message=(
            "Its subjectAltName stands beside the request, as an attribute for the CA (SAN in [RequestAttributes]), and an AD CS "
            "heeds that only where EDITF_ATTRIBUTESUBJECTALTNAME2 is set. In the request itself there is none."
            if beside
            else "It asks for no host name in subjectAltName."
            + (
                " Observed: Java then takes the common name; browsers do not."
                if request.common_names
                else " It has no common name either, so that the certificate would be for nobody."
            )
        ),
        remedy=f"Make the request anew with {name} as dNSName in subjectAltName"
        + (
            ' (in [Extensions]: 2.5.29.17 = "{text}", and below it _continue_ = "dns=HOST&").'
            if beside or request.form == _SETTINGS
            else ", or make sure that the CA adds it."
        ),
        evidence={"common_names": len(request.common_names), "beside": beside},
    )


def _of_names(field: str) -> bool:
    """Whether it is the one with the alternative names: request-malformed says that they cannot be read."""
    return field in ("Extensions.2.5.29.17", f"{_ASKED}.subjectAltName")


@rule(severity="info", scope="request", references=(_CERTREQ, "Microsoft, [MS-WCCE], section 2.2.2.7"))
def request_made_by_windows(subject: Subject, request: Request) -> Iterator[Problem]:
    """What Windows added to a request: the template, the provider of the key, who made it and where.

    ## What it means
    certreq and the certificates console add attributes for AD CS: the template that is asked for, the provider that holds
    the key, the version of Windows, and the names of the machine, the user and the program.

    ## Why it matters
    Where a template is named, it is the template that decides on names, uses and validity, and what the request asks for
    counts only as far as the template lets it ("Supply in the request"). The names of machine and user go to whoever sees
    the request, a public CA for one.

    ## What to do
    Make sure that the template is one for servers that takes the names from the request, such as "Web Server". To a CA
    outside, send a request without these attributes.

    ## How to see it yourself
    `certutil -dump FILE` lists the attributes.

    ## Source
    Microsoft's page on certreq, and [MS-WCCE], section 2.2.2.7, for the attributes.
    """
    if not (request.template or request.provider or request.os_version or request.tells_who):
        return
    said = []
    if request.template:
        said.append(f"the template {request.template}")
    if request.provider:
        said.append(f"the provider {request.provider}")
    if request.os_version:
        said.append(f"Windows {request.os_version}")
    if request.tells_who:
        said.append("the names of the machine, the user and the program that made it")
    doubtful = request.template in _SERVER_TEMPLATES_DO_NOT
    yield Problem(
        request=request.index,
        field=request.template_field if request.template else None,
        severity=Severity.WARNING if doubtful else None,
        message=f"It names {', '.join(said)}."
        + (
            f" The template {request.template} of AD CS is not for servers."
            if doubtful
            else " On AD CS the template decides what the certificate may be used for, whatever the request asks."
            if request.template
            else ""
        ),
        remedy="Ask for a template for servers, such as WebServer."
        if doubtful
        else "Make sure that the template is for servers and takes the names from the request."
        if request.template
        else "Nothing to do.",
        evidence={
            "template": request.template,
            "provider": request.provider,
            "os_version": request.os_version,
            "tells_who": request.tells_who,
        },
    )
