"""A rule of one's own: certificates of gadget servers come from our own CA.

In the package's pyproject.toml:

    [project.entry-points."finesse_certlint.rules"]
    house = "own_rule:RULES"
"""

from collections.abc import Iterator

from finesse_certlint import Certificate, Problem
from finesse_certlint.rule import rule
from finesse_certlint.subject import Subject


@rule(severity="warning", scope="certificate", references=("House rule 7",), since="2026-11")
def issuer_not_ours(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
    """A server's certificate does not come from our own CA.

    ## What it means
    The issuer's organization is not Example Corp.

    ## Why it matters
    What is not ours is not renewed by us, and a gadget fails on the day it expires.

    ## What to do
    Have the certificate issued by our own CA.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -issuer`.

    ## Source
    House rule 7.
    """
    if certificate.for_server and "O=Example Corp" not in certificate.issuer:
        yield Problem(
            message=f"Its issuer is {certificate.issuer}.",
            remedy="The server's administrator requests a new certificate from our own CA.",
            certificate=certificate.index,
            field="tbsCertificate.issuer",
        )


RULES = (issuer_not_ours,)
