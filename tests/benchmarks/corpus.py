"""Certificates of the shape that real ones have, made by a seeded generator: what the benchmarks are measured on.

The shape is drawn from what is seen in the field: two thirds of the hierarchies look like those of an enterprise CA on AD CS
(long subjects, LDAP URLs to the CRL and the issuer, a template's name), one third like those of a public CA (many DNS names,
short HTTP URLs, policies, embedded SCTs). Making keys is dear, so the CAs share a few; names, serial numbers, dates and the
servers' public keys are drawn for each certificate. The seed fixes all but the CAs' keys, and what depends on them.
"""

import hashlib
import random
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for `ca`, when run by itself

import ca
from asn1crypto import x509
from benchmarks.inputs import AT, Chain
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEED = 214617

_KEYS = ("rsa2048",) * 7 + ("ec256",) * 2 + ("rsa4096",)
"""The servers' keys."""
_CA_KEYS = {"rsa2048": 16, "rsa4096": 4}
"""How many there are of a kind."""
_SIGNATURES = ("SHA256withRSA",) * 16 + ("SHA384withRSA", "SHA512withRSA", "SHA1withRSA", "RSASSA-PSS-SHA256")
_SCTS = "1.3.6.1.4.1.11129.2.4.2"
_HIERARCHIES = 12
_WORDS = (
    "Contact",
    "Centre",
    "Health",
    "Regional",
    "Insurance",
    "Services",
    "Telecom",
    "Logistics",
    "Bank",
    "Utilities",
)
_PLACES = (("DE", "Bayern", "München"), ("US", "North Carolina", "Durham"), ("FR", "Île-de-France", "Paris"))
_HOSTS = ("finesse-gadgets", "uccx-pub", "reporting", "crm-widget", "wallboard", "sso", "api", "www")


def chains(count: int, seed: int = SEED, *, hierarchies: int = _HIERARCHIES) -> list[Chain]:
    """So many chains of three, no two leaves alike, issued by so many hierarchies in turn."""
    draw = random.Random(seed)
    made = [_hierarchy(draw, number) for number in range(min(hierarchies, count))]
    found = []
    for number in range(count):
        issuing, public = made[number % len(made)]
        assert issuing.issuer is not None
        leaf = _server(draw, issuing, number, public=public)
        found.append(Chain(leaf.der, issuing.der, issuing.issuer.der, leaf.common_name))
    return found


