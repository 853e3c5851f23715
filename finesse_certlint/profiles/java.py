"""The profiles `java-*`: what each observed Java release does, each value with its source.

"Read" means read in that release's OpenJDK source, "observed" that the release's own code was run. The releases 7u80,
7u181 and 8u181 were observed as their own TLS, X.509, certpath and provider classes on a later class library; the
others are stock builds: 8u504, 11.0.33, 17.0.15 and 21.0.13, Debian's. Vendors' builds of Java 7 and 8 differ in
details: some leave elliptic curves out, or disable other algorithms.
"""

from types import MappingProxyType

import attrs

from ..algorithms import CURVES
from ..java import constraints, hostname, parse
from ..java.algorithms import AlgorithmChecker, services
from ..java.hello import HelloForm
from ..java.paths import PathBuilding
from ..java.security import DisabledAlgorithms
from ..profile import Fact, Profile

_CERTPATH = "jdk.certpath.disabledAlgorithms"
_TLS = "jdk.tls.disabledAlgorithms"

# jdk.disabled.namedCurves as 7u321, 8u504 and 11.0.33 have it.
_NAMED_CURVES = {
    "jdk.disabled.namedCurves": (
        "secp112r1, secp112r2, secp128r1, secp128r2, secp160k1, secp160r1, secp160r2, secp192k1, secp192r1, secp224k1, "
        "secp224r1, secp256k1, sect113r1, sect113r2, sect131r1, sect131r2, sect163k1, sect163r1, sect163r2, sect193r1, "
        "sect193r2, sect233k1, sect233r1, sect239k1, sect283k1, sect283r1, sect409k1, sect409r1, sect571k1, sect571r1, "
        "X9.62 c2tnb191v1, X9.62 c2tnb191v2, X9.62 c2tnb191v3, X9.62 c2tnb239v1, X9.62 c2tnb239v2, X9.62 c2tnb239v3, "
        "X9.62 c2tnb359v1, X9.62 c2tnb431r1, X9.62 prime192v2, X9.62 prime192v3, X9.62 prime239v1, X9.62 prime239v2, "
        "X9.62 prime239v3, brainpoolP256r1, brainpoolP320r1, brainpoolP384r1, brainpoolP512r1"
    )
}


def _certpath(value: str) -> DisabledAlgorithms:
    return DisabledAlgorithms.parse(value, _NAMED_CURVES, where=_CERTPATH)


def _tls(value: str) -> DisabledAlgorithms:
    return DisabledAlgorithms.parse(value, _NAMED_CURVES, where=_TLS)


def _facts(facts: tuple[Fact, ...], *changed: Fact) -> tuple[Fact, ...]:
    """The facts of the release before, those about the same fields replaced, each in its place."""
    new = {fact.field: fact for fact in changed}
    kept = tuple(new.pop(fact.field, fact) for fact in facts)
    return (*kept, *new.values())


def _fact(field: str, what: str, source: str) -> Fact:
    return Fact(field=field, what=what, source=source)


# -- 7u80 ------------------------------------------------------------------------------------------------------------

_CURVES_OF_SUN_EC = frozenset(oid for oid, name in CURVES.items() if name.startswith(("secp", "sect", "prime", "c2")))


def _curves(names: str) -> frozenset[str]:
    return frozenset(oid for oid, name in CURVES.items() if name in names.split())


_NIST_CURVES = _curves("secp256r1 secp384r1 secp521r1")

_SERVICES_7U80 = (
    "MD2withRSA MD5withRSA SHA1withRSA SHA256withRSA SHA384withRSA SHA512withRSA SHA1withDSA "
    "SHA1withECDSA SHA256withECDSA SHA384withECDSA SHA512withECDSA"
).split()

_PATHS_JAVA_7 = PathBuilding(leaf_trusted_by_key=True, builder_heeds_key_identifiers=True)

