"""What the library calls an algorithm, and what it holds of it."""

import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

import attrs
import pytest
from asn1crypto import core

from finesse_certlint import algorithms
from finesse_certlint.algorithms import (
    CURVES,
    HASHES,
    HASHES_BY_NAME,
    KEYS,
    SIGNATURES,
    hash_name,
    key_name,
    signature_name,
)

CSOR = "2.16.840.1.101.3.4.3"
RSA, PSS, EC, DSA = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.10045.2.1", "1.2.840.10040.4.1"

# What Java 17 calls each OID, or Java 21 where 17 has no name; None where both print the dotted OID. Observed.
JAVA_NAMES = {
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.2": "MD2withRSA",
    "1.2.840.113549.1.1.3": None,
    "1.2.840.113549.1.1.4": "MD5withRSA",
    "1.2.840.113549.1.1.5": "SHA1withRSA",
    "1.2.840.113549.1.1.10": "RSASSA-PSS",
    "1.2.840.113549.1.1.11": "SHA256withRSA",
    "1.2.840.113549.1.1.12": "SHA384withRSA",
    "1.2.840.113549.1.1.13": "SHA512withRSA",
    "1.2.840.113549.1.1.14": "SHA224withRSA",
    "1.2.840.113549.1.1.15": "SHA512/224withRSA",
    "1.2.840.113549.1.1.16": "SHA512/256withRSA",
    "1.3.14.3.2.2": None,
    "1.3.14.3.2.3": None,
    "1.3.14.3.2.4": None,
    "1.3.14.3.2.11": None,
    "1.3.14.3.2.12": "DSA",
    "1.3.14.3.2.13": "SHA1withDSA",
    "1.3.14.3.2.14": None,
    "1.3.14.3.2.15": "SHA1withRSA",
    "1.3.14.3.2.24": None,
    "1.3.14.3.2.25": None,
    "1.3.14.3.2.27": "SHA1withDSA",
    "1.3.14.3.2.28": None,
    "1.3.14.3.2.29": "SHA1withRSA",
    "1.3.36.3.3.1.2": None,
    "1.3.36.3.3.1.3": None,
    "1.3.36.3.3.1.4": None,
    "1.2.840.10040.4.3": "SHA1withDSA",
    "2.16.840.1.101.3.4.3.1": "SHA224withDSA",
    "2.16.840.1.101.3.4.3.2": "SHA256withDSA",
    "2.16.840.1.101.3.4.3.3": "SHA384withDSA",
    "2.16.840.1.101.3.4.3.4": "SHA512withDSA",
    "2.16.840.1.101.3.4.3.5": "SHA3-224withDSA",
    "2.16.840.1.101.3.4.3.6": "SHA3-256withDSA",
    "2.16.840.1.101.3.4.3.7": "SHA3-384withDSA",
    "2.16.840.1.101.3.4.3.8": "SHA3-512withDSA",
    "2.16.840.1.101.3.4.3.9": "SHA3-224withECDSA",
    "2.16.840.1.101.3.4.3.10": "SHA3-256withECDSA",
    "2.16.840.1.101.3.4.3.11": "SHA3-384withECDSA",
    "2.16.840.1.101.3.4.3.12": "SHA3-512withECDSA",
    "2.16.840.1.101.3.4.3.13": "SHA3-224withRSA",
    "2.16.840.1.101.3.4.3.14": "SHA3-256withRSA",
    "2.16.840.1.101.3.4.3.15": "SHA3-384withRSA",
    "2.16.840.1.101.3.4.3.16": "SHA3-512withRSA",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
    "2.16.840.1.101.3.4.3.20": None,
    "1.2.840.10045.4.1": "SHA1withECDSA",
    "1.2.840.10045.4.2": None,
    "1.2.840.10045.4.3": "SpecifiedSHA2withECDSA",
    "1.2.840.10045.4.3.1": "SHA224withECDSA",
    "1.2.840.10045.4.3.2": "SHA256withECDSA",
    "1.2.840.10045.4.3.3": "SHA384withECDSA",
    "1.2.840.10045.4.3.4": "SHA512withECDSA",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
    "1.3.6.1.5.5.7.6.30": None,
    "1.3.6.1.5.5.7.6.31": None,
    "1.3.6.1.5.5.7.6.32": None,
    "1.3.6.1.5.5.7.6.33": None,
    "1.2.840.113549.1.9.16.3.17": "HSS/LMS",
    "1.2.643.2.2.3": None,
    "1.2.643.7.1.1.3.2": None,
    "1.2.156.10197.1.501": None,
}

