"""What is known, before a certificate is issued, of the CA that will issue it, and what to ask of it."""

from collections.abc import Iterator

from ..algorithms import HASHES_BY_NAME, SIGNATURES
from ..certificate import Certificate
from ..findings import Severity, printable
from ..issuance import Prospect, verifies
from ..pkix import PSS, SERVER_AUTH, AlgorithmIdentifier
from ..request import Request
from ..rule import Problem, rule
from ..subject import Subject

_ARTICLE = "Cisco TechNote 214617"
_AD_CS = "M. Cooper, RSASSA-PSS: Why Your Certificate Can't Be Validated (pkisolutions.com, 2017)"
_PATH = "RFC 5280, section 6.1"


@rule(severity="error", scope="request", references=(_ARTICLE, _AD_CS, "RFC 4055"))
def issuing_ca_signature_refused(subject: Subject, request: Request) -> Iterator[Problem]:
    r"""The CA that is to issue signs in a way that the client does not accept.

    ## What it means
    A certificate that this CA has issued to somebody else is signed with an algorithm that the profile does not have; the
    one for this request will be signed in the same way. Or the CA's own key leaves it no other way: an EC key makes ECDSA
    signatures, a key of the type id-RSASSA-PSS makes RSASSA-PSS.

    ## Why it matters
    The certificate would be refused, whatever the request says: how a certificate is signed is decided by the CA's
    settings alone. It is cheaper to know before it is issued.

    ## What to do
    On AD CS, the CA's administrator sets the registry value AlternateSignatureAlgorithm of the CA to 0 and restarts the
    service; what is issued from then on is signed with PKCS #1 v1.5. Where the CA's key is the reason, only another CA
    helps. Have a certificate issued on trial, and judge it, before the server's is asked for.

    ## How to see it yourself
    `openssl x509 -in SAMPLE -noout -text` shows "Signature Algorithm"; on the CA, `certutil -getreg ca\csp` shows
    AlternateSignatureAlgorithm.

    ## Source
    Cisco TechNote 214617; pkisolutions.com on AlternateSignatureAlgorithm. What Java releases do was observed.
    """
    prospect = subject.prospect
    if prospect is None:
        return
    sample = _telling(subject, prospect)
    shown = sample or (subject.coming if prospect.forced else None)
    algorithm, why = (shown.signature_algorithm, _refused(subject, shown)) if shown else (None, None)
    if algorithm is None or why is None:
        return
    yield Problem(
        request=request.index,
        certificate=None if sample is None else sample.index,
        field=None if sample is None else "signatureAlgorithm",
        message=(_shown(prospect, sample, algorithm) if sample else _forced(prospect, algorithm))
        + f" {why} {_SAME_WAY}",
        remedy=_make_it_sign_otherwise(_ca_title(prospect), algorithm, by_key=sample is None),
        evidence={
            "oid": algorithm.oid,
            "ca": _ca_title(prospect),
            "samples": len(prospect.samples),
            "sample": None if sample is None else sample.fingerprint_sha256,
            "profile": subject.profile.name,
        },
    )


_SAME_WAY = "The certificate for this request will be signed in the same way."


def _telling(subject: Subject, prospect: Prospect) -> Certificate | None:
    """The sample that tells how the CA signs: the newest; of several that are as new, one that would be refused."""
    refused = (sample for sample in prospect.newest if _refused(subject, sample))
    return next(refused, next(iter(prospect.newest), None))


def _shown(prospect: Prospect, sample: Certificate, algorithm: AlgorithmIdentifier) -> str:
    issued = f", issued on {sample.not_before:%Y-%m-%d}" if sample.not_before else ""
    own = "" if prospect.issuer is None or verifies(sample, prospect.issuer) else ", with another key of that CA"
    return (
        f"{_ca_title(prospect)} signs with {algorithm}, {algorithm.oid}: so is {sample.title} signed "
        f"({sample.location}{issued}{own})."
    )


def _forced(prospect: Prospect, algorithm: AlgorithmIdentifier) -> str:
    key = prospect.issuer.public_key if prospect.issuer else None
    return (
        f"{_ca_title(prospect)} has a key of the type {key}, with which it can sign in no other way than {algorithm}."
    )