_SUITES_7U80 = (
    *(0xC00A, 0xC014, 0x0035, 0xC005, 0xC00F, 0x0039, 0x0038, 0xC009, 0xC013, 0x002F, 0xC004, 0xC00E, 0x0033, 0x0032),
    *(0xC007, 0xC011, 0x0005, 0xC002, 0xC00C, 0xC008, 0xC012, 0x000A, 0xC003, 0xC00D, 0x0016, 0x0013, 0x0004, 0x00FF),
)
_SUITES_7U181 = (
    *(0xC024, 0xC028, 0x003D, 0xC026, 0xC02A, 0x006B, 0x006A, 0xC00A, 0xC014, 0x0035, 0xC005, 0xC00F, 0x0039, 0x0038),
    *(0xC023, 0xC027, 0x003C, 0xC025, 0xC029, 0x0067, 0x0040, 0xC009, 0xC013, 0x002F, 0xC004, 0xC00E, 0x0033, 0x0032),
    0x00FF,
)
_SUITES_8U181 = (
    *_SUITES_7U181[:-1],
    *(0xC02C, 0xC02B, 0xC030, 0x009D, 0xC02E, 0xC032, 0x009F, 0x00A3, 0xC02F, 0x009C, 0xC02D, 0xC031, 0x009E, 0x00A2),
    0x00FF,
)
_SUITES_8U504 = (
    *(0x1302, 0x1301, 0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x00A3, 0x009E, 0x00A2, 0xC024, 0xC028, 0xC023, 0xC027),
    *(0x006B, 0x006A, 0x0067, 0x0040, 0xC00A, 0xC014, 0xC009, 0xC013, 0x0039, 0x0038, 0x0033, 0x0032, 0x009D, 0x009C),
    *(0x003D, 0x003C, 0x0035, 0x002F, 0x00FF),
)
_SUITES_17 = (
    *(0x1302, 0x1301, 0x1303, 0xC02C, 0xC02B, 0xCCA9, 0xC030, 0xCCA8, 0xC02F, 0x009F, 0xCCAA, 0x00A3, 0x009E, 0x00A2),
    *_SUITES_8U504[10:],
)
_STATIC_RSA = frozenset({0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F})
_SUITES_WITHOUT_STATIC_RSA = tuple(number for number in _SUITES_17 if number not in _STATIC_RSA)

_HELLO_7U80 = HelloForm(
    extensions=(10, 11, 0),
    groups=(
        *(0x17, 0x01, 0x03, 0x13, 0x15, 0x06, 0x07, 0x09, 0x0A, 0x18, 0x0B, 0x0C, 0x19, 0x0D, 0x0E, 0x0F, 0x10, 0x11),
        *(0x02, 0x12, 0x04, 0x05, 0x14, 0x08, 0x16),
    ),
)
_HELLO_7U181 = HelloForm(
    extensions=(10, 11, 13, 23, 0),
    groups=(0x17, 0x18, 0x19, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x16),
    signatures=(0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401, 0x0303, 0x0301, 0x0203, 0x0201, 0x0202),
)
_HELLO_8U181 = attrs.evolve(
    _HELLO_7U181,
    # SHA256withDSA and SHA224withDSA each behind its hash's others, as SHA1withDSA stands on 7u181.
    signatures=(0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202),
    observed=False,
)
_FFDHE = (0x0100, 0x0101, 0x0102, 0x0103, 0x0104)
_PSS_AND_OLDER = (
    *(0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203),
    *(0x0201, 0x0202),
)
_HELLO_8U504 = HelloForm(
    extensions=(0, 10, 11, 13, 50, 23, 43, 45, 51),
    groups=(0x17, 0x18, 0x19, *_FFDHE),
    signatures=(0x0403, 0x0503, 0x0603, *_PSS_AND_OLDER),
    key_shares=(0x17,),
    session_id=32,
    observed=False,
)
_HELLO_11 = HelloForm(
    extensions=(0, 5, 10, 11, 13, 50, 17, 23, 43, 45, 51),
    groups=(0x1D, 0x17, 0x18, 0x19, 0x1E, *_FFDHE),
    signatures=(0x0403, 0x0503, 0x0603, *_PSS_AND_OLDER),
    key_shares=(0x1D,),
    session_id=32,
    observed=False,
)
_HELLO_17 = attrs.evolve(
    _HELLO_11,
    extensions=(0, 5, 10, 11, 17, 23, 35, 13, 43, 45, 50, 51),
    signatures=(0x0403, 0x0503, 0x0603, 0x0807, 0x0808, *_PSS_AND_OLDER),
    key_shares=(0x1D, 0x17),
    observed=True,
)