# OIDs that the observations of Java do not cover: they have their name from a standard alone.
STANDARD_ALONE = (
    "1.2.840.113549.1.1.7",
    *(f"{CSOR}.{arc}" for arc in range(21, 47)),
    "1.3.6.1.5.5.7.6.34",
    "1.3.6.1.5.5.7.6.35",
    "1.2.643.2.2.4",
    "1.2.643.7.1.1.3.3",
    "1.2.156.10197.1.504",
    *(f"0.4.0.127.0.7.1.1.4.1.{arc}" for arc in range(1, 7)),
)

# Microsoft's list under "Hash Algorithm OID", msdn.microsoft.com/library/ff635603, section 2.4.1.6, without the hashes,
# the Fortezza signature and 1.3.14.7.2.3.1.
WINDOWS_NAMES = {
    "1.2.840.113549.1.1.5": "sha1RSA",
    "1.2.840.113549.1.1.4": "md5RSA",
    "1.2.840.10040.4.3": "sha1DSA",
    "1.3.14.3.2.29": "sha1RSA",
    "1.3.14.3.2.15": "shaRSA",
    "1.3.14.3.2.3": "md5RSA",
    "1.2.840.113549.1.1.2": "md2RSA",
    "1.2.840.113549.1.1.3": "md4RSA",
    "1.3.14.3.2.2": "md4RSA",
    "1.3.14.3.2.4": "md4RSA",
    "1.3.14.3.2.13": "sha1DSA",
    "1.3.14.3.2.27": "dsaSHA1",
    "1.2.840.113549.1.1.11": "sha256RSA",
    "1.2.840.113549.1.1.12": "sha384RSA",
    "1.2.840.113549.1.1.13": "sha512RSA",
    "1.2.840.113549.1.1.10": "RSASSA-PSS",
    "1.2.840.10045.4.1": "sha1ECDSA",
    "1.2.840.10045.4.3.2": "sha256ECDSA",
    "1.2.840.10045.4.3.3": "sha384ECDSA",
    "1.2.840.10045.4.3.4": "sha512ECDSA",
    "1.2.840.10045.4.3": "specifiedECDSA",
}

FAMILIES = {
    "RSA",
    "RSASSA-PSS",
    "ECDSA",
    "DSA",
    "EdDSA",
    "ML-DSA",
    "SLH-DSA",
    "HSS/LMS",
    "XMSS",
    "GOST",
    "SM2",
    "none",
}

TABLES: dict[str, Mapping[str, Any]] = {
    "SIGNATURES": SIGNATURES,
    "HASHES": HASHES,
    "HASHES_BY_NAME": HASHES_BY_NAME,
    "KEYS": KEYS,
    "CURVES": CURVES,
}


