"""Names of algorithms and cipher suites taken apart: AlgorithmDecomposer and SSLAlgorithmDecomposer."""

import re
from functools import lru_cache

_JOINTS = re.compile("with|and|(?<!padd)in", re.IGNORECASE | re.ASCII)
_HASHES = {f"SHA-{bits}": f"SHA{bits}" for bits in (1, 224, 256, 384, 512)}
_DIFFIE_HELLMAN = frozenset({"dh", "diffiehellman"})


def _pieces(name: str) -> set[str]:
    """AlgorithmDecomposer: "<digest>with<encryption>and<mgf>", "algorithm/mode/padding"."""
    return {piece for part in name.split("/") for piece in _JOINTS.split(part) if piece}


@lru_cache(maxsize=1024)
def one_hash(name: str) -> frozenset[str]:
    """The name and its pieces, a hash without its hyphen (decomposeOneHash), in lower case."""
    return _lower({name} | {_HASHES.get(piece, piece) for piece in _pieces(name)})


@lru_cache(maxsize=1024)
def elements(name: str, *, tls: bool) -> frozenset[str]:
    """The name and its pieces, a hash with its hyphen and without (decompose), in lower case."""
    pieces = _suite_elements(name, tls=tls)
    if pieces is None:
        pieces = _pieces(name)
        for hyphened, plain in _HASHES.items():
            if hyphened in pieces or plain in pieces:
                pieces |= {hyphened, plain}
    return _lower(pieces | {name})


def _lower(names: set[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


@lru_cache(maxsize=1024)
def aliases(name: str) -> frozenset[str]:
    """The names, in lower case, under which a name is looked up as the same."""
    lower = name.lower()
    return _DIFFIE_HELLMAN if lower in _DIFFIE_HELLMAN else frozenset({lower})


# SSLAlgorithmDecomposer.
_SUITE = re.compile(r"(?:SSL|TLS)_(?:([A-Za-z_]+)_WITH_)?([A-Z0-9_]+)_(MD5|SHA|SHA256|SHA384)")
_EXCHANGES = {
    "NULL": "K_NULL",
    "RSA": "RSA",
    "RSA_EXPORT": "RSA RSA_EXPORT",
    "DH_RSA": "RSA DH DiffieHellman DH_RSA",
    "DH_DSS": "DSA DSS DH DiffieHellman DH_DSS",
    "DHE_DSS": "DSA DSS DH DHE DiffieHellman DHE_DSS",
    "DHE_RSA": "RSA DH DHE DiffieHellman DHE_RSA",
    "DH_anon": "ANON DH DiffieHellman DH_ANON",
    "ECDH_ECDSA": "ECDH ECDSA ECDH_ECDSA",
    "ECDH_RSA": "ECDH RSA ECDH_RSA",
    "ECDHE_ECDSA": "ECDHE ECDSA ECDHE_ECDSA",
    "ECDHE_RSA": "ECDHE RSA ECDHE_RSA",
    "ECDH_anon": "ECDH ANON ECDH_ANON",
}
_OF_TLS_ONLY = frozenset({"NULL", "DH_anon", "ECDH_anon"})
_CIPHERS = {
    "NULL": "NULL C_NULL",
    "RC2_CBC_40": "RC2 RC2_CBC_40",
    "RC4_40": "RC4 RC4_40",
    "RC4_128": "RC4 RC4_128",
    "DES40_CBC": "DES CBC NoPadding DES40_CBC DES_CBC_40",
    "DES_CBC": "DES CBC NoPadding DES_CBC",
    "3DES_EDE_CBC": "DESede CBC NoPadding 3DES_EDE_CBC",
    "AES_128_CBC": "AES CBC NoPadding AES_128_CBC",
    "AES_256_CBC": "AES CBC NoPadding AES_256_CBC",
    "AES_128_GCM": "AES GCM NoPadding AES_128_GCM",
    "AES_256_GCM": "AES GCM NoPadding AES_256_GCM",
    "CHACHA20_POLY1305": "ChaCha20-Poly1305",
}
_AEAD = frozenset({"AES_128_GCM", "AES_256_GCM", "CHACHA20_POLY1305"})
_BEFORE_TLS_1_2 = frozenset({"RC2_CBC_40", "RC4_40", "DES40_CBC", "DES_CBC"})
_HMACS = {
    "MD5": "MD5 HmacMD5",
    "SHA": "SHA1 SHA-1 HmacSHA1",
    "SHA256": "SHA256 SHA-256 HmacSHA256",
    "SHA384": "SHA384 SHA-384 HmacSHA384",
}


def _suite_elements(name: str, *, tls: bool) -> set[str] | None:
    """The elements of a cipher suite that Java has, None for another name.

    :param tls: whether the list is that for TLS; that for certificates looks at the key exchange only.
    """
    parts = _SUITE.fullmatch(name)
    if parts is None or parts[2] not in _CIPHERS:
        return None
    exchange, cipher, mac = parts.groups()
    found = set(_EXCHANGES.get(exchange, "").split()) if tls or exchange not in _OF_TLS_ONLY else set()
    if not tls:
        return found
    found |= set(_CIPHERS[cipher].split())
    if exchange is None:
        # TLS 1.3's ciphers are constants of their own, which SSLAlgorithmDecomposer does not name.
        found.discard(cipher)
    if cipher not in _AEAD:
        found |= set(_HMACS[mac].split())
    if cipher not in _BEFORE_TLS_1_2:
        found |= set(_HMACS["SHA384" if mac == "SHA384" else "SHA256"].split())
    return found