JAVA_7U80 = Profile(
    name="java-7u80",
    title="Java 7u80",
    description="OpenJDK 7 update 80: TLS 1.0 by default, no SHA-224, no RSASSA-PSS, Diffie-Hellman groups up to 1024 bits.",
    release="7u80",
    source="OpenJDK 7u80, jdk7u80-b00: its source, and its own classes run on a later class library",
    algorithm_list=", ".join(_SERVICES_7U80),
    algorithms=AlgorithmChecker(
        services=services(*_SERVICES_7U80),
        offered=None,
        disabled=_certpath("MD2, RSA keySize < 1024"),
        tls_disabled=_tls(""),
        parameters_heeded=False,
        ecdsa_parameters_heeded=False,
        pss_keys=False,
        curves=_CURVES_OF_SUN_EC,
    ),
    parser=parse.JAVA_7U80,
    hostnames=hostname.JAVA_7U80,
    constraints=constraints.JAVA_7U80,
    paths=_PATHS_JAVA_7,
    ca_anchors=False,
    longest_chain=None,
    protocols=("TLSv1",),
    cipher_suites=_SUITES_7U80,
    hello=_HELLO_7U80,
    server_curves=_CURVES_OF_SUN_EC,
    server_keys=frozenset(),
    refused_suites=frozenset(),
    dh_bits=(512, 1024),
    facts=(
        _fact(
            "services",
            "Signature algorithms of SunRsaSign, SunEC and SUN: " + ", ".join(_SERVICES_7U80),
            "read in 7u80's providers and observed; SunEC's by name only, its OIDs being no aliases",
        ),
        _fact("offered", "Speaks TLS 1.0 by default and sends no list of signature algorithms", "observed on 7u80"),
        _fact("disabled", f"{_CERTPATH} = MD2, RSA keySize < 1024", "read in 7u80's java.security"),
        _fact("tls_disabled", f"{_TLS} is not set", "read in 7u80's java.security"),
        _fact(
            "parameters_heeded",
            "Parameters beside SHA256withRSA and the like are not looked at, whatever stands there",
            "observed on 7u80, 7u181 and 8u181",
        ),
        _fact(
            "ecdsa_parameters_heeded",
            "Parameters beside ECDSA are not looked at either",
            "inferred from those beside SHA256withRSA",
        ),
        _fact("pss_keys", "Keys of the type id-RSASSA-PSS are not known", "observed on 7u80, 7u181 and 8u181"),
        _fact(
            "curves",
            "Signatures verify on the secp, sect and X9.62 curves of SunEC, not on brainpool's",
            "read in 7u80's sun/security/ec; observed on 7u181 and 8u181",
        ),
        _fact(
            "parser",
            "A certificate with brainpool or explicit curve parameters cannot be read; a compressed point can",
            "observed on 7u80",
        ),
        _fact(
            "hostnames",
            "The dNSNames alone count where there is one, else the last common name; an abbreviated IPv6 address fails",
            "read in HostnameChecker.java and observed on 7u80",
        ),
        _fact(
            "constraints",
            "Critical certificate policies on a server's certificate, or on a CA's that do not fit, are refused; a host that "
            "only stands in the common name is not held against name constraints",
            "observed on 7u80",
        ),
        _fact(
            "paths",
            "A server's certificate passes unchecked if one in the trust store has its name and key; a chain out of order "
            "is sorted through five intermediate CAs, by the authority key identifiers too",
            "read in 7u80's PKIXValidator.java and ForwardBuilder.java; the sorting observed",
        ),
        _fact("ca_anchors", "A trusted certificate need not be a CA's", "observed on 7u80, 7u181 and 8u181"),
        _fact(
            "longest_chain", "11 and 12 certificates in order are accepted on the wire", "observed on 7u80 and 7u181"
        ),
        _fact("protocols", "Offers TLS 1.0 by default (up to 7u121)", "read in 7u's source, change 8165071"),
        _fact(
            "cipher_suites",
            "27 cipher suites and the SCSV, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA first",
            "observed on 7u80 with SunEC",
        ),
        _fact(
            "hello",
            "supported_groups (25 curves of SunEC), ec_point_formats, and server_name for a host with a dot: 159 bytes without it; "
            "without SunEC and for a host without a dot, none at all: 63 bytes, the article's length",
            "observed on 7u80 with and without SunEC; server_name at the end as on 8u181",
        ),
        _fact(
            "server_curves",
            "Offers the secp and sect curves of SunEC in supported_groups",
            "observed on 7u80 with SunEC",
        ),
        _fact("server_keys", "Offers nothing for server keys but RSA, EC and DSA", "observed on 7u80, 7u181 and 8u181"),
        _fact(
            "refused_suites",
            "Ends the handshake at no cipher suite that it offers, whatever the article says of two; what counts is the size of "
            "the Diffie-Hellman group",
            "observed on 7u80, 7u181, 8u181, 8u504 and 17 with TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
        ),
        _fact(
            "dh_bits",
            "Diffie-Hellman groups from 512 to 1024 bits; 2048, 3072 and 4096 end in alert 80, internal_error",
            "read in DHKeyPairGenerator.java, up to 7u99; observed on 7u80",
        ),
        _fact(
            "judges_anchors",
            "A trusted certificate's own signature is never checked: AlgorithmChecker takes only its public key",
            "read in PKIXValidator.java and AlgorithmChecker.java; observed on every release, 7u80 to 21",
        ),
    ),
)

# -- 7u181 -----------------------------------------------------------------------------------------------------------

