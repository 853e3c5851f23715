"""The lists of java.security: the file's own words about them, the releases' real lists, and a living JDK 17.

What is quoted without a source is a comment of OpenJDK 17's java.security above `jdk.certpath.disabledAlgorithms`.
"""

import random
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import attrs
import jvm
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from finesse_certlint.errors import ProfileError
from finesse_certlint.java.security import DisabledAlgorithms, Entry, Key, properties

CERTPATH = "jdk.certpath.disabledAlgorithms"
TLS = "jdk.tls.disabledAlgorithms"
CURVES = "jdk.disabled.namedCurves"
AT = datetime(2026, 11, 24, tzinfo=UTC)

# What the seven observed releases have in their java.security (a fact of each is its own file, see the profiles).
NAMED_CURVES = (
    "secp112r1, secp112r2, secp128r1, secp128r2, secp160k1, secp160r1, secp160r2, secp192k1, secp192r1, secp224k1, "
    "secp224r1, secp256k1, sect113r1, sect113r2, sect131r1, sect131r2, sect163k1, sect163r1, sect163r2, sect193r1, "
    "sect193r2, sect233k1, sect233r1, sect239k1, sect283k1, sect283r1, sect409k1, sect409r1, sect571k1, sect571r1, "
    "X9.62 c2tnb191v1, X9.62 c2tnb191v2, X9.62 c2tnb191v3, X9.62 c2tnb239v1, X9.62 c2tnb239v2, X9.62 c2tnb239v3, "
    "X9.62 c2tnb359v1, X9.62 c2tnb431r1, X9.62 prime192v2, X9.62 prime192v3, X9.62 prime239v1, X9.62 prime239v2, "
    "X9.62 prime239v3, brainpoolP256r1, brainpoolP320r1, brainpoolP384r1, brainpoolP512r1"
)
C_7U181 = "MD2, MD5, SHA1 jdkCA & usage TLSServer, RSA keySize < 1024, DSA keySize < 1024, EC keySize < 224"
C_17 = f"{C_7U181}, SHA1 usage SignedJAR & denyAfter 2019-01-01"
C_8U504 = f"{C_17}, include jdk.disabled.namedCurves"
T_8U504 = (
    "SSLv3, TLSv1, TLSv1.1, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, NULL, ECDH, "
    "include jdk.disabled.namedCurves"
)
T_17 = (
    "SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, "
    "NULL, ECDH"
)
T_21 = (
    f"{T_17}, TLS_RSA_*, rsa_pkcs1_sha1 usage HandshakeSignature, ecdsa_sha1 usage HandshakeSignature, "
    "dsa_sha1 usage HandshakeSignature"
)
RELEASES: Mapping[str, tuple[str, str]] = {
    "7u80": ("MD2, RSA keySize < 1024", ""),
    "7u181": (C_7U181, "SSLv3, MD5withRSA, DH keySize < 1024, EC keySize < 224, DES40_CBC, RC4_40, 3DES_EDE_CBC"),
    "8u181": (C_7U181, "SSLv3, RC4, MD5withRSA, DH keySize < 1024, EC keySize < 224, DES40_CBC, RC4_40, 3DES_EDE_CBC"),
    "8u504": (C_8U504, T_8U504),
    "11": (C_8U504, f"{T_21}, include jdk.disabled.namedCurves"),
    "17": (C_17, T_17),
    "21": (C_17, T_21),
}
ALL = frozenset(RELEASES)


def certpath(value: str, curves: str = NAMED_CURVES) -> DisabledAlgorithms:
    return DisabledAlgorithms.parse(value, {CURVES: curves}, where=CERTPATH)


def tls(value: str, curves: str = NAMED_CURVES) -> DisabledAlgorithms:
    return DisabledAlgorithms.parse(value, {CURVES: curves}, where=TLS)


def rsa(bits: int | None = 2048) -> Key:
    return Key(algorithm="RSA", bits=bits)


def ec(curve: str, bits: int | None = 256) -> Key:
    return Key(algorithm="EC", bits=bits, curve=curve)


def text(entry: Entry | None) -> str | None:
    return entry.text if entry else None


# -- The file ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        # java.util.Properties.load: "A comment line has an ASCII '#' or '!' as its first non-white space character"
        ("# a=1\n  ! b=2\n\t\n\fc=3", {"c": "3"}),
        # "The key contains all of the characters in the line starting with the first non-white space character and up
        # to, but not including, the first unescaped '=', ':', or white space character other than a line terminator."
        ("Truth = Beauty", {"Truth": "Beauty"}),
        ("    Truth:Beauty", {"Truth": "Beauty"}),
        ("Truth                    :Beauty", {"Truth": "Beauty"}),
        ("Truth Beauty", {"Truth": "Beauty"}),
        (r"\:\= = x", {":=": "x"}),
        ("cheeses", {"cheeses": ""}),
        ("a = = b", {"a": "= b"}),
        # "a logical line may be spread out across several adjacent natural lines by escaping the line terminator"
        (
            "fruits                           apple, banana, pear, \\\n                                  cantaloupe\n",
            {"fruits": "apple, banana, pear, cantaloupe"},
        ),
        ("a=1\\\r\n 2\\\r3\rb=4", {"a": "123", "b": "4"}),
        # "a line ... with an even number of backslashes" is not continued
        ("a=1\\\\\nb=2", {"a": "1\\", "b": "2"}),
        # a continuation is never a comment, unless nothing stands before it
        ("a=1,\\\n#2", {"a": "1,#2"}),
        ("\\\n# a\nb=1", {"b": "1"}),
        ("a=1\\\n\nb=2", {"a": "1", "b": "2"}),
        ("a=1\\", {"a": "1"}),
        # "Characters in keys and values can be represented in escape sequences"
        ("a\\u003d=\\u0041\\t\\z", {"a=": "A\tz"}),
        ("a=\\ud83d\\ude00 \\ud83d", {"a": "\U0001f600 \ufffd"}),
        ("a=1\na=2", {"a": "2"}),
        # JDK 24 and later: what an include draws in is not read
        ("include other.properties\na=1", {"include": "other.properties", "a": "1"}),
        ("", {}),
    ],
)
def test_a_file_is_read_as_java_util_properties(written: str, read: dict[str, str]) -> None:
    assert dict(properties(written)) == read


