"""The profile `finesse`: Cisco TechNote 214617, "the article", followed to the letter."""

from types import MappingProxyType

from ..profile import Fact, Profile

ARTICLE = (
    'Cisco TechNote 214617, Troubleshoot Finesse Error "SSLPeerUnverifiedException" for Gadgets Hosted on '
    "CA-Signed Servers"
)

# NONEwithRSA, the seventh on the article's list, has no OID: 1.2.840.113549.1.1.1 names a key, and every Java that was
# observed finds no Signature service for it. No certificate can be signed with it.
_ALGORITHMS = MappingProxyType(
    {
        "1.2.840.113549.1.1.2": "MD2withRSA",
        "1.2.840.113549.1.1.4": "MD5withRSA",
        "1.2.840.113549.1.1.5": "SHA1withRSA",
        "1.3.14.3.2.29": "SHA1withRSA",
        "1.2.840.113549.1.1.11": "SHA256withRSA",
        "1.2.840.113549.1.1.12": "SHA384withRSA",
        "1.2.840.113549.1.1.13": "SHA512withRSA",
    }
)

FINESSE = Profile(
    name="finesse",
    title="Cisco TechNote 214617, the seven SunMSCAPI signature algorithms",
    description=(
        "What Cisco's article says of the Java in Finesse: a certificate signed with anything but the algorithms it "
        "lists breaks the connection, in whatever position it stands, the root included."
    ),
    signature_algorithms=_ALGORITHMS,
    algorithm_list=("MD5withRSA, MD2withRSA, NONEwithRSA, SHA1withRSA, SHA256withRSA, SHA384withRSA and SHA512withRSA"),
    statement='The article: "If any certificate in the chain is signed with RSASSA-PSS, the connection fails."',
    observed=(
        "Observed: Java 7u80, 7u181 and 8u181 accept a root so signed once it is in the trust store, because they do "
        "not check a trusted certificate's own signature; they refuse a server certificate or an issuing CA so signed."
    ),
    source=ARTICLE,
    facts=(
        Fact(what="The list of signature algorithms, valid in every position, the root included", source=ARTICLE),
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