_SERVICES_7U181 = (*_SERVICES_7U80, *"SHA224withRSA SHA224withECDSA SHA224withDSA SHA256withDSA".split())
# MD5withRSA is among them, and no list that a release brings along leaves it there: SignatureAndHashAlgorithm.java,
# SignatureScheme.java; observed on 17.0.15, 21.0.8 and 25.0.3 with lists that do.
_OFFERED_7U181 = frozenset(
    (
        "MD5withRSA SHA512withECDSA SHA512withRSA SHA384withECDSA SHA384withRSA SHA256withECDSA SHA256withRSA SHA224withECDSA "
        "SHA224withRSA SHA1withECDSA SHA1withRSA SHA1withDSA"
    ).split()
)
_DISABLED_7U181 = "MD2, MD5, SHA1 jdkCA & usage TLSServer, RSA keySize < 1024, DSA keySize < 1024, EC keySize < 224"
_TLS_7U181 = "SSLv3, MD5withRSA, DH keySize < 1024, EC keySize < 224, DES40_CBC, RC4_40, 3DES_EDE_CBC"

JAVA_7U181 = attrs.evolve(
    JAVA_7U80,
    name="java-7u181",
    title="Java 7u181",
    description="OpenJDK 7 update 181, the release that Cisco's article shows: TLS 1.2 by default, MD5 disabled, no RSASSA-PSS.",
    release="7u181",
    source="OpenJDK 7u181: its source, and its own classes run on a later class library",
    algorithm_list=", ".join(_SERVICES_7U181),
    algorithms=attrs.evolve(
        JAVA_7U80.algorithms,
        services=services(*_SERVICES_7U181),
        offered=_OFFERED_7U181,
        disabled=_certpath(_DISABLED_7U181),
        tls_disabled=_tls(_TLS_7U181),
    ),
    parser=parse.JAVA_7U181,
    hostnames=hostname.JAVA_7U181,
    constraints=constraints.JAVA_7U181,
    protocols=("TLSv1", "TLSv1.1", "TLSv1.2"),
    cipher_suites=_SUITES_7U181,
    hello=_HELLO_7U181,
    server_curves=_curves(
        "secp256r1 secp384r1 secp521r1 sect283k1 sect283r1 sect409k1 sect409r1 sect571k1 sect571r1 secp256k1"
    ),
    dh_bits=(1024, 8192),
    facts=_facts(
        JAVA_7U80.facts,
        _fact(
            "services",
            "Signature algorithms of SunRsaSign, SunEC and SUN: " + ", ".join(_SERVICES_7U181),
            "read in 7u181's providers (SHA224withRSA since 7u101) and observed",
        ),
        _fact(
            "offered",
            "Offers in signature_algorithms, and takes: SHA-512 down to SHA-1 with RSA and ECDSA, SHA1withDSA; so SHA224withDSA "
            "and SHA256withDSA are refused although a provider has them",
            "observed on 7u181",
        ),
        _fact(
            "disabled",
            f"{_CERTPATH} = {_DISABLED_7U181}",
            "read in 7u181's java.security (RSA since 7u40, MD5 since 7u95, SHA1 and EC since 7u131)",
        ),
        _fact("tls_disabled", f"{_TLS} = {_TLS_7U181}", "read in 7u181's java.security"),
        _fact(
            "parser",
            "A certificate with a compressed point, with brainpool or explicit curve parameters cannot be read",
            "observed on 7u181",
        ),
        _fact(
            "hostnames",
            "The dNSNames alone count where there is one, else the last common name; a host with an underscore or with a "
            "trailing dot is refused",
            "read in HostnameChecker.java and observed on 7u181",
        ),
        _fact(
            "constraints",
            "As 7u80, and a host that only stands in the common name is held against name constraints",
            "observed on 7u181",
        ),
        _fact("protocols", "Offers TLS 1.2 by default (since 7u131)", "read in 7u's source, change 8165071; observed"),
        _fact(
            "cipher_suites",
            "28 cipher suites and the SCSV, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384 first",
            "observed on 7u181",
        ),
        _fact(
            "hello",
            "supported_groups (10 curves), ec_point_formats, signature_algorithms, extended_master_secret, and server_name for a "
            "host with a dot: 163 bytes without it",
            "observed on 7u181; server_name at the end as on 8u181",
        ),
        _fact(
            "server_curves",
            "Offers P-256, P-384, P-521, secp256k1 and the sect curves of 283 to 571 bits in supported_groups",
            "observed on 7u181 and 8u181",
        ),
        _fact(
            "dh_bits",
            "Diffie-Hellman groups from 1024 to 8192 bits",
            "read: DHKeyPairGenerator since 7u171 (8072452), and DH keySize < 1024 disabled; 1024 to 4096 observed on 7u181",
        ),
    ),
)

