"""What is measured against what: each contender does its work on all inputs once, and says how many units that was.

A group's first contender is what the others are held against. A new one is a function here and a row in `GROUPS`. What is
not in a work's time (imports, and where the docstring says so more) is done before it.
"""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
from benchmarks.inputs import AT, Chain

ROOT = Path(__file__).resolve().parents[2]

Work = Callable[[], int]


@attrs.frozen(kw_only=True)
class Contender:
    """Something that is timed. `prepare` does what is not, such as imports, and returns the work."""

    name: str
    prepare: Callable[[Any], Work]
    at_most: float | None = None
    """What its time may be, as a multiple of the first contender's, where a goal was set."""
    plus_ms: float = 0
    """And so many milliseconds."""


@attrs.frozen(kw_only=True)
class Group:
    """Contenders that do comparable work on the same inputs."""

    name: str
    """What `--group` takes."""
    title: str
    unit: str
    make: Callable[[int, int], Any]
    """Inputs: how many, and a seed; from another seed come inputs of which no byte string is known from before."""
    contenders: tuple[Contender, ...]
    alone: bool = True
    """Whether a contender does its work in the process that prepares it, whose memory then counts."""


# -- Inputs ------------------------------------------------------------------------------------------------------------


def unlike(count: int, seed: int) -> Sequence[Chain]:
    """Chains of three that have no certificate in common."""
    from benchmarks.corpus import chains

    return chains(count, seed, hierarchies=count)


def inventory(count: int, seed: int) -> Sequence[Chain]:
    """Five times as many chains of three, which a dozen hierarchies have issued: an inventory meets its CAs again and again."""
    from benchmarks.corpus import chains

    return chains(5 * count, seed)


def leaves(count: int, seed: int) -> Sequence[bytes]:
    """A hundred times as many servers' certificates; with 100 inputs a batch of the size in which engines pass them, 10,000."""
    from benchmarks.corpus import certificates

    return list(certificates(count * 100, count, seed))


def capture(_count: int, _seed: int) -> bytes:
    """40 MB of traffic with one handshake in it; what is in it is kept nowhere, so that it is the same in each round."""
    from benchmarks.capture_speed import traffic
    from packets import LINKS, pcap

    return pcap(traffic(40), LINKS["ethernet"].number)


def nothing(_count: int, _seed: int) -> None:
    """For programs, which are given files."""


# -- The signature algorithm of each certificate -----------------------------------------------------------------------


def cryptography_oid(ders: Sequence[bytes]) -> Work:
    """Parse the certificate as far as cryptography does before it is asked, and read the OID; nothing is made of it."""
    from cryptography import x509

    def work() -> int:
        for der in ders:
            _ = x509.load_der_x509_certificate(der).signature_algorithm_oid.dotted_string
        return len(ders)

    return work


def asn1crypto_oid(ders: Sequence[bytes]) -> Work:
    """The same with asn1crypto, which parses what is asked for."""
    from asn1crypto import x509

    def work() -> int:
        for der in ders:
            _ = x509.Certificate.load(der)["signature_algorithm"]["algorithm"].dotted
        return len(ders)

    return work


def signature_rule(ders: Sequence[bytes]) -> Work:
    """The rule signature-algorithm-unsupported alone, through `lint_batches`: from a batch, made before, to the batch of rows.

    A row says of a certificate that is to blame who it is for, who issued it and what to do; of the others nothing.
    """
    import pyarrow as pa

    from finesse_certlint.arrow import lint_batches

    batches = [pa.record_batch({"data": pa.array(ders, pa.binary())})]

    def work() -> int:
        for _ in lint_batches(batches, rules=["signature-algorithm-unsupported"], at=AT, verdicts=False):
            pass
        return len(ders)

    return work


# -- All rules on one certificate --------------------------------------------------------------------------------------