def _refused(subject: Subject, signed: Certificate) -> str | None:
    """Why the client would not take such a signature of this CA on a server's certificate."""
    profile, prospect, algorithm = subject.profile, subject.prospect, signed.signature_algorithm
    if algorithm is None:
        return None
    if profile.judges_anchors:
        if algorithm.oid in profile.signature_algorithms:
            return None
        return (
            profile.statement if algorithm.oid == PSS else f"The article's list has {profile.algorithm_list}, no other."
        )
    key = prospect.issuer.public_key if prospect and prospect.issuer else None
    refusal = profile.algorithms.signature(signed, key, subject.at)
    return None if refusal is None else f'{profile.title}: {refusal.reason}. It logs "{refusal.logged}".'


def _make_it_sign_otherwise(ca: str, algorithm: AlgorithmIdentifier, *, by_key: bool) -> str:
    if by_key:
        return (
            f"1. Have the certificate issued by a CA with an RSA key that signs with SHA256withRSA; {ca} cannot.\n"
            "2. Judge this request again with that CA's chain before it is sent."
        )
    change = (
        "sets the CA's registry value AlternateSignatureAlgorithm to 0 (and in [certsrv_server] of CAPolicy.inf, for renewals), "
        "then restarts the CA's service (so on AD CS; in another CA, choose RSA with PKCS #1 v1.5)"
        if algorithm.oid == PSS
        else "makes the CA sign with SHA256withRSA (sha256WithRSAEncryption)"
    )
    return (
        f"1. The administrator of {ca} {change}. It applies to new certificates only.\n"
        "2. A certificate is issued on trial, and given here in place of the old sample (--issued).\n"
        "3. Only then is this request sent to the CA. The request itself need not be changed for it."
    )


def _ca_title(prospect: Prospect) -> str:
    if prospect.issuer is not None:
        return prospect.issuer.title
    return next((sample.issuer_title for sample in prospect.samples), "") or "the CA"


@rule(severity="info", scope="request", references=(_ARTICLE, _AD_CS))
def issuing_ca_signature_shown(subject: Subject, request: Request) -> Iterator[Problem]:
    """Certificates that the CA has issued show that it signs in a way that the client accepts.

    ## What it means
    The newest of the samples is signed with an algorithm that the profile has, and the certificate for this request is
    taken to be signed in the same way. If an older one is not, the CA's settings were changed in between.

    ## Why it matters
    It is the best evidence that there is before issue, as good as the sample is fresh: the settings of a CA can be changed.

    ## What to do
    Judge the certificate again once it is issued, with this request beside it (`request=`).

    ## How to see it yourself
    `openssl x509 -in SAMPLE -noout -text` shows "Signature Algorithm".

    ## Source
    Cisco TechNote 214617; pkisolutions.com on AlternateSignatureAlgorithm, which applies to new certificates only.
    """
    prospect = subject.prospect
    newest = _telling(subject, prospect) if prospect else None
    algorithm = newest.signature_algorithm if newest else None
    if prospect is None or newest is None or algorithm is None or _refused(subject, newest):
        return
    other = next((sample for sample in prospect.samples if _refused(subject, sample)), None)
    digest = HASHES_BY_NAME.get(algorithm.hash or "")
    weak = digest if digest and digest.broken else None
    yield Problem(
        request=request.index,
        certificate=(newest if other is None else other).index,
        field="signatureAlgorithm",
        severity=None if other is None and weak is None else Severity.NOTICE,
        message=f"{_ca_title(prospect)} signs with {algorithm}, as {newest.title} shows"
        + (f", which it issued on {newest.not_before:%Y-%m-%d}." if newest.not_before else ".")
        + (
            f" An older one, {other.title}, is signed with {other.signature_algorithm}: its settings were changed since."
            if other
            else ""
        )
        + (f" {weak.name} is {weak.broken}." if weak else ""),
        remedy=("Ask for SHA-256. " if weak else "")
        + "Judge the certificate again when it is issued, with this request (--request).",
        evidence={"oid": algorithm.oid, "samples": len(prospect.samples)},
    )