# -- 8u181 -----------------------------------------------------------------------------------------------------------

_OFFERED_8U181 = _OFFERED_7U181 | {"SHA224withDSA", "SHA256withDSA"}
_TLS_8U181 = "SSLv3, RC4, MD5withRSA, DH keySize < 1024, EC keySize < 224, DES40_CBC, RC4_40, 3DES_EDE_CBC"

JAVA_8U181 = attrs.evolve(
    JAVA_7U181,
    name="java-8u181",
    title="Java 8u181",
    description="OpenJDK 8 update 181: TLS 1.2, MD5 disabled, no RSASSA-PSS (which came with 8u251).",
    release="8u181",
    source="OpenJDK 8u181: its source, and its own classes run on a later class library",
    algorithms=attrs.evolve(JAVA_7U181.algorithms, offered=_OFFERED_8U181, tls_disabled=_tls(_TLS_8U181)),
    parser=parse.JAVA_8U181,
    hostnames=hostname.JAVA_8U181,
    constraints=constraints.JAVA_8U181,
    paths=attrs.evolve(_PATHS_JAVA_7, builder_heeds_key_identifiers=False),
    cipher_suites=_SUITES_8U181,
    hello=_HELLO_8U181,
    facts=_facts(
        JAVA_7U181.facts,
        _fact(
            "services",
            "Signature algorithms of SunRsaSign, SunEC and SUN: " + ", ".join(_SERVICES_7U181),
            "read in 8u181's providers and observed",
        ),
        _fact(
            "offered",
            "Offers in signature_algorithms, and takes: SHA-512 down to SHA-1 with RSA and ECDSA; SHA-256, SHA-224 and SHA-1 with DSA",
            "observed on 8u181",
        ),
        _fact("disabled", f"{_CERTPATH} = {_DISABLED_7U181}", "read in 8u181's java.security"),
        _fact("tls_disabled", f"{_TLS} = {_TLS_8U181}", "read in 8u181's java.security"),
        _fact(
            "parser",
            "A certificate with a compressed point or explicit curve parameters cannot be read; one with a brainpool key can",
            "observed on 8u181",
        ),
        _fact(
            "constraints",
            "Critical certificate policies pass, except where policyConstraints asks for one; name constraints count for a "
            "host that only stands in the common name",
            "observed on 8u181",
        ),
        _fact(
            "paths",
            "A server's certificate passes unchecked if one in the trust store has its name and key; a chain out of order is "
            "sorted through five intermediate CAs, whatever the authority key identifiers say",
            "read in 8u's PKIXValidator.java and ForwardBuilder.java; the sorting observed on 8u181",
        ),
        _fact(
            "longest_chain",
            "11 and 12 certificates in order are accepted by the trust manager",
            "observed on 8u181, not on the wire",
        ),
        _fact("protocols", "Offers TLS 1.2 by default", "observed on 8u181"),
        _fact("cipher_suites", "42 cipher suites and the SCSV, those of 7u181 first", "observed on 8u181"),
        _fact(
            "hello",
            "As 7u181, with SHA256withDSA and SHA224withDSA in signature_algorithms: 222 bytes for a host of 18 letters",
            "observed on 8u181, but for the places of the two in the list",
        ),
        _fact(
            "dh_bits",
            "Diffie-Hellman groups from 1024 to 8192 bits",
            "read: DHKeyPairGenerator, change of 2017-10-23, and DH keySize < 1024 disabled; 1024 to 4096 observed on 8u181",
        ),
    ),
)

# -- 8u504 -----------------------------------------------------------------------------------------------------------

_SERVICES_8U504 = (*_SERVICES_7U181, "RSASSA-PSS", "SHA512/224withRSA", "SHA512/256withRSA")
_OFFERED_8U504 = _OFFERED_8U181 | {"RSASSA-PSS"}
_DISABLED_8U504 = f"{_DISABLED_7U181}, SHA1 usage SignedJAR & denyAfter 2019-01-01, include jdk.disabled.namedCurves"
_TLS_8U504 = (
    "SSLv3, TLSv1, TLSv1.1, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, NULL, ECDH, "
    "include jdk.disabled.namedCurves"
)

