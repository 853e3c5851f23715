"""What a client accepts, as data: a profile is a frozen value whose every fact names its source."""

from collections.abc import Mapping
from typing import Any

import attrs

from .errors import ProfileError
from .findings import FrozenMapping, Severity
from .java.algorithms import AlgorithmChecker, services_named
from .java.constraints import PathConstraints
from .java.hello import HelloForm
from .java.hostname import HostnameChecker
from .java.parse import CertificateFactory
from .java.paths import PathBuilding
from .java.security import NAMED_CURVES, DisabledAlgorithms, properties
from .tls_names import JAVA_VERSIONS
from .tls_suites import SIGNALS, suite


@attrs.frozen(kw_only=True)
class Fact:
    """One thing that is known of the client, and who says so."""

    what: str
    source: str
    field: str = ""
    """The field of the profile that rests on it."""


@attrs.frozen(kw_only=True)
class Profile:
    """A client, as far as certificates and handshakes show whether it accepts a server.

    A new release is one `attrs.evolve()` of the one before it. ``severities`` overrides the severity of a rule by its
    name.
    """

    name: str
    title: str
    description: str
    release: str = ""
    """The Java release that was observed, "7u181" for one; empty for the article's profile."""
    source: str
    facts: tuple[Fact, ...] = ()
    severities: Mapping[str, Severity] = attrs.field(factory=lambda: FrozenMapping({}), hash=False)

    # -- What the article says, for the profile that follows it --
    judges_anchors: bool = False
    """Whether a trusted certificate's own signature counts: for the article it does, for no Java that was observed."""
    algorithm_list: str = ""
    """The list of signature algorithms in words, as a finding names it."""
    statement: str = ""
    """What the source says of any other."""
    observed: str = ""
    """What releases were seen to do, where that differs."""

    # -- Certificates --
    algorithms: AlgorithmChecker
    """Signatures and keys."""
    parser: CertificateFactory
    """Which certificates can be read at all."""
    hostnames: HostnameChecker
    """How host names are compared."""
    constraints: PathConstraints
    """What extensions ask of a path."""
    paths: PathBuilding | None
    """How paths are chosen; None: every path that there is counts, in whatever order the certificates stand."""
    ca_anchors: bool
    """Whether a trusted certificate of version 3 must be a CA's, with keyCertSign where it has a keyUsage."""
    longest_chain: int | None
    """How many certificates a server may send (jdk.tls.maxCertificateChainLength); None: no bound was observed."""

    # -- Handshakes --
    protocols: tuple[str, ...]
    """What it offers by default, the lowest first, as `SSLContext` names them."""
    cipher_suites: tuple[int, ...]
    """What it offers by default, in its order: the numbers of the TLS registry."""
    hello: HelloForm
    """What else stands in its ClientHello."""
    server_curves: frozenset[str]
    """OIDs of the curves that it offers, and on which a server's EC key can be used."""
    server_keys: frozenset[str]
    """What it offers a server's key to be besides RSA, EC and DSA."""
    refused_suites: frozenset[int]
    """Cipher suites that it offers, and at which it ends the handshake all the same."""
    dh_bits: tuple[int, int]
    """The least and the greatest size in bits of a Diffie-Hellman group that it takes."""

    @property
    def signature_algorithms(self) -> Mapping[str, str]:
        """The OIDs of the signature algorithms that it has, with Java's standard names."""
        return self.algorithms.services

    @property
    def offered_versions(self) -> tuple[int, ...]:
        """The versions of TLS that it offers and that jdk.tls.disabledAlgorithms leaves, the lowest first."""
        left = (name for name in self.protocols if self.algorithms.tls_disabled.refuses_name(name) is None)
        return tuple(sorted(JAVA_VERSIONS[name] for name in left))

    @property
    def offered_suites(self) -> tuple[int, ...]:
        """The cipher suites that it offers and that jdk.tls.disabledAlgorithms leaves, in its order."""
        refuses = self.algorithms.tls_disabled.refuses_name
        return tuple(n for n in self.cipher_suites if n in SIGNALS or refuses(suite(n).java) is None)

    @staticmethod
    def from_java_security(text: str, base: "str | Profile" = "java-17", *, name: str = "java.security") -> "Profile":
        """A profile that goes by an administrator's own java.security.

        :param text: the file's text. What it does not set stays as in `base`, as with `-Djava.security.properties=FILE`.
        :param base: the profile of the release that reads the file, or its name.
        :param name: what to call the profile.
        :raises ProfileError: where the text cannot be read as Java would read it; the message says where and why.
        """
        base = _resolve(base)
        found = properties(text)
        if not _PROPERTIES & found.keys():
            raise ProfileError(f"{name}: it sets neither of {' and '.join(_DISABLED.values())}; is it a java.security?")
        own = _disabled_algorithms(base, found)
        return attrs.evolve(
            base,
            name=name,
            title=f"{base.title}, with the disabled algorithms of {name}",
            algorithms=attrs.evolve(base.algorithms, **own),
            facts=tuple(
                attrs.evolve(fact, what=f"{_DISABLED[fact.field]} = {own[fact.field].text}", source=f"the file {name}")
                if fact.field in own
                else fact
                for fact in base.facts
            ),
        )

    @staticmethod
    def from_mapping(mapping: Mapping[str, Any]) -> "Profile":
        """A profile of one's own, as a TOML file holds it.

        :param mapping: ``base``, the name of the profile that it starts from (default "finesse"); and any of ``name``,
            ``title``, ``description``, ``source``, ``statement``, ``algorithm_list``, ``signature_algorithms`` (Java's
            standard names), ``certpath_disabled`` and ``tls_disabled`` (as in java.security), ``judges_anchors``,
            ``ca_anchors``, ``longest_chain``, ``severities`` (a table from rules to severities).
        :raises ProfileError: where a key is not known or a value is of the wrong kind; the message names it.
        """
        values = dict(mapping)
        base = _resolve(_taken(values, "base", str) or "finesse")
        unknown = sorted(set(values) - _KEYS.keys())
        if unknown:
            raise ProfileError(
                f"a profile has no {', '.join(map(repr, unknown))}; it has: base, {', '.join(sorted(_KEYS))}"
            )
        for key, kind in _KEYS.items():
            if key in values and (
                not isinstance(values[key], kind) or isinstance(values[key], bool) is not (kind is bool)
            ):
                raise ProfileError(f"{key} must be {_KINDS[kind]}, and is {values[key]!r:.60}")
        own: dict[str, Any] = {}
        if "signature_algorithms" in values:
            own["services"] = services_named(values.pop("signature_algorithms"))
        lists = {key: values.pop(f"{_PREFIX[field]}_disabled", None) for field, key in _DISABLED.items()}
        own |= _disabled_algorithms(base, {key: value for key, value in lists.items() if value is not None})
        if "severities" in values:
            values["severities"] = FrozenMapping(
                {rule: _severity(rule, of) for rule, of in values["severities"].items()}
            )
        values.setdefault("name", f"{base.name} (own)")
        return attrs.evolve(base, algorithms=attrs.evolve(base.algorithms, **own), **values)