@rule(severity="info", scope="request", references=(_ARTICLE, _AD_CS))
def issuing_ca_signature_presumed(subject: Subject, request: Request) -> Iterator[Problem]:
    r"""No certificate shows how the CA signs, so that it is presumed to sign as its kind of key usually does.

    ## What it means
    Nothing that this CA has issued to a server was given. Its key is RSA, which can make both kinds of signature; it is
    presumed to sign with PKCS #1 v1.5 and SHA-256. How the CA's own certificate is signed says nothing of it: that was the
    CA above.

    ## Why it matters
    The verdict rests on that. If the CA is set to sign with RSASSA-PSS, the certificate will be refused. Where another CA of
    the hierarchy signs so, whoever set it up may have done the same here; then this is a warning.

    ## What to do
    Give a certificate that this CA has issued lately, whatever it is for, as `issued` (--issued); or ask the CA's administrator
    what AlternateSignatureAlgorithm is set to.

    ## How to see it yourself
    `openssl x509 -in ANY_SERVER.pem -noout -text` shows "Signature Algorithm" of one that it has issued; on an AD CS,
    `certutil -getreg ca\csp`.

    ## Source
    Cisco TechNote 214617; pkisolutions.com on AlternateSignatureAlgorithm.
    """
    prospect = subject.prospect
    if prospect is None or prospect.issuer is None or prospect.shown or prospect.forced:
        return
    if _signed_itself_so(subject, prospect.issuer):
        return  # issuing-ca-signature-doubtful says that
    above = [c for c in subject.certificates if not c.awaited and c.signature_oid == PSS]
    doubt = (
        f" {above[0].title} is signed with RSASSA-PSS, so that this hierarchy may be set up for it." if above else ""
    )
    if prospect.strangers:
        doubt += f" Of the {len(prospect.strangers)} that were given as issued, none is of this CA."
    if any(sample.signature_algorithm for sample in prospect.samples):
        doubt += " What was given was signed with a key of another kind, from before the CA was renewed."
    yield Problem(
        request=request.index,
        severity=Severity.WARNING if doubt else None,
        message=f"{prospect.issuer.title} is presumed to sign with PKCS #1 v1.5; no certificate that it issued was given to show "
        f"it.{doubt}",
        remedy=f"Give a certificate that {prospect.issuer.title} has issued lately, whatever it is for (--issued), or ask its "
        "administrator what AlternateSignatureAlgorithm is set to.",
        evidence={"ca": prospect.issuer.title},
    )


def _signed_itself_so(subject: Subject, ca: Certificate) -> bool:
    """Whether the only signature of the CA's that is known, on its own certificate, is one that the client does not take."""
    return ca.self_issued and _refused(subject, ca) is not None


@rule(severity="warning", scope="request", references=(_ARTICLE, _AD_CS))
def issuing_ca_signature_doubtful(subject: Subject, request: Request) -> Iterator[Problem]:
    r"""The only signature of the CA that is known is one that the client does not accept on a server's certificate.

    ## What it means
    The CA is its own root, and has signed its own certificate with RSASSA-PSS, for example. The client passes over that on a
    trusted certificate. What the CA signs today, nobody has shown.

    ## Why it matters
    On AD CS one setting decides both, so that it may well sign servers' certificates in the same way; or its settings were
    changed since, which leaves its own certificate as it is. The verdict is undetermined.

    ## What to do
    Give a certificate that this CA has issued lately as `issued` (--issued).

    ## How to see it yourself
    On the CA, `certutil -getreg ca\csp` shows AlternateSignatureAlgorithm.

    ## Source
    pkisolutions.com on AlternateSignatureAlgorithm, read when a CA is installed or its certificate renewed.
    """
    prospect = subject.prospect
    if prospect is None or prospect.issuer is None or prospect.shown or prospect.forced:
        return
    if _signed_itself_so(subject, prospect.issuer):
        yield Problem(
            request=request.index,
            message=f"{prospect.issuer.title} issues by itself, and the only signature of its that was given, on its own "
            f"certificate, is made with {prospect.issuer.signature_algorithm}. Whether it signs servers' certificates so is not "
            "known.",
            remedy=f"Give a certificate that {prospect.issuer.title} has issued lately (--issued), and judge again.",
            evidence={"ca": prospect.issuer.title, "oid": prospect.issuer.signature_oid},
        )


