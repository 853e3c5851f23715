"""The mini-language of `java.security`: which algorithms and keys the entries of a `disabledAlgorithms` list refuse.

Read in OpenJDK 17's sun/security/util (DisabledAlgorithmConstraints, AlgorithmDecomposer, AbstractAlgorithmConstraints,
CurveDB, KnownOIDs), sun/security/provider/certpath/AlgorithmChecker.java, sun/security/ssl (SSLAlgorithmConstraints,
SSLAlgorithmDecomposer) and java/util/Properties.java. The file's own comments state the grammar:

    DisabledAlgorithm:
        AlgorithmName [Constraint] { '&' Constraint } | IncludeProperty

"Matching is performed using a case-insensitive sub-element matching rule." The two lists are not asked alike.
`jdk.certpath.disabledAlgorithms` is asked with the whole path in view: its usage, its anchor, the hashes of RSASSA-PSS.
`jdk.tls.disabledAlgorithms` is asked for a name or a key alone: there `jdkCA` and `usage TLSServer` never hold, and a PSS
signature is its name only. Only this list has patterns (`TLS_RSA_*`) and the usages HandshakeSignature and
CertificateSignature.

Releases differ where their own lists do not reach. 7u80 knows `keySize` alone and passes over whatever else has a
condition; up to 8u181 no curve is looked up by its name, and no hash of RSASSA-PSS either. Observed: a condition on a
name with a hyphen that is no hash (`RSASSA-PSS keySize < 2048`) is without effect on 17 and has one on 21 and 25; an
entry Ed25519 refuses that key on 25 only; patterns and the two usages are unknown to 17.0.9 and 21.0.8, which take them
for names of nothing, and known to 17.0.21 and 25.0.3. What is not said of a release is as in 17.0.21.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType

import attrs

from ..errors import ProfileError
from ..findings import printable
from ..lazily import lazy
from .decomposer import aliases, elements, one_hash
from .properties import LONGEST_TEXT, properties

__all__ = [
    "NAMED_CURVES",
    "Condition",
    "DenyAfter",
    "DisabledAlgorithms",
    "Entry",
    "JdkCa",
    "Key",
    "KeySize",
    "Usage",
    "properties",
]

_CERTPATH = "jdk.certpath.disabledAlgorithms"
_TLS = "jdk.tls.disabledAlgorithms"
NAMED_CURVES = "jdk.disabled.namedCurves"

# The longest list of a java.security has, with all curves, some seventy entries.
_MOST_ENTRIES = 1000


# -- Keys --------------------------------------------------------------------------------------------------------------

# KnownOIDs: a curve's names. Those of ANSI X9.62 have no shorter one.
_X9_62 = (
    *("c2tnb191v1", "c2tnb191v2", "c2tnb191v3", "c2tnb239v1", "c2tnb239v2", "c2tnb239v3", "c2tnb359v1", "c2tnb431r1"),
    *("prime192v2", "prime192v3", "prime239v1", "prime239v2", "prime239v3"),
)
_NIST = (
    *("sect163k1 K-163", "sect163r2 B-163", "sect233k1 K-233", "sect233r1 B-233", "sect283k1 K-283", "sect283r1 B-283"),
    *("sect409k1 K-409", "sect409r1 B-409", "sect571k1 K-571", "sect571r1 B-571"),
    *("secp224r1 P-224", "secp384r1 P-384", "secp521r1 P-521"),
)
_CURVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: (f"X9.62 {name}",) for name in _X9_62}
    | {name: (name, f"NIST {nist}") for name, nist in map(str.split, _NIST)}
    | {
        "secp192r1": ("secp192r1", "NIST P-192", "X9.62 prime192v1"),
        "secp256r1": ("secp256r1", "NIST P-256", "X9.62 prime256v1"),
    }
)
_BY_ANY_NAME = {any_name.lower(): names for short, names in _CURVES.items() for any_name in (short, *names)}
# JDK 25's KeyUtil.getAlgorithm: "key.getAlgorithm() returns "EdDSA", but the underlying key may be "Ed448"".
_LARGER_GROUP = {"ed25519": "EdDSA", "ed448": "EdDSA", "x25519": "XDH", "x448": "XDH"}


@attrs.frozen(kw_only=True, slots=False)
class Key:
    """A public key in the words that java.security uses."""

    algorithm: str
    """What Java's `key.getAlgorithm()` says: RSA, RSASSA-PSS, EC, DSA, DH, EdDSA, XDH.

    Ed25519 and the like stand for the key as JDK 25 sees it, where both names refuse it.
    """
    bits: int | None = None
    """KeyUtil.getKeySize: the bits of the modulus, of p, of an EC curve's order; None where they are not known."""
    curve: str | None = None
    """One of the curve's names, as in `jdk.disabled.namedCurves` or without its "X9.62 "."""

    @lazy
    def curve_names(self) -> tuple[str, ...]:
        """All names of the curve, as KnownOIDs has them: secp192r1 is NIST P-192 and X9.62 prime192v1 too."""
        return _BY_ANY_NAME.get(self.curve.lower(), (self.curve,)) if self.curve else ()

    @lazy
    def names(self) -> tuple[str, ...]:
        """What the key's algorithm is called, the name of its larger group included."""
        group = _LARGER_GROUP.get(self.algorithm.lower())
        return (self.algorithm, group) if group else (self.algorithm,)

    @lazy
    def _lower_names(self) -> frozenset[str]:
        return frozenset(map(str.lower, self.names))