def test_a_file_that_java_does_not_start_with_is_refused_with_its_line() -> None:
    with pytest.raises(ProfileError, match=r"^java\.security, line 3: `\\u12xy` is no character: .* Write \\\\u for"):
        properties("a=1\n\nb=x,\\\n \\u12xyz")
    with pytest.raises(ProfileError, match="70,000"):
        properties("a" * (1 << 20) + "a")


def test_what_is_read_does_not_change() -> None:
    with pytest.raises(TypeError):
        properties("a=1")["a"] = "2"  # type: ignore[index]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        certpath("MD5").text = ""  # type: ignore[misc]


# -- The grammar -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "MD2, DSA, RSA keySize < 2048",  # the comments' own example
        '"MD2, MD5"',  # "remove double quote marks from beginning/end of the property" (AbstractAlgorithmConstraints)
        " MD2 , , MD5,",
        "RSA keySize == 1024, RSA keySize != 2048, RSA keySize > 8192, RSA keySize >= 8192, RSA keySize <= 512",
        "RSA keySize < +1024",
        "RSA  keySize  <  1024",
        "RSA keySize < 1024 and anything at all",  # the tokens behind the third are not looked at
        "SHA1 jdkCA & denyAfter 2017-01-01, SHA1 JDKCA",
        "SHA1 usage TLSServer TLSClient SignedJAR",
        "SHA1 usage Nonsense",
        "RSA &",
        "X9.62 prime192v2, NIST P-192, nist b-571",
        "include jdk.disabled.namedCurves",
        "INCLUDE jdk.disabled.namedcurves, MD5",
        "",
    ],
)
def test_what_java_reads_is_read(value: str) -> None:
    assert certpath(value).where == tls(value).where.replace("tls", "certpath")


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("RSA keySize<1024", "keySize needs one of < <= == != >= > with blanks around it"),
        ("RSA keySize = 1024", "keySize needs one of"),
        ("RSA keySize <", "`` is no number of bits"),
        ("RSA keySize < 1k", "`1k` is no number of bits"),
        ("RSA keySize < 2147483648", "is no number of bits"),
        ("RSA keysize < 1024", "`keysize < 1024` is no condition"),
        ("RSA <= 1024", "is no condition"),
        ("SHA1 jdkCA usage TLSServer", "`jdkCA usage TLSServer` is no condition"),
        ("SHA1 jdkCA & jdkCA", "only one jdkCA"),
        ("SHA1 denyAfter 2019-01-01 & denyAfter 2020-01-01", "only one denyAfter"),
        ("SHA1 denyAfter 2019-02-30", "2019-02-30 is no date"),
        ("SHA1 denyAfter 2019-1-1", "is no condition"),
        ("SHA1 & jdkCA", "`` is no condition"),
        ("include  jdk.disabled.namedCurves", "is no condition"),
        ("include some.other.property", "is no condition"),
        ("X9.62 prime192v9", "`prime192v9` is no condition"),
    ],
)
def test_what_java_throws_at_is_refused(value: str, wrong: str) -> None:
    with pytest.raises(ProfileError) as caught:
        certpath(f"MD5, {value}")
    message = str(caught.value)
    assert message.startswith(f"{CERTPATH}: `{value}`: ")
    assert wrong in message
    assert "IllegalArgumentException" in message
    advised = message.rpartition("write it as in `")[2].removesuffix("`")
    assert certpath(advised)


def test_what_stands_in_an_included_property_is_named_as_its_own() -> None:
    found = certpath("MD5, include jdk.disabled.namedCurves", "secp256k1, X9.62 prime192v2")
    assert [(entry.text, entry.where) for entry in found.entries] == [
        ("MD5", CERTPATH),
        ("secp256k1", CURVES),
        ("X9.62 prime192v2", CURVES),
    ]
    assert str(found) == found.text == "MD5, include jdk.disabled.namedCurves"
    assert not DisabledAlgorithms.parse("include jdk.disabled.namedCurves").entries
    with pytest.raises(ProfileError, match=r"^jdk\.disabled\.namedCurves: `X9\.62 nonsense`"):
        certpath("include jdk.disabled.namedCurves", "X9.62 nonsense")


def test_patterns_and_scopes_are_for_tls_alone() -> None:
    assert text(tls("TLS_RSA_*").refuses_name("TLS_RSA_WITH_AES_128_GCM_SHA256")) == "TLS_RSA_*"
    assert tls("TLS_RSA_*").refuses_name("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256") is None
    assert certpath("TLS_RSA_*").refuses_name("TLS_RSA_WITH_AES_128_GCM_SHA256") is None
    with pytest.raises(ProfileError, match='a pattern must start with "TLS_"'):
        tls("*_CBC_*")
    assert certpath("*_CBC_*")
    with pytest.raises(ProfileError, match="go with no other usage"):
        tls("rsa_pkcs1_sha1 usage HandshakeSignature TLSServer")
    assert certpath("rsa_pkcs1_sha1 usage HandshakeSignature TLSServer")


