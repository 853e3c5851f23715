"""The profile `finesse`: Cisco TechNote 214617, "the article", followed to the letter."""

import attrs

from ..java.algorithms import services
from ..java.hello import HelloForm
from ..java.security import DisabledAlgorithms
from ..profile import Fact
from .java import JAVA_7U181

ARTICLE = (
    'Cisco TechNote 214617, Troubleshoot Finesse Error "SSLPeerUnverifiedException" for Gadgets Hosted on '
    "CA-Signed Servers"
)

_ALGORITHMS = ("MD2withRSA", "MD5withRSA", "SHA1withRSA", "SHA256withRSA", "SHA384withRSA", "SHA512withRSA")
# NONEwithRSA, the seventh on the article's list, has no OID: 1.2.840.113549.1.1.1 names a key, and every Java that was
# observed finds no Signature service for it. No certificate can be signed with it.

_ARTICLE_SAYS = (
    *("services", "judges_anchors", "disabled", "tls_disabled", "offered", "paths"),
    *("protocols", "cipher_suites", "hello", "server_curves", "refused_suites"),
)

# The ClientHello in the article's capture, in its order; the last is the signal of RFC 5746.
_SUITES = (0x0035, 0x0039, 0x0038, 0x002F, 0x0033, 0x0032, 0x0005, 0x000A, 0x0016, 0x0013, 0x0004, 0x00FF)

FINESSE = attrs.evolve(
    JAVA_7U181,
    name="finesse",
    title="Cisco TechNote 214617, the seven SunMSCAPI signature algorithms",
    description=(
        "What Cisco's article says of the Java in Finesse: a certificate signed with anything but the algorithms it "
        "lists breaks the connection, in whatever position it stands, the root included."
    ),
    release="",
    judges_anchors=True,
    algorithms=attrs.evolve(
        JAVA_7U181.algorithms,
        services=services(*_ALGORITHMS),
        offered=None,
        # MD2 and MD5 are on the article's list.
        disabled=DisabledAlgorithms.parse("RSA keySize < 1024, DSA keySize < 1024, EC keySize < 224"),
        tls_disabled=DisabledAlgorithms.parse("", where="jdk.tls.disabledAlgorithms"),
    ),
    paths=None,
    protocols=("TLSv1",),
    cipher_suites=_SUITES,
    hello=HelloForm(),
    refused_suites=frozenset({0x0039, 0x0033}),
    algorithm_list=("MD5withRSA, MD2withRSA, NONEwithRSA, SHA1withRSA, SHA256withRSA, SHA384withRSA and SHA512withRSA"),
    statement='The article: "If any certificate in the chain is signed with RSASSA-PSS, the connection fails."',
    observed=(
        "Observed: Java 7u80, 7u181 and 8u181 accept a root so signed once it is in the trust store, because they do "
        "not check a trusted certificate's own signature; they refuse a server certificate or an issuing CA so signed."
    ),
    source=ARTICLE,
    facts=(
        *(fact for fact in JAVA_7U181.facts if fact.field not in _ARTICLE_SAYS),
        Fact(field="services", what="The list of signature algorithms", source=ARTICLE),
        Fact(field="judges_anchors", what="It holds in every position, the root included", source=ARTICLE),
        Fact(
            field="disabled",
            what="Keys of RSA and DSA under 1024 bits, and of EC under 224, are refused; MD2 and MD5 are not, being on the list",
            source="observed on Java 7u181, and the article for the list",
        ),
        Fact(
            field="paths",
            what="Every path counts that there is, in whatever order the certificates stand in the file",
            source="the article names no order",
        ),
        Fact(field="protocols", what="Offers TLS 1.0", source=f"the ClientHello in {ARTICLE}"),
        Fact(
            field="cipher_suites",
            what="Twelve: eleven cipher suites, TLS_RSA_WITH_AES_256_CBC_SHA first, and the SCSV",
            source=f"{ARTICLE}; observed on Java 7u80 without SunEC, which sends these in this order",
        ),
        Fact(
            field="refused_suites",
            what="Refuses a server that selects TLS_DHE_RSA_WITH_AES_256_CBC_SHA or TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
            source=ARTICLE,
        ),
        Fact(
            field="hello",
            what="No extensions: 63 bytes; Java 7u80 sends server_name besides when the host's name has a dot",
            source=f"the length in {ARTICLE}; observed on Java 7u80 without SunEC, asked for a host without a dot",
        ),
        Fact(
            field="server_curves",
            what="It offers no cipher suite for a server's EC key; where one is judged in a file, the curves of 7u181 count",
            source=ARTICLE + "; observed on 7u181",
        ),
        Fact(
            what="Whatever the article does not speak of is judged as Java 7u181 does, the release that it shows",
            source=ARTICLE + "; observed on 7u181",
        ),
        Fact(
            what="OID 1.3.14.3.2.29 is taken as SHA1withRSA",
            source="observed on Java 7u80, 7u181, 8u181, 8u504, 11, 17 and 21, which all give it that name",
        ),
        Fact(
            what="NONEwithRSA is on the list and can match no certificate",
            source="observed on Java 7u80 to 21: no Signature service answers to OID 1.2.840.113549.1.1.1",
        ),
    ),
)
