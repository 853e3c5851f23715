"""Chains put together at random from position, algorithm and defect, for a trust manager and a model of it to agree on.

    @given(compose.chains())
    def test_it_says_what_java_says(drawn: tuple[Case, str]) -> None: ...

    cases = compose.sample(1000, seed=7)  # where one virtual machine shall answer them all

A chain starts as an ordinary one; a few oddities are drawn, each for some certificate of it, then what is sent, what is
trusted and which host is asked for. About half of the chains are accepted. All is drawn from one `random.Random`, so a
seed says which chain it is, up to the keys, which are made once in a run.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import attrs
import ca
from asn1crypto import core
from ca import SCHEMES, Authority, Issued, Key, Scheme, Server, Subject, integer, oid, pss, sequence, tlv
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import strategies as st
from jvm import Case, auth_type_for

T = TypeVar("T")
Knobs = dict[str, Any]
Oddity = tuple[str, Knobs]
"""A word for the story, and the knobs that make it; extra_extensions are added to those that are there."""

HOST = "gadgets.example.com"
ADDRESS, ADDRESS_6 = "10.20.3.7", "2001:db8::7"
PAST, FUTURE = datetime(2025, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)

# -- Keys --------------------------------------------------------------------------------------------------------------

_ORDINARY_KEYS = ("rsa2048", "ec256", "rsa3072", "ec384")
_ODD_KEYS = (
    *("rsa1024", "rsa1016", "rsa768", "rsapss2048", "ec521", "P-224", "secp256k1", "dsa2048", "dsa1024"),
    *("ed25519", "ed448"),
)
_OTHER_CURVES: dict[str, ec.EllipticCurve] = {"P-224": ec.SECP224R1(), "secp256k1": ec.SECP256K1()}


@cache
def _key(kind: str, label: str) -> Key:
    """As `ca.key`, with what that does not make."""
    if kind in _OTHER_CURVES:
        # The kind says how a key signs, and these sign as P-256 does.
        return Key("ec256", f"{kind} {label}", ec.generate_private_key(_OTHER_CURVES[kind]))
    if kind in ("rsa768", "rsa1016"):
        return Key(kind, label, _small_rsa(int(kind[3:]), label))
    return ca.key(kind, label)


def _small_rsa(bits: int, label: str) -> rsa.RSAPrivateKey:
    """Of a size that cryptography does not generate any more."""
    chance = random.Random(f"{bits} {label}")
    p, q = 1, 1
    while p == q or (p * q).bit_length() != bits:
        p, q = _prime(bits // 2, chance), _prime(bits // 2, chance)
    exponent, private = 65537, pow(65537, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(exponent, p * q)
    crt = rsa.rsa_crt_dmp1(private, p), rsa.rsa_crt_dmq1(private, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, private, *crt, public).private_key()


def _prime(bits: int, chance: random.Random) -> int:
    while True:
        candidate = chance.getrandbits(bits) | 3 << bits - 2 | 1
        if candidate % 65537 != 1 and all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5, 7, 11, 13)):
            return candidate


@cache
def _schemes(signer: Key) -> tuple[tuple[Scheme, ...], tuple[Scheme, ...]]:
    """What this key can sign with: the ordinary schemes for it, and all."""
    found = []
    odd = (
        pss("SHA256", mgf="SHA1", title="RSASSA-PSS-SHA256 with MGF1-SHA1"),
        pss("SHA256", salt=20, title="RSASSA-PSS-SHA256 with 20 octets of salt"),
        pss("SHA1", mgf="SHA256", title="RSASSA-PSS-SHA1 with MGF1-SHA256"),
    )
    for scheme in (*SCHEMES.values(), *odd):
        try:
            signer.sign(scheme, b"")
        except ValueError:
            continue  # of another family, or nothing here can sign so
        found.append(scheme)
    common = tuple(scheme for scheme in found if scheme.hash in ("SHA256", "SHA384", "SHA512") and scheme not in odd)
    return common or tuple(found), tuple(found)


# -- Oddities ----------------------------------------------------------------------------------------------------------


def _extra(dotted: str, value: bytes, *, critical: bool) -> Knobs:
    return {"extra_extensions": ((dotted, critical, value),)}


def _dns(text: str) -> bytes:
    return tlv(0x82, text.encode())


def _address(*octets: int) -> bytes:
    return tlv(0x87, bytes(octets))


def _directory(*attributes: tuple[str, str, str]) -> bytes:
    return tlv(0xA4, ca.name(attributes))


def _name_constraints(*, permitted: Sequence[bytes] = (), excluded: Sequence[bytes] = ()) -> Knobs:
    parts = [
        tlv(tag, *(sequence(name) for name in names)) for tag, names in ((0xA0, permitted), (0xA1, excluded)) if names
    ]
    return _extra("2.5.29.30", sequence(*parts), critical=True)


def _path_length(limit: int) -> bytes:
    return sequence(tlv(0x01, b"\xff"), integer(limit))


def _policies(*dotted: str, critical: bool = False) -> Knobs:
    return _extra("2.5.29.32", sequence(*(sequence(oid(each)) for each in dotted)), critical=critical)


def _together(*knobs: Knobs) -> Knobs:
    """Several in one certificate."""
    merged: Knobs = {}
    for each in knobs:
        extensions = merged.get("extra_extensions", ()) + each.get("extra_extensions", ())
        merged.update(each)
        if extensions:
            merged["extra_extensions"] = extensions
    return merged


_COUNTRY = ("country_name", "DE", "printable_string")
_ORGANISATION = ("organization_name", "Example", "utf8_string")
_POLICY, _ANOTHER_POLICY, _ANY_POLICY = "1.3.6.1.4.1.99999.7", "1.3.6.1.4.1.99999.8", "2.5.29.32.0"
_REQUIRE_POLICY = _extra("2.5.29.36", sequence(tlv(0x80, b"\0")), critical=True)
_POINT = sequence(sequence(tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://crl.example.com/1.crl")))))

# Of any certificate.
_ANYWHERE: tuple[Oddity, ...] = (
    ("without key identifiers", {"ski": False, "aki": False}),
    ("with an unknown extension", _extra("1.3.6.1.4.1.99999.1", ca.NULL, critical=False)),
    ("with an unknown critical extension", _extra("1.3.6.1.4.1.99999.1", ca.NULL, critical=True)),
    ("with critical CRL distribution points", _extra("2.5.29.31", _POINT, critical=True)),
    ("with a policy", _policies(_POLICY)),
    ("with a critical policy", _policies(_POLICY, critical=True)),
    ("with another policy", _policies(_ANOTHER_POLICY)),
    ("with any policy", _policies(_ANY_POLICY)),
    ("expired", {"not_after": PAST}),
    ("not yet valid", {"not_before": FUTURE}),
    ("with another subjectKeyIdentifier", {"ski": b"\1" * 20}),
    ("with another authorityKeyIdentifier", {"aki": b"\2" * 20}),
    ("with a spoilt signature", {"tamper": True}),
    ("of version 1", {"version": 1}),
    ("of serial number 0", {"serial": 0}),
    ("of a negative serial number", {"serial": -7}),
    ("with an extension twice", _extra("2.5.29.14", tlv(0x04, b"\0\1"), critical=False)),
    ("with an empty subject", {"subject": ()}),
    ("with two signature algorithms", {"inner_algorithm": SCHEMES["SHA1withRSA"].algorithm}),
    ("until 2055", {"not_after": datetime(2055, 1, 1, tzinfo=UTC)}),
    ("with sslClient only", _extra("2.16.840.1.113730.1.1", b"\3\2\7\x80", critical=False)),
    ("with sslServer and sslCA", _extra("2.16.840.1.113730.1.1", b"\3\2\0\x44", critical=False)),
    ("with a critical Netscape type", _extra("2.16.840.1.113730.1.1", b"\3\2\0\x44", critical=True)),
    ("with a critical subjectKeyIdentifier", {"ski": False, **_extra("2.5.29.14", tlv(0x04, b"\0\1"), critical=True)}),
)
_OF_A_CA: tuple[Oddity, ...] = (
    ("without keyUsage", {"key_usage": None}),
    ("pathlen 0", {"path_length": 0}),
    ("pathlen 1", {"path_length": 1}),
    ("for serverAuth", {"eku": ("server_auth",)}),
    ("for any purpose", {"eku": ("any_extended_key_usage",)}),
    ("for clientAuth only", {"eku": ("client_auth",)}),
    ("CA:FALSE", {"ca": False}),
    ("with a path length of -1", {"ca": None, **_extra("2.5.29.19", _path_length(-1), critical=True)}),
    ("with a path length beyond Java's numbers", {"ca": None, **_extra("2.5.29.19", _path_length(1 << 31), critical=False)}),
    ("without basicConstraints", {"ca": None}),
    ("without keyCertSign", {"key_usage": ("digital_signature", "crl_sign")}),
    ("with an empty keyUsage", {"key_usage": ()}),
    ("that permits example.com", _name_constraints(permitted=[_dns("example.com")])),
    ("that permits .example.com", _name_constraints(permitted=[_dns(".example.com")])),
    ("that permits example.org", _name_constraints(permitted=[_dns("example.org")])),
    ("that excludes example.com", _name_constraints(excluded=[_dns("example.com")])),
    ("that excludes example.org", _name_constraints(excluded=[_dns("example.org")])),
    ("that permits no DNS name", _name_constraints(permitted=[_dns("")])),
    ("that permits 10.20/16", _name_constraints(permitted=[_address(10, 20, 0, 0, 255, 255, 0, 0)])),
    ("that excludes 10/8", _name_constraints(excluded=[_address(10, 0, 0, 0, 255, 0, 0, 0)])),
    ("that permits O=Example", _name_constraints(permitted=[_directory(_COUNTRY, _ORGANISATION)])),
    ("that permits O=EXAMPLE", _name_constraints(permitted=[_directory(_COUNTRY, (*_ORGANISATION[:1], "EXAMPLE", "utf8_string"))])),
    ("that permits C=FR", _name_constraints(permitted=[_directory(("country_name", "FR", "printable_string"))])),
    ("that excludes O=Example", _name_constraints(excluded=[_directory(_COUNTRY, _ORGANISATION)])),
    ("that permits e-mail only", _name_constraints(permitted=[tlv(0x81, b"example.com")])),
    ("that requires a policy", _REQUIRE_POLICY),
    ("that requires a policy and has one", _together(_policies(_POLICY), _REQUIRE_POLICY)),
)  # fmt: skip
_OF_A_SERVER: tuple[Oddity, ...] = (
    ("without keyUsage", {"key_usage": None}),
    ("digitalSignature only", {"key_usage": ("digital_signature",)}),
    ("keyEncipherment only", {"key_usage": ("key_encipherment",)}),
    ("keyAgreement only", {"key_usage": ("key_agreement",)}),
    ("keyCertSign only", {"key_usage": ("key_cert_sign",)}),
    ("nonRepudiation only", {"key_usage": ("non_repudiation",)}),
    ("with an empty keyUsage", {"key_usage": ()}),
    ("for no purpose", {"eku": None}),
    ("for server and client", {"eku": ("server_auth", "client_auth")}),
    ("for any purpose", {"eku": ("any_extended_key_usage",)}),
    ("for clientAuth only", {"eku": ("client_auth",)}),
    ("for code and mail", {"eku": ("code_signing", "email_protection")}),
    ("for what Java cannot read", {"eku": None, **_extra("2.5.29.37", sequence(tlv(0x06, b"\x80\1")), critical=False)}),
    ("for Netscape's server gated crypto", {"eku": ("2.16.840.1.113730.4.1",)}),
    ("for Microsoft's server gated crypto", {"eku": ("1.3.6.1.4.1.311.10.3.3",)}),
    ("CA:TRUE", {"ca": True}),
    ("CA:FALSE", {"ca": False}),
)
# What is asked for, and what the server's certificate says of it.
_HOSTS: tuple[tuple[str, str | None, Knobs], ...] = (
    ("", HOST, {}),
    ("host not asked for", None, {}),
    ("host in capitals", HOST.upper(), {}),
    ("host with a final dot", f"{HOST}.", {}),
    ("wildcard", HOST, {"san": ("*.example.com",)}),
    ("common name alone", HOST, {"san": None}),
    ("address", ADDRESS, {"san": (HOST, ADDRESS)}),
    ("second name", HOST, {"san": ("www.example.com", HOST)}),
    ("name in capitals", HOST, {"san": (HOST.upper(),)}),
    ("IPv6 address", ADDRESS_6, {"san": (ADDRESS_6,)}),
    ("address as a DNS name", ADDRESS, _extra("2.5.29.17", sequence(_dns(ADDRESS)), critical=False) | {"san": None}),
    ("address not in the certificate", ADDRESS, {}),
    ("another host", "elsewhere.example.com", {}),
    ("another name, the common name fits", HOST, {"san": ("other.example.com",)}),
    ("wildcard a level up", f"a.{HOST}", {"san": ("*.example.com",)}),
    ("wildcard within a label", HOST, {"san": ("gad*.example.com",)}),
    ("wildcard directly below com", "example.com", {"san": ("*.com",)}),
    ("only an address in the names", HOST, {"san": (ADDRESS,)}),
)

# -- Composing ---------------------------------------------------------------------------------------------------------


@attrs.define
class _Composer:
    random: random.Random
    story: list[str] = attrs.field(factory=list)
    host: str | None = HOST

    def one_in(self, number: int) -> bool:
        # The last of them, so that hypothesis shrinks towards what is ordinary.
        return self.random.randrange(number) == number - 1

    def pick(self, options: Sequence[T]) -> T:
        return options[self.random.randrange(len(options))]

    def compose(self) -> Case:
        count = self.pick((6, 7, 8)) if self.one_in(25) else self.pick((2, 1, 2, 3, 2, 3, 4, 5))
        self.story.append(f"{count} CA{'s' * (count > 1)}")
        *above, last = self.positions(count)
        cas: list[Authority] = []
        for knobs in above:
            cas.append(Authority(issuer=cas[-1] if cas else None, **knobs, **self.signature(knobs, cas)))
        server = Server(issuer=cas[-1], **last, **self.signature(last, cas))
        return Case(
            presented=tuple(issued.der for issued in self.presented(server, cas)),
            trusted=tuple(issued.der for issued in self.trusted(server, cas)),
            host=self.host,
            auth_type=auth_type_for(core.load(server.key.spki)[0][0].dotted),
        )

    # What each certificate is, from the root down to the server.

    def positions(self, count: int) -> list[Knobs]:
        titles = ["Example Root CA", *(f"Example Issuing CA {number}" for number in range(1, count)), HOST]
        if count > 2 and self.one_in(30):
            titles[2] = titles[1]
            self.story.append("two CAs of one name")
        found: list[Knobs] = []
        mixed = self.one_in(4)
        for position, title in enumerate(titles):
            kind = self.pick(_ORDINARY_KEYS) if mixed else "rsa2048"
            label = "server" if position == count else f"CA {position}"
            found.append({"common_name": title, "subject": _subject(title), "key": _key(kind, label)})
        if mixed:
            self.story.append("keys " + ", ".join(knobs["key"].kind for knobs in found))
        if self.one_in(8):
            position = self.random.randrange(count + 1)
            kind = self.pick(_ODD_KEYS)
            found[position]["key"] = _key(kind, found[position]["key"].label)
            self.story.append(f"{self.called(position, count)} with a {kind} key")
        if self.one_in(3):
            word, self.host, knobs = self.pick(_HOSTS)
            found[count] = _together(found[count], knobs)
            self.story.append(word or "host as usual")
        for _ in range(self.pick((0, 0, 1, 0, 1, 2, 3))):
            self.spoil(found, count)
        return found

    def spoil(self, found: list[Knobs], count: int) -> None:
        """One oddity, somewhere."""
        position = self.random.randrange(count + 1)
        if position and self.one_in(8):
            word, knobs = self.pick(_issuer_names(found[position - 1]["subject"]))
        else:
            word, knobs = self.pick((*(_OF_A_SERVER if position == count else _OF_A_CA), *_ANYWHERE))
        found[position] = _together(found[position], knobs)
        self.story.append(f"{self.called(position, count)} {word}")

    @staticmethod
    def called(position: int, count: int) -> str:
        return "server" if position == count else f"CA {position}" if position else "root"

    def signature(self, knobs: Knobs, cas: list[Authority]) -> Knobs:
        """How its issuer signs it."""
        common, every = _schemes(cas[-1].key if cas else knobs["key"])
        scheme = self.pick(every if self.one_in(10) else common if self.one_in(3) else common[:1])
        if scheme is not common[0]:
            self.story.append(f"{knobs['common_name']} signed with {scheme.name}")
        return {"sign": scheme}

    # What the server sends and the client trusts.

    def presented(self, server: Server, cas: list[Authority]) -> list[Issued]:
        rest: list[Issued] = [*reversed(cas)]
        if self.one_in(2):
            rest.pop()
            self.story.append("root not sent")
        if rest and self.one_in(15):
            gone = rest.pop(self.random.randrange(len(rest)))
            self.story.append(f"{gone.common_name} not sent")
        if len(cas) > 1 and self.one_in(8):
            position = self.random.randrange(1, len(cas))
            twin = cas[position].cross_sign(_stranger())
            if self.one_in(2):
                rest = [twin if issued is cas[position] else issued for issued in rest]
                self.story.append(f"CA {position} sent as another CA has issued it")
            else:
                rest.insert(self.random.randrange(len(rest) + 1), twin)
                self.story.append(f"CA {position} sent as another CA has issued it, too")
        if self.one_in(10):
            word, stray = self.pick(self.strays(server, cas))
            rest.insert(self.random.randrange(len(rest) + 1), stray())
            self.story.append(f"{word} sent too")
        if rest and self.one_in(12):
            rest.insert(self.random.randrange(len(rest) + 1), self.pick(rest))
            self.story.append("one sent twice")
        if self.one_in(6):
            self.random.shuffle(rest)
            self.story.append("order shuffled")
        return [server, *rest]

    @staticmethod
    def strays(server: Server, cas: list[Authority]) -> Sequence[tuple[str, Callable[[], Issued]]]:
        return (
            ("a foreign root", _stranger),
            ("another server", lambda: _stranger().server("other.example.com", key=_key("rsa2048", "other"))),
            ("the server again, renewed,", server.renew),
            ("a root of the same name", lambda: _namesake(cas[0])),
            ("the last CA renewed", cas[-1].renew),
        )

    def trusted(self, server: Server, cas: list[Authority]) -> list[Issued]:
        if not self.one_in(3):
            return [cas[0]]
        some = self.pick(cas)
        word, trusted = self.pick(self.stores(server, cas, some))
        self.story.append(f"trusted: {word}")
        return trusted()

    @staticmethod
    def stores(
        server: Server, cas: list[Authority], some: Authority
    ) -> Sequence[tuple[str, Callable[[], list[Issued]]]]:
        root = cas[0]
        return (
            ("root and a foreign root", lambda: [root, _stranger()]),
            (some.common_name, lambda: [some]),
            (f"root and {some.common_name}", lambda: [root, some]),
            ("all CAs", lambda: [*cas]),
            ("the server", lambda: [server]),
            ("the last CA", lambda: [cas[-1]]),
            ("the server renewed", lambda: [server.renew()]),
            ("the root renewed", lambda: [root.renew()]),
            ("the root renewed, expired", lambda: [root.renew(not_after=PAST)]),
            ("the root, and itself expired", lambda: [root.renew(not_after=PAST), root]),
            ("the root as another CA has issued it", lambda: [root.cross_sign(_stranger())]),
            (f"{some.common_name} as another CA has issued it", lambda: [some.cross_sign(_stranger())]),
            ("a foreign root", lambda: [_stranger()]),
            ("a root of the same name", lambda: [_namesake(root)]),
            ("root and one of the same name", lambda: [_namesake(root), root]),
            ("nothing", list),
        )


def _subject(title: str) -> Subject:
    return (_COUNTRY, _ORGANISATION, ("common_name", title, "utf8_string"))


def _issuer_names(subject: Subject) -> Sequence[Oddity]:
    """The issuer's name, written otherwise."""
    if not subject:
        return (("with a name for its issuer, which has none", {"issuer_subject": _subject("Example Root CA")}),)
    *before, (kind, title, _) = subject
    assert isinstance(title, str)
    return tuple(
        (f"with its issuer's name {word}", {"issuer_subject": (*before, (kind, text, string))})
        for word, text, string in (
            ("as PrintableString", title, "printable_string"),
            ("in capitals", title.upper(), "utf8_string"),
            ("with two blanks for one", title.replace(" ", "  "), "utf8_string"),
            ("between blanks", f" {title} ", "utf8_string"),
            ("as BMPString", title, "bmp_string"),
            ("as TeletexString", title, "teletex_string"),
            ("as UniversalString", title, "universal_string"),
            ("misspelt", f"{title}x", "utf8_string"),
        )
    )


@cache
def _stranger() -> Authority:
    return Authority("Foreign Root CA", key=_key("rsa2048", "foreign"))


def _namesake(root: Authority) -> Authority:
    """Of the same name, with another key."""
    return Authority(root.common_name, subject=_subject(root.common_name), key=_key("rsa2048", "namesake"))


def compose(chance: random.Random) -> tuple[Case, str]:
    """One case, and the story of it for people."""
    composer = _Composer(chance)
    return composer.compose(), "; ".join(composer.story)


def sample(count: int, seed: int) -> list[tuple[Case, str]]:
    """So many cases; a case does not depend on the number of others."""
    return [compose(random.Random(f"{seed} {number}")) for number in range(count)]


def chains() -> st.SearchStrategy[tuple[Case, str]]:
    """The same for hypothesis, which makes the stories of its failures short."""
    return st.randoms(use_true_random=False).map(compose)