# -- Conditions --------------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class _Question:
    """What an entry's conditions are asked about."""

    key: Key | None = None
    usage: str | None = None
    jdk_ca: bool = False
    at: datetime | None = None


_OPERATORS: Mapping[str, Callable[[int, int], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">=": operator.ge, ">": operator.gt}
)


@attrs.frozen(kw_only=True)
class KeySize:
    """`keySize < 1024`: "indicates that any RSA key with key size less than ... should be disabled"."""

    algorithm: str
    operator: str
    bits: int

    def holds(self, question: _Question) -> bool:
        """Whether the key is of the entry's algorithm and its size is one of those that the condition names.

        A size that is not known never is: "Conservatively, please don't disable such keys."
        """
        key = question.key
        if key is None or key.bits is None or self.algorithm.lower() not in key._lower_names:
            return False
        if key.bits == 0:
            return True  # "we don't allow any key of size 0"
        return _OPERATORS[self.operator](key.bits, self.bits)


@attrs.frozen(kw_only=True)
class JdkCa:
    """`jdkCA`: "only if the algorithm is used in a certificate chain that terminates at a marked trust anchor"."""

    def holds(self, question: _Question) -> bool:
        """Whether the path ends in a root that the JDK itself brought along."""
        return question.jdk_ca


@attrs.frozen(kw_only=True)
class DenyAfter:
    """`denyAfter YYYY-MM-DD`, the day's first moment, "in the UTC/GMT timezone"."""

    moment: datetime

    def holds(self, question: _Question) -> bool:
        """Whether that moment has come; it has where no time is given."""
        return question.at is None or question.at >= self.moment


@attrs.frozen(kw_only=True)
class Usage:
    """`usage TLSServer SignedJAR`: any of the words. Java passes over words that it does not know."""

    words: frozenset[str]

    def holds(self, question: _Question) -> bool:
        """Whether the path is validated for one of them."""
        usage = (question.usage or "").lower()
        return usage in ("tlsserver", "tlsclient", "signedjar") and usage in self.words


Condition = KeySize | JdkCa | DenyAfter | Usage


# -- Entries -----------------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Entry:
    """One entry of a list."""

    text: str
    """As it stands in the file, for quoting."""
    where: str
    """The property that it stands in: the list's own, or `jdk.disabled.namedCurves`."""
    name: str
    """The algorithm that it is about, as Java keeps it: without hyphens."""
    outright: bool = False
    """Whether it refuses without a condition."""
    pattern: bool = False
    """Whether it is a pattern of names of cipher suites."""
    conditions: tuple[Condition, ...] = ()
    """All of which must hold for it to refuse."""

    def _holds(self, question: _Question) -> bool:
        # Java takes "RSA &" for an entry that has conditions, and none.
        return self.outright or (bool(self.conditions) and all(each.holds(question) for each in self.conditions))

    def _names(self, names: frozenset[str]) -> bool:
        """Whether its whole text is one of the names, in lower case."""
        return not self.pattern and self.text.lower() in names

    def _matches(self, name: str) -> bool:
        """Whether it is a pattern that the name fits: each * stands for any text, and nothing else is special."""
        if not self.pattern:
            return False
        first, *middle, last = self.text.split("*")
        place = len(first)
        for piece in middle:
            found = name.find(piece, place)
            if found < 0:
                return False
            place = found + len(piece)
        return name.startswith(first) and name.endswith(last) and place + len(last) <= len(name)


