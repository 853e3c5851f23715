"""How certificates are signed."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import attrs

from .. import algorithms
from ..algorithms import SIGNATURES
from ..certificate import Certificate
from ..findings import Role, Severity
from ..java.algorithms import RefusalKind
from ..pkix import PSS, AlgorithmIdentifier
from ..rule import Problem, rule
from ..subject import Path, Subject
from ..verification import WRONG_KIND_OF_KEY, LinkState

_AD_CS = "M. Cooper, RSASSA-PSS: Why Your Certificate Can't Be Validated (pkisolutions.com, 2017)"
_AD_CS_HIERARCHY = (
    "U. Gradenegger, Change the signing algorithm of a CA hierarchy "
    "without issuing new CA certificates (gradenegger.eu)"
)
_ARTICLE = "Cisco TechNote 214617"
_RFC5280_ALGORITHM = "RFC 5280, section 4.1.1.2"


@rule(
    severity="error",
    scope="certificate",
    references=(_ARTICLE, "RFC 4055", _AD_CS, _AD_CS_HIERARCHY),
)
def signature_algorithm_unsupported(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    r"""A certificate is signed with an algorithm that is not on the profile's list.

    ## What it means
    The `signatureAlgorithm` of the certificate names an algorithm that the Java in question is said not to accept.
    Under the profile `finesse` these are all but MD5withRSA, MD2withRSA, NONEwithRSA, SHA1withRSA, SHA256withRSA,
    SHA384withRSA and SHA512withRSA, in any position, the root included. Under a profile `java-*` they are those for
    which the release has no provider, or which its client does not offer in signature_algorithms, on every certificate
    below the trusted one. The usual one is RSASSA-PSS, 1.2.840.113549.1.1.10, which Windows shows as "RSASSA-PSS" and
    OpenSSL as "rsassaPss".

    ## Why it matters
    The article: "If any certificate in the chain is signed with RSASSA-PSS, the connection fails." Finesse then shows
    only `SSLPeerUnverifiedException: peer not authenticated`. Observed on Java 7u80, 7u181 and 8u181: a server's or
    an issuing CA's certificate so signed is refused with `NoSuchAlgorithmException`; a root so signed is accepted
    once it is in the trust store, because a trusted certificate's own signature is not checked.

    ## What to do
    Whoever signed the certificate must sign it anew. The signature of a certificate is made by its issuer, so an
    issuing CA's certificate is mended at the CA above it, and a root's own at the root. On AD CS, RSASSA-PSS comes
    from `AlternateSignatureAlgorithm=1` in `[certsrv_server]` of CAPolicy.inf. Set it to 0, there and in the CA's
    registry value of that name, restart the service, and renew or reissue, from the root downwards. A CA renewed with
    its existing key leaves the certificates below it valid; with a new key they must all be reissued.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` shows "Signature Algorithm". Windows shows "Signature algorithm" on the tab
    Details, `keytool -printcert -file FILE` shows "Signature algorithm name".

    ## Source
    Cisco TechNote 214617. What Java releases do was observed on their own code. AD CS: the two articles named below.
    """
    profile = subject.profile
    if not profile.judges_anchors:
        return _unsupported_by_java(subject, certificate)
    dotted = certificate.signature_oid
    if dotted is None or dotted in profile.algorithms.services:
        return ()
    return _not_listed(subject, certificate, dotted)


def _not_listed(subject: Subject, certificate: Certificate, dotted: str) -> Iterator[Problem]:
    profile = subject.profile
    remedy = _reissue(subject, certificate)  # first, because it looks for more than the certificate (`alone.py`)
    said = (
        (profile.statement, profile.observed, *(() if certificate.self_issued else (_LOGGED,)))
        if dotted == PSS
        else (f"The article's list has {profile.algorithm_list}, and no other.",)
    )
    problem = _unsupported(subject, certificate, dotted, said, remedy)
    yield from [attrs.evolve(problem, chain=chain) for chain in subject.chains_below(certificate)] or [problem]


_LOGGED = f'There it logs "java.security.NoSuchAlgorithmException: {PSS}".'


def _unsupported_by_java(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
    """A Java release looks at the signatures below the trusted certificate; at that one's own it does not."""
    dotted, profile = certificate.signature_oid, subject.profile
    refusal = profile.algorithms.signature(certificate, None, subject.at)
    if dotted is None or refusal is None or refusal.kind not in _NOT_THERE:
        return
    if subject.is_below(certificate):
        said = (f'{profile.title}: {refusal.reason}. It logs "{refusal.logged}".',)
        yield _unsupported(subject, certificate, dotted, said, _reissue(subject, certificate))
    elif dotted == PSS and certificate.self_issued:
        passes = (
            f"{profile.title} was observed to accept that: it does not check a trusted certificate's own signature."
        )
        remedy = _reissue(subject, certificate)
        yield _unsupported(subject, certificate, dotted, (passes, _OTHERWISE), remedy, Severity.NOTICE)


_NOT_THERE = (RefusalKind.NO_SERVICE, RefusalKind.NOT_OFFERED)
_QUOTED = '"If any certificate in the chain is signed with RSASSA-PSS, the connection fails."'
_OTHERWISE = f"Cisco TechNote 214617 says otherwise: {_QUOTED}"


def _unsupported(
    subject: Subject,
    certificate: Certificate,
    dotted: str,
    said: tuple[str, ...],
    remedy: str,
    severity: Severity | None = None,
) -> Problem:
    algorithm = certificate.signature_algorithm
    words = [f"Signed with {algorithm or dotted}, {dotted}.", _screens(dotted), *said]
    return Problem(
        certificate=certificate.index,
        field="signatureAlgorithm",
        severity=severity,
        message="\n".join(word for word in words if word),
        remedy=remedy,
        evidence={
            "oid": dotted,
            "name": algorithms.signature_name(dotted),
            "parameters": str(algorithm.parameters) if algorithm and algorithm.parameters else None,
            "profile": subject.profile.name,
        },
    )


def _screens(dotted: str) -> str:
    """What the programs people look at call the algorithm."""
    row = SIGNATURES.get(dotted)
    if row is None:
        return "No table of names here has this object identifier."
    names = (("Windows", row.windows), ("OpenSSL", row.openssl), ("Java", row.java))
    shown = [f'{program} shows "{name}"' for program, name in names if name]
    return f"{', '.join(shown)}." if shown else ""


def _reissue(subject: Subject, certificate: Certificate) -> str:
    """Who must do what, in order: whoever signed the certificate must sign it anew."""
    leaf = subject.role(certificate) is Role.LEAF
    own = certificate.self_issued
    if own and leaf:
        return f"Make a new self-signed certificate for {certificate.title}, signed with SHA256withRSA, and install it."
    signer = certificate.title if own else certificate.issuer_title or "the issuing CA"
    change = f"The administrator of {signer} {_change(certificate)}."
    if leaf:
        return _steps(
            change,
            f"A new certificate is issued for {certificate.title}: the change applies to new certificates only.",
            "Install it on the server, with its chain.",
        )
    renewed = "renews the CA's own certificate" if own else f"renews the certificate of {certificate.title}"
    return _steps(
        change,
        f"The same administrator {renewed}, where policy allows with its existing key: then what it has issued stays "
        f"valid. With a new key everything below it must be reissued{_named(_names_below(subject, certificate))}.",
        "Upload the renewed certificate to Finesse's tomcat-trust in place of the old one, restart, and install the "
        "renewed chain on the server.",
    )


def _steps(*steps: str) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _named(names: str) -> str:
    return f" (here: {names})" if names else ""


def _change(certificate: Certificate) -> str:
    """What the administrator of the CA that signed must change before it signs again."""
    if certificate.signature_oid != PSS:
        return "makes the CA sign with SHA256withRSA (sha256WithRSAEncryption), for which it needs an RSA key"
    hash_too = ""
    if _sha1(certificate):
        hash_too = "; the hash is SHA-1, so also `certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256`"
    return (
        "sets AlternateSignatureAlgorithm=0 in [certsrv_server] of CAPolicy.inf and in the CA's registry value of that "
        f"name{hash_too}; then restarts the CA's service (so on AD CS; in another CA, choose RSA with PKCS #1 v1.5)"
    )


def _sha1(certificate: Certificate) -> bool:
    algorithm = certificate.signature_algorithm
    return bool(algorithm and algorithm.parameters and algorithm.parameters.hash == "SHA-1")


def _names_below(subject: Subject, certificate: Certificate) -> str:
    indices = subject.below.get(subject.hierarchy.duplicates.get(certificate.index, certificate.index), [])
    names = [subject.certificates[index].title for index in indices[:3]]
    more = f" and {len(indices) - 3} more" if len(indices) > 3 else ""
    return ", ".join(names) + more


@rule(severity="error", scope="path", references=("jdk.certpath.disabledAlgorithms of OpenJDK 7u80 to 21",))
def signature_algorithm_disabled(subject: Subject, path: Path) -> Iterator[Problem]:
    """A certificate is signed with an algorithm that the file java.security disables.

    ## What it means
    The Java in question could verify the signature, and its settings forbid it: the property
    `jdk.certpath.disabledAlgorithms`, or `jdk.tls.disabledAlgorithms`, has the algorithm or its hash.

    ## Why it matters
    Such a certificate is refused below the trusted one. OpenJDK 7u80 disables MD2; 7u95 and later MD5 too, although both are
    on the list in Cisco's article. SHA-1 is disabled only under a root that came with the JDK (`SHA1 jdkCA & usage
    TLSServer`): observed, under a private root it passes.

    ## What to do
    Have the certificate reissued with SHA-256. To take the entry out of java.security would weaken every connection of
    that Java, and Finesse offers no supported way to it.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` shows "Signature Algorithm"; `finesse-certlint profiles NAME` shows the property.

    ## Source
    The file java.security of each release; the behaviour of Java was observed.
    """
    jdk_ca = subject.ends_in_jdk_root(path)
    for certificate in path.below:
        refusal = subject.profile.algorithms.signature(certificate, None, subject.at, jdk_ca=jdk_ca)
        algorithm = certificate.signature_algorithm
        if refusal is None or algorithm is None or refusal.kind is not RefusalKind.DISABLED:
            continue
        yield Problem(
            certificate=certificate.index,
            field="signatureAlgorithm",
            message=f"Signed with {algorithm}, {algorithm.oid}. {subject.profile.title}: {refusal.reason}. "
            f'It logs "{refusal.logged}".',
            remedy=_reissue(subject, certificate),
            evidence={"oid": algorithm.oid, "profile": subject.profile.name},
        )


@rule(severity="error", scope="certificate", references=(_RFC5280_ALGORITHM, "RFC 5280, section 4.1.2.3"))
def signature_algorithm_mismatch(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """The two places in which a certificate names its signature algorithm do not agree.

    ## What it means
    The algorithm stands twice in a certificate: outside, where everybody looks, and in the part that is signed. RFC
    5280, section 4.1.1.2: "This field MUST contain the same algorithm identifier as the signature field in the
    sequence tbsCertificate". Here they differ.

    ## Why it matters
    The outer one is not protected by the signature and can be exchanged by anybody. Observed on Java 7u80 to 21: a
    certificate whose two object identifiers differ cannot be parsed, whatever its place.

    ## What to do
    Get the certificate again from the CA that issued it. If it comes the same way, the CA's software is broken, and
    its maker must be told; have the certificate issued by another.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` prints "Signature Algorithm" twice, first the inner one.

    ## Source
    RFC 5280, sections 4.1.1.2 and 4.1.2.3; the verdicts of Java's trust managers were observed.
    """
    outer, inner = certificate.signature_algorithm, certificate.tbs_signature_algorithm
    if outer is None or inner is None or outer.raw == inner.raw:
        return ()
    differ = outer.oid != inner.oid
    what = "Outside it says" if differ else "The algorithm is the same and its parameters differ: outside it says"
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.signature",
        severity=None if differ else Severity.WARNING,
        message=f"{what} {_with_form(outer)}, {outer.oid}; in the signed part {_with_form(inner)}, {inner.oid}.",
        remedy=f"Get the certificate again from {certificate.issuer_title or 'its CA'}; if it is the same, have it reissued.",
        evidence={"outer": outer.oid, "tbs": inner.oid},
    )
    return (problem,)


def _with_form(algorithm: AlgorithmIdentifier) -> str:
    return str(algorithm) if algorithm.parameters else f"{algorithm.name} (parameters: {algorithm.form})"


_PLAIN_PSS = {"SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512", "SHA-512/224", "SHA-512/256"}


@rule(severity="warning", scope="certificate", references=("RFC 4055, sections 3 and 5", _RFC5280_ALGORITHM))
def signature_parameters_malformed(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """The parameters of the signature algorithm are not what its standard says.

    ## What it means
    An algorithm's name is followed by parameters: NULL for PKCS #1 v1.5, nothing for ECDSA, DSA and EdDSA, and for
    RSASSA-PSS the hash, the mask generation function, the length of the salt and the trailer.

    ## Why it matters
    Observed: SHA256withRSA with other parameters than NULL is accepted up to Java 8u181 and refused by 8u504 and later;
    a missing NULL is accepted by all. RSASSA-PSS without its parameters is refused even by those that know RSASSA-PSS;
    in another order than the standard's they are read. ECDSA with the curve of the issuer's key beside it is accepted by
    17, with anything by 21.
    Other programs differ in the same way.

    ## What to do
    Have the certificate reissued by a CA whose software writes the parameters as the standard says.

    ## How to see it yourself
    `openssl asn1parse -in FILE` shows what follows the algorithm's name.

    ## Source
    RFC 4055, sections 3.1 and 5: "When any of these four object identifiers appears within an AlgorithmIdentifier, the
    parameters MUST be NULL." RFC 5758, section 3.2, for ECDSA. The behaviour of Java was observed.
    """
    algorithm = certificate.signature_algorithm
    if algorithm is None:
        return ()
    reason, severity = _parameter_trouble(algorithm)
    checker = subject.profile.algorithms
    issuer = None
    if algorithm.curve:  # a curve that is the issuer's may stand beside ECDSA
        links = subject.hierarchy.issuers.get(certificate.index, ())
        issuer = subject.certificates[links[0].issuer].public_key if links else None
    refusal = checker.signature(certificate, issuer, subject.at) if checker.parameters_heeded else None
    refused = refusal and refusal.kind is RefusalKind.PARAMETERS and subject.is_below(certificate)
    if refusal and refused:
        severity = Severity.ERROR
        reason = f'{reason or refusal.reason}. {subject.profile.title} refuses that and logs "{refusal.logged}"'
    if reason:
        problem = Problem(
            certificate=certificate.index,
            field="signatureAlgorithm.parameters",
            severity=severity,
            message=f"{algorithm.name}: {reason}.",
            remedy=f"Have {certificate.issuer_title or 'the CA'} reissue {certificate.title} with the parameters that the standard "
            "has for this algorithm; where its software cannot, have another CA issue it."
            if refused
            else f"Nothing to do at the server. {certificate.issuer_title or 'The CA'} writes its certificates this way; have it "
            "reissued if a client refuses it.",
            evidence={"oid": algorithm.oid, "form": algorithm.form},
        )
        return (problem,)
    return ()


def _parameter_trouble(algorithm: AlgorithmIdentifier) -> tuple[str, Severity | None]:
    if algorithm.problem:
        return algorithm.problem, None
    row = SIGNATURES.get(algorithm.oid)
    if row is None:
        return "", None
    if row.parameters == "null" and algorithm.form == "absent":
        return "the parameters are absent and must be NULL; every Java that was observed accepts that", Severity.NOTICE
    if row.parameters == "null" and algorithm.form != "null":
        return "the parameters must be NULL and something else stands there", None
    if row.parameters == "absent" and algorithm.form != "absent":
        return "the parameters must be absent and something stands there", None
    if row.parameters == "pss":
        return _pss_trouble(algorithm), None
    return "", None


def _pss_trouble(algorithm: AlgorithmIdentifier) -> str:
    pss = algorithm.parameters
    if pss is None:
        return f"the parameters must be RSASSA-PSS-params and are {algorithm.form}"
    troubles = []
    if pss.hash not in _PLAIN_PSS and not pss.hash.startswith("SHA3-"):
        troubles.append(f"the hash is {pss.hash}, which RFC 4055 does not have")
    if not pss.mgf.startswith("MGF1 with"):
        troubles.append(f"the mask generation function is {pss.mgf}")
    elif pss.mgf != f"MGF1 with {pss.hash}":
        troubles.append(f"the mask generation function is {pss.mgf}, another hash than {pss.hash}")
    if pss.trailer_field != 1:
        troubles.append(f"the trailer field is {pss.trailer_field} and must be 1")
    if pss.salt_length < 0:
        troubles.append(f"the salt length is {pss.salt_length}")
    return "; ".join(troubles)


@rule(
    severity="warning",
    scope="certificate",
    references=("RFC 6151, section 2", "RFC 9155", "NIST SP 800-131A Rev. 2, section 3"),
)
def signature_weak_hash(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    r"""A certificate is signed over a hash for which collisions can be made.

    ## What it means
    The signature covers a hash of the certificate: MD2, MD4, MD5 or SHA-1. For these, two different contents with the
    same hash can be found, so that a signature over one is a signature over the other.

    ## Why it matters
    The article's list allows MD2, MD5 and SHA-1; other clients do not. Observed: MD5 below the root is refused by
    Java 7u181 and later, whatever the article says, and MD2 by all. SHA-1 under a private root passes in all that
    were observed. Browsers have refused SHA-1 for years.

    ## What to do
    Have the certificate reissued with SHA-256. On AD CS: `certutil -setreg ca\csp\CNGHashAlgorithm SHA256`, restart
    the service, then renew or reissue. A root's own signature may wait for its next renewal: its hash protects
    nothing, since the certificate is trusted for being in the trust store.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` shows "Signature Algorithm", for example sha1WithRSAEncryption.

    ## Source
    RFC 6151 (MD5), RFC 9155 and NIST SP 800-131A Rev. 2 (SHA-1); AD CS: Microsoft's PKI blog, 2013. The behaviour of
    Java was observed.
    """
    algorithm = certificate.signature_algorithm
    name = algorithm.hash if algorithm else None
    known = algorithms.HASHES_BY_NAME.get(name or "")
    if known is None or known.broken is None:
        return ()
    anchor = certificate.self_issued and subject.role(certificate) is Role.ROOT
    problem = Problem(
        certificate=certificate.index,
        field="signatureAlgorithm",
        severity=Severity.NOTICE if anchor else None,
        message=f"Signed over {name}. {name} is {known.broken}."
        + (" On a root this matters little: it is trusted for being in the trust store." if anchor else ""),
        remedy=(
            "Renew it with SHA-256 when it is due."
            if anchor
            else f"Have {certificate.issuer_title or 'the CA'} reissue it with SHA-256 (AD CS: `certutil -setreg "
            "ca\\csp\\CNGHashAlgorithm SHA256`, restart the service, reissue)."
        ),
        evidence={"hash": name},
    )
    return (problem,)


@rule(severity="error", scope="certificate", astray=True, references=("RFC 5280, section 6.1.3 (a)(1)",))
def signature_invalid(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A certificate's signature does not verify with its issuer's key.

    ## What it means
    The issuer named in the certificate is here, and its public key does not fit the signature. Either the certificate
    was altered after it was signed, or the issuer shown is another CA, or another generation, of the same name.

    ## Why it matters
    Every client refuses it: RFC 5280, section 6.1.3 (a)(1), asks first of all that "the signature on the certificate
    can be verified using working_public_key_algorithm, the working_public_key, and the
    working_public_key_parameters". A certificate that is given as trusted is the exception: its own signature is not
    checked by anyone, as was observed on Java 7u80 to 21, and then this is a warning.

    ## What to do
    Get both certificates again, from where they were issued. If the CA was renewed with a new key, put its matching
    certificate into the chain: the one whose subject key identifier is this one's authority key identifier.

    ## How to see it yourself
    `openssl verify -partial_chain -trusted ISSUER.pem CERTIFICATE.pem`.

    ## Source
    RFC 5280, section 6.1.3.
    """
    if not subject.broken_link(certificate):
        return ()
    link = subject.hierarchy.issuers[certificate.index][0]
    if link.reason == WRONG_KIND_OF_KEY:
        return ()  # signature-key-mismatch says it
    issuer = subject.certificates[link.issuer]
    own = link.issuer == certificate.index
    anchor = subject.is_anchor(certificate)
    whose = "its own public key" if own else f"the public key of {issuer.title} (certificate {issuer.index + 1})"
    problem = Problem(
        certificate=certificate.index,
        field="signatureValue",
        severity=Severity.WARNING if anchor else None,
        message=f"The signature does not verify with {whose}: the certificate was altered, or that is not the key it was "
        "signed with."
        + (" Observed: Java does not check the signature of a certificate in the trust store." if anchor else ""),
        remedy=(
            f"Get {certificate.title} again from the CA's own publication point."
            if own
            else f"Get {certificate.title} and {issuer.title} again from the CA. If the CA was renewed with a new key, take "
            "the CA certificate that belongs to this one."
        ),
        evidence={"issuer": link.issuer},
    )
    return (problem,)


