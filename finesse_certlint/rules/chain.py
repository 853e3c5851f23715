"""How the certificates hang together."""

from collections.abc import Iterable, Iterator

from ..certificate import Certificate
from ..chain import ObstacleKind, Trust
from ..documents import Kind
from ..findings import Severity
from ..java.constraints import NOT_A_CA, UNLIMITED
from ..pkix import BASIC_CONSTRAINTS
from ..rule import Problem, rule
from ..subject import Path, Subject

_PATH = "RFC 5280, section 6.1"
_ORDER = "RFC 5246, section 7.4.2"
_GUIDE = "Cisco Finesse Administration Guide 12.0(1), Add certificate for HTTPS gadget"


@rule(severity="warning", scope="presented", astray=True, references=(_PATH, _ORDER))
def issuer_missing(subject: Subject) -> Iterator[Problem]:
    """The certificate of an issuing CA is not in the input.

    ## What it means
    The server's certificate, or a CA's above it, names an issuer whose certificate is not here, and it is not known
    to be a root that the client already has.

    ## Why it matters
    What is not here cannot be judged, so the verdict is undetermined. If the server itself sends no more than this,
    Java refuses it unless the missing certificate is in its trust store: observed, Java follows no download address
    in a certificate by default.

    ## What to do
    Add the missing certificate to the file, and to what the server sends; judge again.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -issuer` names the one that is needed. `openssl s_client -connect HOST:443
    -showcerts` shows what the server sends.

    ## Source
    RFC 5280, section 6.1; RFC 5246, section 7.4.2: "Each following certificate MUST directly certify the one
    preceding it."
    """
    if subject.trust_given:
        return
    for top, chain in _open_ends(subject):
        if top.ca:
            continue
        yield _missing(subject, top, chain, "the issuing CA")


@rule(severity="warning", scope="presented", astray=True, references=(_PATH,))
def root_missing(subject: Subject) -> Iterator[Problem]:
    """The chain ends below a root: the certificate above the last CA is not in the input.

    ## What it means
    The last CA certificate of the chain is not a root, and its issuer, most likely the root, is not here. A server
    need not send its root, so a file taken from a server often looks like this.

    ## Why it matters
    The article counts the root too: one signed with RSASSA-PSS breaks the connection. As long as it is not here it
    cannot be judged, and the verdict is undetermined.

    ## What to do
    Get the root from the CA's publication point, or from Finesse's tomcat-trust, and give it as well: in the same
    file, as a further file, or with --trusted.

    ## How to see it yourself
    `openssl x509 -in LAST.pem -noout -issuer` names it.

    ## Source
    RFC 5280, section 6.1; Cisco TechNote 214617.
    """
    if subject.trust_given:
        return
    for top, chain in _open_ends(subject):
        if top.ca:
            yield _missing(subject, top, chain, "the root, or another CA below it")


def _open_ends(subject: Subject) -> Iterator[tuple[Certificate, int]]:
    """The last certificates of paths that reach no trust, each once, with the path's index."""
    seen: set[int] = set()
    for number, chain in enumerate(subject.chains):
        last = chain.certificates[-1]
        if not chain.complete and last not in seen:
            seen.add(last)
            if not subject.broken_link(subject.certificates[last]):
                yield subject.certificates[last], number


def _missing(subject: Subject, top: Certificate, chain: int, what: str) -> Problem:
    namesake = _namesake(subject, top)
    return Problem(
        certificate=top.index,
        chain=chain,
        field="tbsCertificate.issuer",
        message=f"Its issuer is not in the input: {top.issuer or 'a CA without a name'}."
        + (
            f" Certificate {namesake.index + 1} has that name, but another key: the CA was renewed, or there are two of "
            "that name."
            if namesake
            else ""
        ),
        remedy=f"Add the certificate of {top.issuer_title or 'the issuer'} ({what}) and judge again: as a further file, or "
        "with --trusted if it is in Finesse's tomcat-trust. Make sure that the server sends it, unless it is the root.",
        evidence={"issuer": top.issuer, "same_name": namesake.index if namesake else None},
    )


