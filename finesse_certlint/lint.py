"""The pipeline: bytes, documents, certificates, chains, rules, findings, report. One direction, no way back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from . import formats
from .case import Case
from .certificate import Certificate
from .documents import Document, Kind
from .errors import InputError
from .findings import Finding
from .formats.capture.source import Readable
from .handshake import Handshake
from .limits import DEFAULT, Limits
from .profile import Profile
from .profiles import get_profile
from .report import Report
from .rule import Rule
from .rules import ALL, find

if TYPE_CHECKING:
    from .alone import Alone

Bytes = bytes | bytearray | memoryview
Files = Bytes | Mapping[str, Bytes] | Iterable[Bytes]
"""One file, or several: by their names, or in a row."""


def lint(
    data: Bytes | Mapping[str, Bytes],
    trusted: Bytes | None = None,
    hostname: str | None = None,
    profile: str | Profile = "finesse",
    at: datetime | None = None,
    name: str = "input",
    rules: Iterable[str | Rule] | None = None,
    limits: Limits | None = None,
    password: str | None = None,
    issuers: Files | None = None,
    issued: Files | None = None,
    request: Files | None = None,
) -> Report:
    """Judge the certificates and the certificate requests in an input by a profile.

    :param data: the bytes of a file in any readable format, told apart by content; or several files that together make
        one chain, as a mapping from their names to their bytes.
    :param trusted: what is in the client's trust store, in any readable format, Java's own among them; of a key store, the
        certificates that Java would trust. None: nothing is said about it, and a root in `data` is presumed to be trusted,
        which the report says.
    :param hostname: the host in the server's URL. None: host names are not judged.
    :param profile: a profile or its name.
    :param at: the time of judgement, with a time zone (one without is taken as UTC). None: now.
    :param name: what to call the input in findings, where `data` is bytes.
    :param rules: the rules to run, or their names. None: all.
    :param limits: bounds on the work. None: the defaults.
    :param password: for the key stores in `data` and `trusted`. JKS and JCEKS are read without it, and with it their
        integrity is checked; of a PKCS#12 only what is not encrypted can be read without it. It stands in no report. None:
        none was given, and the empty string is a password.
    :param issuers: the CA's own chain as it will be presented, in any readable format: whether a certificate that it would
        issue for a request in `data` can work is judged through it. Where `data` holds certificates, it completes their
        chain.
    :param issued: certificates that this CA has issued to others; they show how it signs. Without `issuers`, the CAs among
        them are taken for its chain.
    :param request: the request for which the certificates in `data` were issued; they are held against it.
    :returns: the report; every fault of the input is a finding in it.
    :raises InputError: where nothing in the input can be read, or one of the others holds nothing of its kind.
    :raises ProfileError: where there is no profile of that name.
    :raises RuleError: where there is no rule of that name.
    """
    limits = limits or DEFAULT
    inputs = data if isinstance(data, Mapping) else {name: data}
    asked = Question.of(trusted, hostname, profile, at, rules, limits, password)
    case = asked.about(
        ", ".join(inputs),
        tuple(formats.read(bytes(content), title, limits, password) for title, content in inputs.items()),
        issuers=_beside("issuers", issuers, limits, password),
        issued=_beside("issued", issued, limits, password),
        answered=_beside("request", request, limits, password),
    )
    return case.judge(asked.profile)


def lint_capture(
    file: Readable,
    trusted: Bytes | None = None,
    hostname: str | None = None,
    profile: str | Profile = "finesse",
    at: datetime | None = None,
    name: str = "capture",
    rules: Iterable[str | Rule] | None = None,
    limits: Limits | None = None,
    password: str | None = None,
    server: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Report:
    """Judge the TLS handshakes in a packet capture of any size: it is read once, and little of it is kept.

    :param file: a pcap or pcapng file, gzip'ed or not, opened in binary and standing at its beginning; only `read(n)` is
        asked of it, so it may be a pipe.
    :param name: what to call the capture in findings.
    :param server: judge the handshakes with this server alone: HOST, HOST:PORT or :PORT, where HOST is an address or the
        server_name that the client gives. None: all.
    :param progress: called with the number of bytes read so far, about once for each megabyte.
    :returns: the report, as `lint()` gives it of the same bytes. The other parameters are those of `lint()`.
    :raises InputError: where the file is no capture, or holds no connection with that server.
    :raises ProfileError: where there is no profile of that name.
    :raises RuleError: where there is no rule of that name.
    """
    from .formats.capture.reading import read as read_capture  # the readers of packets and of TLS, for captures alone

    limits = limits or DEFAULT
    asked = Question.of(trusted, hostname, profile, at, rules, limits, password)
    document = read_capture(file, name, limits, server=server, progress=progress)
    return asked.about(name, (document,)).judge(asked.profile)


def lint_handshakes(
    handshakes: Iterable[Handshake],
    trusted: Bytes | None = None,
    hostname: str | None = None,
    profile: str | Profile = "finesse",
    at: datetime | None = None,
    name: str = "handshakes",
    rules: Iterable[str | Rule] | None = None,
    limits: Limits | None = None,
    password: str | None = None,
) -> Report:
    """Judge handshakes that are read already, and the certificates in them.

    :param handshakes: as whoever saw them has them, a probe for one.
    :param name: what to call them all.
    :returns: the report; it names no documents but the trust store. The other parameters are those of `lint()`.
    :raises ProfileError: where there is no profile of that name.
    :raises RuleError: where there is no rule of that name.
    """
    asked = Question.of(trusted, hostname, profile, at, rules, limits or DEFAULT, password)
    return asked.about(name, (), handshakes).judge(asked.profile)


@attrs.frozen(kw_only=True)
class Question:
    """What is asked, looked up once for any number of inputs. :func:`lint` says what each means."""

    profile: Profile
    rules: tuple[Rule, ...]
    at: datetime
    hostname: str | None
    store: Document | None
    limits: Limits
    password: str | None = attrs.field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        trusted: Bytes | None = None,
        hostname: str | None = None,
        profile: str | Profile = "finesse",
        at: datetime | None = None,
        rules: Iterable[str | Rule] | None = None,
        limits: Limits | None = None,
        password: str | None = None,
    ) -> "Question":
        """The question in `lint()`'s words, with the exceptions that it raises."""
        limits = limits or DEFAULT
        return cls(
            profile=profile if isinstance(profile, Profile) else get_profile(profile),
            rules=ALL if rules is None else tuple(find(rule) if isinstance(rule, str) else rule for rule in rules),
            at=datetime.now(UTC) if at is None else at if at.tzinfo else at.replace(tzinfo=UTC),
            hostname=hostname,
            store=None if trusted is None else _trust_store(bytes(trusted), limits, password),
            limits=limits,
            password=password,
        )

    def read(self, data: Bytes, name: str = "input") -> Case:
        """What is judged, in one file.

        :raises InputError: where nothing in it can be read.
        """
        return self.about(name, (formats.read(bytes(data), name, self.limits, self.password),))

    def findings(self, data: Bytes, name: str = "input") -> tuple[tuple[Finding, ...], tuple[Certificate, ...]]:
        """What the rules say of one file, as in the report, and the certificates that they speak of.

        Without the verdict, and so without the work that only the verdict takes.

        :raises InputError: where nothing in it can be read.
        """
        data = bytes(data)
        if self._alone and (parts := formats.one_certificate(data, self.limits)) and self._alone.silent(data, parts):
            return (), ()
        case = self.read(data, name)
        return case.findings(self.profile), case.certificates

    @cached_property
    def _alone(self) -> "Alone | None":
        """The rules, where all of them can be asked of a certificate by itself; a trust store would add others to it."""
        from .alone import Alone  # for tables, where most inputs have nothing to be said of

        alone = Alone(self.rules, self.profile, self.at)
        return alone if alone.possible and self.store is None else None

    def about(
        self,
        name: str,
        documents: tuple[Document, ...],
        handshakes: Iterable[Handshake] | None = None,
        **beside: tuple[Document, ...] | None,
    ) -> Case:
        """What is judged; the handshakes are those in the documents, unless others are given."""
        if handshakes is None:
            handshakes = [handshake for document in documents for handshake in document.handshakes]
        return Case(
            name=name,
            documents=documents,
            handshakes=tuple([attrs.evolve(handshake, index=index) for index, handshake in enumerate(handshakes)]),
            store=self.store,
            hostname=self.hostname,
            at=self.at,
            rules=self.rules,
            limits=self.limits,
            **beside,
        )


