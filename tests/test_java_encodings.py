"""Keys, signatures and algorithms in other encodings than DER's own: what Java makes of them, and what the profiles say.

Each case is one chain with one oddity. A Java 17 at hand is asked about all of them; without one the verdicts that it gave stand.
"""

from collections.abc import Callable, Iterator
from functools import cache

import ca
import jvm
import pytest
from ca import Authority, Issued, Key, Scheme, Server, bit_string, integer, oid, sequence, tlv

import finesse_certlint as fcl
from finesse_certlint.tlv import children, read

HOST = "gadgets.example.com"
P_256, P_384 = oid("1.2.840.10045.3.1.7"), oid("1.3.132.0.34")
ACCEPTED, REFUSED = True, False

Case = tuple[jvm.Case, bool]


def _case(leaf: Issued | bytes, issuing: Issued | bytes, root: Issued, accepted: bool) -> Case:
    sent = tuple(each if isinstance(each, bytes) else each.der for each in (leaf, issuing))
    return jvm.Case(presented=sent, trusted=(root.der,), host=HOST), accepted


def _chain(kind: str) -> tuple[Server, Authority, Authority]:
    root = Authority("Example Root CA", key=ca.key(kind, "root"))
    issuing = root.authority("Example Issuing CA", key=ca.key(kind, "issuing"))
    return issuing.server(HOST, key=ca.key(kind, "server")), issuing, root


def _members(encoded: bytes) -> list[bytes]:
    return [encoded[each.start : each.stop] for each in children(encoded, read(encoded, 0, len(encoded)))]


def _content(encoded: bytes) -> bytes:
    return encoded[read(encoded, 0, len(encoded)).content :]


# -- The signature's octets --------------------------------------------------------------------------------------------


def _signed_with(issued: Issued, write: Callable[[bytes], bytes]) -> bytes:
    """The same certificate, its signature written otherwise."""
    signed, algorithm, signature = _members(issued.der)
    return sequence(signed, algorithm, write(_content(signature)[1:]))


def _with_unused_bits(octets: bytes) -> bytes:
    """As many as are 0 anyhow, at least none, with those that do not count set."""
    unused = next(n for n in range(7, -1, -1) if not octets[-1] & (1 << n) - 1)
    return tlv(0x03, bytes([unused]), octets[:-1] + bytes([octets[-1] | (1 << unused) - 1]))


def _without_zeros(octets: bytes) -> bytes:
    """Two numbers, each without the zero before its first bit."""
    return bit_string(sequence(*(tlv(0x02, _content(number).removeprefix(b"\0")) for number in _members(octets))))


def _with_more_zeros(octets: bytes) -> bytes:
    return bit_string(sequence(*(tlv(0x02, b"\0\0" + _content(number)) for number in _members(octets))))


def _again(leaf: Server) -> Iterator[Server]:
    """The certificate under other serial numbers: each makes another signature."""
    return (leaf.renew(serial=number) for number in range(1, 100))


def _numbers(issued: Issued) -> list[bytes]:
    return _members(_content(_members(issued.der)[2])[1:])


def _signatures() -> Iterator[tuple[str, Case]]:
    for kind in ("rsa2048", "ec256", "ed25519", "dsa2048"):
        leaf, issuing, root = _chain(kind)
        leaf = next(each for each in _again(leaf) if not each.der[-1] & 1)
        odd = _signed_with(leaf, _with_unused_bits)
        yield f"unused bits in a signature with {kind}", _case(odd, issuing, root, ACCEPTED)
    for kind in ("ec256", "dsa2048"):
        leaf, issuing, root = _chain(kind)
        leaf = next(each for each in _again(leaf) if b"\0" in [_content(number)[:1] for number in _numbers(each)])
        odd = _signed_with(leaf, _without_zeros)
        yield f"{kind}, numbers without their leading zero", _case(odd, issuing, root, ACCEPTED)
        odd = _signed_with(leaf, _with_more_zeros)
        yield f"{kind}, numbers with two zeros too many", _case(odd, issuing, root, REFUSED)


# -- The parameters of its algorithm -----------------------------------------------------------------------------------


