"""One TLS handshake, decoded: what the client offered, what the server chose and sent, who ended it and how.

Everything here is a value. Whoever saw the handshake (a capture, a probe, an `openssl s_client` log) is its witness; what
the witness could not see is in ``gaps``, so that nothing unseen passes for seen. The code points are those of the TLS
registries; their names come from `finesse_certlint.tls_names`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import attrs

from .findings import FrozenMapping, Location, Verdict


class Sender(StrEnum):
    """Who sent something."""

    CLIENT = "client"
    SERVER = "server"


class Witness(StrEnum):
    """Who saw the handshake."""

    CAPTURE = "capture"
    PROBE = "probe"
    LOG = "log"
    """The log of another client, `openssl s_client` for one: it answers for that client's hello, not for Java's."""


class Question(StrEnum):
    """What a probe sends a hello to find out."""

    OWN = "own"
    """What the server answers to the profile's own hello; also of every handshake that no probe saw."""
    SERVER_NAME = "server-name"
    """What it answers when its name is in the hello, where Java would send that and the profile does not."""
    WITHOUT_TLS_1_3 = "without-tls-1.3"
    """What it presents to the same client where TLS 1.3 does not hide it."""
    WITHOUT_REFUSED_SUITES = "without-refused-suites"
    """What it would select instead of the suites at which the client ends the handshake."""
    TLS_1_2 = "tls-1.2"
    """Whether it takes the same suites at TLS 1.2."""
    ANY_SUITE = "any-suite"
    """What it selects from every suite there is, at the client's own versions up to TLS 1.2."""
    ANY_SUITE_TLS_1_2 = "any-suite-tls-1.2"
    """What it selects from every suite there is, up to TLS 1.2."""
    ANY_VERSION = "any-version"
    """What it selects up to TLS 1.3."""

    @property
    def words(self) -> str:
        """What the hello is, for people."""
        return _WORDS[self]


_WORDS = {
    Question.OWN: "the client's own hello",
    Question.SERVER_NAME: "the same hello with the server's name in it",
    Question.WITHOUT_TLS_1_3: "the same hello without TLS 1.3",
    Question.WITHOUT_REFUSED_SUITES: "the same hello without the cipher suites that the client refuses",
    Question.TLS_1_2: "the same cipher suites up to TLS 1.2",
    Question.ANY_SUITE: "every cipher suite at the same versions",
    Question.ANY_SUITE_TLS_1_2: "every cipher suite up to TLS 1.2",
    Question.ANY_VERSION: "every cipher suite up to TLS 1.3",
}


class Diagnosis(StrEnum):
    """What a handshake shows, in the article's terms (Cisco TechNote 214617)."""

    SCENARIO_1 = "scenario1"
    """The server selects TLS_DHE_RSA_WITH_AES_256_CBC_SHA or TLS_DHE_RSA_WITH_AES_128_CBC_SHA."""
    SCENARIO_2 = "scenario2"
    """A certificate in the server's chain is signed with an algorithm outside the article's list."""
    OK = "ok"
    """Neither, and no fatal alert; all that would show it was seen."""
    UNDETERMINED = "undetermined"
    """Neither, and something is missing or a fatal alert is unexplained."""


class GapKind(StrEnum):
    """Why a part of a handshake could not be seen."""

    NO_CLIENT = "no-client"
    """Nothing from the client is there."""
    NO_SERVER = "no-server"
    """Nothing from the server is there."""
    MID_CONNECTION = "mid-connection"
    """The witness began to look when the connection stood already."""
    LOST = "lost"
    """Bytes between others are missing."""
    CUT = "cut"
    """Packets were cut short by the capture's snap length."""
    ENDED = "ended"
    """The capture or the connection ends within the handshake."""
    ENCRYPTED = "encrypted"
    """TLS 1.3 encrypts the server's certificates."""
    RESUMED = "resumed"
    """A resumed session sends no certificates."""
    NOT_TLS = "not-tls"
    """What stands there is no TLS."""
    MALFORMED = "malformed"
    """A message is not as its RFC has it."""
    LIMIT = "limit"
    """A bound on the work was reached."""
    SILENT = "silent"
    """The server did not answer in time."""


@attrs.frozen(kw_only=True)
class Gap:
    """Something that could not be seen, and why."""

    kind: GapKind
    sender: Sender | None = None
    """Whose side is concerned; None: both, or nobody's in particular."""
    what: str = ""
    """In words, as a finding says it."""


@attrs.frozen(kw_only=True)
class Endpoint:
    """An address and a port."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@attrs.frozen(kw_only=True)
class ClientHello:
    """RFC 5246, section 7.4.1.2; RFC 8446, section 4.1.2; or SSL 2.0's."""

    version: int
    """client_version, 0x0301 for TLS 1.0."""
    record_version: int | None
    random: bytes = attrs.field(repr=False)
    session_id: bytes = attrs.field(repr=False)
    cipher_suites: tuple[int, ...]
    extensions: tuple[int, ...]
    """The types of its extensions, in order."""
    length: int
    """Bytes of the handshake message, its header of four left out."""
    server_name: str | None = None
    supported_versions: tuple[int, ...] = ()
    """supported_versions; empty where it is not sent."""
    groups: tuple[int, ...] = ()
    """supported_groups."""
    signature_algorithms: tuple[int, ...] = ()
    """signature_algorithms, 0x0401 for rsa_pkcs1_sha256."""
    sslv2: bool = False
    """Whether it came as SSL 2.0's CLIENT-HELLO."""

    @property
    def highest_version(self) -> int:
        """The highest version that it offers."""
        known = [version for version in self.supported_versions if version in range(0x0300, 0x0305)]
        return max(known, default=self.version)


