"""What TLS servers and clients say, byte by byte: flights made to order, for probes that are fed and for captures.

    flight(0x0035, leaf, issuing, root)                     # ServerHello, Certificate, ServerHelloDone
    flight(0x0039, leaf, issuing, root, dh=dhe(leaf))       # with a ServerKeyExchange

A message is as RFC 5246, section 7.4, has it; nothing here comes from the library.
"""

import hashlib
from collections.abc import Callable, Mapping

from ca import Issued
from cryptography.hazmat.primitives.asymmetric import rsa
from exchanges import ffdhe2048
from packets import CLIENT, SERVER

import finesse_certlint as fcl
from finesse_certlint.handshake import Question, Sender

TLS_1_0, TLS_1_2, TLS_1_3 = 0x0301, 0x0303, 0x0304
SERVER_RANDOM = bytes.fromhex("5cacb294") + hashlib.sha256(b"server").digest()[:28]
ARTICLES_HELLO = bytes.fromhex(
    "16030100430100003f03015cacb293b5efdb4cf1bb34464d7de9f5060b00a9beeb81d20000000000000000"
    "000018003500390038002f003300320005000a00160013000400ff0100"
)
"""The hello in the article's capture: the 24 bytes of the random that it prints, and eight zeros."""
FATAL, WARNING = 2, 1


def vector(width: int, content: bytes) -> bytes:
    return len(content).to_bytes(width, "big") + content


def record(kind: int, content: bytes, version: int = TLS_1_0) -> bytes:
    """Content cut into records of at most 2^14 bytes."""
    parts = [content[at : at + 0x4000] for at in range(0, len(content), 0x4000)] or [b""]
    return b"".join(bytes([kind]) + version.to_bytes(2, "big") + vector(2, part) for part in parts)


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + vector(3, body)


def server_hello(suite: int, version: int = TLS_1_0) -> bytes:
    """TLS 1.3 is selected by supported_versions: RFC 8446, section 4.2.1."""
    legacy = min(version, TLS_1_2).to_bytes(2, "big")
    extensions = vector(2, bytes.fromhex("002b00020304")) if version == TLS_1_3 else b""
    return message(2, legacy + SERVER_RANDOM + vector(1, b"") + suite.to_bytes(2, "big") + b"\0" + extensions)


def certificate(*issued: Issued | bytes) -> bytes:
    chain = b"".join(vector(3, each if isinstance(each, bytes) else each.der) for each in issued)
    return message(11, vector(3, chain))


def dhe(
    prime: int | None = None, *, padded: bool = False, signature: bytes | None = None, version: int = TLS_1_0
) -> bytes:
    """A ServerKeyExchange of DHE with a generator of 2."""
    return message(
        12,
        dh_parameters(prime, padded=padded)
        + (b"\x04\x01" if version >= TLS_1_2 else b"")
        + vector(2, signature or bytes(256)),
    )


def dh_parameters(prime: int | None = None, *, padded: bool = False) -> bytes:
    """ServerDHParams; the generator padded to the prime's length where that is asked for."""
    prime = ffdhe2048() if prime is None else prime
    size = (prime.bit_length() + 7) // 8
    public = pow(2, 0x1234567890ABCDEF, prime)
    return b"".join(
        vector(2, value)
        for value in (
            prime.to_bytes(size, "big"),
            (2).to_bytes(size if padded else 1, "big"),
            public.to_bytes(size, "big"),
        )
    )


def prime_of(bits: int) -> int:
    """An odd number of that many bits; that it be prime matters to nobody here."""
    return (1 << (bits - 1)) | 1


def certificate_request(*authorities: bytes) -> bytes:
    """As TLS 1.0 and 1.1 have it: rsa_sign, and the names of CAs."""
    return message(13, vector(1, b"\x01") + vector(2, b"".join(vector(2, name) for name in authorities)))


def flight(
    suite: int,
    *issued: Issued | bytes,
    version: int = TLS_1_0,
    dh: bytes | None = None,
    request: bytes | None = None,
) -> bytes:
    """A server's first flight, whole."""
    said = server_hello(suite, version)
    if version == TLS_1_3:
        return record(22, said, TLS_1_2) + record(20, b"\x01", TLS_1_2) + record(23, bytes(900), TLS_1_2)
    said += certificate(*issued) + (dh or b"") + (request or b"") + message(14, b"")
    return record(22, said, version)


def alert(description: int, level: int = FATAL, version: int = TLS_1_0) -> bytes:
    return record(21, bytes([level, description]), version)


def legacy_signature(server: Issued, signed: bytes) -> bytes:
    """RFC 4346, section 4.7: PKCS#1 version 1.5 of MD5 and SHA-1, side by side, without a DigestInfo."""
    private = server.key.private
    assert isinstance(private, rsa.RSAPrivateKey)
    numbers = private.private_numbers()
    digest = hashlib.md5(signed).digest() + hashlib.sha1(signed).digest()
    size = private.key_size // 8
    padded = b"\0\x01" + b"\xff" * (size - 3 - len(digest)) + b"\0" + digest
    return pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n).to_bytes(size, "big")


def articles_exchange(server: Issued) -> tuple[tuple[Sender, bytes], ...]:
    """The article's Scenario 1: twelve suites, 0x0039, a ServerKeyExchange of 1032 bytes, and the client's internal_error."""
    parameters = dh_parameters(padded=True)
    random = ARTICLES_HELLO[11:43]
    exchange = dhe(padded=True, signature=legacy_signature(server, random + SERVER_RANDOM + parameters))
    return (
        (CLIENT, ARTICLES_HELLO),
        (SERVER, flight(0x0039, server, dh=exchange)),
        (CLIENT, alert(80)),
    )


# -- Servers that follow a script ----------------------------------------------------------------------------------------

Answer = bytes | Callable[[bytes], bytes] | None
"""What a server says to a hello, or what it makes of it; None: it closes the connection."""
SILENCE = b""


def carry_out(probe: fcl.Probe, script: Mapping[Question, Answer] | Answer, size: int = 1460) -> fcl.Probe:
    """Feed a probe what a script says, in pieces of `size` bytes; where the script has nothing for a hello, it closes."""
    for attempt in probe.attempts():
        answer = script.get(attempt.asked) if isinstance(script, Mapping) else script
        if answer is None:
            attempt.closed()
            continue
        said = answer(attempt.hello) if callable(answer) else answer
        for at in range(0, len(said), size):
            attempt.receive(said[at : at + size])
        if not attempt.done:
            attempt.silent(10)
    return probe