def printed_by_openssl(oids: list[str]) -> dict[str, str]:
    """What OpenSSL prints for each OID: its long name, or the dotted OID."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs openssl")
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("OpenSSL 3.0."):
        pytest.skip(f"the names are those of OpenSSL 3.0, and this is {version.strip()}")
    der = core.SequenceOf(spec=core.ObjectIdentifier, value=oids).dump()
    command = [program, "asn1parse", "-inform", "DER"]
    listing = subprocess.run(command, input=der, capture_output=True, check=True).stdout.decode()
    names = [line.partition("OBJECT")[2].strip().removeprefix(":") for line in listing.splitlines() if "OBJECT" in line]
    return dict(zip(oids, names, strict=True))


# -- Names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("oid", "name"), JAVA_NAMES.items())
def test_java_names_an_algorithm_as_java_does(oid: str, name: str | None) -> None:
    assert SIGNATURES[oid].java == name


@pytest.mark.parametrize("oid", STANDARD_ALONE)
def test_no_java_name_is_claimed_where_none_was_observed(oid: str) -> None:
    assert SIGNATURES[oid].java is None


def test_every_oid_was_either_observed_in_java_or_stands_in_a_standard() -> None:
    assert SIGNATURES.keys() == JAVA_NAMES.keys() | set(STANDARD_ALONE)


def test_openssl_prints_the_openssl_names_and_the_dotted_oid_where_there_is_none() -> None:
    assert {oid: row.openssl or oid for oid, row in SIGNATURES.items()} == printed_by_openssl(list(SIGNATURES))


def test_windows_names_are_those_that_microsoft_publishes_and_no_others() -> None:
    assert {oid: row.windows for oid, row in SIGNATURES.items() if row.windows} == WINDOWS_NAMES


@pytest.mark.parametrize(
    ("oid", "name"),
    [
        ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption"),
        ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
        ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
        ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256"),
        ("1.2.840.10040.4.3", "dsa-with-sha1"),
        ("1.3.101.112", "Ed25519"),
        (f"{CSOR}.18", "ML-DSA-65"),
        (f"{CSOR}.20", "SLH-DSA-SHA2-128s"),
        (f"{CSOR}.46", "HashSLH-DSA-SHAKE-256f-with-SHAKE256"),
        ("1.3.6.1.5.5.7.6.35", "XMSS^MT"),
    ],
)
def test_a_signature_is_called_what_its_document_calls_it(oid: str, name: str) -> None:
    assert signature_name(oid) == name


def test_the_documents_own_identifier_keeps_its_prefix() -> None:
    identifiers = {
        PSS: "id-RSASSA-PSS",
        "1.3.101.112": "id-Ed25519",
        f"{CSOR}.14": "id-rsassa-pkcs1-v1-5-with-sha3-256",
        f"{CSOR}.18": "id-ml-dsa-65",
        f"{CSOR}.26": "id-slh-dsa-shake-128s",
        f"{CSOR}.36": "id-hash-slh-dsa-sha2-128f-with-sha256",
        f"{CSOR}.41": "id-hash-slh-dsa-shake-128s-with-shake128",
    }
    assert {oid: SIGNATURES[oid].rfc for oid in identifiers} == identifiers


def test_keys_and_hashes_have_names() -> None:
    assert [key_name(oid) for oid in (RSA, PSS, EC, DSA)] == ["RSA", "RSASSA-PSS", "EC", "DSA"]
    assert hash_name("2.16.840.1.101.3.4.2.1") == "SHA-256"
    assert hash_name("1.3.14.3.2.26") == "SHA-1"


@pytest.mark.parametrize("name", [signature_name, key_name, hash_name])
@pytest.mark.parametrize("oid", ["1.2.3.4", "2.999", ""])
def test_an_unknown_oid_is_called_by_its_dots(name: Any, oid: str) -> None:
    assert name(oid) == oid


def test_curves_are_called_as_in_rfc_5480_and_not_as_in_x9_62() -> None:
    assert CURVES["1.2.840.10045.3.1.7"] == "secp256r1"
    assert CURVES["1.2.840.10045.3.1.1"] == "secp192r1"
    assert CURVES["1.3.132.0.34"] == "secp384r1"
    assert CURVES["1.3.36.3.3.2.8.1.1.7"] == "brainpoolP256r1"


def test_curves_of_sec_2_x9_62_and_brainpool_are_called_as_openssl_calls_them_but_for_three() -> None:
    arcs = ("1.3.132.0.", "1.2.840.10045.3.", "1.3.36.3.3.2.8.1.1.")
    ours = {oid: name for oid, name in CURVES.items() if oid.startswith(arcs)}
    theirs = printed_by_openssl(list(ours))
    assert {ours[oid]: theirs[oid] for oid in ours if ours[oid] != theirs[oid]} == {
        "secp192r1": "prime192v1",
        "secp256r1": "prime256v1",
        "c2pnb176w1": "c2pnb176v1",
    }


# -- What the rows say of each other -----------------------------------------------------------------------------------


def test_a_table_is_read_by_the_oid_of_its_rows() -> None:
    for table in (SIGNATURES, HASHES, KEYS):
        assert [row.oid for row in table.values()] == list(table)
    assert [row.name for row in HASHES_BY_NAME.values()] == list(HASHES_BY_NAME)


def test_no_two_hashes_share_a_name() -> None:
    assert len(HASHES_BY_NAME) == len(HASHES)


@pytest.mark.parametrize("oid", SIGNATURES)
def test_a_signature_speaks_of_keys_hashes_and_families_that_are_known(oid: str) -> None:
    row = SIGNATURES[oid]
    assert row.family in FAMILIES
    assert row.hash is None or row.hash in HASHES_BY_NAME
    assert set(row.keys) <= KEYS.keys()
    assert row.name
    assert row.rfc
    assert row.reference


def test_only_what_signs_nothing_and_hash_ml_dsa_have_no_keys() -> None:
    without = {oid for oid, row in SIGNATURES.items() if not row.keys}
    nothing = {oid for oid, row in SIGNATURES.items() if row.family == "none"}
    assert nothing == {RSA, "1.2.840.113549.1.1.7", "1.3.14.3.2.11", "1.3.14.3.2.12"}
    assert without == nothing | {f"{CSOR}.32", f"{CSOR}.33", f"{CSOR}.34"}


def test_an_rsa_key_signs_both_ways_and_a_pss_key_signs_pss_alone() -> None:
    assert SIGNATURES[PSS].keys == (RSA, PSS)
    assert {row.keys for row in SIGNATURES.values() if row.family == "RSA"} == {(RSA,)}


def test_the_hash_of_pss_and_of_specified_ecdsa_is_not_in_the_oid() -> None:
    assert [SIGNATURES[oid].hash for oid in (PSS, "1.2.840.10045.4.3", "1.2.840.10045.4.2")] == [None, None, None]


def test_parameters_are_null_for_rsa_absent_for_ecdsa_and_of_their_own_kind_for_pss() -> None:
    assert {SIGNATURES[f"1.2.840.113549.1.1.{arc}"].parameters for arc in (2, 3, 4, 5, *range(11, 17))} == {"null"}
    assert {SIGNATURES[f"1.2.840.10045.4.3.{arc}"].parameters for arc in (1, 2, 3, 4)} == {"absent"}
    assert {SIGNATURES[f"{CSOR}.{arc}"].parameters for arc in (13, 14, 15, 16)} == {"null"}
    assert {SIGNATURES[f"{CSOR}.{arc}"].parameters for arc in (1, 2, *range(9, 13), *range(17, 32))} == {"absent"}
    assert SIGNATURES["1.3.101.112"].parameters == "absent"
    assert SIGNATURES[PSS].parameters == "pss"


def test_oiw_algorithms_ask_nothing_of_their_parameters() -> None:
    assert {row.parameters for oid, row in SIGNATURES.items() if oid.startswith("1.3.14.3.2.")} == {"any"}


@pytest.mark.parametrize(
    ("alias", "oid"),
    [
        ("1.3.14.3.2.29", "1.2.840.113549.1.1.5"),
        ("1.3.14.3.2.27", "1.2.840.10040.4.3"),
    ],
)
def test_an_alias_says_of_what_and_has_the_same_hash_and_keys(alias: str, oid: str) -> None:
    assert f"alias of {oid}" in SIGNATURES[alias].reference
    assert SIGNATURES[alias].hash == SIGNATURES[oid].hash
    assert SIGNATURES[alias].keys == SIGNATURES[oid].keys


def test_hashes_known_to_be_broken_say_by_which_document() -> None:
    broken = {row.name: row.broken for row in HASHES.values() if row.broken}
    assert broken.keys() == {"MD2", "MD4", "MD5", "SHA-0", "SHA-1"}
    assert "RFC 6149" in broken["MD2"]
    assert "RFC 6150" in broken["MD4"]
    assert "RFC 6151" in broken["MD5"]
    assert "RFC 9155" in broken["SHA-1"]
    assert "NIST SP 800-131A" in broken["SHA-1"]


# -- Data --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_a_table_cannot_be_changed(table: str) -> None:
    mapping: Any = getattr(algorithms, table)
    key = next(iter(mapping))
    with pytest.raises(TypeError):
        mapping["1.2.3.4"] = mapping[key]
    with pytest.raises(TypeError):
        del mapping[key]


def test_a_row_cannot_be_changed() -> None:
    row: Any
    for row in (SIGNATURES[PSS], HASHES_BY_NAME["MD5"], KEYS[RSA]):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            row.name = "another"


@pytest.mark.parametrize("oid", [*SIGNATURES, *HASHES, *KEYS, *CURVES])
def test_every_oid_is_a_well_formed_one(oid: str) -> None:
    assert core.ObjectIdentifier.load(core.ObjectIdentifier(oid).dump()).dotted == oid