@attrs.frozen(kw_only=True, cache_hash=True)
class DisabledAlgorithms:
    """The list of disabled algorithms that a security property holds."""

    text: str
    """The property's value."""
    entries: tuple[Entry, ...] = attrs.field(repr=False)
    """Its entries in their order, those that it includes in place of the include."""
    where: str = _CERTPATH
    """The property."""

    @classmethod
    def parse(
        cls, value: str, properties: Mapping[str, str] = MappingProxyType({}), where: str = _CERTPATH
    ) -> "DisabledAlgorithms":
        """Read a list as `DisabledAlgorithmConstraints` does.

        :param value: the property's value, such as ``MD2, RSA keySize < 1024``; nothing at all disables nothing.
        :param properties: the file's other properties, of which `include jdk.disabled.namedCurves` takes one.
        :param where: the property's name. `jdk.tls.disabledAlgorithms` has rules of its own.
        :raises ProfileError: where Java throws an exception, at the first use of the list; the message quotes the entry.
        """
        text = _unquoted(value)
        entries: list[Entry] = []
        for entry in _split(text, where):
            if re.fullmatch("include jdk.disabled.namedCurves", entry, re.IGNORECASE):
                curves = _unquoted(properties.get(NAMED_CURVES, ""))
                entries += [_entry(curve, where, NAMED_CURVES) for curve in _split(curves, NAMED_CURVES)]
            else:
                entries.append(_entry(entry, where, where))
        return cls(text=text, entries=_distinct(entries), where=where)

    def __str__(self) -> str:
        """The property's value."""
        return self.text

    @property
    def named_curves(self) -> str:
        """What it includes: the value of `jdk.disabled.namedCurves`, as far as the list has no entry like it before."""
        return ", ".join(entry.text for entry in self.entries if entry.where == NAMED_CURVES)

    def with_entry(self, entry: str) -> "DisabledAlgorithms":
        """The same list with an entry, or several, added at its end.

        :raises ProfileError: as for `parse`; an `include` has nothing to include from.
        """
        added = DisabledAlgorithms.parse(entry, where=self.where)
        text = ", ".join(filter(None, (self.text, added.text)))
        return attrs.evolve(self, text=text, entries=_distinct([*self.entries, *added.entries]))

    def refuses_signature(
        self,
        name: str,
        *,
        digest: str | None = None,
        mgf_digest: str | None = None,
        key: Key | None = None,
        usage: str | None = None,
        jdk_ca: bool = False,
        at: datetime | None = None,
    ) -> Entry | None:
        """The entry that refuses a certificate's signature, or None.

        :param name: Java's standard name: SHA256withRSA, SHA384withECDSA, RSASSA-PSS, Ed25519.
        :param digest: the hash in the parameters of RSASSA-PSS, as SHA-256 or SHA256.
        :param mgf_digest: the hash of its MGF1.
        :param key: the key that it is verified with, if that is to be judged as well; `refuses_key` says how.
        :param usage: what the path is validated for: TLSServer, TLSClient or SignedJAR.
        :param jdk_ca: whether the path ends in a root that the JDK itself brought along.
        :param at: the time of judgement, with its zone; without one every `denyAfter` has come.
        """
        parted = () if self.where == _TLS else tuple(filter(None, (name, digest, mgf_digest)))
        return self._first((name,), parted, None, usage, jdk_ca, at) or (
            self.refuses_key(key, usage=usage, jdk_ca=jdk_ca, at=at) if key else None
        )

    def refuses_key(
        self,
        key: Key,
        *,
        usage: str | None = None,
        jdk_ca: bool = False,
        at: datetime | None = None,
        verifies: bool = True,
    ) -> Entry | None:
        """The entry that refuses a key on a path, or None.

        :param key: the key.
        :param usage: what the path is validated for. JDK 17's AlgorithmChecker judges the trusted certificate's
            own key without it and without `jdk_ca`, JDK 25's with them.
        :param jdk_ca: as in `refuses_signature`.
        :param at: as in `refuses_signature`.
        :param verifies: whether the certificate below is verified with it. A server's own key is looked up by its name
            without hyphens only (`Constraints.permits`), so that an entry RSASSA-PSS does not meet it.
        """
        # An EC key is refused by any name of its curve; Ed25519's and Ed448's curves have none of their own.
        own = key.names if verifies or self.where == _TLS else ()
        return self._first((*own, *key.curve_names), key.names, key, usage, jdk_ca, at)

    def may_refuse_signature(self, name: str) -> bool:
        """Whether an entry is about signatures of that name and, where no key is asked about, might refuse them at some time."""
        return any(
            outright or not any(isinstance(each, KeySize) for each in entry.conditions)
            for entry, outright in _met(self, (name,), () if self.where == _TLS else (name,))
        )

    def may_refuse_key(self, key: Key) -> bool:
        """Whether an entry is about such a key and, as far as its size goes, might refuse it at some time, for some use."""
        question = _Question(key=key)
        return any(
            outright or all(not isinstance(each, KeySize) or each.holds(question) for each in entry.conditions)
            for entry, outright in _met(self, (*key.names, *key.curve_names), key.names)
        )

    def refuses_name(self, name: str, *, usage: str | None = None) -> Entry | None:
        """The entry that refuses a protocol, a cipher suite, a key exchange, a group or a signature scheme, or None.

        A cipher suite is taken apart as SSLAlgorithmDecomposer does: TLS_RSA_WITH_RC4_128_SHA has RSA, RC4, RC4_128,
        SHA1, HmacSHA1 and, its handshake's hash in TLS 1.2, SHA256.

        :param name: Java's name: TLSv1, TLS_RSA_WITH_AES_128_CBC_SHA, ECDHE, rsa_pkcs1_sha1.
        :param usage: for a signature scheme, HandshakeSignature or CertificateSignature.
        """
        found = self._first((name,), ())
        if found or usage is None or self.where != _TLS:
            return found
        for entry in self.entries:
            # DisabledAlgorithmConstraints.permits(String, Set<SSLScope>) asks an entry's first condition only.
            first = entry.conditions[0] if entry.conditions else None
            if (
                name.lower() in aliases(entry.name)
                and isinstance(first, Usage)
                and usage.lower() in first.words & _SCOPES
            ):
                return entry
        return None

    def _first(
        self,
        whole: tuple[str, ...],
        parted: tuple[str, ...],
        key: Key | None = None,
        usage: str | None = None,
        jdk_ca: bool = False,
        at: datetime | None = None,
    ) -> Entry | None:
        """The first entry that refuses one of the names, or None.

        :param whole: names that entries without a condition are compared with (`checkAlgorithm`).
        :param parted: names that all entries are looked up by (`Constraints.permits`).
        """
        met = _met(self, whole, parted)
        if not met:
            return None
        # Of the TLS list Java asks for the key alone.
        tls = self.where == _TLS
        question = _Question(key=key, usage=None if tls else usage, jdk_ca=jdk_ca and not tls, at=at)
        for entry, outright in met:
            if outright or entry._holds(question):
                return entry
        return None


