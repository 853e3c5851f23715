"""Public keys."""

from collections.abc import Iterator

from ..certificate import PSS, Certificate
from ..findings import Role
from ..rule import Problem, rule
from ..subject import Subject


@rule(severity="error", scope="certificate", references=("RFC 4055, sections 1.2 and 3.1", "OpenSSL issue 13931"))
def rsapss_public_key(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
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
        return
    server = subject.role(certificate) is Role.LEAF
    yield Problem(
        certificate=certificate.index,
        field="tbsCertificate.subjectPublicKeyInfo.algorithm",
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
        evidence={"key": key.oid},
    )


_LEAST_RSA_BITS = 1024


@rule(severity="error", scope="certificate", references=("jdk.certpath.disabledAlgorithms of OpenJDK 7u80 to 21",))
def rsa_key_too_small(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
    """A certificate's RSA key has fewer than 1024 bits.

    ## What it means
    The modulus of the public key is shorter than what every Java since 7u40 asks for.

    ## Why it matters
    OpenJDK 7u80 to 21 have "RSA keySize < 1024" among `jdk.certpath.disabledAlgorithms`. Observed on 7u181, 8u181, 8u504
    and 17: a server with a key of 512 or 768 bits is refused; 1024 bits pass. Other clients ask for 2048.

    ## What to do
    Make a new key of at least 2048 bits and have a certificate issued for it. For a CA, everything below it must then be
    reissued.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` shows "Public-Key: (768 bit)", for example.

    ## Source
    The file java.security of each release; the behaviour of Java was observed.
    """
    key = certificate.public_key
    if key is None or key.bits is None or key.name not in ("RSA", "RSASSA-PSS") or key.bits >= _LEAST_RSA_BITS:
        return
    yield Problem(
        certificate=certificate.index,
        field="tbsCertificate.subjectPublicKeyInfo",
        message=f"Its RSA key has {key.bits} bits. Java 7u80 to 21 refuse keys under {_LEAST_RSA_BITS} bits "
        '("RSA keySize < 1024" in jdk.certpath.disabledAlgorithms).',
        remedy=f"The administrator of {certificate.title} makes a key of at least 2048 bits and has a certificate issued "
        "for it.",
        evidence={"bits": key.bits, "least": _LEAST_RSA_BITS},
    )
