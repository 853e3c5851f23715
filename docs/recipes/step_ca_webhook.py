"""A webhook for step-ca: it allows a request unless the certificate could not work with Cisco Finesse.

    STEP_WEBHOOK_SECRET=... python step_ca_webhook.py issuers.pem [PORT]

step-ca posts the request before it signs; the answer says whether it may, and if not, why. Put TLS in front of it, as
step-ca asks of its webhooks.
"""

import hashlib
import hmac
import json
import os
import sys
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import finesse_certlint as fcl

LONGEST = 1_000_000
"""Bytes of a body; a request is a few thousand."""


def answer(body: bytes, issuers: bytes) -> dict[str, Any]:
    """What is said to step-ca about the body that it posted."""
    try:
        request = b64decode(json.loads(body)["x509CertificateRequest"]["raw"], validate=True)
        report = fcl.lint({"request": request, "issuers": issuers})
    except (ValueError, KeyError, TypeError) as error:  # InputError is a ValueError
        return refusal("unreadable", f"the request cannot be read: {error}")
    if report.verdict == "refused":
        return refusal("refused", " ".join(finding.message.split("\n")[0] for finding in report.breaking))
    return {"allow": True, "data": {"verdict": report.verdict, "findings": [f.rule for f in report.findings]}}


def refusal(code: str, message: str) -> dict[str, Any]:
    """An answer that keeps step-ca from signing."""
    return {"allow": False, "data": {}, "error": {"code": code, "message": message}}


def genuine(body: bytes, signature: str, secret: bytes) -> bool:
    """Whether step-ca sent it: X-Smallstep-Signature is the HMAC-SHA-256 of the body in hexadecimal."""
    expected = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.lower().encode("utf-8", "replace"))


def server(port: int, issuers: bytes, secret: bytes) -> ThreadingHTTPServer:
    """The webhook on this machine alone."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer one request."""
            length = int(self.headers.get("Content-Length") or 0)
            if not 0 < length <= LONGEST:
                self.send_error(413)
                return
            body = self.rfile.read(length)
            if not genuine(body, self.headers.get("X-Smallstep-Signature", ""), secret):
                self.send_error(401)
                return
            reply = json.dumps(answer(body, issuers)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 8080
    server(number, Path(sys.argv[1]).read_bytes(), b64decode(os.environ["STEP_WEBHOOK_SECRET"])).serve_forever()