def test_an_entry_can_be_added() -> None:
    longer = certpath(C_17).with_entry("RSASSA-PSS")
    assert longer.text == f"{C_17}, RSASSA-PSS"
    assert text(longer.refuses_signature("RSASSA-PSS", digest="SHA-256")) == "RSASSA-PSS"
    assert certpath(C_17).refuses_signature("RSASSA-PSS", digest="SHA-256") is None
    assert longer.with_entry("rsassa-pss").entries == longer.entries
    assert certpath("").with_entry("MD5").text == "MD5"
    assert certpath(longer.text) == longer
    with pytest.raises(ProfileError):
        certpath("").with_entry("MD5 never")


# -- What is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "refused", "taken"),
    [
        # "in "SHA1withECDSA" the sub-elements are "SHA1" for hashing and "ECDSA" for signatures"
        ("SHA1", "SHA1withECDSA SHA1withRSA SHA1withDSA", "SHA256withRSA"),
        ("sha1", "SHA1withRSA", "SHA224withRSA"),
        ("SHA-1", "SHA1withRSA", ""),
        ("SHA-256", "SHA256withECDSA", "SHA512/256withRSA"),
        # "the assertion algorithm name "DSA" will disable all certificate algorithms that rely on DSA, such as
        # NONEwithDSA, SHA1withDSA. However, the assertion will not disable algorithms related to "ECDSA"."
        ("DSA", "NONEwithDSA SHA1withDSA", "SHA1withECDSA"),
        ("RSA", "MD5withRSA SHA512withRSA", "RSASSA-PSS SHA1withDSA"),
        ("MD5withRSA", "MD5withRSA", "MD2withRSA"),
        ("md5WITHrsa", "MD5withRSA", ""),
        ("SHA3-256", "SHA3-256withRSA", "SHA256withRSA"),
        # a name with a stroke is taken apart like "algorithm/mode/padding"
        ("SHA512", "SHA512withRSA SHA512/256withRSA", "SHA384withRSA"),
        ("Ed25519", "Ed25519", "Ed448"),
        ("RSASSA-PSS", "RSASSA-PSS", "SHA256withRSA"),
    ],
)
def test_a_signature_is_refused_by_a_part_of_its_name(entry: str, refused: str, taken: str) -> None:
    for disabled in (certpath(entry), tls(entry)):
        assert [name for name in refused.split() if disabled.refuses_signature(name) is None] == []
        assert [name for name in taken.split() if disabled.refuses_signature(name)] == []


def test_a_pss_signature_has_the_hashes_of_its_parameters_on_a_path() -> None:
    """DisabledAlgorithmConstraints.permitsPSSParams; SSLAlgorithmConstraints does not come there."""
    for entry in ("SHA-1", "SHA1", "SHA1 usage TLSServer", "SHA-1 denyAfter 2019-01-01"):
        disabled = certpath(entry)
        assert text(disabled.refuses_signature("RSASSA-PSS", digest="SHA-1", usage="TLSServer", at=AT)) == entry
        assert disabled.refuses_signature("RSASSA-PSS", digest="SHA-256", mgf_digest="SHA-1", usage="TLSServer", at=AT)
        assert disabled.refuses_signature("RSASSA-PSS", digest="SHA-256", usage="TLSServer", at=AT) is None
        assert tls(entry).refuses_signature("RSASSA-PSS", digest="SHA-1", usage="TLSServer", at=AT) is None


def test_the_parts_of_a_condition_must_all_hold() -> None:
    """The comments: "Multiple constraints can be combined to constrain an algorithm further.  The separator
    between constraints is '&'"

    "jdkCA ... prohibits the specified algorithm only if the algorithm is used in a certificate chain that terminates at
    a marked trust anchor in the lib/security/cacerts keystore."
    """
    disabled = certpath("SHA1 jdkCA & usage TLSServer")
    assert disabled.refuses_signature("SHA1withRSA", jdk_ca=True, usage="TLSServer")
    assert disabled.refuses_signature("SHA1withRSA", jdk_ca=True, usage="tlsserver")
    assert disabled.refuses_signature("SHA1withRSA", jdk_ca=False, usage="TLSServer") is None
    assert disabled.refuses_signature("SHA1withRSA", jdk_ca=True, usage="TLSClient") is None
    assert disabled.refuses_signature("SHA1withRSA", jdk_ca=True) is None
    assert disabled.refuses_signature("SHA256withRSA", jdk_ca=True, usage="TLSServer") is None


def test_a_usage_is_any_of_its_words() -> None:
    disabled = certpath("SHA1 usage TLSClient SignedJAR")
    assert disabled.refuses_signature("SHA1withRSA", usage="SignedJAR")
    assert disabled.refuses_signature("SHA1withRSA", usage="TLSServer") is None
    assert certpath("SHA1 usage Nonsense").refuses_signature("SHA1withRSA", usage="Nonsense") is None


def test_deny_after_begins_with_the_day() -> None:
    """The comments: it "prohibits a certificate with the specified algorithm from being used after the date".

    The code: "if (!denyAfterDate.isAfter(currentDate))", the date being midnight "in the UTC/GMT timezone".
    """
    disabled = certpath("SHA1 denyAfter 2026-11-24")
    assert disabled.refuses_signature("SHA1withRSA", at=AT)
    assert disabled.refuses_signature("SHA1withRSA", at=datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)) is None
    assert disabled.refuses_signature("SHA1withRSA")
    assert certpath("SHA1 denyAfter 0000-02-29").refuses_signature("SHA1withRSA", at=AT)