def _namesake(subject: Subject, top: Certificate) -> Certificate | None:
    if len(subject.certificates) == 1:
        return None  # whose names need not be brought into their normal form to know it
    named = subject.names.named(top.issuer_raw)
    return next((subject.certificates[index] for index in named if index != top.index), None)


@rule(severity="error", scope="path", needs=("trusted",), anchors=True, references=(_PATH, _GUIDE))
def trust_anchor_missing(subject: Subject, path: Path) -> Iterable[Problem]:
    """No path leads from the server's certificate to a certificate in the trust store.

    ## What it means
    The trust store was given, and nothing in it has issued, directly or through the certificates at hand, the one
    that the server shows.

    ## Why it matters
    Every client refuses such a server; Java logs "unable to find valid certification path to requested target". It
    looks the same whatever the certificates are signed with.

    ## What to do
    Upload the root to Finesse's tomcat-trust and restart, or complete what the server sends: the finding names the
    certificate at which the path ends and the issuer that it would need.

    ## How to see it yourself
    `openssl verify -trusted STORE.pem -untrusted CHAIN.pem SERVER.pem`.

    ## Source
    RFC 5280, section 6.1; Cisco's guide for the upload.
    """
    leaf = path.chain.certificates[0]
    if any(chain.complete and chain.certificates[0] == leaf for chain in subject.chains):
        return ()
    last = path.certificates[-1]
    root = last.self_issued
    problem = Problem(
        certificate=last.index,
        message=(
            f"The path ends at {last.title}, which is not in the trust store."
            if root
            else f"The path ends at {last.title}; its issuer is neither in the input nor in the trust store: {last.issuer}."
        ),
        remedy=(
            f"Upload {last.title} to Finesse's tomcat-trust and restart, if it is the CA that you mean to trust."
            if root
            else f"Add {last.issuer_title} to what the server sends, or, if it is the root, upload it to Finesse's "
            "tomcat-trust and restart."
        ),
        evidence={"issuer": last.issuer},
    )
    return (problem,)


@rule(severity="info", scope="presented", references=(_PATH, _GUIDE))
def trust_presumed(subject: Subject) -> Iterator[Problem]:
    """Nothing was said about the trust store, so the root in the input is presumed to be in it.

    ## What it means
    The verdict holds if, and only if, the root named here is among the trusted certificates of the client.

    ## Why it matters
    A root that is not trusted is refused, whatever it is signed with, and the error that the user sees is the same.

    ## What to do
    Give what is in the trust store with --trusted (in Python: `trusted=`), or check that the root was uploaded to
    Finesse's tomcat-trust, and that the service was restarted since.

    ## How to see it yourself
    In Cisco Unified OS Administration, under Security, Certificate Management, look for the root in tomcat-trust.

    ## Source
    RFC 5280, section 6.1: the trust anchor is an input to validation, and the certificates do not make one.
    """
    presumed = dict.fromkeys(chain.certificates[-1] for chain in subject.chains if chain.trust is Trust.PRESUMED)
    for index in presumed:
        certificate = subject.certificates[index]
        yield Problem(
            certificate=index,
            message=f"{certificate.title} is presumed to be in the client's trust store; nothing was said about it.",
            remedy="Give the trust store with --trusted, or check that this root is in Finesse's tomcat-trust.",
            evidence={},
        )