JAVA_8U504 = attrs.evolve(
    JAVA_8U181,
    name="java-8u504",
    title="Java 8u504",
    description="OpenJDK 8 update 504, a late Java 8: RSASSA-PSS (since 8u251), TLS 1.3 offered, trusted certificates must be CAs'.",
    release="8u504",
    source="OpenJDK 8u504, Debian's build, run as it is",
    algorithm_list=", ".join(_SERVICES_8U504),
    algorithms=attrs.evolve(
        JAVA_8U181.algorithms,
        services=services(*_SERVICES_8U504),
        offered=_OFFERED_8U504,
        disabled=_certpath(_DISABLED_8U504),
        tls_disabled=_tls(_TLS_8U504),
        parameters_heeded=True,
        ecdsa_parameters_heeded=True,
        pss_keys=True,
    ),
    parser=parse.JAVA_8U504,
    hostnames=hostname.JAVA_8U504,
    constraints=constraints.JAVA_8U504,
    paths=PathBuilding(leaf_trusted_by_key=False, builder_heeds_key_identifiers=False),
    ca_anchors=True,
    longest_chain=10,
    protocols=("TLSv1.2", "TLSv1.3"),
    cipher_suites=_SUITES_8U504,
    hello=_HELLO_8U504,
    server_curves=_NIST_CURVES,
    server_keys=frozenset({"RSASSA-PSS"}),
    facts=_facts(
        JAVA_8U181.facts,
        _fact(
            "services",
            "Signature algorithms of SunRsaSign, SunEC and SUN: " + ", ".join(_SERVICES_8U504),
            "observed on 8u504; RSASSA-PSS came with 8u251 (8230978)",
        ),
        _fact(
            "offered",
            "Offers in signature_algorithms, and takes: SHA-512 down to SHA-1 with RSA and ECDSA, RSASSA-PSS; SHA-256, SHA-224 and "
            "SHA-1 with DSA; so SHA512/224withRSA and SHA512/256withRSA are refused although a provider has them",
            "observed on 8u504",
        ),
        _fact("disabled", f"{_CERTPATH} = {_DISABLED_8U504}", "observed on 8u504"),
        _fact("tls_disabled", f"{_TLS} = {_TLS_8U504}", "observed on 8u504"),
        _fact(
            "ecdsa_parameters_heeded",
            "Parameters beside ECDSA must name the curve of the issuer's key",
            "inferred from 17.0.15",
        ),
        _fact(
            "parameters_heeded",
            "Other parameters than NULL beside SHA256withRSA and the like are refused; missing ones are accepted",
            "observed on 8u504, 11, 17 and 21",
        ),
        _fact(
            "pss_keys",
            "Keys of the type id-RSASSA-PSS are known, and their restrictions heeded",
            "observed on 8u504, 11, 17 and 21",
        ),
        _fact(
            "parser",
            "RSASSA-PSS parameters are read with the certificate: a trailer field of 2, MD5 or SHA-3 in them makes it unreadable",
            "observed on 8u504",
        ),
        _fact(
            "hostnames",
            "The dNSNames alone count where there is one, else the last common name; a wildcard fits no host without a dot",
            "observed on 8u504",
        ),
        _fact("constraints", "As 8u181", "observed on 8u504"),
        _fact(
            "paths",
            "A server's certificate passes unchecked only if it is itself in the trust store; a chain out of order is sorted "
            "through five intermediate CAs",
            "read in PKIXValidator.java; the sorting observed on 8u504",
        ),
        _fact(
            "ca_anchors",
            "A trusted certificate of version 3 must be a CA's, and its keyUsage must have keyCertSign",
            "observed on 8u504, 11, 17 and 21; release notes of 7u251, New Checks on Trust Anchor Certificates",
        ),
        _fact(
            "longest_chain",
            "More than 10 certificates are refused: jdk.tls.maxCertificateChainLength",
            "observed on 8u504",
        ),
        _fact("protocols", "Offers TLS 1.2 and TLS 1.3", "observed on 8u504"),
        _fact("cipher_suites", "32 cipher suites and the SCSV, TLS_AES_256_GCM_SHA384 first", "observed on 8u504"),
        _fact(
            "hello",
            "server_name, supported_groups, ec_point_formats, signature_algorithms, signature_algorithms_cert, "
            "extended_master_secret, supported_versions, psk_key_exchange_modes, key_share (secp256r1): 376 bytes for a host "
            "of 18 letters",
            "the order and the length were observed on 8u504; the contents are those of 11 and 17 that make up this length",
        ),
        _fact(
            "server_curves",
            "Takes server keys on P-256, P-384 and P-521 only",
            "observed on 8u504, 11, 17 and 21: others end in handshake_failure",
        ),
        _fact("server_keys", "Takes id-RSASSA-PSS server keys; no Ed25519 or Ed448", "observed on 8u504 and 11"),
    ),
)

# -- 11 --------------------------------------------------------------------------------------------------------------