@attrs.frozen(kw_only=True)
class ServerHello:
    """RFC 5246, section 7.4.1.3; RFC 8446, section 4.1.3."""

    version: int
    """What was negotiated: selected_version where that extension is sent, 0x0304 for TLS 1.3."""
    cipher_suite: int
    session_id: bytes = attrs.field(repr=False)
    extensions: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class KeyExchange:
    """ServerKeyExchange: RFC 5246, section 7.4.3; RFC 8422, section 5.4."""

    kind: str
    """dhe, ecdhe, or other."""
    length: int | None
    """Bytes of the handshake message, its header of four left out; None where the witness does not tell."""
    dh_bits: int | None = None
    """The size of the prime p in bits."""
    dh_prime: int | None = attrs.field(default=None, repr=False)
    dh_generator: int | None = attrs.field(default=None, repr=False)
    dh_public_bits: int | None = None
    """The size of Ys in bits."""
    group: int | None = None
    """The number of the named curve; None where it is explicit, or none is used."""
    signature_scheme: int | None = None
    """From TLS 1.2 on."""


@attrs.frozen(kw_only=True)
class CertificateRequest:
    """What the server asks of the client's certificate: RFC 5246, section 7.4.4."""

    types: tuple[int, ...] = ()
    signature_algorithms: tuple[int, ...] = ()
    authorities: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    """Distinguished names in DER."""


@attrs.frozen(kw_only=True)
class Alert:
    """RFC 5246, section 7.2."""

    sender: Sender
    level: int | None
    """1 warning, 2 fatal; None where it is encrypted."""
    description: int | None
    """80 for internal_error; None where it is encrypted."""

    @property
    def fatal(self) -> bool:
        """Whether it ended the connection; of one that is encrypted, nobody can say."""
        return self.level == 2


@attrs.frozen(kw_only=True)
class Step:
    """One thing that was said, for the ladder that a person sees."""

    sender: Sender
    what: str
    """ClientHello, Certificate, Alert (fatal, internal_error), Application Data."""
    detail: str = ""
    """A few words: the suite that was selected, how many certificates, how many bits."""
    time: float | None = None
    """Seconds since the handshake's first packet."""
    frame: int | None = None
    """The number of the packet that completed it, from 1, as Wireshark counts."""


@attrs.frozen(kw_only=True)
class Handshake:
    """One TLS conversation, as far as its witness saw it. A connection that renegotiates has several."""

    index: int
    witness: Witness
    client: Endpoint | None = None
    server: Endpoint | None = None
    client_hello: ClientHello | None = None
    server_hello: ServerHello | None = None
    certificate_bytes: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    """What the server sent in its Certificate message, in its order; in a report, ``certificates`` points at them."""
    certificate_message: bool = False
    """Whether a Certificate message of the server's was seen whole; it may have been empty."""
    client_certificate_bytes: tuple[bytes, ...] | None = attrs.field(default=None, repr=False)
    """What the client sent in its own; None where it sent no such message."""
    key_exchange: KeyExchange | None = None
    certificate_request: CertificateRequest | None = None
    alerts: tuple[Alert, ...] = ()
    asked: Question = Question.OWN
    """What a probe sent this hello to find out."""
    decides: bool = True
    """Whether the verdict on the input rests on it; what a probe asks besides, and what the log of another client
    tells, is evidence."""
    completed: bool = False
    """Whether both sides sent what comes after a handshake that both accepted."""
    resumed: bool = False
    before: str = ""
    """What preceded TLS on the connection: STARTTLS, CONNECT, SOCKS."""
    steps: tuple[Step, ...] = ()
    gaps: tuple[Gap, ...] = ()
    location: Location | None = None

    # Set by the report.
    certificates: tuple[int, ...] = ()
    """Indices into the report's certificates of what the server sent, in its order."""
    chains: tuple[int, ...] = ()
    """Indices into the report's chains."""
    verdict: Verdict = Verdict.UNDETERMINED
    """What the profile's client would say to this server."""
    diagnosis: frozenset[Diagnosis] = frozenset()
    evidence: Mapping[str, Any] = attrs.field(factory=dict, converter=FrozenMapping, hash=False)
    """Further values of the witness's own, as JSON values."""

    @property
    def version(self) -> int | None:
        """The version that was negotiated, 0x0303 for TLS 1.2; None where no ServerHello was seen."""
        return self.server_hello.version if self.server_hello else None

    @property
    def cipher_suite(self) -> int | None:
        """The suite that the server selected."""
        return self.server_hello.cipher_suite if self.server_hello else None