@rule(severity="warning", scope="presented", astray=True, references=(_ORDER, "RFC 8446, section 4.4.2"))
def wrong_order(subject: Subject) -> Iterator[Problem]:
    """The certificates do not stand in the order in which a server must send them.

    ## What it means
    The server's own certificate comes first, and each one after it has issued the one before. In this file they stand
    otherwise. The order inside a PKCS#7 has no meaning and is not judged.

    ## Why it matters
    Many servers send a file as it is. Observed: Java's default trust manager sorts a chain that is out of order,
    within limits (with seven or more CAs it refuses), and the older SunX509 manager does not; other clients refuse it
    too.

    ## What to do
    Put the certificates in the order that the finding names, and restart the server.

    ## How to see it yourself
    `openssl crl2pkcs7 -nocrl -certfile FILE | openssl pkcs7 -print_certs -noout` prints subject and issuer of each in
    turn.

    ## Source
    RFC 5246, section 7.4.2: "The sender's certificate MUST come first in the list. Each following certificate MUST
    directly certify the one preceding it." RFC 8446 turns the second MUST into a SHOULD.
    """
    for chain in _first_chains(subject):
        for document in subject.documents:
            ordered = [
                index
                for index in chain
                if subject.certificates[index].location.document == document.name
                and _ordered(subject, index)
                and not subject.certificates[index].trusted
            ]
            if ordered != sorted(ordered):
                titles = ", ".join(f"{subject.certificates[i].title} (now number {i + 1})" for i in ordered)
                yield Problem(
                    certificate=min(ordered),
                    message="The certificates do not stand in the order server, issuing CA, root.",
                    remedy=f"Put them in this order: {titles}. Restart the server afterwards.",
                    evidence={"order": ordered},
                )


def _first_chains(subject: Subject) -> Iterator[tuple[int, ...]]:
    """The shortest path of each leaf."""
    seen: set[int] = set()
    for chain in subject.chains:
        if chain.certificates[0] not in seen:
            seen.add(chain.certificates[0])
            yield chain.certificates


def _ordered(subject: Subject, index: int) -> bool:
    """Whether the place of the certificate in its file means anything: inside a PKCS#7 it does not."""
    return not (subject.blocks_of[index].within or "").startswith("certificates")


@rule(severity="notice", scope="presented", astray=True, references=(_ORDER,))
def stray_certificate(subject: Subject) -> Iterator[Problem]:
    """A certificate belongs to no path of the server's certificate.

    ## What it means
    It is a CA's, and it issued nothing that is here, nor was it issued by something that leads to a server's
    certificate.

    ## Why it matters
    It is of no use, and a sign that the wrong file was taken, often the CA of a former certificate. Observed: Java's
    default trust manager passes over it, SunX509 refuses the chain. One that Java cannot parse makes every release
    refuse.

    ## What to do
    Take it out of the file that the server uses; look whether the CA that is really needed is there.

    ## How to see it yourself
    `openssl crl2pkcs7 -nocrl -certfile FILE | openssl pkcs7 -print_certs -noout` prints subject and issuer of each.

    ## Source
    RFC 5246, section 7.4.2: "Each following certificate MUST directly certify the one preceding it."
    """
    if not subject.hierarchy.strays:
        return
    answering = {certificate.index: request for request, certificate in subject.delivered}
    for index in subject.hierarchy.strays:
        certificate = subject.certificates[index]
        request = answering.get(index)
        yield Problem(
            certificate=index,
            severity=Severity.WARNING if request else None,
            message="It belongs to no path from a server's certificate."
            if request is None
            else f"It answers the request for {request.title}, and was not judged: another is taken for the server's own.",
            remedy=f"Take {certificate.title} out of the server's file, unless it belongs to another certificate there."
            if request is None
            else f"Judge {certificate.title} with its chain and its request by itself.",
            evidence={},
        )


@rule(severity="notice", scope="presented", astray=True, references=(_ORDER,))
def duplicate_certificate(subject: Subject) -> Iterator[Problem]:
    """A certificate stands in the input more than once.

    ## What it means
    The same bytes occur twice, usually because files were joined that both held the chain.

    ## Why it matters
    Observed: Java's default trust manager passes over a duplicate, SunX509 refuses the chain. It makes each handshake
    larger than it need be.

    ## What to do
    Leave it in once, at its place in the order.

    ## How to see it yourself
    `openssl crl2pkcs7 -nocrl -certfile FILE | openssl pkcs7 -print_certs -noout` prints it twice.

    ## Source
    RFC 5246, section 7.4.2: "Each following certificate MUST directly certify the one preceding it."
    """
    for index, first in subject.hierarchy.duplicates.items():
        yield Problem(
            certificate=index,
            message=f"It is the same as certificate {first + 1}.",
            remedy="Leave it in once.",
            evidence={"first": first},
        )