_TLS_11 = (
    "SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, NULL, "
    "ECDH, TLS_RSA_*, rsa_pkcs1_sha1 usage HandshakeSignature, ecdsa_sha1 usage HandshakeSignature, "
    "dsa_sha1 usage HandshakeSignature, include jdk.disabled.namedCurves"
)

JAVA_11 = attrs.evolve(
    JAVA_8U504,
    name="java-11",
    title="Java 11",
    description="OpenJDK 11.0.33: RSASSA-PSS, TLS 1.3, no static RSA key exchange.",
    release="11",
    source="OpenJDK 11.0.33, run as it is",
    algorithms=attrs.evolve(
        JAVA_8U504.algorithms,
        services=services(*_SERVICES_8U504, also={"1.3.14.3.2.15": "SHA1withRSA"}),
        tls_disabled=_tls(_TLS_11),
    ),
    parser=parse.JAVA_11,
    hostnames=hostname.JAVA_11,
    constraints=constraints.JAVA_11,
    cipher_suites=_SUITES_WITHOUT_STATIC_RSA,
    hello=_HELLO_11,
    facts=_facts(
        JAVA_8U504.facts,
        _fact(
            "services",
            "Signature algorithms of SunRsaSign, SunEC and SUN: "
            + ", ".join(_SERVICES_8U504)
            + "; 1.3.14.3.2.15 is SHA1withRSA",
            "observed on 11.0.33",
        ),
        _fact("disabled", f"{_CERTPATH} = {_DISABLED_8U504}", "observed on 11.0.33"),
        _fact("tls_disabled", f"{_TLS} = {_TLS_11}", "read and observed on 11.0.33"),
        _fact(
            "hostnames",
            "As 8u504, and a wildcard beside an A-label (xn--*) is refused",
            "observed on 11.0.33",
        ),
        _fact("constraints", "As 8u504", "observed on 11.0.33"),
        _fact(
            "cipher_suites",
            "30 cipher suites and the SCSV, TLS_AES_256_GCM_SHA384 first; none with static RSA key exchange (TLS_RSA_* is disabled)",
            "observed on 11.0.13 with the list of disabled algorithms of 11.0.33",
        ),
        _fact(
            "hello",
            "server_name, status_request, supported_groups (x25519 first), ec_point_formats, signature_algorithms, "
            "signature_algorithms_cert, status_request_v2, extended_master_secret, supported_versions, "
            "psk_key_exchange_modes, key_share (x25519): 366 bytes for a host of 19 letters",
            "observed on 11.0.13 with the list of disabled algorithms of 11.0.33, which itself was not observed in this",
        ),
    ),
)

# -- 17 --------------------------------------------------------------------------------------------------------------

_SHA3 = tuple(f"SHA3-{bits}with{key}" for key in ("RSA", "ECDSA", "DSA") for bits in (224, 256, 384, 512))
_SERVICES_17 = (*_SERVICES_8U504, "SHA384withDSA", "SHA512withDSA", "Ed25519", "Ed448", *_SHA3)
_OFFERED_17 = _OFFERED_8U504 | {"Ed25519", "Ed448"}
_DISABLED_17 = f"{_DISABLED_7U181}, SHA1 usage SignedJAR & denyAfter 2019-01-01"
_TLS_17 = "SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, NULL, ECDH"