def _with_algorithm(kind: str, scheme: Scheme, encoded: bytes, accepted: bool) -> Case:
    leaf, issuing, root = _chain(kind)
    odd = issuing.server(HOST, key=leaf.key, sign=scheme, inner_algorithm=encoded, outer_algorithm=encoded)
    return _case(odd, issuing, root, accepted)


def _parameters() -> Iterator[tuple[str, Case]]:
    ecdsa = ca.SCHEMES["SHA256withECDSA"]
    for word, parameters, accepted in (
        ("the issuer's curve", P_256, ACCEPTED),
        ("another curve", P_384, REFUSED),
        ("no curve's OID", oid("1.2.3.4"), REFUSED),
        ("an INTEGER", integer(1), REFUSED),
        ("a SEQUENCE", sequence(), REFUSED),
    ):
        encoded = ca.algorithm("1.2.840.10045.4.3.2", parameters)
        yield f"{word} as parameters of ECDSA", _with_algorithm("ec256", ecdsa, encoded, accepted)
    digest, mask, salt = _members(_members(ca.pss("SHA256").algorithm)[1])
    for word, fields, accepted in (
        ("out of order", (mask, digest, salt), ACCEPTED),
        ("twice", (digest, digest, mask, salt), ACCEPTED),
        ("twice, the last another", (digest, mask, tlv(0xA2, integer(20)), salt), ACCEPTED),
        ("twice, the last the wrong one", (digest, mask, salt, tlv(0xA2, integer(300))), REFUSED),
        ("under a primitive tag", (b"\x80" + digest[1:], mask, salt), ACCEPTED),
        ("with a fifth", (digest, mask, salt, tlv(0xA4, integer(1))), REFUSED),
    ):
        encoded = ca.algorithm("1.2.840.113549.1.1.10", sequence(*fields))
        yield f"fields of RSASSA-PSS {word}", _with_algorithm("rsa2048", ca.pss("SHA256"), encoded, accepted)


# -- Keys --------------------------------------------------------------------------------------------------------------


def _with_key(kind: str, write: Callable[[Key], bytes], accepted: bool) -> Iterator[Case]:
    """The key of the server, and that of the CA which signed for it."""
    leaf, issuing, root = _chain(kind)
    yield _case(issuing.server(HOST, key=leaf.key, spki=write(leaf.key)), issuing, root, accepted)
    odd = root.authority("Example Issuing CA", key=issuing.key, spki=write(issuing.key))
    yield _case(odd.server(HOST, key=leaf.key), odd, root, accepted)


def _key_parts(key: Key) -> tuple[bytes, bytes]:
    algorithm, octets = _members(key.spki)
    return _content(algorithm), _content(octets)[1:]


def _renamed(dotted: str) -> Callable[[Key], bytes]:
    def write(key: Key) -> bytes:
        algorithm, octets = _members(key.spki)
        return sequence(ca.algorithm(dotted, b"".join(_members(algorithm)[1:])), octets)

    return write


def _long_length(key: Key) -> bytes:
    kind, octets = _key_parts(key)
    return sequence(b"\x30\x82" + len(kind).to_bytes(2, "big") + kind, bit_string(octets))


def _octet_more(key: Key) -> bytes:
    kind, octets = _key_parts(key)
    return sequence(sequence(kind), bit_string(octets + b"\0"))


def _unused_bit(key: Key) -> bytes:
    """The exponent 65537 ends in a 1, and does not without that."""
    kind, octets = _key_parts(key)
    return sequence(sequence(kind), tlv(0x03, b"\1", octets[:-1] + bytes([octets[-1] | 1])))


def _without_parameters(key: Key) -> bytes:
    return sequence(ca.algorithm("1.2.840.10040.4.1", b""), _members(key.spki)[1])


