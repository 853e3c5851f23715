"""A linter for pkimetal: `python pkimetal_backend.py [issuers.pem]` talks to it over its standard streams.

pkimetal writes the number of its profile on one line and a certificate in base64 on the next; it reads findings, one on a
line, up to `[EndOfResults]`. What it hands over is one certificate: the file names what issued it.
"""

import sys
from base64 import b64decode
from pathlib import Path

import attrs

import finesse_certlint as fcl


def findings(certificate: str, issuers: bytes) -> str:
    """The lines about one certificate; those about its issuers are left out."""
    try:
        der = b64decode(certificate, validate=True)
        report = fcl.lint({"certificate": der, **({"issuers": issuers} if issuers else {})})
    except ValueError as error:  # InputError is one too
        return f"F: {' '.join(str(error).split())}\n"
    about = tuple(finding for finding in report.findings if finding.certificate in (0, None))
    return attrs.evolve(report, findings=about).render("lines")


def main() -> None:
    """Answer until pkimetal closes the stream."""
    issuers = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else b""
    for profile in sys.stdin:
        if profile.strip():
            sys.stdout.write(findings(sys.stdin.readline().strip(), issuers) + "[EndOfResults]\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