@lru_cache(maxsize=4096)
def _met(
    disabled: DisabledAlgorithms, whole: tuple[str, ...], parted: tuple[str, ...]
) -> tuple[tuple[Entry, bool], ...]:
    """The entries that these names meet, each with whether it refuses them whatever its conditions say."""
    whole_elements = frozenset(part for name in whole for part in elements(name, tls=disabled.where == _TLS))
    looked_up = frozenset(part for name in parted for part in one_hash(name))
    found = []
    for entry in disabled.entries:
        outright = entry._names(whole_elements) or any(map(entry._matches, whole))
        if outright or not looked_up.isdisjoint(aliases(entry.name)):
            found.append((entry, outright))
    return tuple(found)


# -- Reading an entry --------------------------------------------------------------------------------------------------

# What String.trim() takes away: every character up to the blank.
_TRIMMED = "".join(map(chr, range(0x21)))
_TOKEN_ENDS = re.compile(r"[ \t\n\r\f]+")
_DENY_AFTER = re.compile(r"denyAfter[ \t\n\v\f\r]+([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SCOPES = frozenset({"handshakesignature", "certificatesignature"})


def _unquoted(value: str) -> str:
    """The value as Security.getProperty trims it, and without "double quote marks from beginning/end"."""
    text = value.strip(_TRIMMED)
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


def _split(text: str, where: str) -> list[str]:
    if len(text) > LONGEST_TEXT or text.count(",") >= _MOST_ENTRIES:
        raise ProfileError(
            f"{where}: {text.count(',') + 1:,} entries in {len(text):,} characters are more than a list has; "
            f"at most {_MOST_ENTRIES:,} are read. Shorten the list"
        )
    return [entry for entry in (part.strip(_TRIMMED) for part in text.split(",")) if entry]


def _distinct(entries: list[Entry]) -> tuple[Entry, ...]:
    """As Java's TreeSet keeps them: the first of each spelling, in upper or lower case."""
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.text.lower(), entry)
    return tuple(first.values())