JAVA_17 = attrs.evolve(
    JAVA_11,
    name="java-17",
    title="Java 17",
    description="OpenJDK 17.0.15: RSASSA-PSS, EdDSA, TLS 1.3; of the curves only P-256, P-384 and P-521.",
    release="17",
    source="OpenJDK 17.0.15, Debian's build, run as it is",
    algorithm_list=", ".join(_SERVICES_17),
    algorithms=attrs.evolve(
        JAVA_11.algorithms,
        services=services(*_SERVICES_17, also={"1.3.14.3.2.15": "SHA1withRSA"}),
        offered=_OFFERED_17,
        disabled=_certpath(_DISABLED_17),
        tls_disabled=_tls(_TLS_17),
        curves=_NIST_CURVES,
    ),
    parser=parse.JAVA_17,
    hostnames=hostname.JAVA_17,
    constraints=constraints.JAVA_17,
    cipher_suites=_SUITES_17,
    hello=_HELLO_17,
    server_keys=frozenset({"RSASSA-PSS", "Ed25519", "Ed448"}),
    facts=_facts(
        JAVA_11.facts,
        _fact(
            "services",
            "Signature algorithms of SunRsaSign, SunEC and SUN: "
            + ", ".join(_SERVICES_17)
            + "; 1.3.14.3.2.15 is SHA1withRSA",
            "observed on 17.0.15",
        ),
        _fact(
            "offered",
            "Offers in signature_algorithms for TLS 1.2, and takes: as 8u504, and Ed25519 and Ed448; so SHA-3, SHA384withDSA and the "
            "like are refused although a provider has them",
            "observed on 17.0.15",
        ),
        _fact("disabled", f"{_CERTPATH} = {_DISABLED_17}", "observed on 17.0.15"),
        _fact("tls_disabled", f"{_TLS} = {_TLS_17}", "observed on 17.0.15"),
        _fact("server_keys", "Takes id-RSASSA-PSS, Ed25519 and Ed448 server keys", "observed on 17 and 21"),
        _fact("curves", "Signatures verify on P-256, P-384 and P-521 only", "observed on 17.0.15"),
        _fact(
            "ecdsa_parameters_heeded",
            "Parameters beside ECDSA must name the curve of the issuer's key",
            "observed on 17.0.15",
        ),
        _fact(
            "parser",
            "RSASSA-PSS parameters are read with the certificate: a trailer field of 2 or MD5 in them makes it unreadable",
            "observed on 17.0.15",
        ),
        _fact("constraints", "As 11, and a dNSName constraint may begin with a dot", "observed on 17.0.15"),
        _fact(
            "cipher_suites",
            "36 cipher suites and the SCSV, TLS_AES_256_GCM_SHA384 first",
            "observed on 17.0.15, and in that order by the source of 17",
        ),
        _fact(
            "hello",
            "As 11, with session_ticket, Ed25519 and Ed448 in signature_algorithms, and keys for x25519 and secp256r1; the order "
            "differs: 459 bytes for a host of 19 letters",
            "observed on 17.0.9 and 17.0.15",
        ),
    ),
)

# -- 21 --------------------------------------------------------------------------------------------------------------

_SERVICES_21 = (*_SERVICES_17, "ML-DSA-44", "ML-DSA-65", "ML-DSA-87", "HSS/LMS")
_TLS_21 = _TLS_11.removesuffix(", include jdk.disabled.namedCurves")

JAVA_21 = attrs.evolve(
    JAVA_17,
    name="java-21",
    title="Java 21",
    description="OpenJDK 21.0.13: as 17, without static RSA key exchange, and stricter about what stands in extensions.",
    release="21",
    source="OpenJDK 21.0.13, Debian's build, run as it is",
    algorithm_list=", ".join(_SERVICES_21),
    algorithms=attrs.evolve(
        JAVA_17.algorithms,
        services=services(*_SERVICES_21, also={"1.3.14.3.2.15": "SHA1withRSA"}),
        tls_disabled=_tls(_TLS_21),
        ecdsa_parameters_heeded=False,
    ),
    parser=parse.JAVA_21,
    hostnames=hostname.JAVA_21,
    constraints=constraints.JAVA_21,
    cipher_suites=_SUITES_WITHOUT_STATIC_RSA,
    hello=attrs.evolve(_HELLO_17, observed=False),
    facts=_facts(
        JAVA_17.facts,
        _fact(
            "services",
            "Signature algorithms of SunRsaSign, SunEC and SUN: "
            + ", ".join(_SERVICES_21)
            + "; 1.3.14.3.2.15 is SHA1withRSA",
            "observed on Debian's 21.0.13, which has ML-DSA; upstream's 21 need not",
        ),
        _fact("disabled", f"{_CERTPATH} = {_DISABLED_17}", "observed on 21.0.13"),
        _fact("tls_disabled", f"{_TLS} = {_TLS_21}", "observed on 21.0.13"),
        _fact(
            "ecdsa_parameters_heeded",
            "Parameters beside ECDSA are passed over, whatever they are",
            "observed on 21.0.8",
        ),
        _fact(
            "hostnames",
            "As 17; a wildcard must stand in the leftmost label; an iPAddress of odd length in subjectAltName refuses every host",
            "observed on 21.0.13",
        ),
        _fact("constraints", "As 17, and an extKeyUsage that cannot be read is refused", "observed on 21.0.13"),
        _fact(
            "cipher_suites",
            "30 cipher suites and the SCSV, TLS_AES_256_GCM_SHA384 first; none with static RSA key exchange (TLS_RSA_* is disabled)",
            "observed on 21.0.8 with the list of disabled algorithms of 21.0.13",
        ),
        _fact(
            "hello",
            "The extensions of 17, in their order: 447 bytes for a host of 19 letters",
            "observed on 21.0.8 with the list of disabled algorithms of 21.0.13, which itself was not observed in this",
        ),
    ),
)

RELEASES: tuple[Profile, ...] = (JAVA_7U80, JAVA_7U181, JAVA_8U181, JAVA_8U504, JAVA_11, JAVA_17, JAVA_21)
BY_RELEASE = MappingProxyType({profile.release: profile for profile in RELEASES})