_DISABLED = {"disabled": "jdk.certpath.disabledAlgorithms", "tls_disabled": "jdk.tls.disabledAlgorithms"}
_PREFIX = {"disabled": "certpath", "tls_disabled": "tls"}
_PROPERTIES = frozenset({*_DISABLED.values(), NAMED_CURVES})
_KEYS: dict[str, type] = {
    "name": str,
    "title": str,
    "description": str,
    "source": str,
    "statement": str,
    "observed": str,
    "algorithm_list": str,
    "signature_algorithms": list,
    "certpath_disabled": str,
    "tls_disabled": str,
    "judges_anchors": bool,
    "ca_anchors": bool,
    "longest_chain": int,
    "severities": dict,
}
_KINDS = {str: "text", list: "a list", bool: "true or false", int: "a number", dict: "a table"}


def _disabled_algorithms(base: Profile, found: Mapping[str, str]) -> dict[str, Any]:
    """The lists that these properties set or change, by their fields; what they do not set is as in `base`."""
    lists: dict[str, DisabledAlgorithms] = {field: getattr(base.algorithms, field) for field in _DISABLED}
    curves = next((listed.named_curves for listed in lists.values() if listed.named_curves), "")
    known = {NAMED_CURVES: curves, **{_DISABLED[field]: listed.text for field, listed in lists.items()}, **found}
    read = {field: DisabledAlgorithms.parse(known[key], known, where=key) for field, key in _DISABLED.items()}
    return {field: listed for field, listed in read.items() if _DISABLED[field] in found or listed != lists[field]}


def _taken(values: dict[str, Any], key: str, kind: type) -> Any:
    value = values.pop(key, None)
    if value is not None and not isinstance(value, kind):
        raise ProfileError(f"{key} must be {_KINDS[kind]}, and is {value!r:.60}")
    return value


def _severity(rule: str, value: Any) -> Severity:
    try:
        return Severity(value)
    except ValueError:
        raise ProfileError(
            f"severities: {rule} = {value!r:.60}; there are {', '.join(s.value for s in Severity if s is not Severity.BUG)}"
        ) from None


def _resolve(base: str | Profile) -> Profile:
    if isinstance(base, Profile):
        return base
    from .profiles import get_profile

    return get_profile(base)
