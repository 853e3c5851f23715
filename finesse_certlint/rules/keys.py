"""Public keys."""

from collections.abc import Iterable, Iterator

from ..algorithms import key_name
from ..certificate import Certificate
from ..findings import Role, Severity
from ..java.algorithms import Refusal
from ..pkix import PSS, PublicKey
from ..rule import Problem, rule
from ..subject import Subject


@rule(
    severity="error",
    scope="certificate",
    anchors=True,
    references=("RFC 4055, sections 1.2 and 3.1", "OpenSSL issue 13931"),
)
def rsapss_public_key(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A certificate's public key is of the type id-RSASSA-PSS.

    ## What it means
    The subjectPublicKeyInfo names 1.2.840.113549.1.1.10 in place of rsaEncryption: an RSA key that may be used for
    RSASSA-PSS signatures only. That is another matter than being *signed* with RSASSA-PSS.

    ## Why it matters
    Observed: Java 7u80, 7u181 and 8u181 refuse every chain in which a CA has such a key, and with such a key on the
    server no handshake comes about, because those clients offer nothing that it could be used with. 8u504 and later
    accept it where the key is not restricted to other parameters than the signature has.

    ## What to do
    Make a new RSA key of the ordinary type (rsaEncryption) and have a certificate issued for it. With OpenSSL that is
    `openssl genpkey -algorithm RSA`, and not `-algorithm RSA-PSS`.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` shows "Public Key Algorithm: rsassaPss".

    ## Source
    RFC 4055, section 1.2; the behaviour of Java was observed.
    """
    key = certificate.public_key
    if key is None or key.oid != PSS:
        return ()
    server = subject.role(certificate) is Role.LEAF
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.subjectPublicKeyInfo.algorithm",
        severity=Severity.NOTICE if subject.profile.algorithms.pss_keys else None,
        message=(
            f"Its public key is of the type id-RSASSA-PSS, {PSS}, not rsaEncryption. Observed: "
            + (
                "the clients of Java 7u80, 7u181 and 8u181 offer no cipher suite that such a server key can be used with."
                if server
                else "Java 7u80, 7u181 and 8u181 refuse what a CA with such a key has signed."
            )
        ),
        remedy=(
            f"The administrator of {certificate.title} makes an ordinary RSA key (`openssl genpkey -algorithm RSA`) and "
            "has a certificate issued for it"
            + ("." if server else "; everything that this CA has issued must then be reissued.")
        ),
        before_issue="Make an ordinary RSA key (`openssl genpkey -algorithm RSA`, and not `-algorithm RSA-PSS`), and a new request "
        "with it. Do it before anything is issued: the key cannot be changed afterwards.",
        evidence={"key": key.oid},
    )
    return (problem,)


@rule(
    severity="error",
    scope="certificate",
    anchors=True,
    references=("jdk.certpath.disabledAlgorithms of OpenJDK 7u80 to 21",),
)
def rsa_key_too_small(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A certificate's RSA key has fewer than 1024 bits.

    ## What it means
    The modulus of the public key is shorter than what every Java since 7u40 asks for.

    ## Why it matters
    OpenJDK 7u80 to 21 have "RSA keySize < 1024" among `jdk.certpath.disabledAlgorithms`. Observed on 7u80 to 21: a server
    or a CA, a trusted root too, with a key under 1024 bits is refused; 1024 bits pass. Other clients ask for 2048.

    ## What to do
    Make a new key of at least 2048 bits and have a certificate issued for it. For a CA, everything below it must then be
    reissued.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` shows "Public-Key: (768 bit)", for example.

    ## Source
    The file java.security of each release; the behaviour of Java was observed.
    """
    key = certificate.public_key
    refusal = _refusal(subject, certificate, key) if key is not None and key_name(key.oid) in _RSA else None
    if refusal is None or key is None:
        return ()
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.subjectPublicKeyInfo",
        message=f"Its RSA key has {key.bits} bits. {_named(subject)}: {refusal.reason}.",
        remedy=f"The administrator of {certificate.title} makes a key of at least 2048 bits and has a certificate issued "
        "for it.",
        before_issue="Make an RSA key of at least 2048 bits, and a new request with it.",
        evidence={"bits": key.bits},
    )
    return (problem,)


@rule(
    severity="error",
    scope="certificate",
    anchors=True,
    references=("jdk.certpath.disabledAlgorithms of OpenJDK 7u181 to 21",),
)
def public_key_disabled(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A certificate's public key is of a kind, a size or a curve that the file java.security disables.

    ## What it means
    The property `jdk.certpath.disabledAlgorithms`, or `jdk.tls.disabledAlgorithms`, has the key: DSA under 1024 bits, EC
    under 224 bits, or one of the elliptic curves in `jdk.disabled.namedCurves`.

    ## Why it matters
    Observed: 8u504 and 11 refuse a server or a CA, a trusted root too, with a key on P-224, secp256k1 or a brainpool curve;
    7u181 and later refuse DSA keys of 768 bits.

    ## What to do
    Make an RSA key of at least 2048 bits, or an EC key on P-256, P-384 or P-521, and have a certificate issued for it. For a
    CA, everything below it must then be reissued.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` shows "Public-Key" with its size and "ASN1 OID" with the curve.

    ## Source
    The file java.security of each release; the behaviour of Java was observed.
    """
    key = certificate.public_key
    refusal = _refusal(subject, certificate, key) if key is not None and key_name(key.oid) not in _RSA else None
    if refusal is None or key is None:
        return ()
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.subjectPublicKeyInfo",
        message=f'{_named(subject)}: {refusal.reason}. It logs "{refusal.logged}".',
        remedy=f"The administrator of {certificate.title} makes an RSA key of at least 2048 bits or an EC key on P-256 and has a "
        "certificate issued for it.",
        before_issue="Make an RSA key of at least 2048 bits or an EC key on P-256, and a new request with it.",
        evidence={"key": str(key), "curve": key.curve, "bits": key.bits},
    )
    return (problem,)