@rule(severity="notice", scope="request", references=(_PATH, _ARTICLE))
def issuers_not_given(subject: Subject, request: Request) -> Iterator[Problem]:
    """Nothing is known of the chain of the CA that is to answer a request.

    ## What it means
    A request alone shows the key, the names and the uses that are asked for. How the certificate will be signed, and by whom,
    is not in it.

    ## Why it matters
    Most of what makes a client refuse a server lies with the CA: how it signs, how its own certificate and those above it are
    signed, whether its root is trusted. Without its chain the verdict is undetermined, or refused for what the request itself
    asks.

    ## What to do
    Give the CA's chain, root included, as `issuers` (--issuers), and a certificate that it has issued lately as `issued`
    (--issued). Both can be had from the CA's download page or from any server that has a certificate of its.

    ## How to see it yourself
    `openssl s_client -connect SERVER:443 -showcerts` prints the chain of a server that has a certificate of the same CA.

    ## Source
    RFC 5280, section 6.1; Cisco TechNote 214617.
    """
    prospect = subject.prospect
    if prospect is None or prospect.issuer is not None:
        return
    samples = f" {len(prospect.samples)} that it has issued were." if prospect.samples else ""
    yield Problem(
        request=request.index,
        message=(
            f"No CA's certificate was given.{samples} Through what chain the certificate will be judged is not known."
            if prospect.given
            else "The chain of the CA that is to issue was not given. How it signs, and whether its chain is accepted, decides and "
            "is not in a request."
        ),
        remedy="Give the CA's chain, root included (--issuers), and a certificate that it has issued lately (--issued).",
        evidence={},
    )


@rule(severity="warning", scope="request", references=(_PATH,))
def issuing_ca_ambiguous(subject: Subject, request: Request) -> Iterator[Problem]:
    """Several CAs of the chain that was given could issue, and which of them will is not known.

    ## What it means
    More than one CA's certificate in it has issued no other CA. The request is judged through each.

    ## Why it matters
    If they differ, the verdict is undetermined.

    ## What to do
    Give the chain of the one CA that the request goes to, or a certificate that it has issued.

    ## How to see it yourself
    `openssl crl2pkcs7 -nocrl -certfile FILE | openssl pkcs7 -print_certs -noout` prints subject and issuer of each.

    ## Source
    RFC 5280, section 6.1.
    """
    prospect = subject.prospect
    if prospect is None or not prospect.rivals:
        return
    names = sorted([_ca_title(prospect), *prospect.rivals])
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    yield Problem(
        request=request.index,
        message=f"{len(names)} CAs could issue: {shown}. Which of them will is not known, so the request is judged through each.",
        remedy="Give the chain of the one that the request goes to, or a certificate that it has issued (--issued).",
        evidence={"cas": names[:20], "unasked": prospect.unasked},
    )


@rule(severity="notice", scope="request", references=(_PATH,))
def sample_of_another_ca(subject: Subject, request: Request) -> Iterator[Problem]:
    """A certificate that was given as issued by the CA was issued by another.

    ## What it means
    Its issuer's name is not that of the CA that is to answer the request.

    ## Why it matters
    It says nothing of how this CA signs. Often it shows that the chain that was given is not the one that issues today.

    ## What to do
    Give a certificate of the CA that the request goes to; or its chain, if the sample is right.

    ## How to see it yourself
    `openssl x509 -in SAMPLE -noout -issuer`.

    ## Source
    RFC 5280, section 6.1.
    """
    prospect = subject.prospect
    if prospect is None or prospect.issuer is None or prospect.rivals:
        return
    for sample in prospect.strangers:
        yield Problem(
            request=request.index,
            certificate=sample.index,
            field="tbsCertificate.issuer",
            message=f"It was issued by {sample.issuer_title or 'a CA without a name'}, not by {prospect.issuer.title}, and says "
            "nothing of how that one signs.",
            remedy=f"Give one that {prospect.issuer.title} has issued, or the chain of the CA that issued this one.",
            evidence={"issuer": sample.issuer},
        )