def _entry(text: str, listed: str, where: str) -> Entry:
    """Read one entry.

    :param listed: the property whose rules count.
    :param where: the property that it stands in.
    """
    if "*" in text and listed == where == _TLS:
        if not text.startswith("TLS_"):
            raise _misspelt(where, text, 'a pattern must start with "TLS_"', "TLS_RSA_*")
        return Entry(text=text, where=where, name=text, pattern=True)
    name, blank, policy = text.partition(" ")
    name = name.replace("-", "")
    if not blank or text.lower() in _BY_ANY_NAME:
        return Entry(text=text, where=where, name=name, outright=True)
    parts = policy.split("&")
    while parts and not parts[-1]:
        parts.pop()  # String.split: "trailing empty strings are therefore not included"
    conditions = tuple(_condition(part.strip(_TRIMMED), name, text, listed, where) for part in parts)
    for kind in (JdkCa, DenyAfter):
        if sum(isinstance(each, kind) for each in conditions) > 1:
            word = "jdkCA" if kind is JdkCa else "denyAfter"
            raise _misspelt(where, text, f"only one {word} is allowed in an entry", f"{name} {_EXAMPLES[word]}")
    return Entry(text=text, where=where, name=name, conditions=conditions)


_EXAMPLES = {
    "keySize": "keySize < 2048",
    "jdkCA": "jdkCA & usage TLSServer",
    "denyAfter": "denyAfter 2027-01-01",
    "usage": "usage TLSServer",
}


def _condition(text: str, name: str, entry: str, listed: str, where: str) -> Condition:
    if text.startswith("keySize"):
        return _key_size(text, name, entry, where)
    if text.lower() == "jdkca":
        return JdkCa()
    date = _DENY_AFTER.fullmatch(text)
    if date:
        year, month, day = map(int, date.groups())
        try:
            # Java has a year 0, a leap year too; both lie behind every certificate.
            return DenyAfter(moment=datetime(year or 4, month, day, tzinfo=UTC))
        except ValueError:
            example = f"{name} {_EXAMPLES['denyAfter']}"
            raise _misspelt(where, entry, f"{date[1]}-{date[2]}-{date[3]} is no date", example) from None
    if text.startswith("usage"):
        words = text.removeprefix("usage").strip(_TRIMMED).lower().split(" ")
        if listed == _TLS and _SCOPES.intersection(words) and not _SCOPES.issuperset(words):
            example = f"{name} usage HandshakeSignature"
            raise _misspelt(where, entry, "HandshakeSignature and CertificateSignature go with no other usage", example)
        return Usage(words=frozenset(words))
    raise _misspelt(
        where,
        entry,
        f"`{printable(text[:60])}` is no condition, which are keySize, jdkCA, denyAfter and usage, joined by &",
        f"{name} {next((good for word, good in _EXAMPLES.items() if word.lower() in text.lower()), 'keySize < 2048')}",
    )


def _key_size(text: str, name: str, entry: str, where: str) -> KeySize:
    """`keySize Operator KeyLength`. Java heeds nothing that stands behind these three."""
    word, sign, length, *_ = [*filter(None, _TOKEN_ENDS.split(text)), "", "", ""]
    example = f"{name} {_EXAMPLES['keySize']}"
    if word != "keySize" or sign not in _OPERATORS:
        raise _misspelt(where, entry, "keySize needs one of < <= == != >= > with blanks around it", example)
    bits = int(length) if re.fullmatch(r"[+-]?\d{1,99}", length) else None
    if bits is None or not -(2**31) <= bits < 2**31:
        raise _misspelt(where, entry, f"`{printable(length[:20])}` is no number of bits", example)
    return KeySize(algorithm=name, operator=sign, bits=bits)


def _misspelt(where: str, entry: str, wrong: str, example: str) -> ProfileError:
    return ProfileError(
        f"{where}: `{printable(entry[:80])}`: {wrong}. Java throws an IllegalArgumentException at it; "
        f"write it as in `{printable(example[:80])}`"
    )