_RSA = ("RSA", "RSASSA-PSS")


def _named(subject: Subject) -> str:
    return subject.profile.title if subject.profile.release else "Java 7u181"


def _refusal(subject: Subject, certificate: Certificate, key: PublicKey) -> Refusal | None:
    """What java.security has against the key; nothing where the key is not used, as of a server that is itself trusted."""
    if subject.profile.algorithms.takes_any_use(key) or subject.trusted_alone(certificate):
        return None
    verifies = certificate.index not in subject.hierarchy.servers
    return subject.profile.algorithms.key(key, subject.at, verifies=verifies, anchor=subject.is_anchor(certificate))


@rule(
    severity="error",
    scope="presented",
    anchors=True,
    references=("OpenJDK's default ClientHello of each release", "RFC 8422, section 5.1"),
)
def server_key_not_offered(subject: Subject) -> Iterator[Problem]:
    """The client offers nothing that the server's kind of key could be used with.

    ## What it means
    A server proves that it holds its key with a signature of that key's kind, and the client must have offered it: an
    elliptic curve in supported_groups, or a signature algorithm.

    ## Why it matters
    The handshake then ends before any certificate is judged, with handshake_failure (40) from the server. Observed: an EC
    key on P-224 or a brainpool curve with every Java, on secp256k1 from 8u504, Ed25519 and Ed448 up to 11.

    ## What to do
    Give the server an RSA key of 2048 bits or more, or an EC key on P-256, P-384 or P-521, and a certificate for it.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` shows "Public Key Algorithm" and "ASN1 OID".

    ## Source
    RFC 8422, section 5.1; what each release offers was observed.
    """
    for index in sorted(subject.hierarchy.servers):
        certificate = subject.certificates[index]
        key = certificate.public_key
        if key is None or subject.profile.judges_anchors or _offered(subject, key):
            continue
        yield Problem(
            certificate=index,
            field="tbsCertificate.subjectPublicKeyInfo",
            message=f"Its key is {key}, and {subject.profile.title} offers nothing that such a key could be used with.",
            remedy=f"Give the server an RSA key of at least 2048 bits or an EC key on P-256, and have {certificate.issuer_title} "
            "issue a certificate for it.",
            before_issue="Make an RSA key of at least 2048 bits or an EC key on P-256 for the server, and a new request with it.",
            evidence={"key": str(key), "curve": key.curve},
        )


def _offered(subject: Subject, key: PublicKey) -> bool:
    if key.curve:
        return key.curve in subject.profile.server_curves
    return key.name not in _NEEDS_OFFER or key.name in subject.profile.server_keys


_NEEDS_OFFER = ("Ed25519", "Ed448", "ML-DSA-44", "ML-DSA-65", "ML-DSA-87", "RSASSA-PSS")
