"""How much work one input may cause. A report says which limit it reached, and what that cut."""

import attrs


@attrs.frozen(kw_only=True)
class Limits:
    """Bounds on what `lint()` reads and does; each is generous for real files and final for hostile ones."""

    input_bytes: int = 64 * 1024 * 1024
    """Bytes of one input; a larger one is refused with InputError."""
    unpacked_bytes: int = 1024 * 1024 * 1024
    """Bytes that a gzip'ed capture may come to; what stands behind them is reported as unread."""
    blocks: int = 20_000
    """Armoured or DER blocks read from one input; what stands behind them is reported as unread."""
    certificate_bytes: int = 1024 * 1024
    """Bytes of one certificate."""
    password_rounds: int = 5_000_000
    """Rounds of hashing that the passwords of one input may take; a key store that asks for more is not opened."""
    signature_checks: int = 10_000
    """Signatures verified for one input."""
    handshakes: int = 1_000
    """TLS handshakes read from one capture; further ones are counted, not judged."""
    requests: int = 1_000
    """Certificate requests judged in one input, fewer where the chain that they are judged through is very long; further ones
    are counted, not judged."""
    flight_bytes: int = 256 * 1024
    """Bytes that a probe takes from a server in answer to one hello."""
    paths: int = 32
    """Paths reported for one leaf."""
    path_length: int = 64
    """Certificates in one path."""
    path_steps: int = 20_000
    """Steps of the search for paths, over all leaves of one input."""
    findings_per_rule: int = 10_000
    """Findings of one rule; further ones are counted, not listed, but still weigh in the verdict."""


DEFAULT = Limits()