@rule(severity="warning", scope="presented", references=(_PATH, _GUIDE))
def self_signed_leaf(subject: Subject) -> Iterator[Problem]:
    """The server's own certificate is self-signed.

    ## What it means
    No CA vouches for it: subject and issuer are the same name, and it is signed with its own key.

    ## Why it matters
    A client accepts it only if this very certificate is in its trust store, and each renewal must be put there again.

    ## What to do
    Have a certificate issued by a CA that Finesse trusts; or upload this one to Finesse's tomcat-trust, restart, and
    remember to do so at every renewal.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -subject -issuer` prints the same name twice.

    ## Source
    RFC 5280, section 6.1; Cisco's guide for the upload.
    """
    for index in sorted(subject.hierarchy.servers & subject.hierarchy.roots):
        certificate = subject.certificates[index]
        yield Problem(
            certificate=index,
            field="tbsCertificate.issuer",
            message="The server's certificate is self-signed; it is accepted only where it is itself in the trust store.",
            remedy=f"Have a CA issue a certificate for {certificate.title}, or upload this one to Finesse's tomcat-trust and "
            "restart, again at each renewal.",
            evidence={},
        )


@rule(severity="notice", scope="presented", references=(_PATH,))
def no_server_certificate(subject: Subject) -> Iterator[Problem]:
    """The input holds CA certificates only, and none of a server.

    ## What it means
    Each certificate says of itself that it is a CA's, and none names a host.

    ## Why it matters
    Whether a server is accepted is decided by its own certificate as well, so the verdict is undetermined. What is
    said of the CAs holds all the same.

    ## What to do
    Add the server's certificate. To judge a CA before anything is issued, read the findings: if there is no error
    among them, the CA is not what stands in the way.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -ext basicConstraints` prints "CA:TRUE".

    ## Source
    RFC 5280, section 4.2.1.9: basicConstraints tells a CA's certificate from another.
    """
    if subject.certificates and not subject.hierarchy.servers:
        yield Problem(
            certificate=subject.hierarchy.leaves[0] if subject.hierarchy.leaves else None,
            message="Only CA certificates are here; whether a server with a certificate of theirs is accepted also depends "
            "on that one.",
            remedy="Add the server's own certificate and judge again.",
            evidence={},
        )


def _is_issuing(subject: Subject, certificate: Certificate) -> bool:
    return bool(subject.below.get(certificate.index))


