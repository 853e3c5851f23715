"""How a Windows CA is set up: CAPolicy.inf."""

from collections.abc import Iterator

from ..documents import Document, Kind, Setting
from ..findings import Severity, printable
from ..pkix import PSS
from ..rule import Problem, rule
from ..subject import Subject

_AD_CS = "M. Cooper, RSASSA-PSS: Why Your Certificate Can't Be Validated (pkisolutions.com, 2017)"
_ARTICLE = "Cisco TechNote 214617"
_SECTION = "certsrv_server"
_ON = ("1", "true", "yes", "on", "0x1")


def _said(subject: Subject, key: str) -> Iterator[tuple[Document, Setting]]:
    for document in subject.documents:
        for setting in document.settings:
            if (setting.section.lower(), setting.key.lower()) == (_SECTION, key):
                yield document, setting


def _at(document: Document, setting: Setting) -> dict[str, object]:
    return {"document": document.name, "start": setting.start, "stop": setting.stop, "line": setting.line}


@rule(severity="error", scope="input", everywhere=True, beside=True, references=(_AD_CS, _ARTICLE))
def capolicy_alternate_signature(subject: Subject) -> Iterator[Problem]:
    r"""CAPolicy.inf sets up a CA that signs with RSASSA-PSS.

    ## What it means
    `AlternateSignatureAlgorithm=1` stands in `[certsrv_server]`. AD CS reads the file when a CA is installed and when its
    certificate is renewed. Examples in Microsoft's own guides have that line.

    ## Why it matters
    Whatever that CA signs, its own certificate if it is a root, is then signed with RSASSA-PSS. The article: "If any
    certificate in the chain is signed with RSASSA-PSS, the connection fails." Java before 8u251 does not have it.

    ## What to do
    Set it to 0 before the CA is installed or renewed. If the CA stands already, its registry value of that name counts for
    what it issues: set it to 0, restart the service, renew the CA's certificate and reissue.

    ## How to see it yourself
    Open %SystemRoot%\CAPolicy.inf on the CA; `certutil -getreg ca\csp` shows what it runs with.

    ## Source
    pkisolutions.com on AlternateSignatureAlgorithm; Cisco TechNote 214617.
    """
    for document, setting in _said(subject, "alternatesignaturealgorithm"):
        if setting.value.strip().lower() not in _ON:
            continue
        taken = PSS in subject.profile.signature_algorithms
        yield Problem(
            severity=Severity.NOTICE if taken else None,
            message="AlternateSignatureAlgorithm is on."
            + (f" {subject.profile.title} takes that; older releases do not." if taken else f" {_why(subject)}")
            + " A CA that is installed or renewed with this file signs with RSASSA-PSS.",
            remedy="1. Set AlternateSignatureAlgorithm=0 in [certsrv_server].\n"
            "2. If the CA is in use already, its administrator sets the registry value of that name to 0 too, restarts the CA's "
            "service, renews the CA's certificate, and reissues what was issued since.",
            evidence={"value": printable(setting.value[:80])},
            **_at(document, setting),  # type: ignore[arg-type]
        )


def _why(subject: Subject) -> str:
    return subject.profile.statement or f"{subject.profile.title} has no RSASSA-PSS."


@rule(severity="warning", scope="input", beside=True, references=(_AD_CS,))
def capolicy_discrete_signature(subject: Subject) -> Iterator[Problem]:
    r"""CAPolicy.inf has a setting of a beta version, which does nothing.

    ## What it means
    `DiscreteSignatureAlgorithm` was the name of AlternateSignatureAlgorithm in the beta of Windows Server 2008. In released
    Windows it has no effect, on or off.

    ## Why it matters
    Whoever set it to 0 believes that the CA does not sign with RSASSA-PSS; whether it does, is decided by
    AlternateSignatureAlgorithm alone.

    ## What to do
    Write `AlternateSignatureAlgorithm=0` in its place.

    ## How to see it yourself
    `certutil -getreg ca\csp` on the CA shows AlternateSignatureAlgorithm.

    ## Source
    pkisolutions.com, RSASSA-PSS: Why Your Certificate Can't Be Validated.
    """
    for document, setting in _said(subject, "discretesignaturealgorithm"):
        yield Problem(
            message="DiscreteSignatureAlgorithm is the name of a beta version; released Windows passes over it.",
            remedy="Write AlternateSignatureAlgorithm=0 in its place.",
            evidence={"value": printable(setting.value[:80])},
            **_at(document, setting),  # type: ignore[arg-type]
        )


@rule(severity="notice", scope="input", beside=True, references=(_AD_CS,))
def capolicy_says_little(subject: Subject) -> Iterator[Problem]:
    r"""A CAPolicy.inf was given, and nothing in it makes the CA sign with RSASSA-PSS.

    ## What it means
    AlternateSignatureAlgorithm is 0 in it, or not there.

    ## Why it matters
    The file counts when a CA is installed or its certificate renewed. What a CA does today is decided by its registry, which
    may say otherwise; and the file says nothing of the rest of the chain. So the verdict does not rest on it.

    ## What to do
    Give the CA's chain (`issuers`), and a certificate that it has issued (`issued`).

    ## How to see it yourself
    `certutil -getreg ca\csp` on the CA shows what it runs with.

    ## Source
    pkisolutions.com on AlternateSignatureAlgorithm.
    """
    for document in subject.documents:
        if not any(block.kind is Kind.SETTINGS and block.label == "CAPolicy.inf" for block in document.blocks):
            continue
        said = [s for s in document.settings if s.key.lower() == "alternatesignaturealgorithm"]
        if not any(setting.value.strip().lower() in _ON for setting in said):
            yield Problem(
                message=f"{document.name} sets up a CA, and AlternateSignatureAlgorithm is {'off' if said else 'not set'} in it. "
                "The CA's registry may say otherwise.",
                remedy="To know how the CA signs, give its chain and a certificate that it has issued lately.",
                evidence={"set": bool(said)},
                document=document.name,
                start=0,
                stop=document.size,
            )
