"""What the code points of TLS are called, by the registries and by the programs that a person sees them in."""

import pytest

from finesse_certlint import tls_names, tls_suites
from finesse_certlint.tls_suites import suite, suite_named


def test_the_articles_two_suites_have_all_three_names() -> None:
    for number, iana, openssl in (
        (0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "DHE-RSA-AES256-SHA"),
        (0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "DHE-RSA-AES128-SHA"),
    ):
        assert (suite(number).name, suite(number).java, suite(number).openssl) == (iana, iana, openssl)
        assert suite_named(iana) == suite_named(openssl) == suite(number)
        assert suite(number).family == "DHE_RSA"


def test_java_calls_the_suites_of_ssl_3_by_their_old_names() -> None:
    assert suite(0x000A).java == "SSL_RSA_WITH_3DES_EDE_CBC_SHA"
    assert suite_named("SSL_RSA_WITH_3DES_EDE_CBC_SHA") == suite(0x000A)
    assert suite(0x002F).java == "TLS_RSA_WITH_AES_128_CBC_SHA"


def test_an_old_openssl_called_two_suites_otherwise() -> None:
    assert suite_named("EDH-RSA-DES-CBC3-SHA") == suite_named("DHE-RSA-DES-CBC3-SHA") == suite(0x0016)


@pytest.mark.parametrize(
    ("number", "key_exchange", "authentication", "server_key"),
    [
        (0x002F, "RSA", "RSA", "RSA"),
        (0x0003, "RSA", "RSA", "RSA"),  # an export suite
        (0x0033, "DHE", "RSA", "RSA"),
        (0x0032, "DHE", "DSS", "DSA"),
        (0xC013, "ECDHE", "RSA", "RSA"),
        (0xC009, "ECDHE", "ECDSA", "EC"),
        (0xC00E, "ECDH", "RSA", "EC"),  # RFC 4492: the certificate holds an EC key
        (0x0034, "DHE", "anon", None),
        (0x1301, "", "", None),  # RFC 8446: a suite of TLS 1.3 fixes neither
        (0x5A5B, "", "", None),
    ],
)
def test_a_suites_name_says_how_keys_are_agreed(
    number: int, key_exchange: str, authentication: str, server_key: str | None
) -> None:
    found = suite(number)
    assert (found.key_exchange, found.authentication, found.server_key) == (key_exchange, authentication, server_key)


def test_a_suite_belongs_to_the_versions_that_have_it() -> None:
    assert suite(0x1301).tls_1_3
    assert not suite(0x1301).needs_tls_1_2
    assert [suite(number).needs_tls_1_2 for number in (0x0035, 0x003D, 0x009C, 0xC09C, 0xCCA8)] == [
        False,
        True,
        True,
        True,
        True,
    ]


def test_every_suite_is_found_by_its_names() -> None:
    for number in tls_suites._TABLE:
        found = suite(number)
        if not found.name.startswith("SSL_RSA_FIPS"):  # two numbers each
            assert suite_named(found.name) == suite_named(found.java) == found
        if found.openssl:
            assert suite_named(found.openssl) == found
    assert suite_named("") is None
    assert suite_named("no such suite") is None


def test_what_has_no_name_is_shown_by_number() -> None:
    assert tls_names.suite_name(0x5A5B) == "0x5A5B"
    assert tls_names.version_name(0x0399) == "0x0399"
    assert tls_names.extension_name(0x7777) == "0x7777"
    assert tls_names.group_name(0x7777) == "0x7777"
    assert tls_names.signature_name(0x7777) == "0x7777"
    assert tls_names.alert_name(99) == "alert 99"
    assert tls_names.certificate_type_name(99) == "type 99"


def test_rfc_8701s_reserved_values_are_called_grease() -> None:
    assert [n for n in range(0x10000) if tls_names.is_grease(n)] == [0x0A0A + 0x1010 * i for i in range(16)]
    assert tls_names.suite_name(0x5A5A) == tls_names.group_name(0xFAFA) == tls_names.extension_name(0x0A0A) == "GREASE"


def test_the_registries_names() -> None:
    assert tls_names.version_name(0x0301) == "TLS 1.0"
    assert tls_names.alert_name(80) == "internal_error"
    assert tls_names.extension_name(23) == "extended_master_secret"
    assert [tls_names.group_name(n) for n in (1, 22, 23, 25, 28, 29, 256)] == [
        "sect163k1",
        "secp256k1",
        "secp256r1",
        "secp521r1",
        "brainpoolP512r1",
        "x25519",
        "ffdhe2048",
    ]
    assert tls_names.signature_name(0x0401) == "rsa_pkcs1_sha256"
    # RFC 5246, section 7.4.1.4.1: a hash (3: sha224) and a signature (1: rsa; 2: dsa)
    assert (tls_names.signature_name(0x0301), tls_names.signature_name(0x0202)) == ("rsa_sha224", "dsa_sha1")
    assert tls_names.certificate_type_name(64) == "ecdsa_sign"