@rule(severity="notice", scope="certificate", astray=True, references=("RFC 5280, section 6.1.3 (a)(1)",))
def signature_not_checked(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A certificate's signature could not be checked here.

    ## What it means
    The certificate and the one that bears its issuer's name are both here, but the signature between them is of a kind,
    or with a key, that the libraries in use cannot verify. That they belong together is judged by their names alone.

    ## Why it matters
    It says nothing bad about the certificate; but a forged or altered one would look the same here.

    ## What to do
    Verify it with a program that knows the algorithm, for example a newer OpenSSL.

    ## How to see it yourself
    `openssl verify -partial_chain -trusted ISSUER.pem CERTIFICATE.pem`.

    ## Source
    RFC 5280, section 6.1.3.
    """
    links = subject.hierarchy.issuers.get(certificate.index, ())
    if links and links[0].state is LinkState.UNCHECKED:
        issuer = subject.certificates[links[0].issuer]
        problem = Problem(
            certificate=certificate.index,
            field="signatureValue",
            message=f"Whether {issuer.title} signed it could not be checked ({links[0].reason}); the names fit.",
            remedy="Verify it with a program that knows the algorithm: `openssl verify -partial_chain -trusted ISSUER.pem "
            "CERTIFICATE.pem`.",
            evidence={"issuer": links[0].issuer, "reason": links[0].reason},
        )
        return (problem,)
    return ()


@rule(
    severity="error",
    scope="certificate",
    astray=True,
    references=("RFC 5280, section 6.1.3 (a)(1)", "RFC 4055, section 1.2"),
)
def signature_key_mismatch(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """The signature algorithm cannot be made with the kind of key that the issuer has.

    ## What it means
    The certificate says, for example, that it is signed with ECDSA, while the only certificate of its issuer's name
    holds an RSA key. One of the two is not what it seems.

    ## Why it matters
    No client can verify the signature, and so none accepts the chain.

    ## What to do
    Find the CA certificate that really signed this one: the CA may have been renewed with another kind of key. An
    issuing CA whose key is restricted to RSASSA-PSS (`id-RSASSA-PSS`) can sign nothing with PKCS #1 v1.5.

    ## How to see it yourself
    Compare "Signature Algorithm" of the one with "Public Key Algorithm" of the other in `openssl x509 -noout -text`.

    ## Source
    RFC 5280, section 6.1.3; RFC 4055, section 1.2, on keys of the type id-RSASSA-PSS.
    """
    links = subject.hierarchy.issuers.get(certificate.index, ())
    if not links or links[0].reason != WRONG_KIND_OF_KEY:
        return ()
    name = algorithms.signature_name(certificate.signature_oid or "")
    issuer = subject.certificates[links[0].issuer]
    key = issuer.public_key
    problem = Problem(
        certificate=certificate.index,
        field="signatureAlgorithm",
        message=f"Signed with {name}, which the {key} key of {issuer.title} (certificate {issuer.index + 1}) cannot make.",
        remedy=f"Find the certificate of {issuer.title} that belongs to the key which signed this one, and put it into the "
        "chain.",
        evidence={"oid": certificate.signature_oid, "issuer": issuer.index, "issuer_key": key.oid if key else None},
    )
    return (problem,)


@rule(severity="error", scope="path", astray=True, references=("RFC 5280, section 6.1.3 (a)(1)",))
def issuer_key_differs(subject: Subject, path: Path) -> Iterator[Problem]:
    """On this path, the certificate of the issuer's name has another key than the one that signed.

    ## What it means
    There are two CA certificates of the same name with different keys: the CA was renewed with a new key, or two CAs
    bear one name. The signature verifies with the one and not with the other, and the client takes the other.

    ## Why it matters
    Observed on Java 7u80 to 21: a certificate in the trust store that has the issuer's name is taken for the issuer, and
    where its key does not fit the chain is refused ("Signature does not match"), though the right one may be sent along.

    ## What to do
    Put the CA certificate with the right key into the trust store: the one whose subject key identifier is the
    authority key identifier of the certificate below it.

    ## How to see it yourself
    `openssl verify -partial_chain -trusted STORE.pem CERTIFICATE.pem`.

    ## Source
    RFC 5280, section 6.1.3; the behaviour of Java was observed.
    """
    for link in path.chain.links:
        child, issuer = subject.certificates[link.child], subject.certificates[link.issuer]
        if link.state is not LinkState.FAILED or subject.broken_link(child):
            continue
        yield Problem(
            certificate=child.index,
            field="signatureValue",
            message=f"It was not signed with the key of {issuer.title} (certificate {issuer.index + 1}), which bears its "
            "issuer's name; another certificate of that name has the right key.",
            remedy=f"Put the certificate of {issuer.title} whose key made this signature where that one is"
            + (": into Finesse's tomcat-trust." if issuer.trusted else "."),
            evidence={"issuer": issuer.index},
        )


@rule(severity="error", scope="path", references=("RFC 4055, section 1.2", "OpenJDK, RSAPSSSignature.java and SunEC"))
def issuer_key_unsupported(subject: Subject, path: Path) -> Iterator[Problem]:
    """The Java in question cannot verify a signature with the issuer's key.

    ## What it means
    The algorithm is one that it has, and the key of the CA that signed is not: it lies on an elliptic curve that this Java
    does not know, or it is restricted to other RSASSA-PSS parameters than the signature has.

    ## Why it matters
    Below the trusted certificate every signature is verified with the key above it, so the chain is refused. Observed: a
    CA's key on a brainpool curve is refused by every Java from 8u181 to 21, one on secp256k1 by 8u504 and later, and an
    id-RSASSA-PSS key with restrictions for all that does not keep to them.

    ## What to do
    The CA needs another key: RSA of 2048 bits or more, or EC on P-256, P-384 or P-521. What it has issued must then be
    reissued.

    ## How to see it yourself
    `openssl x509 -in CA.pem -noout -text` shows "ASN1 OID" with the curve, or "PSS parameter restrictions".

    ## Source
    RFC 4055, section 1.2; the behaviour of Java was observed.
    """
    checker = subject.profile.algorithms
    for child, issuer in pairwise(path.certificates):
        if issuer.public_key is None or not checker.restricts(issuer.public_key):
            continue
        refusal = checker.signature(child, issuer.public_key, subject.at)
        if refusal is None or refusal.kind is not RefusalKind.KEY or child not in path.below:
            continue
        yield Problem(
            certificate=child.index,
            field="signatureAlgorithm",
            message=f"Signed by {issuer.title} (certificate {issuer.index + 1}). {subject.profile.title}: {refusal.reason}. "
            f'It logs "{refusal.logged}".',
            remedy=f"The administrator of {issuer.title} makes an RSA key of at least 2048 bits or an EC key on P-256, has a CA "
            "certificate issued for it, and reissues what the CA has signed.",
            evidence={"issuer": issuer.index, "key": str(issuer.public_key)},
        )