def pkilint(ders: Sequence[bytes]) -> Work:
    """RFC 5280's validators, as `lint_pkix_cert` has them, made before; they decode all of the certificate and judge it by itself.

    What they find becomes its report in JSON, with findings of all severities but debug, as its program writes it by default.
    """
    from pkilint import loader
    from pkilint.pkix import certificate, extension, name
    from pkilint.report import ReportGeneratorJson
    from pkilint.validation import ValidationFindingSeverity

    parts = (
        certificate.create_issuer_validator_container([]),
        certificate.create_validity_validator_container(),
        certificate.create_subject_validator_container([]),
        certificate.create_extensions_validator_container([]),
        certificate.create_spki_validator_container([]),
    )
    decoding = certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS)
    validator = certificate.create_pkix_certificate_validator_container(decoding, list(parts))
    load = loader.RFC5280CertificateDocumentLoader().load_der_document

    def work() -> int:
        for der in ders:
            results = validator.validate(load(der, "certificate").root)
            ReportGeneratorJson(results, ValidationFindingSeverity.INFO).generate()
        return len(ders)

    return work


def pkilint_on_leaves(chains: Sequence[Chain]) -> Work:
    """`pkilint` on the server's certificate of each chain."""
    return pkilint([chain.leaf for chain in chains])


def pkilint_on_chains(chains: Sequence[Chain]) -> Work:
    """`pkilint` on all three of each chain, one after the other; it knows no CA again."""
    return pkilint([der for chain in chains for der in (chain.leaf, chain.issuing, chain.root)])


def all_rules(chains: Sequence[Chain]) -> Work:
    """`lint()` of a certificate by itself for a host's name, and the report as a dictionary."""
    import finesse_certlint as fcl

    def work() -> int:
        for chain in chains:
            fcl.lint(chain.leaf, hostname=chain.host, at=AT).to_dict()
        return len(chains)

    return work


# -- A chain of three --------------------------------------------------------------------------------------------------


def certvalidator(chains: Sequence[Chain]) -> Work:
    """pyhanko-certvalidator loads the three, builds the path to the root that it is told to trust, and validates it for a server.

    Nothing is fetched, and of revocation nothing is asked. It ends at the first thing that is wrong, as in one of ten chains here.
    """
    from asn1crypto import x509
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    async def validate(chain: Chain) -> None:
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(chain.root)],
            allow_fetching=False,
            moment=AT,
            revocation_mode="soft-fail",
        )
        leaf, issuing = x509.Certificate.load(chain.leaf), x509.Certificate.load(chain.issuing)
        validator = CertificateValidator(leaf, intermediate_certs=[issuing], validation_context=context)
        with suppress(PathError, ValidationError):  # SHA-1 in some of them
            await validator.async_validate_usage({"digital_signature"}, {"server_auth"})  # type: ignore[no-untyped-call]

    async def everything() -> int:
        for chain in chains:
            await validate(chain)
        return len(chains)

    return lambda: asyncio.run(everything())


def cryptography_verifier(chains: Sequence[Chain]) -> Work:
    """cryptography's own verifier, in Rust, does the same for a host's name; it, too, ends at the first thing that is wrong."""
    from cryptography.x509 import DNSName, load_der_x509_certificate
    from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

    def work() -> int:
        for chain in chains:
            store = Store([load_der_x509_certificate(chain.root)])
            verifier = PolicyBuilder().store(store).time(AT).build_server_verifier(DNSName(chain.host))
            with suppress(VerificationError):  # it holds enterprise CAs to the rules of the CA/Browser Forum
                verifier.verify(load_der_x509_certificate(chain.leaf), [load_der_x509_certificate(chain.issuing)])
        return len(chains)

    return work


def all_rules_on_chain(chains: Sequence[Chain]) -> Work:
    """`lint()` of the three, each a file in DER, for a host's name, and the report as a dictionary.

    It looks for everything that is wrong, and verifies each signature, the root's own too.
    """
    import finesse_certlint as fcl

    named = ("server.cer", "issuing.cer", "root.cer")
    files = [(dict(zip(named, (c.leaf, c.issuing, c.root), strict=True)), c.host) for c in chains]

    def work() -> int:
        for data, host in files:
            fcl.lint(data, hostname=host, at=AT).to_dict()
        return len(files)

    return work


def all_rules_on_each(chains: Sequence[Chain]) -> Work:
    """The same work, counted by certificates."""
    work = all_rules_on_chain(chains)
    return lambda: 3 * work()


# -- A capture ---------------------------------------------------------------------------------------------------------