@pytest.mark.parametrize(
    ("condition", "refused", "taken"),
    [
        ("< 2048", (512, 2047), (2048, 4096)),
        ("<= 2048", (2047, 2048), (2049,)),
        ("> 2048", (2049,), (2048,)),
        (">= 2048", (2048,), (2047,)),
        ("== 2048", (2048,), (2047, 2049)),
        ("!= 2048", (2047, 2049), (2048,)),
    ],
)
def test_key_sizes(condition: str, refused: tuple[int, ...], taken: tuple[int, ...]) -> None:
    for disabled in (certpath(f"RSA keySize {condition}"), tls(f"RSA keySize {condition}")):
        assert all(disabled.refuses_key(rsa(bits)) for bits in refused)
        assert not any(disabled.refuses_key(rsa(bits)) for bits in taken)
        assert disabled.refuses_key(rsa(0))  # "we don't allow any key of size 0"
        assert disabled.refuses_key(rsa(None)) is None  # "Conservatively, please don't disable such keys."
        assert disabled.refuses_key(Key(algorithm="DSA", bits=1)) is None
        assert disabled.refuses_signature("SHA256withRSA") is None
        assert disabled.refuses_signature("SHA256withRSA", key=rsa(refused[0]))


def test_a_key_is_refused_by_its_algorithm() -> None:
    assert certpath("rsa").refuses_key(rsa())
    assert certpath("EC").refuses_key(ec("secp256r1"))
    assert certpath("ECDSA").refuses_key(ec("secp256r1")) is None
    assert certpath("RSA").refuses_key(Key(algorithm="RSASSA-PSS", bits=2048)) is None
    assert certpath("RSASSA-PSS").refuses_key(Key(algorithm="RSASSA-PSS", bits=2048))
    # KeySizeConstraint compares the key's algorithm; DH is an alias for the look-up only (getAliases).
    assert certpath("DH keySize < 1024").refuses_key(Key(algorithm="DH", bits=768))
    assert certpath("DiffieHellman").refuses_key(Key(algorithm="DH", bits=2048))
    assert certpath("DiffieHellman keySize < 1024").refuses_key(Key(algorithm="DH", bits=768)) is None
    # Constraints' map has names without hyphens, up to JDK 17; so this finds nothing.
    assert certpath("RSASSA-PSS keySize < 4096").refuses_key(Key(algorithm="RSASSA-PSS", bits=2048)) is None
    # As JDK 25 sees the key, and as JDK 17 does.
    assert certpath("EdDSA").refuses_key(Key(algorithm="Ed25519"))
    assert certpath("Ed25519").refuses_key(Key(algorithm="Ed25519"))
    assert certpath("Ed25519").refuses_key(Key(algorithm="EdDSA")) is None


@pytest.mark.parametrize("entry", ["secp192r1", "NIST P-192", "X9.62 prime192v1", "x9.62 PRIME192v1"])
def test_a_curve_is_refused_by_each_of_its_names(entry: str) -> None:
    for disabled in (certpath(entry), tls(entry), certpath("include jdk.disabled.namedCurves", entry)):
        assert text(disabled.refuses_key(ec("secp192r1"))) == entry
        assert disabled.refuses_key(ec("secp256r1")) is None


def test_a_curve_of_x9_62_has_its_long_name_alone() -> None:
    assert certpath("X9.62 prime239v1").refuses_key(ec("prime239v1", 239))
    assert certpath("X9.62 prime239v1").refuses_key(ec("X9.62 prime239v1", 239))
    assert certpath("prime239v1").refuses_key(ec("prime239v1", 239)) is None


def test_the_list_for_tls_is_asked_for_names_and_keys_alone() -> None:
    """SSLAlgorithmConstraints.permits has no ConstraintsParameters, and so neither an anchor nor a usage."""
    for entry in ("SHA1 usage TLSServer", "RSA usage TLSServer", "RSA jdkCA", "RSA keySize < 4096 & usage TLSServer"):
        disabled = tls(entry)
        assert disabled.refuses_signature("SHA1withRSA", key=rsa(), usage="TLSServer", jdk_ca=True, at=AT) is None
    assert tls("RSA denyAfter 2019-01-01").refuses_key(rsa(), at=AT)
    assert tls("RSA denyAfter 2019-01-01").refuses_signature("SHA1withRSA", at=AT) is None


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("SSLv3", "SSLv3"),
        ("TLSv1.2", None),
        ("TLSv1.1", "TLSv1.1"),
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", None),
        ("TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_*"),
        ("TLS_ECDHE_RSA_WITH_RC4_128_SHA", "RC4"),
        ("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "3DES_EDE_CBC"),
        ("SSL_DHE_RSA_WITH_DES_CBC_SHA", "DES"),
        ("TLS_DH_anon_WITH_AES_128_CBC_SHA", "anon"),
        ("TLS_ECDHE_RSA_WITH_NULL_SHA", "NULL"),
        ("TLS_ECDH_RSA_WITH_AES_128_CBC_SHA", "ECDH"),
        ("TLS_AES_128_GCM_SHA256", None),
        ("TLS_CHACHA20_POLY1305_SHA256", None),
        ("rsa_pkcs1_sha1", None),
    ],
)
def test_names_of_tls_are_taken_apart(name: str, entry: str | None) -> None:
    assert text(tls(T_21).refuses_name(name)) == entry


