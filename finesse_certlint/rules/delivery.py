"""What a CA delivered, held against the request that it was to answer."""

import ipaddress
from collections.abc import Iterator

from ..certificate import Certificate
from ..findings import Severity, printable
from ..pkix import same_name
from ..request import Request
from ..rule import Problem, rule
from ..subject import Path, Subject

_PKCS10 = "RFC 2986, section 3"
_GUIDE = "Cisco Finesse Administration Guide 12.0(1), Add certificate for HTTPS gadget"
_ORDER = "RFC 5246, section 7.4.2"
_MOST_NAMES = 50


@rule(severity="error", scope="presented", needs=("request",), everywhere=True, references=(_PKCS10,))
def delivered_key_differs(subject: Subject) -> Iterator[Problem]:
    """No certificate that was delivered has the key of the request.

    ## What it means
    The public key in the request is in none of the certificates. They were issued for another request, or the files were
    mixed up.

    ## Why it matters
    The server holds the private key of the request. With a certificate for another key it cannot start, or no handshake comes
    about.

    ## What to do
    Look for the certificate that was issued for this request; or find the request, and with it the private key, that this
    certificate was issued for. If neither is to be found, make a new key and a new request.

    ## How to see it yourself
    `openssl req -in REQUEST -noout -pubkey` and `openssl x509 -in CERTIFICATE -noout -pubkey` print the same for a pair.

    ## Source
    RFC 2986, section 3: a request consists of a name, a public key and attributes, and the certificate is for that key.
    """
    paired = {request.index for request, _ in subject.delivered}
    servers = sorted(subject.hierarchy.servers)
    for request in subject.answered:
        if request.index in paired or request.form != "PKCS#10" or not subject.certificates:
            continue
        server = subject.certificates[servers[0]] if len(servers) == 1 else None
        yield Problem(
            request=request.index,
            certificate=server.index if server else None,
            field="tbsCertificate.subjectPublicKeyInfo" if server else request.PATHS.key,
            message=(
                f"Its key ({server.public_key}) is not the one in the request for {request.title} ({request.public_key})."
                if server
                else f"None of the {len(subject.certificates)} certificates has the key of the request for {request.title}."
            ),
            remedy="Get the certificate that the CA issued for this request. If there is none, find the private key that "
            "belongs to this certificate, or make a new key and request.",
            evidence={"key": str(request.public_key), "delivered": str(server.public_key) if server else None},
        )


@rule(severity="error", scope="presented", needs=("request",), references=("RFC 2818, section 3.1",))
def delivered_name_missing(subject: Subject) -> Iterator[Problem]:
    """The certificate that was delivered is not for all the names that the request asks for.

    ## What it means
    A host name or address in the request's subjectAltName (or, where it has none, its common name, if that is a host's)
    does not fit the certificate.

    ## Why it matters
    Under that name a client refuses the server. Where the host in the URL was given and fits, this is a warning.

    ## What to do
    Have the certificate reissued with the names of the request. On AD CS, the template must take them from the request
    ("Supply in the request"), and names given as attributes are passed over as a rule.

    ## How to see it yourself
    `openssl req -in REQUEST -noout -text` and `openssl x509 -in CERTIFICATE -noout -ext subjectAltName`.

    ## Source
    RFC 2818, section 3.1; how each Java compares names was observed.
    """
    for request, certificate in subject.delivered:
        missing = [name for name in _asked_names(request) if not _fits(subject, certificate, name)]
        if not missing:
            continue
        host = subject.hostname
        fits = host is not None and subject.profile.hostnames.mismatch(certificate, host) is None
        shown = ", ".join(printable(name) for name in missing[:10]) + (" and more" if len(missing) > 10 else "")
        yield Problem(
            request=request.index,
            certificate=certificate.index,
            field="tbsCertificate.extensions.subjectAltName",
            severity=Severity.WARNING if fits else None,
            message=f"The request asks for {shown}, and this certificate is not for "
            f"{'that name' if len(missing) == 1 else 'those names'}.",
            remedy=f"Have {certificate.issuer_title or 'the CA'} reissue it with {shown} in subjectAltName; or leave "
            f"{'it' if len(missing) == 1 else 'them'} out of every URL.",
            evidence={"missing": [printable(name) for name in missing[:_MOST_NAMES]]},
        )


def _asked_names(request: Request) -> tuple[str, ...]:
    names = (*request.dns_names, *request.ip_addresses)
    return tuple(dict.fromkeys(names)) or tuple(
        name for name in request.common_names[-1:] if "." in name and " " not in name
    )