def dpkt_frames(data: bytes) -> Work:
    """Dpkt iterates over the frames, and looks into none."""
    import dpkt

    def work() -> int:
        for _ in dpkt.pcap.Reader(io.BytesIO(data)):
            pass
        return len(data) // 10**6

    return work


def capture_linted(data: bytes) -> Work:
    """`lint_capture()` finds the handshake in it and judges it, chain and all."""
    import finesse_certlint as fcl

    def work() -> int:
        assert fcl.lint_capture(io.BytesIO(data), at=AT).handshakes
        return len(data) // 10**6

    return work


# -- Programs ----------------------------------------------------------------------------------------------------------


def program(*arguments: str) -> Callable[[None], Work]:
    """A fresh interpreter that does this, its imports compiled as they are once installed."""

    def prepare(_nothing: None) -> Work:
        def work() -> int:
            # The first run, which is not counted, compiles.
            compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            command = [sys.executable, *arguments]
            subprocess.run(command, cwd=ROOT, env=compiled, stdout=subprocess.DEVNULL, check=False)
            return 1

        return work

    return prepare


_LINT = ("-m", "finesse_certlint", "lint", "docs/examples/article-chain.pem")
_OF_CHAINS = (
    Contender(name="pyhanko-certvalidator: build, validate", prepare=certvalidator),
    Contender(name="cryptography: verifier", prepare=cryptography_verifier),
)
_ALL_RULES = Contender(name="finesse_certlint: lint with all rules, report", prepare=all_rules_on_chain)

GROUPS: tuple[Group, ...] = (
    Group(
        name="signature",
        title="The signature algorithm of a certificate",
        unit="certificate",
        make=leaves,
        contenders=(
            Contender(name="cryptography: load, OID", prepare=cryptography_oid),
            Contender(name="asn1crypto: load, OID", prepare=asn1crypto_oid),
            Contender(
                name="finesse_certlint: lint_batches, the signature rule alone", prepare=signature_rule, at_most=4
            ),
        ),
    ),
    Group(
        name="certificate",
        title="All rules on a certificate",
        unit="certificate",
        make=unlike,
        contenders=(
            Contender(name="pkilint: RFC 5280", prepare=pkilint_on_leaves),
            Contender(name="finesse_certlint: lint with all rules, report", prepare=all_rules, at_most=1 / 20),
        ),
    ),
    Group(
        name="chain",
        title="A chain of three, none of them seen before",
        unit="chain",
        make=unlike,
        contenders=(*_OF_CHAINS, attrs.evolve(_ALL_RULES, at_most=1 / 2)),
    ),
    Group(
        name="inventory",
        title="A chain of three in an inventory, where a dozen CAs have issued hundreds",
        unit="chain",
        make=inventory,
        contenders=(*_OF_CHAINS, _ALL_RULES),
    ),
    Group(
        name="inventory-certificate",
        title="All rules on each certificate of such chains, with who issued whom and every signature",
        unit="certificate",
        make=inventory,
        contenders=(
            Contender(name="pkilint: RFC 5280", prepare=pkilint_on_chains),
            attrs.evolve(_ALL_RULES, prepare=all_rules_on_each, at_most=1 / 20),
        ),
    ),
    Group(
        name="capture",
        title="A megabyte of a capture",
        unit="megabyte",
        make=capture,
        contenders=(
            Contender(name="dpkt: iterate over the frames", prepare=dpkt_frames),
            Contender(name="finesse_certlint: lint_capture, all rules", prepare=capture_linted),
        ),
    ),
    Group(
        name="start",
        title="A fresh interpreter",
        unit="start",
        make=nothing,
        alone=False,
        contenders=(
            Contender(name="python -c 'import asn1crypto.x509'", prepare=program("-c", "import asn1crypto.x509")),
            Contender(name="python -c pass", prepare=program("-c", "pass")),
            Contender(
                name="python -c 'import finesse_certlint'",
                prepare=program("-c", "import finesse_certlint"),
                at_most=1.5,
            ),
            Contender(name="finesse-certlint lint FILE", prepare=program(*_LINT), at_most=2, plus_ms=150),
        ),
    ),
)