@rule(severity="error", scope="certificate", anchors=True, references=("RFC 5280, sections 4.2.1.9 and 6.1.4 (k)",))
def ca_flag_missing(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A certificate has issued another without being marked as a CA's.

    ## What it means
    Its basicConstraints extension is absent, says CA:FALSE or makes no sense, and a certificate in this input is signed
    with its key.

    ## Why it matters
    Observed: every Java refuses it between the server and the root, but for one of version 1 that the root has issued for
    its own name and another key. On a trusted root without the extension, Java 7u181 and 8u181 accept, and this is a
    warning; 8u504, 11, 17 and 21 refuse, unless the root is of version 1.

    ## What to do
    The CA's own certificate must be issued anew, as a CA's. On AD CS that is the template "Subordinate Certification
    Authority". If a server's certificate was used to sign another, stop doing so.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -ext basicConstraints`.

    ## Source
    RFC 5280, section 6.1.4 (k): "verify that the basicConstraints extension is present and that cA is set to TRUE".
    """
    if not _is_issuing(subject, certificate) or subject.profile.constraints.path_length(certificate) != NOT_A_CA:
        return ()
    if _rolls_over(subject, certificate):
        return ()
    anchor = subject.is_anchor(certificate)
    if certificate.extension(BASIC_CONSTRAINTS) is None:
        state = "is absent"
    elif certificate.basic_constraints and not certificate.ca:
        state = "says CA:FALSE"
    else:
        state = "makes no sense to Java"
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.extensions.basicConstraints",
        severity=_on_anchor(subject, certificate) if anchor else None,
        message=f"It has issued a certificate here, and its basicConstraints extension {state}."
        + (" Observed on a trusted root: Java 7u181 and 8u181 accept that, 8u504 and later refuse." if anchor else ""),
        remedy=f"Have {certificate.issuer_title} issue a CA certificate (basicConstraints CA:TRUE) for {certificate.title}.",
        evidence={"basic_constraints": state},
    )
    return (problem,)


def _rolls_over(subject: Subject, certificate: Certificate) -> bool:
    """Whether it is of version 1 or 2 and Java lets it pass: "self issued by the trust anchor in order to support key rollover"."""
    if (certificate.version or 3) > 2:
        return False
    paths = [path for path in subject.paths if certificate in path.below[1:]]
    return bool(paths) and all(
        path.below[-1] == certificate
        and subject.profile.constraints.basic_constraints(path.below[-2:], was_sorted=path.chain.sorted) is None
        for path in paths
    )


def _on_anchor(subject: Subject, certificate: Certificate) -> Severity | None:
    """PKIXValidator.verifyTrustAnchor: releases that have it pass over certificates of version 1 and 2."""
    strict = subject.profile.ca_anchors and (certificate.version or 3) > 2
    return None if strict else Severity.WARNING


@rule(severity="error", scope="certificate", anchors=True, references=("RFC 5280, sections 4.2.1.3 and 6.1.4 (n)",))
def key_cert_sign_missing(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A CA's keyUsage extension does not allow it to sign certificates.

    ## What it means
    The extension is there and the bit keyCertSign is not set in it, while a certificate in this input is signed with
    its key.

    ## Why it matters
    Observed: every Java refuses it between the server and the root. On a trusted root, Java 7u181 and 8u181 accept
    and 8u504 and later refuse; there this is a warning. A CA without the extension is accepted by all.

    ## What to do
    The CA's certificate must be issued anew with keyCertSign and cRLSign.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -ext keyUsage` should print "Certificate Sign".

    ## Source
    RFC 5280, section 6.1.4 (n): "If a key usage extension is present, verify that the keyCertSign bit is set."
    """
    usage = certificate.key_usage
    if usage is None or "keyCertSign" in usage or not _is_issuing(subject, certificate):
        return ()
    anchor = subject.is_anchor(certificate)
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.extensions.keyUsage",
        severity=_on_anchor(subject, certificate) if anchor else None,
        message=f"It has issued a certificate here, and its keyUsage allows only {', '.join(sorted(usage)) or 'nothing'}.",
        remedy=f"Have {certificate.issuer_title} issue the CA certificate of {certificate.title} anew, with keyCertSign.",
        evidence={"key_usage": sorted(usage)},
    )
    return (problem,)


@rule(severity="error", scope="presented", references=("RFC 5280, sections 4.2.1.9 and 6.1.4 (l) and (m)",))
def path_length_exceeded(subject: Subject) -> Iterator[Problem]:
    """More CAs stand below a CA than its path length allows.

    ## What it means
    basicConstraints of a CA says how many CAs may follow between it and the server's certificate; those that are
    self-issued are not counted. On this path there are more.

    ## Why it matters
    Observed: every Java refuses the chain. On the trusted root the limit is not enforced; there this is a warning.

    ## What to do
    Have the certificate issued by a CA that is high enough, or have the limiting CA's certificate issued anew with a
    larger path length.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -ext basicConstraints` prints "pathlen".

    ## Source
    RFC 5280, section 4.2.1.9: "it gives the maximum number of non-self-issued intermediate certificates that may
    follow this certificate in a valid certification path".
    """
    for number, chain in enumerate(subject.chains):
        path = [subject.certificates[index] for index in chain.certificates]
        if not chain.sorted and _long_enough(subject, path):
            continue
        follow = 0
        for place, certificate in enumerate(path):
            # As the certificates stand, Java asks of a length below zero only whether a CA follows at all.
            asked = follow or (place and chain.sorted)
            limit = subject.profile.constraints.path_length(certificate) if asked else UNLIMITED
            if limit != NOT_A_CA and follow > (limit if chain.sorted else max(limit, 0)):
                anchor = chain.complete and place == len(path) - 1
                yield Problem(
                    certificate=certificate.index,
                    chain=number,
                    field="tbsCertificate.extensions.basicConstraints.pathLenConstraint",
                    severity=Severity.WARNING if anchor else None,
                    message=f"It allows {limit} CAs below it, and on this path there are {follow}."
                    + (" Observed: Java does not enforce that on a trusted root." if anchor else ""),
                    remedy=f"Have {path[0].title} issued by a CA directly below, or have the certificate of "
                    f"{certificate.title} issued anew with a larger path length.",
                    evidence={"path_length": limit, "below": follow},
                )
            if place and not certificate.self_issued:
                follow += 1


