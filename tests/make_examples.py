"""Make docs/examples anew: `python tests/make_examples.py`. Certificates alone are written, never a key."""

from pathlib import Path

from ca import article_chain, good_chain, pem_bundle, pkcs7, request

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "examples"

README = """\
# Examples

All names are made up, all certificates are valid from 2024 to 2044, and the private keys were never written.
`python tests/make_examples.py` makes them anew.

- `article-chain.pem`: server, issuing CA and root, where the root alone is signed RSASSA-PSS (with SHA-1), as in
  Cisco's article about gadgets that do not load.
- `article-chain.p7b`: the same three certificates in the binary PKCS#7 that a Windows CA hands out.
- `good-chain.pem`: the same names with nothing wrong, all three signed SHA-256 with RSA.
- `no-issuer.pem`: the good chain's server certificate alone, without the CA that issued it.
- `request.csr`: a certificate request for the same server, to be judged before a certificate is issued, with
  `--issuers good-chain.pem` or `--issuers article-chain.pem`.
- `request.inf`: the settings of which Windows' certreq would make such a request, with AlternateSignatureAlgorithm on.
"""

SETTINGS = """\
[Version]
Signature="$Windows NT$"

[NewRequest]
Subject = "CN=gadgets.example.com,O=Example"
KeyLength = 2048
KeyUsage = 0xa0
HashAlgorithm = sha256
AlternateSignatureAlgorithm = true
MachineKeySet = true
RequestType = PKCS10

[EnhancedKeyUsageExtension]
OID = 1.3.6.1.5.5.7.3.1 ; Server Authentication

[Extensions]
2.5.29.17 = "{text}"
_continue_ = "dns=gadgets.example.com&"

[RequestAttributes]
CertificateTemplate = WebServer
"""


USAGE = ("digital_signature", "key_encipherment")


def files() -> dict[str, bytes]:
    """What belongs into the folder, by name."""
    article, good = article_chain(), good_chain()
    return {
        "article-chain.pem": pem_bundle(*article),
        "article-chain.p7b": pkcs7(*article),
        "good-chain.pem": pem_bundle(*good),
        "no-issuer.pem": good[0].pem,
        "request.csr": request("gadgets.example.com", key_usage=USAGE, eku=("server_auth",)).pem,
        "request.inf": SETTINGS.replace("\n", "\r\n").encode(),
        "README.md": README.encode(),
    }


def main(folder: Path = FOLDER) -> None:
    """Write the files, over those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