class Template:
    """A server's certificate as a form, filled in again and again: each time another server's, of the same length.

    For runs of a million, where signing would take longer than what is measured. Serial number, host names, key identifier, SCTs,
    signature and, if it is RSA's, public key are others each time, so that no more is known of it than would be of a real one;
    the signatures do not hold.
    """

    def __init__(self, leaf: bytes) -> None:
        certificate = x509.Certificate.load(leaf)
        tbs = certificate["tbs_certificate"]
        extensions = {extension["extn_id"].dotted: extension["extn_value"].contents for extension in tbs["extensions"]}
        key = tbs["subject_public_key_info"]["public_key"].contents
        ends = [tbs["serial_number"].contents, extensions["2.5.29.14"], leaf]
        ends += [extensions[_SCTS]] if _SCTS in extensions else []
        ends += [key[: len(key) // 2]] if certificate.public_key.algorithm == "rsa" else []
        self._der = leaf
        self._octets = [leaf.index(end) + len(end) - 8 for end in ends]
        self._digits = [found.start() for found in re.finditer(rb"\d{7}(?=\.example)", leaf)]

    def filled(self, number: int) -> bytes:
        """The certificate of this number, below ten million."""
        der = bytearray(self._der)
        octets = hashlib.blake2b(number.to_bytes(8, "big"), digest_size=8).digest()
        for at in self._octets:
            der[at : at + 8] = octets
        digits = b"%07d" % number
        for at in self._digits:
            der[at : at + 7] = digits
        return bytes(der)


def certificates(count: int, templates: int = 200, seed: int = SEED) -> Iterator[bytes]:
    """So many servers' certificates, no two alike, from so many templates in turn, which are made at once."""
    forms = _templates(templates, seed)
    return (forms[number % templates].filled(number) for number in range(count))


@cache
def _templates(count: int, seed: int) -> list[Template]:
    return [Template(chain.leaf) for chain in chains(count, seed)]


def _ca_key(draw: random.Random, *kinds: str) -> ca.Key:
    kind = draw.choice(kinds)
    return ca.key(kind, f"benchmark {draw.randrange(_CA_KEYS[kind])}")


def _public_key(draw: random.Random, kind: str) -> bytes:
    """A SubjectPublicKeyInfo of which nobody has the private key; for RSA the modulus is merely an odd number of that size."""
    if kind == "ec256":
        public = ec.derive_private_key(draw.getrandbits(255) | 1, ec.SECP256R1()).public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    size = int(kind.removeprefix("rsa"))
    numbers = rsa.RSAPublicNumbers(65537, draw.getrandbits(size) | 1 << size - 1 | 1)
    return numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _organisation(draw: random.Random) -> str:
    return f"{draw.choice(_WORDS)} {draw.choice(_WORDS)} {draw.choice(('GmbH', 'Inc.', 'S.A.', 'Holdings Limited'))}"


def _hierarchy(draw: random.Random, number: int) -> tuple[ca.Authority, bool]:
    """A root and its issuing CA, and whether they look like a public CA's."""
    public = number % 3 == 2
    country, _, _ = draw.choice(_PLACES)
    organisation = _organisation(draw)
    root = ca.Authority(
        f"{organisation} Root CA {number}",
        key=_ca_key(draw, "rsa2048", "rsa4096"),
        sign=draw.choice(_SIGNATURES),
        subject=_name(country, organisation, f"{organisation} Root CA {number}", public=public),
        path_length=None if public else 1,
    )
    issuing = root.authority(
        f"{organisation} Issuing CA {number}",
        key=_ca_key(draw, "rsa2048"),
        sign=draw.choice(_SIGNATURES),
        subject=_name(country, organisation, f"{organisation} Issuing CA {number}", public=public),
        path_length=0,
        extra_extensions=_pointers(f"{organisation} Root CA {number}", public=public),
    )
    return issuing, public


def _name(country: str, organisation: str, common_name: str, *, public: bool) -> ca.Subject:
    if public:
        return (
            ("country_name", country, "printable_string"),
            ("organization_name", organisation, "utf8_string"),
            ("common_name", common_name, "utf8_string"),
        )
    return (
        ("domain_component", "example", "ia5_string"),
        ("domain_component", "corp", "ia5_string"),
        ("common_name", common_name, "printable_string"),
    )


def _server(draw: random.Random, issuing: ca.Authority, number: int, *, public: bool) -> ca.Server:
    domain = f"{draw.choice(_WORDS).lower()}{number:07}.example{'' if public else '.corp'}"
    host = f"{draw.choice(_HOSTS)}.{domain}"
    many = draw.choice((1, 2, 2, 3, 5, 20)) if public else draw.choice((1, 1, 2))
    country, state, place = draw.choice(_PLACES)
    names = (
        ("country_name", country, "printable_string"),
        ("state_or_province_name", state, "utf8_string"),
        ("locality_name", place, "utf8_string"),
        ("organization_name", _organisation(draw), "utf8_string"),
        ("organizational_unit_name", f"{draw.choice(_WORDS)} Operations", "utf8_string"),
        ("common_name", host, "utf8_string"),
    )
    begins = AT - timedelta(days=draw.randrange(300), seconds=draw.randrange(86400))
    kind = draw.choice(_KEYS)
    spki = _public_key(draw, kind)
    own = _policies() + _timestamps(draw) if public else _template()
    return issuing.server(
        host,
        key=issuing.key,  # none is made; what stands in the certificate is the public key that was drawn
        spki=spki,
        ski=hashlib.sha1(spki, usedforsecurity=False).digest(),
        key_usage=("digital_signature",) if kind == "ec256" else ("digital_signature", "key_encipherment"),
        sign="SHA256withRSA" if public else draw.choice(_SIGNATURES),
        subject=names[-1:] if public and draw.random() < 0.6 else names,
        san=(host, *(f"{draw.choice(_HOSTS)}{i}.{domain}" for i in range(1, many))),
        serial=draw.getrandbits(127) | 1 << 126,
        not_before=begins,
        not_after=begins + timedelta(days=397 if public else 730),
        eku=("server_auth", "client_auth") if draw.random() < 0.5 else ("server_auth",),
        extra_extensions=(*_pointers(issuing.common_name, public=public), *own),
    )


def _pointers(common_name: str, *, public: bool) -> tuple[tuple[str, bool, bytes], ...]:
    """Where the CRL and the issuer's certificate are to be had."""
    short = common_name.replace(" ", "")
    services = "CN=Public Key Services,CN=Services,CN=Configuration,DC=corp,DC=example"
    escaped = f"CN={common_name},CN=CDP,{services}".replace(" ", "%20")
    lists = [f"http://crl.example/{short}.crl"]
    issuers = [("ca_issuers", f"http://aia.example/{short}.crt")]
    if public:
        issuers.insert(0, ("ocsp", "http://ocsp.example"))
    else:
        lists.insert(0, f"ldap:///{escaped}?certificateRevocationList?base?objectClass=cRLDistributionPoint")
        issuers.insert(0, ("ca_issuers", f"ldap:///{escaped}?cACertificate?base?objectClass=certificationAuthority"))
    points = x509.CRLDistributionPoints(
        [{"distribution_point": x509.DistributionPointName("full_name", [_uri(url) for url in lists])}]
    )
    access = x509.AuthorityInfoAccessSyntax([{"access_method": m, "access_location": _uri(url)} for m, url in issuers])
    return (("2.5.29.31", False, bytes(points.dump())), ("1.3.6.1.5.5.7.1.1", False, bytes(access.dump())))


def _uri(url: str) -> x509.GeneralName:
    return x509.GeneralName("uniform_resource_identifier", url)


def _policies() -> tuple[tuple[str, bool, bytes], ...]:
    value = x509.CertificatePolicies([{"policy_identifier": "2.23.140.1.2.2"}])
    return (("2.5.29.32", False, bytes(value.dump())),)


def _timestamps(draw: random.Random) -> tuple[tuple[str, bool, bytes], ...]:
    """Three SCTs of the form and length that logs give (RFC 6962 section 3.2), their signatures drawn."""
    moment = int(AT.timestamp() * 1000).to_bytes(8, "big")
    scts = [b"\0" + draw.randbytes(32) + moment + b"\0\0\4\3" + _sized(draw.randbytes(71)) for _ in range(3)]
    return ((_SCTS, False, ca.tlv(0x04, _sized(b"".join(map(_sized, scts))))),)


def _sized(octets: bytes) -> bytes:
    return len(octets).to_bytes(2, "big") + octets


def _template() -> tuple[tuple[str, bool, bytes], ...]:
    """What AD CS adds: the template's name, and the purposes once more as application policies."""
    template = ca.sequence(
        ca.oid("1.3.6.1.4.1.311.21.8.5812345.1234567.8901234.5678.112"), ca.integer(100), ca.integer(4)
    )
    purposes = ca.sequence(ca.sequence(ca.oid("1.3.6.1.5.5.7.3.1")))
    return (("1.3.6.1.4.1.311.21.7", False, template), ("1.3.6.1.4.1.311.21.10", False, purposes))