def test_a_signature_scheme_is_refused_for_its_scope() -> None:
    disabled = tls(T_21)
    assert disabled.refuses_name("rsa_pkcs1_sha1", usage="HandshakeSignature")
    assert disabled.refuses_name("rsa_pkcs1_sha1", usage="CertificateSignature") is None
    assert disabled.refuses_name("rsa_pkcs1_sha256", usage="HandshakeSignature") is None


# -- Whole lists -------------------------------------------------------------------------------------------------------

EARLY = frozenset({"7u80"})
WITH_CURVES = frozenset({"8u504", "11"})


@pytest.mark.parametrize(
    ("signature", "digest", "expected"),
    [
        ("MD2withRSA", None, ALL),
        ("MD5withRSA", None, ALL - EARLY),
        ("SHA1withRSA", None, frozenset()),  # the root is private, not one of the JDK's
        ("SHA256withRSA", None, frozenset()),
        ("RSASSA-PSS", "SHA-256", frozenset()),
        ("SHA256withECDSA", None, frozenset()),
    ],
)
def test_the_releases_lists_on_signatures(signature: str, digest: str | None, expected: frozenset[str]) -> None:
    refusing = {
        release
        for release, lists in RELEASES.items()
        for disabled in (certpath(lists[0]), tls(lists[1]))
        if disabled.refuses_signature(signature, digest=digest, usage="TLSServer", at=AT)
    }
    assert refusing == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (rsa(1023), ALL),
        (rsa(1024), frozenset()),
        (Key(algorithm="DSA", bits=512), ALL - EARLY),
        (ec("secp192r1", 192), ALL - EARLY),
        (ec("secp224r1", 224), WITH_CURVES),
        (ec("secp256k1", 256), WITH_CURVES),
        (ec("brainpoolP256r1", 256), WITH_CURVES),
        (ec("prime239v1", 239), WITH_CURVES),
        (ec("secp256r1", 256), frozenset()),
        (Key(algorithm="EdDSA", bits=255), frozenset()),
    ],
)
def test_the_releases_lists_on_keys(key: Key, expected: frozenset[str]) -> None:
    refusing = {
        release
        for release, lists in RELEASES.items()
        for disabled in (certpath(lists[0]), tls(lists[1]))
        if disabled.refuses_key(key, usage="TLSServer", at=AT)
    }
    assert refusing == expected


def test_the_cacerts_that_the_jdk_brings_along_refuse_sha1() -> None:
    found = certpath(C_17).refuses_signature("SHA1withRSA", usage="TLSServer", jdk_ca=True, at=AT)
    assert text(found) == "SHA1 jdkCA & usage TLSServer"


ADMINISTRATOR = r"""
# Changed by operations, ticket 4711
! see the wiki
security.provider.1=SUN
securerandom.source=file:/dev/random

jdk.disabled.namedCurves = secp112r1, secp256k1, \
    X9.62 prime192v2

jdk.certpath.disabledAlgorithms=MD2, MD5, \
#   not a comment, but a name that nothing has
    SHA1 usage TLSServer, \
    RSA keySize < 2048, DSA keySize < 2048, EC keySize < 256, RSASSA-PSS, \
    include jdk.disabled.namedCurves

jdk.tls.disabledAlgorithms: SSLv3, TLSv1, TLSv1.1, RC4, TLS_RSA_*, \
    DH keySize < 2048
jdk.tls.legacyAlgorithms K_NULL, C_NULL
"""


def test_an_administrators_own_file() -> None:
    found = properties(ADMINISTRATOR)
    with pytest.raises(ProfileError, match=r"`#   not a comment`: .*`not a comment` is no condition"):
        # a line that is continued swallows the comment behind it, and Java falls over it
        DisabledAlgorithms.parse(found[CERTPATH], found, where=CERTPATH)

    found = properties(ADMINISTRATOR.replace("#   not a comment, but a name that nothing has\n", ""))
    assert set(found) == {
        "security.provider.1",
        "securerandom.source",
        CURVES,
        CERTPATH,
        TLS,
        "jdk.tls.legacyAlgorithms",
    }
    path = DisabledAlgorithms.parse(found[CERTPATH], found, where=CERTPATH)
    assert text(path.refuses_signature("SHA1withRSA", usage="TLSServer")) == "SHA1 usage TLSServer"
    assert text(path.refuses_signature("RSASSA-PSS", digest="SHA-256", usage="TLSServer")) == "RSASSA-PSS"
    assert text(path.refuses_key(rsa(2047), usage="TLSServer")) == "RSA keySize < 2048"
    curve = path.refuses_key(ec("secp256k1"), usage="TLSServer")
    assert curve is not None
    assert (curve.text, curve.where) == ("secp256k1", CURVES)
    protocols = DisabledAlgorithms.parse(found[TLS], found, where=TLS)
    assert protocols.refuses_name("TLSv1")
    assert protocols.refuses_name("TLSv1.2") is None
    assert protocols.refuses_key(Key(algorithm="DH", bits=1024))


SIGNATURES = (
    "MD2withRSA MD5withRSA SHA1withRSA SHA224withRSA SHA256withRSA SHA384withRSA SHA512withRSA SHA512/256withRSA "
    "SHA3-256withRSA SHA1withDSA SHA256withDSA SHA1withECDSA SHA256withECDSA SHA512withECDSA Ed25519 1.2.840.113549.1.1.10"
)
USES = (None, "TLSServer", "TLSClient", "SignedJAR")
DENIED = "denyAfter 2019-01-01"

# -- Hostile input -----------------------------------------------------------------------------------------------------