@rule(severity="warning", scope="request", references=("RFC 5280, sections 4.2.1.4, 4.2.1.11 and 6.1",))
def issuance_policy_unknown(subject: Subject, request: Request) -> Iterator[Problem]:
    """A CA of the chain insists on a certificate policy, and under which the certificate will be issued is not known.

    ## What it means
    policyConstraints of a CA, or for Java 7 a critical certificatePolicies, asks that one policy hold down to the server. The
    policies of a certificate are set by the CA that issues it; a request seldom names them.

    ## Why it matters
    Observed: every Java refuses a chain where an explicit policy is required and the server's certificate has none that fits.
    The verdict is undetermined until it is known.

    ## What to do
    Ask the CA under which of its policies it will issue. On AD CS that is an issuance policy in the template.

    ## How to see it yourself
    `openssl x509 -in CA.pem -noout -ext certificatePolicies,policyConstraints`.

    ## Source
    RFC 5280, section 6.1.5 (g); the behaviour of Java was observed.
    """
    for path in subject.paths:
        violation = subject.profile.constraints.policies(path.below)
        if violation and path.below[violation.index].awaited:
            yield Problem(
                request=request.index,
                message="A CA of the chain insists on a certificate policy, and under which policy this certificate will be issued "
                "is not known.",
                remedy="Ask the CA under which policy it will issue (on AD CS an issuance policy in the template), and that it be "
                "one of those that the CAs above it name.",
                evidence=dict(violation.evidence),
            )
            return


@rule(severity="info", scope="request", references=(_ARTICLE, "RFC 5280, sections 4.2.1.3, 4.2.1.6 and 4.2.1.12"))
def ask_the_ca(subject: Subject, request: Request) -> Iterator[Problem]:
    """What to ask the CA for, so that the certificate can work.

    ## What it means
    A list to send along with the request: how the certificate is to be signed, for which names and uses, and what is to come
    with it.

    ## Why it matters
    A CA issues what it is set up for, and a request can ask for less than half of what decides.

    ## What to do
    Send the list with the request, and hold what comes back against it: judge the chain with this request beside it
    (`request=`, --request).

    ## How to see it yourself
    `openssl x509 -in CERTIFICATE -noout -text` shows each of the points in the certificate that comes back.

    ## Source
    Cisco TechNote 214617 for the signature; RFC 5280, sections 4.2.1.3, 4.2.1.6 and 4.2.1.12 for names and uses.
    """
    host = printable(subject.hostname) if subject.hostname else None
    names = [printable(name) for name in (*request.dns_names, *request.ip_addresses)]
    wanted = list(
        dict.fromkeys([*([host] if host else []), *names, *([] if names or host else request.common_names[-1:])])
    )
    shown = ", ".join(printable(name) for name in wanted[:10]) or "the host in the gadget's URL"
    key = request.public_key
    encipher = " and keyEncipherment" if key is None or key.name == "RSA" else ""
    points = (
        f"signed with SHA256withRSA (PKCS #1 v1.5), and not with RSASSA-PSS{_and_nothing_else(subject)}",
        f"for {shown}: as dNSName or iPAddress in subjectAltName, and the host as common name",
        f"for the purpose serverAuth ({SERVER_AUTH}), with digitalSignature{encipher} in keyUsage",
        "with no critical extension but keyUsage, extKeyUsage, basicConstraints and subjectAltName",
        "together with the CA's chain, root included, as a PKCS#7 or in PEM",
    )
    yield Problem(
        request=request.index,
        message=f"What to ask {_ca_asked(subject)} for: a certificate that is " + "; ".join(points) + ".",
        remedy="Send this along with the request. When the certificate comes, judge it with this request beside it (--request).",
        evidence={"hostname": host, "names": wanted[:50]},
    )


def _ca_asked(subject: Subject) -> str:
    prospect = subject.prospect
    known = prospect and (prospect.issuer or prospect.samples) and not prospect.rivals
    return _ca_title(prospect) if prospect and known else "the CA"


def _and_nothing_else(subject: Subject) -> str:
    """Which others the client has, where it is not the article that speaks."""
    if subject.profile.judges_anchors:
        return ""
    families = {SIGNATURES[oid].family for oid in subject.profile.signature_algorithms if oid in SIGNATURES}
    return (
        "" if "RSASSA-PSS" not in families else f" (which {subject.profile.title} would take, and older releases not)"
    )