def _fits(subject: Subject, certificate: Certificate, name: str) -> bool:
    try:
        return str(ipaddress.ip_address(name)) in certificate.ip_addresses
    except ValueError:
        pass
    # What stands there is there, even where the client finds no host in it. Without a dNSName the common name counts.
    own = certificate.dns_names or certificate.common_names[-1:]
    if "*" in name or name.lower() in (each.lower() for each in own):
        return name.lower() in (each.lower() for each in own)
    return subject.profile.hostnames.mismatch(certificate, name) is None


@rule(
    severity="warning", scope="presented", needs=("request",), references=("RFC 5280, sections 4.2.1.3 and 4.2.1.12",)
)
def delivered_usage_missing(subject: Subject) -> Iterator[Problem]:
    """The certificate that was delivered does not allow all the uses that the request asks for.

    ## What it means
    A purpose of extKeyUsage or a bit of keyUsage that is in the request is not in the certificate, where the certificate has
    that extension at all.

    ## Why it matters
    What the certificate does not allow, a client may refuse; whether this Java does, is said by the rules on the certificate
    itself (server-auth-missing, server-use-not-allowed).

    ## What to do
    Have it reissued with them if they are needed. On AD CS the template decides on uses, and the request does not.

    ## How to see it yourself
    `openssl x509 -in CERTIFICATE -noout -ext keyUsage,extendedKeyUsage`.

    ## Source
    RFC 5280, sections 4.2.1.3 and 4.2.1.12.
    """
    for request, certificate in subject.delivered:
        purposes, usage = certificate.extended_key_usage, certificate.key_usage
        missing = []
        if purposes is not None and "2.5.29.37.0" not in purposes:
            missing += [purpose for purpose in request.extended_key_usage or () if purpose not in purposes]
        extension = "extKeyUsage" if missing else "keyUsage"
        if usage is not None:
            missing += sorted((request.key_usage or frozenset()) - usage)
        if missing:
            shown = ", ".join(_PURPOSES.get(use, use) for use in missing[:10])
            yield Problem(
                request=request.index,
                certificate=certificate.index,
                field=f"tbsCertificate.extensions.{extension}",
                message=f"The request asks for {shown}, and this certificate does not allow it.",
                remedy=f"Have {certificate.issuer_title or 'the CA'} reissue it with {shown}, if it is needed; on AD CS the "
                "template decides on that.",
                evidence={"missing": missing[:_MOST_NAMES]},
            )


_PURPOSES = {"1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth"}


@rule(severity="notice", scope="presented", needs=("request",), references=("RFC 2986, section 3",))
def delivered_subject_differs(subject: Subject) -> Iterator[Problem]:
    """The certificate that was delivered has another subject than the request.

    ## What it means
    The CA has changed, added or left out parts of the name: many set the organisation by themselves, and a template can take
    the whole name from the directory.

    ## Why it matters
    Only the common name plays a part in Finesse, and the rules on host names speak of it. The rest is for people.

    ## What to do
    Nothing, if the common name is right.

    ## How to see it yourself
    `openssl req -in REQUEST -noout -subject` and `openssl x509 -in CERTIFICATE -noout -subject`.

    ## Source
    RFC 2986, section 3: the CA makes "an X.509 public-key certificate from the distinguished name and public key", and may add
    to it.
    """
    for request, certificate in subject.delivered:
        if not same_name(request.subject_raw, certificate.subject_raw):
            yield Problem(
                request=request.index,
                certificate=certificate.index,
                field="tbsCertificate.subject",
                message=f"Its subject is {certificate.subject or 'empty'}; the request asks for "
                f"{request.subject or 'an empty one'}.",
                remedy="Nothing to do, if the common name is the host in the gadget's URL.",
                evidence={"asked": request.subject, "delivered": certificate.subject},
            )