WORDS = (
    "MD5 SHA-1 RSA keySize < 1024 & , jdkCA usage TLSServer denyAfter 2019-01-01 include jdk.disabled.namedCurves TLS_* "
    'RSASSA-PSS NIST P-192 " = : # \\ \\u00 \\u0041 99999999999999999999'
)
words = st.sampled_from([*WORDS.split(), "\n", "\r", "\t", ""])
texts = st.one_of(st.text(), st.lists(words).map(" ".join), st.lists(words).map("".join))


@given(texts)
def test_any_file_is_read_or_refused(written: str) -> None:
    try:
        found = properties(written)
    except ProfileError as error:
        assert str(error).isprintable()  # noqa: PT017
        return
    for key, value in found.items():
        f"{key}{value}".encode()  # no halves of characters, which nobody could print


@given(texts, texts, st.sampled_from([CERTPATH, TLS]))
def test_any_list_is_read_or_refused(value: str, curves: str, where: str) -> None:
    try:
        disabled = DisabledAlgorithms.parse(value, {CURVES: curves}, where=where)
    except ProfileError as error:
        assert str(error).isprintable()  # noqa: PT017
        assert len(str(error)) < 600  # noqa: PT017
        return
    for key in (rsa(), ec(value), Key(algorithm=value)):
        found = disabled.refuses_signature(value, digest=curves, key=key, usage="TLSServer", jdk_ca=True, at=AT)
        assert found is None or found in disabled.entries
    assert disabled.refuses_name(value) is None or disabled.entries


entries = st.lists(
    st.tuples(
        st.sampled_from(["MD5", "SHA1", "SHA256", "SHA-256", "RSA", "EC", "ECDSA", "RSASSA-PSS", "SHA256withRSA"]),
        st.lists(
            st.sampled_from(["keySize < 1024", "keySize >= 0", "jdkCA", "usage TLSServer", "usage TLSClient", DENIED]),
            max_size=3,
            unique_by=lambda condition: condition.split()[0],
        ),
    ).map(lambda each: f"{each[0]} {' & '.join(each[1])}")
).map(", ".join)


@given(entries, st.sampled_from(SIGNATURES.split()), st.sampled_from([CERTPATH, TLS]))
def test_a_signature_that_no_entry_may_refuse_is_never_refused(value: str, name: str, where: str) -> None:
    """Whenever it is, whatever for, and under any root: where no key is asked about."""
    try:
        disabled = DisabledAlgorithms.parse(value, {}, where=where)
    except ProfileError:
        reject()  # conditions that do not go together
    asked = [
        (usage, jdk_ca, at)
        for usage in USES
        for jdk_ca in (True, False)
        for at in (None, datetime(2000, 1, 1, tzinfo=UTC), AT)
    ]
    refused = any(disabled.refuses_signature(name, usage=use, jdk_ca=jdk_ca, at=at) for use, jdk_ca, at in asked)
    assert disabled.may_refuse_signature(name) or not refused


@pytest.mark.parametrize("release", RELEASES)
def test_an_entry_on_key_sizes_alone_may_refuse_no_signature(release: str) -> None:
    path, of_tls = RELEASES[release]
    assert not certpath(path).may_refuse_signature("SHA256withRSA")
    assert not tls(of_tls).may_refuse_signature("SHA256withRSA")
    assert certpath(path).may_refuse_signature("MD2withRSA")


def test_a_list_of_a_million_entries_is_refused() -> None:
    with pytest.raises(ProfileError, match="Shorten the list"):
        certpath("MD5," * 1_000_000)
    with pytest.raises(ProfileError, match="Shorten the list"):
        certpath("a" * (1 << 21))


def test_a_pattern_of_many_stars_costs_nothing() -> None:
    disabled = tls("TLS_" + "*A" * 200_000)
    assert disabled.refuses_name("TLS_" + "A" * 100_000 + "B") is None


# -- A living JDK ------------------------------------------------------------------------------------------------------

ORACLE = Path(__file__).with_name("oracle") / "Disabled.java"
EXPORTS = [f"--add-exports=java.base/sun.security.{part}=ALL-UNNAMED" for part in ("util", "ssl", "validator")]