def _long_enough(subject: Subject, path: list[Certificate]) -> bool:
    """Whether no length is too small, though every CA counted: then it need not be known which are self-issued."""
    for between, certificate in enumerate(path[2:], 1):
        limit = subject.profile.constraints.path_length(certificate)
        if limit != NOT_A_CA and max(limit, 0) < between:
            return False
    return True


@rule(severity="warning", scope="presented", references=("the library's own bounds, finesse_certlint.Limits",))
def limit_reached(subject: Subject) -> Iterator[Problem]:
    """The input called for more work than one run is allowed, and some of it was left undone.

    ## What it means
    A bound on the number of blocks, paths, or signature checks was met. Real chains stay far below all of them.

    ## Why it matters
    What was not looked at may be what decides, so a report that would otherwise say "accepted" or "refused" because
    of it says "undetermined".

    ## What to do
    Give fewer certificates at a time: the chain of one server. A program may raise the bound with
    `limits=Limits(...)`.

    ## How to see it yourself
    The evidence of the finding names the bound.

    ## Source
    `finesse_certlint.Limits` lists every bound and its default.
    """
    for name in subject.hierarchy.limits_reached:
        yield Problem(
            message=f"The bound {name} was reached while paths were sought; others may exist.",
            remedy=f"Give the chain of one server at a time, or raise the bound (Limits({name}=...)).",
            evidence={"limit": name},
        )
    if subject.requests_left:
        yield Problem(
            message=f"{subject.requests_left} further requests were not judged; the bound on requests was reached.",
            remedy="Give fewer requests at a time, or raise the bound (Limits(requests=...)).",
            evidence={"limit": "requests"},
        )
    for document, block in subject.walk():
        if block.kind is Kind.UNREAD and document.capture is None:
            # What is searched for base64 has a bound too, which no limit of the caller's raises.
            limit = "certificate_bytes" if block.der else None if block.error else "blocks"
            yield Problem(
                message=f"{document.name}: {len(block.span)} bytes from byte {block.span.start} on were not read"
                f" ({block.error or 'the bound on blocks was reached'}).",
                remedy="Give fewer certificates at a time"
                + (f", or raise the bound (Limits({limit}=...))." if limit else "."),
                evidence={"limit": limit, "reason": block.error, "bytes": len(block.span)},
            )