@rule(severity="info", scope="path", needs=("request",), references=("RFC 5280, sections 4.1.2.5 and 6.1.3 (a)(2)",))
def delivered_validity(subject: Subject, path: Path) -> Iterator[Problem]:
    """Until when what was delivered holds.

    ## What it means
    A server is accepted as long as each certificate below the trusted one holds. Where a CA's certificate ends before the
    server's does, the chain ends with the CA's, and that is a warning. A request cannot ask for a time.

    ## Why it matters
    On that day the gadget fails with the same "peer not authenticated" as today, and nobody remembers why.

    ## What to do
    Put the date into the calendar. If a CA's certificate ends first, ask the CA when it will be renewed, and install the new
    chain then.

    ## How to see it yourself
    `openssl x509 -in CERTIFICATE -noout -enddate`, of each certificate in the chain.

    ## Source
    RFC 5280, section 6.1.3 (a)(2): "The certificate validity period includes the current time."
    """
    server = path.certificates[0]
    if server not in [certificate for _, certificate in subject.delivered] or server.not_after is None:
        return
    ends = [(c.not_after, c.index) for c in path.below if c.not_after is not None]
    end, index = min(ends, default=(server.not_after, server.index))
    if end < subject.at:
        return  # certificate-expired speaks of it
    first = subject.certificates[index]
    days = (end - subject.at).days
    yield Problem(
        certificate=server.index,
        field="tbsCertificate.validity.notAfter",
        severity=Severity.WARNING if end < server.not_after else None,
        message=f"It holds until {server.not_after:%Y-%m-%d}"
        + (
            f", but the certificate of {first.title} above it only until {end:%Y-%m-%d}: the chain ends then, in {days} days."
            if end < server.not_after
            else f", in {days} days, and so does the chain."
        ),
        remedy=f"Ask the administrator of {first.title} when it is renewed, and install the new chain on the server before "
        f"{end:%Y-%m-%d}."
        if end < server.not_after
        else f"Renew it before {end:%Y-%m-%d}.",
        evidence={"ends": end.isoformat(), "days": days},
    )


@rule(severity="info", scope="presented", needs=("request",), references=(_GUIDE, _ORDER))
def upload_order(subject: Subject) -> Iterator[Problem]:
    """What to upload where, and in which order.

    ## What it means
    The certificates that were delivered go to two places: the CAs' to the trust store of Finesse, from the root downwards, and
    the server's, with the CAs' behind it, to the web server that holds the private key.

    ## Why it matters
    A root that is not in tomcat-trust is refused whatever it is signed with, and an intermediate that neither is there nor
    is sent by the server breaks the chain. Finesse reads the trust store when it starts.

    ## What to do
    The steps that the finding lists, in their order.

    ## How to see it yourself
    `openssl s_client -connect HOST:443 -showcerts` shows what the server sends once it is installed.

    ## Source
    Cisco Finesse Administration Guide 12.0(1), on certificates for HTTPS gadgets; RFC 5246, section 7.4.2, for the server.
    """
    servers = {certificate.index: request for request, certificate in subject.delivered}
    done: set[int] = set()
    for path in sorted(subject.paths, key=lambda path: not path.chain.complete):
        server = path.certificates[0]
        if server.index not in servers or server.index in done:
            continue
        done.add(server.index)
        above = path.certificates[1:]
        if not above:
            continue
        yield Problem(
            request=servers[server.index].index,
            certificate=server.index,
            chain=path.number if len(subject.paths) > 1 else None,
            message="Where the certificates go: "
            + ", then ".join(_called(certificate) for certificate in reversed(above))
            + f" to Finesse's tomcat-trust; {_called(server)} with its chain to the web server.",
            remedy=_steps(server, above, complete=path.chain.complete),
            evidence={
                "tomcat_trust": [certificate.fingerprint_sha256 for certificate in reversed(above)],
                "server": [certificate.fingerprint_sha256 for certificate in path.below],
            },
        )


def _called(certificate: Certificate) -> str:
    return f"{certificate.title} (SHA-256 {certificate.fingerprint_sha256[:16]}...)"


def _steps(server: Certificate, above: tuple[Certificate, ...], *, complete: bool) -> str:
    top, *between = reversed(above)
    root = top.self_issued
    steps = []
    if not root and not complete:
        steps.append(
            f"Get the certificate of {top.issuer_title or 'the root'}, which is not here, and upload it first."
        )
    steps.append(
        f"In Cisco Unified OS Administration of Finesse, under Security, Certificate Management, upload {top.title} with the "
        "purpose tomcat-trust."
    )
    steps += [f"Upload {certificate.title} with the purpose tomcat-trust, too." for certificate in between]
    steps.append("Restart Finesse's services, as the guide asks.")
    sent = [server.title, *(certificate.title for certificate in above if not certificate.self_issued)]
    steps.append(
        f"On the web server install, with the private key of the request, one file with {', then '.join(sent)}; the root need not "
        "be in it. Restart the web server."
    )
    steps.append("Check with `openssl s_client -connect HOST:443 -showcerts` that it sends these, in this order.")
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