NAMES = (
    "MD2 MD5 SHA1 sha1 SHA-1 SHA256 SHA-256 SHA512 SHA3-256 RSA rsa DSA EC ECDSA DH DiffieHellman RSASSA-PSS EdDSA Ed25519 "
    "MD5withRSA SHA1withRSA SHA256withECDSA R-SA secp256k1 brainpoolP256r1 bra prime239v1 X9.62 TLSv1 TLS_RSA_* TLS_*_CBC_* "
    "*_SHA TLS_* rsa_pkcs1_sha1 RC4 DES anon NULL ECDH ECDHE DHE_RSA AES_128_GCM SHA384 HmacSHA1"
)
SPOKEN = [
    "NIST P-192",
    "X9.62 prime239v1",
    "x9.62 Prime192v1",
    "X9.62 nonsense",
    "include jdk.disabled.namedCurves",
    "",
]
CONDITIONS = [
    *("keySize < 1024", "keySize <= 1024", "keySize == 2048", "keySize != 2048", "keySize > 2048", "keySize >= 256"),
    *("keySize >= 0", "keySize < -1", "keySize  <  +2048", "keySize < 2048 junk", "keySize < 224", "jdkCA", "JDKCA"),
    *("denyAfter 2019-01-01", "denyAfter 2099-12-31", "denyAfter  2019-01-01", "denyAfter 0000-02-29"),
    *("usage TLSServer", "usage tlsserver TLSClient", "usage  TLSClient  SignedJAR", "usageTLSServer", "usage"),
    *("usage HandshakeSignature", "usage handshakesignature CertificateSignature", "usage Nonsense"),
]
WRONG = [
    *("keySize<1024", "keysize < 1024", "keySize < ", "keySize", "keySize ~ 1024", "keySize < 9999999999", "", "never"),
    *("denyAfter 2019-02-30", "denyAfter 2019-13-01", "denyAfter", "usage HandshakeSignature TLSServer", "jdkCA jdkCA"),
]
# The bits of the order, as KeyUtil.getKeySize takes them.
ORDERS = {
    "secp192r1": 192,
    "secp224r1": 224,
    "secp256r1": 256,
    "secp256k1": 256,
    "secp384r1": 384,
    "secp521r1": 521,
    "secp112r2": 110,
    "sect163r2": 163,
    "sect283k1": 281,
    "brainpoolP256r1": 256,
    "X9.62 prime239v1": 239,
    "X9.62 c2tnb191v1": 191,
}
PATHS = [("-", "-"), ("TLSServer", "-"), ("TLSServer", "jdkCA"), ("TLSClient", "jdkCA"), ("SignedJAR", "-")]
PROTOCOLS = "SSLv3 TLSv1 TLSv1.1 TLSv1.2 DH EC RSA rsa_pkcs1_sha1 rsa_pkcs1_sha256 x25519"
SUITES = (
    "TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 "
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_DHE_DSS_WITH_AES_128_CBC_SHA256 TLS_RSA_WITH_AES_128_CBC_SHA "
    "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384 SSL_RSA_WITH_RC4_128_MD5 SSL_DHE_RSA_WITH_DES_CBC_SHA SSL_RSA_WITH_3DES_EDE_CBC_SHA "
    "SSL_RSA_EXPORT_WITH_DES40_CBC_SHA SSL_RSA_EXPORT_WITH_RC4_40_MD5 TLS_DH_anon_WITH_AES_128_GCM_SHA256 "
    "TLS_ECDH_anon_WITH_NULL_SHA TLS_RSA_WITH_NULL_SHA256 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA TLS_NONSENSE"
)


