"""What the extensions of a CA ask of everything below it, and those of a server of its use."""

from collections.abc import Iterable

from ..certificate import Certificate
from ..findings import sentence
from ..java.constraints import NETSCAPE_CERT_TYPE, POLICY_CONSTRAINTS, Violation
from ..rule import Problem, rule
from ..subject import Path, Subject
from ..tls_suites import suite


@rule(severity="error", scope="path", references=("RFC 5280, sections 4.2.1.10 and 6.1.4 (g)",))
def name_constraints_violated(subject: Subject, path: Path) -> Iterable[Problem]:
    """A name in a certificate is one for which the CA above it may not issue.

    ## What it means
    The nameConstraints extension of a CA permits only certain names below it, or excludes some: host names, addresses,
    directory names. A certificate further down has a name outside.

    ## Why it matters
    Observed: every Java refuses the chain, also where the extension is not critical; constraints in the trusted certificate
    itself are passed over. Two things differ: a constraint written with a leading dot (".example.com") fits no host up to
    Java 11, and a host that only stands in the common name is held against the constraints from 7u181 on.

    ## What to do
    Have the server's certificate issued by a CA that may issue for its names, with the host as dNSName in subjectAltName;
    or have the CA's certificate issued anew with constraints that permit them.

    ## How to see it yourself
    `openssl x509 -in CA.pem -noout -ext nameConstraints`.

    ## Source
    RFC 5280, section 4.2.1.10: "Restrictions are defined in terms of permitted or excluded name subtrees." The behaviour of
    Java was observed.
    """
    violation = subject.profile.constraints.name_constraints(
        path.below, was_sorted=path.chain.sorted, anchor=path.anchor
    )
    if violation:
        certificate = path.below[violation.index]
        remedy = f"Have {certificate.title} issued for a name that the CAs above it may issue for, or by another CA."
        before = (
            "Make the request for a name that the CAs of this chain may issue for, or have another CA answer it: this one may "
            "not issue for that name."
        )
        return (_problem(certificate, violation, remedy, before),)
    return ()


@rule(severity="error", scope="path", references=("RFC 5280, sections 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14 and 6.1",))
def policy_refused(subject: Subject, path: Path) -> Iterable[Problem]:
    """The certificate policies of the path do not agree, and a CA insists that they do.

    ## What it means
    A CA asks with policyConstraints (or, for Java 7, with a critical certificatePolicies) that one policy hold from it down
    to the server, and the certificates below name none that does.

    ## Why it matters
    Observed: every Java refuses a chain where a CA requires an explicit policy and the server's certificate has none that
    fits. Java 7u80 and 7u181 also refuse critical policies that do not match, and any on a server's certificate; 8u181 and
    later accept these.

    ## What to do
    Have the server's certificate issued under a policy of the CAs above it; on AD CS that is an issuance policy in the
    template. Or have the CA's certificate issued anew without the requirement.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -ext certificatePolicies,policyConstraints`.

    ## Source
    RFC 5280, section 6.1.5 (g); the behaviour of Java was observed.
    """
    violation = subject.profile.constraints.policies(path.below)
    if violation:
        certificate = path.below[violation.index]
        asking = [each.title for each in path.below[violation.index :] if each.extension(POLICY_CONSTRAINTS)]
        if violation.field == _NO_POLICY_LEFT and asking:
            remedy = (
                f"Have {certificate.title} issued under a policy of the CAs above it, or have {' and '.join(asking)} issued "
                "anew without policyConstraints."
            )
        else:
            remedy = (
                f"Have {certificate.issuer_title or 'the CA'} reissue {certificate.title} with certificatePolicies that are not "
                "critical, and without anyPolicy in policyMappings."
            )
        return (_problem(certificate, violation, remedy),)
    return ()


_NO_POLICY_LEFT = "tbsCertificate.extensions.certificatePolicies"


@rule(
    severity="error",
    scope="path",
    references=("RFC 5280, sections 4.2.1.3 and 4.2.1.12", "OpenJDK, EndEntityChecker.java"),
)
def server_use_not_allowed(subject: Subject, path: Path) -> Iterable[Problem]:
    """The server's certificate does not allow the use that a TLS server makes of its key.

    ## What it means
    Its keyUsage, its Netscape certificate type or another extension that says what the key is for has no place for signing
    a key exchange.

    ## Why it matters
    With a cipher suite of DHE or ECDHE the server signs, and Java asks for digitalSignature ("KeyUsage does not allow digital
    signatures"). With static RSA key exchange (TLS_RSA_*) it asks for keyEncipherment instead, so there the answer can be
    the other one. Of a handshake, the suite that the server selected decides. Of certificates in files, the verdict is the
    one for ECDHE and DHE, which every observed Java prefers.

    ## What to do
    Have the certificate reissued with digitalSignature and, for RSA, keyEncipherment in keyUsage. On AD CS the template "Web
    Server" has both.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -ext keyUsage` should print "Digital Signature".

    ## Source
    RFC 5280, section 4.2.1.3; OpenJDK's EndEntityChecker.java; the behaviour of Java was observed.
    """
    server = path.certificates[0]
    if not path.below or server.index not in subject.hierarchy.servers:
        return ()
    violation = subject.profile.constraints.end_entity(server, _key_exchange(subject, server))
    if violation is None or violation.field.endswith("extKeyUsage"):
        return ()  # server-auth-missing says that one
    if violation.field.endswith("keyUsage"):
        anew = "with digitalSignature and, for an RSA key, keyEncipherment in keyUsage"
        before = f"{anew}, or without that extension; or agree with the CA that it sets them whatever the request says"
    elif violation.field.endswith(NETSCAPE_CERT_TYPE):
        anew = before = "without the Netscape certificate type, or with SSL server in it"
    else:
        anew = before = "with that extension not critical, or without it"
    problem = _problem(
        server,
        violation,
        f"Have {server.issuer_title or 'the CA'} reissue it {anew}.",
        f"Make the request anew {before} (on AD CS the template decides).",
    )
    return (problem,)


def _problem(certificate: Certificate, violation: Violation, remedy: str, before_issue: str | None = None) -> Problem:
    return Problem(
        certificate=certificate.index,
        before_issue=before_issue,
        field=violation.field,
        message=f"{sentence(violation.reason)}.",
        remedy=remedy,
        evidence=dict(violation.evidence),
    )


def _key_exchange(subject: Subject, server: Certificate) -> str:
    """The name that OpenJDK gives the key exchange (`CipherSuite.KeyExchange`): of the suite, or else by the server's key."""
    selected = subject.handshake.cipher_suite if subject.handshake else None
    if selected is not None and suite(selected).family in _KEY_EXCHANGES:
        return suite(selected).family
    if selected is not None and suite(selected).tls_1_3:
        return "UNKNOWN"
    key = server.public_key.name if server.public_key else ""
    return {"EC": "ECDHE_ECDSA", "DSA": "DHE_DSS"}.get(key, "ECDHE_RSA")


_KEY_EXCHANGES = frozenset(
    {"RSA", "DHE_RSA", "DHE_DSS", "ECDHE_RSA", "ECDHE_ECDSA", "DH_RSA", "DH_DSS", "ECDH_RSA", "ECDH_ECDSA"}
)