@rule(
    severity="error",
    scope="path",
    astray=True,
    references=("OpenJDK, PKIXValidator.java and sun/security/provider/certpath", _PATH),
)
def path_not_followed(subject: Subject, path: Path) -> Iterator[Problem]:
    """There is a path to a trusted certificate, and Java does not follow it.

    ## What it means
    Each certificate was issued by the next, and still Java, building its path, does not come upon it or stops half-way:
    because it compares names in its own way, because the authority key identifier points to another certificate, or because
    the certificates are out of order and there are more than it sorts.

    ## Why it matters
    Java then logs "unable to find valid certification path to requested target" or "Path does not chain with any of the
    trust anchors". Observed on Java 7u80 to 21: a name in BMPString or TeletexString is never the same as one in
    PrintableString; a chain out of order is sorted through five intermediate CAs, not through six; an authority key
    identifier that does not fit the trusted certificate above is refused. With a server's authority key identifier that does
    not fit, out of order, only Java 7 refuses.

    ## What to do
    For an order: put the certificates in the order server, issuing CA, root. For a name or a key identifier: have the
    certificate reissued by a CA whose software copies the issuer's name and key identifier as they stand.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -issuer -nameopt show_type` prints the types of the strings in a name.

    ## Source
    OpenJDK: AVA.java (`toRFC2253CanonicalString`), AdaptableX509CertSelector.java, and PKIXBuilderParameters: "The default
    maximum path length ... is 5". The behaviour of Java was observed.
    """
    for obstacle in path.chain.obstacles:
        certificate = subject.certificates[obstacle.certificate]
        reason, remedy = _OBSTACLES[obstacle.kind]
        yield Problem(
            certificate=certificate.index,
            message=f"{subject.profile.title} does not follow this path: {reason}.",
            remedy=remedy.format(certificate.title, certificate.issuer_title),
            evidence={"obstacle": obstacle.kind.value},
        )


_SORT = "Put the certificates in the order server, issuing CA, root, and restart the server."
_OBSTACLES = {
    ObstacleKind.NAME: (
        "the issuer's name is not the same for it as the CA's own (another type of string, or other spelling)",
        "Have {1} reissue the certificate of {0} with the issuer's name exactly as it stands in the CA's certificate.",
    ),
    ObstacleKind.KEY_IDENTIFIER: (
        "the authority key identifier does not fit the certificate that the trust store has for the issuer",
        "Put the CA certificate into the trust store that the authority key identifier names, or have {0} reissued.",
    ),
    ObstacleKind.LENGTH: ("the certificates are out of order, and it sorts no more than five intermediate CAs", _SORT),
    ObstacleKind.SELF_ISSUED: (
        "the certificates are out of order, and it follows no two self-issued certificates in a row",
        _SORT,
    ),
    ObstacleKind.ANCHOR_VALIDITY: (
        "the certificates are out of order, and when it sorts them it passes over a trusted certificate that is not valid",
        "Put the certificates in order, or renew {0}.",
    ),
    ObstacleKind.ORDER: ("it takes the certificates as they stand, and these lead elsewhere", _SORT),
}


@rule(severity="error", scope="presented", everywhere=True, references=("jdk.tls.maxCertificateChainLength",))
def chain_too_long(subject: Subject) -> Iterator[Problem]:
    """The server sends more certificates than the client reads.

    ## What it means
    The Java in question reads at most so many certificates of a server, by its property
    `jdk.tls.maxCertificateChainLength`; here there are more.

    ## Why it matters
    The handshake ends before a certificate is looked at. Observed: 8u504, 11, 17 and 21 refuse more than 10; 7u80 and 7u181
    accept 11 and 12 in order.

    ## What to do
    Leave out of the server's file what does not belong to its chain, duplicates, and the root.

    ## How to see it yourself
    `openssl s_client -connect HOST:443 -showcerts` shows what the server sends.

    ## Source
    OpenJDK's CertificateMessage.java, `jdk.tls.maxCertificateChainLength`, 10 by default; observed on the wire.
    """
    sent = [certificate for certificate in subject.certificates if not certificate.trusted]
    if subject.prospect:  # nothing is sent yet, and what is on no path will not be
        sent = [certificate for certificate in sent if subject.on_path(certificate)]
    longest = subject.profile.longest_chain
    if longest is None or len(sent) <= longest or len(subject.hierarchy.leaves) != 1:
        return
    yield Problem(
        certificate=sent[longest].index,
        message=f"There are {len(sent)} certificates; {subject.profile.title} reads {longest} of a server and ends the "
        "handshake beyond that.",
        remedy="Leave out of the server's file the root, duplicates, and whatever does not belong to its chain.",
        evidence={"sent": len(sent), "longest": longest},
    )
