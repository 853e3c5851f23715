"""The code points of TLS and their names: versions, alerts, extensions, groups, signatures, kinds of certificate.

The names are those of IANA's registries, which RFC 8446 and RFC 5246 use; the cipher suites have their own module,
`tls_suites`. A number without a name is shown as a number.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .tls_suites import suite

SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 = 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304

# Alerts that the rules speak of.
CLOSE_NOTIFY, UNEXPECTED_MESSAGE, HANDSHAKE_FAILURE, BAD_CERTIFICATE, UNSUPPORTED_CERTIFICATE = 0, 10, 40, 42, 43
CERTIFICATE_REVOKED, CERTIFICATE_EXPIRED, CERTIFICATE_UNKNOWN, UNKNOWN_CA, PROTOCOL_VERSION = 44, 45, 46, 48, 70
INSUFFICIENT_SECURITY, INTERNAL_ERROR, INAPPROPRIATE_FALLBACK, UNRECOGNIZED_NAME = 71, 80, 86, 112
USER_CANCELED, NO_APPLICATION_PROTOCOL = 90, 120

_VERSIONS = {
    SSL_2_0: "SSL 2.0",
    SSL_3_0: "SSL 3.0",
    TLS_1_0: "TLS 1.0",
    TLS_1_1: "TLS 1.1",
    TLS_1_2: "TLS 1.2",
    TLS_1_3: "TLS 1.3",
}
JAVA_VERSIONS: Mapping[str, int] = MappingProxyType(
    {
        "SSLv2Hello": SSL_2_0,
        "SSLv3": SSL_3_0,
        "TLSv1": TLS_1_0,
        "TLSv1.1": TLS_1_1,
        "TLSv1.2": TLS_1_2,
        "TLSv1.3": TLS_1_3,
    }
)
"""The protocols as `SSLContext` names them."""

_ALERTS = {
    CLOSE_NOTIFY: "close_notify",
    UNEXPECTED_MESSAGE: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    HANDSHAKE_FAILURE: "handshake_failure",
    41: "no_certificate",
    BAD_CERTIFICATE: "bad_certificate",
    UNSUPPORTED_CERTIFICATE: "unsupported_certificate",
    CERTIFICATE_REVOKED: "certificate_revoked",
    CERTIFICATE_EXPIRED: "certificate_expired",
    CERTIFICATE_UNKNOWN: "certificate_unknown",
    47: "illegal_parameter",
    UNKNOWN_CA: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    52: "too_many_cids_requested",
    60: "export_restriction",
    PROTOCOL_VERSION: "protocol_version",
    INSUFFICIENT_SECURITY: "insufficient_security",
    INTERNAL_ERROR: "internal_error",
    INAPPROPRIATE_FALLBACK: "inappropriate_fallback",
    USER_CANCELED: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    UNRECOGNIZED_NAME: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    NO_APPLICATION_PROTOCOL: "no_application_protocol",
    121: "ech_required",
}

_EXTENSIONS = {
    0: "server_name",
    1: "max_fragment_length",
    2: "client_certificate_url",
    3: "trusted_ca_keys",
    4: "truncated_hmac",
    5: "status_request",
    6: "user_mapping",
    7: "client_authz",
    8: "server_authz",
    9: "cert_type",
    10: "supported_groups",
    11: "ec_point_formats",
    12: "srp",
    13: "signature_algorithms",
    14: "use_srtp",
    15: "heartbeat",
    16: "application_layer_protocol_negotiation",
    17: "status_request_v2",
    18: "signed_certificate_timestamp",
    19: "client_certificate_type",
    20: "server_certificate_type",
    21: "padding",
    22: "encrypt_then_mac",
    23: "extended_master_secret",
    24: "token_binding",
    25: "cached_info",
    27: "compress_certificate",
    28: "record_size_limit",
    34: "delegated_credential",
    35: "session_ticket",
    41: "pre_shared_key",
    42: "early_data",
    43: "supported_versions",
    44: "cookie",
    45: "psk_key_exchange_modes",
    47: "certificate_authorities",
    48: "oid_filters",
    49: "post_handshake_auth",
    50: "signature_algorithms_cert",
    51: "key_share",
    52: "transparency_info",
    54: "connection_id",
    55: "external_id_hash",
    56: "external_session_id",
    57: "quic_transport_parameters",
    58: "ticket_request",
    59: "dnssec_chain",
    13172: "next_protocol_negotiation",
    17513: "application_settings",
    0xFE0D: "encrypted_client_hello",
    0xFF01: "renegotiation_info",
}

_CURVES = (
    "sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1 "
    "sect409k1 sect409r1 sect571k1 sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 secp192r1 secp224k1 "
    "secp224r1 secp256k1 secp256r1 secp384r1 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 "
    "x25519 x448 brainpoolP256r1tls13 brainpoolP384r1tls13 brainpoolP512r1tls13"
)
_GROUPS = {
    **dict(enumerate(_CURVES.split(), start=1)),
    41: "curveSM2",
    0x0100: "ffdhe2048",
    0x0101: "ffdhe3072",
    0x0102: "ffdhe4096",
    0x0103: "ffdhe6144",
    0x0104: "ffdhe8192",
    0x11EB: "SecP256r1MLKEM768",
    0x11EC: "X25519MLKEM768",
    0x11ED: "SecP384r1MLKEM1024",
    0x6399: "X25519Kyber768Draft00",
    0xFF01: "arbitrary_explicit_prime_curves",
    0xFF02: "arbitrary_explicit_char2_curves",
}

_SIGNATURES = {
    0x0201: "rsa_pkcs1_sha1",
    0x0203: "ecdsa_sha1",
    0x0401: "rsa_pkcs1_sha256",
    0x0403: "ecdsa_secp256r1_sha256",
    0x0501: "rsa_pkcs1_sha384",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0601: "rsa_pkcs1_sha512",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0704: "eccsi_sha256",
    0x0708: "sm2sig_sm3",
    0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
    0x081A: "ecdsa_brainpoolP256r1tls13_sha256",
    0x081B: "ecdsa_brainpoolP384r1tls13_sha384",
    0x081C: "ecdsa_brainpoolP512r1tls13_sha512",
    0x0904: "mldsa44",
    0x0905: "mldsa65",
    0x0906: "mldsa87",
}
# RFC 5246, section 7.4.1.4.1: up to TLS 1.2 the first byte is the hash, the second what it is signed with.
_HASHES = {0: "none", 1: "md5", 2: "sha1", 3: "sha224", 4: "sha256", 5: "sha384", 6: "sha512"}
_SIGNED_WITH = {0: "anonymous", 1: "rsa", 2: "dsa", 3: "ecdsa"}

_CERTIFICATE_TYPES = {
    1: "rsa_sign",
    2: "dss_sign",
    3: "rsa_fixed_dh",
    4: "dss_fixed_dh",
    5: "rsa_ephemeral_dh",
    6: "dss_ephemeral_dh",
    20: "fortezza_dms",
    64: "ecdsa_sign",
    65: "rsa_fixed_ecdh",
    66: "ecdsa_fixed_ecdh",
    67: "gost_sign256",
    68: "gost_sign512",
}


def is_grease(number: int) -> bool:
    """Whether it is one of RFC 8701's reserved values, which mean nothing: 0x0A0A, 0x1A1A, up to 0xFAFA."""
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF


def version_name(number: int) -> str:
    """`TLS 1.0` for 0x0301."""
    return _VERSIONS.get(number) or _unnamed(number)


def suite_name(number: int) -> str:
    """`TLS_DHE_RSA_WITH_AES_256_CBC_SHA` for 0x0039."""
    return "GREASE" if is_grease(number) else suite(number).name


def alert_name(number: int) -> str:
    """`internal_error` for 80, `alert 99` for one that has no name."""
    return _ALERTS.get(number, f"alert {number}")


def extension_name(number: int) -> str:
    """`server_name` for 0."""
    return _EXTENSIONS.get(number) or _unnamed(number)


def group_name(number: int) -> str:
    """`secp256r1` for 23."""
    return _GROUPS.get(number) or _unnamed(number)


def signature_name(number: int) -> str:
    """`rsa_pkcs1_sha256` for 0x0401; a pair that only TLS 1.2 has by its two halves, `rsa_sha224` for 0x0301."""
    if number in _SIGNATURES:
        return _SIGNATURES[number]
    hashed, signed = _HASHES.get(number >> 8), _SIGNED_WITH.get(number & 0xFF)
    return f"{signed}_{hashed}" if hashed and signed else _unnamed(number)


def certificate_type_name(number: int) -> str:
    """`rsa_sign` for 1: what a CertificateRequest asks for."""
    return _CERTIFICATE_TYPES.get(number, f"type {number}")


def _unnamed(number: int) -> str:
    return "GREASE" if is_grease(number) else f"0x{number:04X}"