@cache
def compiled() -> str:
    """Where the oracle's classes are; skips the test where there is no JDK that can be asked."""
    if jvm.available():
        pytest.skip(jvm.available())
    folder = tempfile.mkdtemp(prefix="oracle-")
    command = ["javac", "-nowarn", "-XDignore.symbol.file", *EXPORTS, "-d", folder, str(ORACLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "SSLScope" in done.stderr:
        pytest.skip("this JDK 17 is older than 17.0.21, and knows no scopes in its lists")
    assert done.returncode == 0, done.stderr
    return folder


def ask(lines: Sequence[Sequence[str]]) -> list[str]:
    """What the JDK says to each line."""
    done = subprocess.run(
        ["java", *EXPORTS, "--add-opens=java.base/sun.security.ssl=ALL-UNNAMED", "-cp", compiled(), "Disabled"],
        input="\n".join(map("\t".join, lines)) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    answers = done.stdout.splitlines()
    assert len(answers) == len(lines)
    return answers


def composed(chance: random.Random) -> str:
    """A list put together from words that mean something, now and then wrong."""
    entries = []
    for _ in range(chance.choice((1, 1, 2, 4))):
        if chance.random() < 0.1:
            entries.append(chance.choice(SPOKEN))
            continue
        conditions = chance.choices(CONDITIONS, k=chance.choice((0, 0, 1, 1, 2, 3)))
        if conditions and chance.random() < 0.06:
            conditions[chance.randrange(len(conditions))] = chance.choice(WRONG)
        entries.append(f"{chance.choice(NAMES.split())} {chance.choice((' & ', '&', ' &  ')).join(conditions)}")
    value = chance.choice((", ", ",", " , ")).join(entries)
    return chance.choice((value, value, value, f'"{value}"', f"{value},", f"{value} &"))


def questions() -> list[tuple[str, ...]]:
    asked: list[tuple[str, ...]] = []
    for usage, jdk_ca in PATHS:
        asked += [("signature", name, "-", "-", usage, jdk_ca) for name in SIGNATURES.split()]
        for digest, mask in (
            ("SHA-1", "SHA-1"),
            ("SHA-256", "SHA-1"),
            ("SHA-256", "SHA-256"),
            ("SHA-512/256", "SHA-512"),
        ):
            asked.append(("signature", "RSASSA-PSS", digest, mask, usage, jdk_ca))
        for algorithm, sizes in (("RSA", "0 512 1024 2048 4096"), ("RSASSA-PSS", "1024 2048"), ("DSA", "512 1024 -")):
            asked += [("key", algorithm, bits, "-", usage, jdk_ca) for bits in sizes.split()]
        asked += [("key", "DH", bits, "-", usage, jdk_ca) for bits in ("512", "2048")]
        asked += [("key", "EC", "-", curve, usage, jdk_ca) for curve in ORDERS]
        asked.append(("key", "EdDSA", "-", "Ed25519", usage, jdk_ca))
    asked += [("name", name, "-") for name in f"{PROTOCOLS} {SUITES}".split()]
    return asked + [("name", name, "HandshakeSignature") for name in PROTOCOLS.split()]


def ours(disabled: DisabledAlgorithms, question: tuple[str, ...]) -> str:
    kind, *given_ = question
    fields = [None if each == "-" else each for each in given_]
    name = fields[0]
    assert name is not None
    now = datetime.now(UTC)
    if kind == "name":
        entry = disabled.refuses_name(name, usage=fields[1])
    elif kind == "signature":
        _, digest, mask, usage, anchor = fields
        entry = disabled.refuses_signature(
            name, digest=digest, mgf_digest=mask, usage=usage, jdk_ca=anchor is not None, at=now
        )
    else:
        _, size, curve, usage, anchor = fields
        bits = 255 if name == "EdDSA" else ORDERS.get(curve or "", int(size) if size else None)
        key = Key(algorithm=name, bits=bits, curve=None if name == "EdDSA" else curve)
        entry = disabled.refuses_key(key, usage=usage, jdk_ca=anchor is not None, at=now)
    return "refuses" if entry else "permits"


def differences(lists: Sequence[tuple[str, str, str]]) -> tuple[int, int, list[tuple[str, ...]]]:
    """How many questions were put, how many of the lists Java refused, and where the answers differ."""
    lines: list[tuple[str, ...]] = []
    expected: list[str] = []
    for where, value, curves in lists:
        lines.append(("list", where, value, curves))
        try:
            disabled = DisabledAlgorithms.parse(value, {CURVES: curves}, where=where)
        except ProfileError:
            expected.append("throws")
            continue
        expected.append("read")
        for question in questions():
            lines.append(question)
            expected.append(ours(disabled, question))
    answers = ["throws" if answer.startswith("throws") else answer for answer in ask(lines)]
    differing, of = [], lines[0]
    for line, said, meant in zip(lines, answers, expected, strict=True):
        of = line if line[0] == "list" else of
        if said != meant:
            differing.append((*of[1:3], *line, f"Java: {said}", f"ours: {meant}"))
    return len(lines), answers.count("throws"), differing


def test_the_releases_lists_against_a_living_jdk(capsys: pytest.CaptureFixture[str]) -> None:
    lists = [(CERTPATH, path, NAMED_CURVES) for path, _ in RELEASES.values()]
    lists += [(TLS, of_tls, NAMED_CURVES) for _, of_tls in RELEASES.values()]
    lists.append((CERTPATH, f"{C_17}, RSASSA-PSS", ""))
    count, refused, differing = differences(lists)
    with capsys.disabled():
        print(f"\n  {count} questions about {len(lists)} lists of releases put to a JDK 17")
    assert differing == []
    assert refused == 0


def test_composed_lists_against_a_living_jdk(capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(17)
    lists = [
        (where, composed(chance), chance.choice(("", "secp256k1", NAMED_CURVES))) for where in (CERTPATH, TLS) * 60
    ]
    count, refused, differing = differences(lists)
    with capsys.disabled():
        print(f"\n  {count} questions about {len(lists)} lists, {refused} of them refused, put to a JDK 17")
    assert differing == []
    assert 10 < refused < 60


def test_cipher_suites_against_a_living_jdk(capsys: pytest.CaptureFixture[str]) -> None:
    # Of the suites for export one alone has a key exchange that its name does not say.
    suites = [name for name in ask([("suites",)])[0].split() if name != "SSL_DH_anon_EXPORT_WITH_RC4_40_MD5"]
    elements = (
        "K_NULL RSA RSA_EXPORT DH DHE DiffieHellman DH_RSA DH_DSS DHE_DSS DHE_RSA DH_ANON DSA DSS anon ECDH ECDHE ECDSA "
        "ECDH_ECDSA ECDH_RSA ECDHE_ECDSA ECDHE_RSA ECDH_ANON NULL C_NULL M_NULL RC4 RC4_40 RC4_128 DES DESede CBC GCM AES "
        "DES40_CBC DES_CBC_40 DES_CBC 3DES_EDE_CBC AES_128_CBC AES_256_CBC AES_128_GCM AES_256_GCM ChaCha20-Poly1305 NoPadding "
        "MD5 SHA1 SHA-1 SHA256 SHA-256 SHA384 SHA-384 HmacMD5 HmacSHA1 HmacSHA256 HmacSHA384 TLS_RSA_* TLS_*_SHA TLS_*CBC*"
    )
    lines: list[tuple[str, ...]] = []
    expected = []
    for where in (CERTPATH, TLS):
        for element in elements.split():
            disabled = DisabledAlgorithms.parse(element, where=where)
            lines += [("list", where, element, ""), *(("name", suite, "-") for suite in suites)]
            expected += ["read", *(ours(disabled, ("name", suite, "-")) for suite in suites)]
    answers = ask(lines)
    differing = [(line, said) for line, said, meant in zip(lines, answers, expected, strict=True) if said != meant]
    with capsys.disabled():
        print(f"\n  {len(suites)} cipher suites, {len(lines)} questions put to a JDK 17")
    assert differing == []
    assert len(suites) > 80


def test_the_format_against_a_living_jdk(capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(17)
    pieces = [
        "a",
        "b",
        "=",
        ":",
        " ",
        "\t",
        "\f",
        "\\",
        "\\",
        "\n",
        "\n",
        "\r",
        "#",
        "!",
        "u0041",
        "\\u",
        "\\\n",
        "\U0001f600",
    ]
    written = ["".join(chance.choices(pieces, k=chance.randrange(1, 24))) for _ in range(4000)]
    answers = ask([("properties", each.encode("utf-16-be").hex()) for each in written])
    refused = 0
    for each, answer in zip(written, answers, strict=True):
        if answer.startswith("throws"):
            refused += 1
            with pytest.raises(ProfileError):
                properties(each)
            continue
        pairs = [tuple(map(characters, pair.split("="))) for pair in answer.split()]
        # A continuation at the very end gives Java an empty key.
        assert {k: v for k, v in properties(each).items() if k} == {k: v for k, v in pairs if k}, repr(each)
    with capsys.disabled():
        print(f"\n  {len(written)} texts, {refused} of them refused, put to a JDK 17")


def characters(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", "replace")