def _beside(what: str, files: Files | None, limits: Limits, password: str | None) -> tuple[Document, ...] | None:
    """What was given beside the input, which must hold something of its kind."""
    if files is None:
        return None
    documents = tuple(formats.read(bytes(content), name, limits, password) for name, content in _files(files, what))
    kind, missing = _BESIDE[what]
    if not any(block.kind in (kind, Kind.SETTINGS) for document in documents for block in document.walk()):
        raise InputError(f"{', '.join(document.name for document in documents) or what}: {missing}")
    return documents


_BESIDE = MappingProxyType(
    {
        "issuers": (
            Kind.CERTIFICATE,
            "there is no certificate in it. Give the chain of the CA that is to issue, root included, in PEM, DER or PKCS#7.",
        ),
        "issued": (
            Kind.CERTIFICATE,
            "there is no certificate in it. Give a certificate that the CA has issued lately, in PEM, DER or PKCS#7.",
        ),
        "request": (
            Kind.REQUEST,
            "there is no certificate request in it. Give the request (PKCS#10) for which the certificates were issued.",
        ),
    }
)
"""What each of these must hold, and what to say where it does not."""


def _files(files: Files, title: str) -> Iterator[tuple[str, Bytes]]:
    """Files by their names; those without one are numbered."""
    if isinstance(files, Mapping):
        yield from files.items()
    elif isinstance(files, bytes | bytearray | memoryview):
        yield title, files
    else:
        yield from ((f"{title} {number}", content) for number, content in enumerate(files, 1))


def _trust_store(data: bytes, limits: Limits, password: str | None) -> Document:
    document = formats.read(data, "trusted", limits, password)
    if all(block.kind is not Kind.CERTIFICATE or block.untrusted for block in document.walk()):
        closed = next((block for block in document.walk() if block.kind is Kind.PKCS12 and block.error), None)
        if closed is not None:
            raise InputError(
                f"trusted: this is a PKCS#12, and no certificate was read from it: {closed.error}. Give its own password "
                "(password=; on the command line FINESSE_CERTLINT_PASSWORD or --password), or give the certificates alone, "
                "as `keytool -list -rfc -keystore FILE` prints them."
            )
        raise InputError(
            "trusted: there is no certificate in the trust store that was given. Give the certificates that were uploaded "
            "to Finesse's tomcat-trust, in PEM, DER or PKCS#7; or leave it out, and the root in the input is presumed trusted."
        )
    return document