def _keys() -> Iterator[tuple[str, Case]]:
    for word, kind, write in (
        ("RSA by its OID in X.500", "rsa2048", _renamed("2.5.8.1.1")),
        ("DSA by its OID of the OIW", "dsa2048", _renamed("1.3.14.3.2.12")),
        ("RSA with a length too long", "rsa2048", _long_length),
        ("EC with a length too long", "ec256", _long_length),
        ("Ed25519 with a length too long", "ed25519", _long_length),
        ("DSA with a length too long", "dsa2048", _long_length),
        ("EC with an octet behind the point", "ec256", _octet_more),
    ):
        for where, case in zip(("server", "CA"), _with_key(kind, write, ACCEPTED), strict=True):
            yield f"{word}, of a {where}", case
    # Only the server's: with the last bit gone the CA's is another key.
    yield "RSA with an unused bit, of a server", next(_with_key("rsa2048", _unused_bit, ACCEPTED))
    _, issuing, root = _chain("rsa2048")
    bare = issuing.server(HOST, key=ca.key("dsa2048", "server"), spki=_without_parameters(ca.key("dsa2048", "server")))
    yield "DSA without parameters below RSA", _case(bare, issuing, root, REFUSED)


# -- Extensions --------------------------------------------------------------------------------------------------------


def _extensions() -> Iterator[tuple[str, Case]]:
    root = Authority("Example Root CA")
    constraints = (oid("2.5.29.19"), tlv(0x01, b"\xff"), tlv(0x04, sequence(tlv(0x01, b"\xff"))))
    for word, behind in (("a value", ca.NULL), ("a broken one", b"\0"), ("another OCTET STRING", tlv(0x04, b"x"))):
        issuing = root.authority("Example Issuing CA", ca=None, path_length=None)
        odd = _with_extension(issuing, sequence(*constraints, behind))
        yield f"{word} behind basicConstraints", _case(issuing.server(HOST), odd, root, ACCEPTED)
    identifier = root.key.identifier
    long = b"\x80\x81" + bytes([len(identifier)]) + identifier
    odd_aki = root.authority("Example Issuing CA", aki=False, extra_extensions=(("2.5.29.35", False, sequence(long)),))
    yield "a key identifier with a length too long", _case(odd_aki.server(HOST), odd_aki, root, ACCEPTED)


def _with_extension(issued: Authority, encoded: bytes) -> bytes:
    """The same certificate with one extension more, signed anew."""
    assert issued.issuer is not None
    signed, algorithm, _ = _members(issued.der)
    fields = _members(signed)
    fields[7] = tlv(0xA3, sequence(*_members(_content(fields[7])), encoded))
    signer = issued.issuer.key
    return sequence(sequence(*fields), algorithm, bit_string(signer.sign(signer.scheme, sequence(*fields))))


# -- All together ------------------------------------------------------------------------------------------------------


@cache
def cases() -> dict[str, Case]:
    """By what is odd about each."""
    return {story: case for part in (_signatures, _parameters, _keys, _extensions) for story, case in part()}


@pytest.mark.parametrize("story", cases())
def test_the_profile_says_of_it_what_java_17_said(story: str) -> None:
    case, accepted = cases()[story]
    report = fcl.lint(
        ca.pem_bundle(*case.presented),
        trusted=ca.pem_bundle(*case.trusted),
        hostname=case.host,
        profile="java-17",
        rules=[rule for rule in fcl.rules() if rule.name != "server-key-not-offered"],
    )
    errors = [(finding.rule, finding.message) for finding in report.findings if finding.severity >= "error"]
    assert report.verdict == ("accepted" if accepted else "refused"), errors


@pytest.mark.skipif(bool(jvm.available()), reason=jvm.available() or "never")
def test_a_live_java_17_says_so() -> None:
    verdicts = jvm.ask([case for case, _ in cases().values()])
    apart = [
        (story, verdict.cause or verdict.message)
        for (story, (_, accepted)), verdict in zip(cases().items(), verdicts, strict=True)
        if verdict.accepted is not accepted
    ]
    assert apart == []


@pytest.mark.parametrize("story", [story for story in cases() if story.endswith("parameters of ECDSA")])
def test_java_21_passes_over_whatever_stands_beside_ecdsa(story: str) -> None:
    case, _ = cases()[story]
    report = fcl.lint(ca.pem_bundle(*case.presented), trusted=ca.pem_bundle(*case.trusted), profile="java-21")
    assert report.verdict == "accepted"
