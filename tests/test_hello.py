"""The ClientHello of each profile, against what its Java was seen to send: byte for byte, but for what is drawn by lot."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import attrs
import pytest

import finesse_certlint as fcl
from finesse_certlint.formats.tls import messages
from finesse_certlint.java.hello import ENTROPY, client_hello, server_name
from finesse_certlint.profile import Profile

SOURCE = Path(__file__).with_name("oracle") / "Hello.java"
LOT = hashlib.sha512(b"1").digest() + hashlib.sha512(b"2").digest()[: ENTROPY - 64]
ARTICLES_RANDOM = bytes.fromhex("5cacb293b5efdb4cf1bb34464d7de9f5060b00a9beeb81d2") + bytes(8)
"""As far as the article prints it, filled up with zeros."""
BASE_POINT = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
FQDN = "abcdefghij.example"
"""18 letters, as the host that Java was asked for when the lengths were taken."""


def hello(profile: str | Profile, host: str | None, entropy: bytes = LOT) -> bytes:
    client = fcl.get_profile(profile) if isinstance(profile, str) else profile
    return client_hello(
        client.hello, versions=client.offered_versions, suites=client.offered_suites, host=host, entropy=entropy
    )


def suites(words: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in words.split())


def test_finesse_sends_what_the_article_shows() -> None:
    sent = hello("finesse", "gadgets.example.com", ARTICLES_RANDOM + bytes(64))
    assert sent.hex() == (
        "16030100430100003f03015cacb293b5efdb4cf1bb34464d7de9f5060b00a9beeb81d20000000000000000"
        "000018003500390038002f003300320005000a00160013000400ff0100"
    )
    assert len(sent) == 72, "a record of 67 bytes behind its header, a handshake of 63"


# -- The lengths and lists that were taken from the releases -----------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "host", "record", "handshake"),
    [
        ("finesse", "localhost", 67, 63),
        ("java-7u80", "localhost", 163, 159),
        ("java-7u181", "localhost", 167, 163),
        ("java-8u181", FQDN, 226, 222),
        ("java-8u504", FQDN, 380, 376),
        ("java-11", "gadgets.example.com", 370, 366),
        ("java-17", FQDN, 462, 458),
        ("java-21", "gadgets.example.com", 451, 447),
    ],
)
def test_a_hello_has_the_length_that_was_seen(profile: str, host: str, record: int, handshake: int) -> None:
    sent = hello(profile, host)
    assert sent[0] == 22
    assert int.from_bytes(sent[3:5], "big") == record == len(sent) - 5
    assert int.from_bytes(sent[6:9], "big") == handshake == len(sent) - 9


def test_java_7u80_without_sun_ec_sends_the_articles_hello_and_the_hosts_name_where_it_has_a_dot() -> None:
    bare = attrs.evolve(
        fcl.get_profile("finesse"), hello=attrs.evolve(fcl.get_profile("java-7u80").hello, extensions=(0,))
    )
    assert len(hello(bare, "localhost")) == 5 + 67
    assert len(hello(bare, FQDN)) == 5 + 96


@pytest.mark.parametrize(
    ("profile", "version", "listed", "extensions"),
    [
        (
            "java-7u80",
            0x0301,
            (
                "c00a c014 0035 c005 c00f 0039 0038 c009 c013 002f c004 c00e 0033 0032 c007 c011 0005 c002 c00c c008 c012 000a "
                "c003 c00d 0016 0013 0004 00ff"
            ),
            (10, 11),
        ),
        (
            "java-7u181",
            0x0303,
            (
                "c024 c028 003d c026 c02a 006b 006a c00a c014 0035 c005 c00f 0039 0038 c023 c027 003c c025 c029 0067 0040 c009 "
                "c013 002f c004 c00e 0033 0032 00ff"
            ),
            (10, 11, 13, 23),
        ),
        (
            "java-8u181",
            0x0303,
            (
                "c024 c028 003d c026 c02a 006b 006a c00a c014 0035 c005 c00f 0039 0038 c023 c027 003c c025 c029 0067 0040 c009 "
                "c013 002f c004 c00e 0033 0032 c02c c02b c030 009d c02e c032 009f 00a3 c02f 009c c02d c031 009e 00a2 00ff"
            ),
            (10, 11, 13, 23),
        ),
        (
            "java-8u504",
            0x0303,
            (
                "1302 1301 c02c c02b c030 c02f 009f 00a3 009e 00a2 c024 c028 c023 c027 006b 006a 0067 0040 c00a c014 c009 c013 "
                "0039 0038 0033 0032 009d 009c 003d 003c 0035 002f 00ff"
            ),
            (10, 11, 13, 50, 23, 43, 45, 51),
        ),
    ],
)
def test_a_hello_lists_what_was_seen(profile: str, version: int, listed: str, extensions: tuple[int, ...]) -> None:
    sent = hello(profile, "localhost")
    read = messages.client_hello(sent[9:], int.from_bytes(sent[1:3], "big"))
    assert (read.version, read.record_version) == (version, version)
    assert read.cipher_suites == suites(listed)
    assert read.extensions == extensions


def test_the_curves_and_signatures_that_were_seen() -> None:
    read = messages.client_hello(hello("java-7u80", None)[9:])
    assert read.groups == suites(
        "0017 0001 0003 0013 0015 0006 0007 0009 000a 0018 000b 000c 0019 000d 000e 000f 0010 0011 0002 0012 0004 0005 0014 "
        "0008 0016"
    )
    read = messages.client_hello(hello("java-7u181", None)[9:])
    assert read.groups == suites("0017 0018 0019 0009 000a 000b 000c 000d 000e 0016")
    assert read.signature_algorithms == suites("0603 0601 0503 0501 0403 0401 0303 0301 0203 0201 0202")
    added = set(messages.client_hello(hello("java-8u181", None)[9:]).signature_algorithms) - set(
        read.signature_algorithms
    )
    assert added == {0x0402, 0x0302}


# -- Whole hellos, as they came from the releases ----------------------------------------------------------------------

# Taken from OpenJDK 11.0.13 and 21.0.8 with the list of disabled algorithms of 11.0.33 and 21.0.13, and from 17.0.15.
TAKEN = {
    "java-11": (
        "gadgets.example.com",
        (
            "16030301720100016e0303f3b8b06c160ec573dc4aba5a72bdbace9c10dc8d80aa4fbf1371122bcf3d5f5c20d87f76b0a96c99cd"
            "0df41f6b9cc32a423565501ff2386f12ccfc2b84bb49b55e003e130213011303c02cc02bcca9c030cca8c02f009fccaa00a3009e"
            "00a2c024c028c023c027006b006a00670040c00ac014c009c013003900380033003200ff010000e7000000180016000013676164"
            "676574732e6578616d706c652e636f6d000500050100000000000a00160014001d001700180019001e0100010101020103010400"
            "0b00020100000d002800260403050306030804080508060809080a080b0401050106010402030303010302020302010202003200"
            "2800260403050306030804080508060809080a080b04010501060104020303030103020203020102020011000900070200040000"
            "000000170000002b00050403040303002d00020101003300260024001d00203aaffe9e64eeedfaad741d4a1cf95b94c62f6af6a4"
            "a069d98bcb5bb7122f376b"
        ),
    ),
    "java-17": (
        "gadgets.example.com",
        (
            "16030301cf010001cb030362d6703406bdd6580d69bf5692342cf30dba4776fa5d7fb732a00a9e5ef273d72096f02e6ed365b049"
            "62dbd892971222f19714335756be86caf3515ca0a83ebdcd004a130213011303c02cc02bcca9c030cca8c02f009fccaa00a3009e"
            "00a2c024c028c023c027006b006a00670040c00ac014c009c0130039003800330032009d009c003d003c0035002f00ff01000138"
            "000000180016000013676164676574732e6578616d706c652e636f6d000500050100000000000a00160014001d00170018001900"
            "1e01000101010201030104000b00020100001100090007020004000000000017000000230000000d002c002a0403050306030807"
            "08080804080508060809080a080b0401050106010402030303010302020302010202002b00050403040303002d00020101003200"
            "2c002a040305030603080708080804080508060809080a080b04010501060104020303030103020203020102020033006b006900"
            "1d00201be9cc725ce3020debe5e237c1adef4101b4b1de7285cdf693713bbc42a80c0b00170041047ba80aefaa4c41565eb7b7da"
            "4cbb50c29d20969fed3af4646a3e31e92d1b425cd9795c3052729c5ab0b8d4f051ce4b0076654db713a76289aa5cfb3171aeca96"
        ),
    ),
    "java-21": (
        "gadgets.example.com",
        (
            "16030301c3010001bf030332ac851772773eab49f5aeab3e715ac8c5675ce9d5e2447dea059415b420bd2c20ca184dc8b345e038"
            "5768938414b5fc56458b59f7923a1224a5425d3949c3c82a003e130213011303c02cc02bcca9c030cca8c02f009fccaa00a3009e"
            "00a2c024c028c023c027006b006a00670040c00ac014c009c013003900380033003200ff01000138000000180016000013676164"
            "676574732e6578616d706c652e636f6d000500050100000000000a00160014001d001700180019001e0100010101020103010400"
            "0b00020100001100090007020004000000000017000000230000000d002c002a040305030603080708080804080508060809080a"
            "080b0401050106010402030303010302020302010202002b00050403040303002d000201010032002c002a040305030603080708"
            "080804080508060809080a080b04010501060104020303030103020203020102020033006b0069001d0020c550a44f45f0075405"
            "ea8e6326d24dea7d74b2a2e2d3853ffab100f139cb000e0017004104abb5e63505c6e1d0d9968b1c0ca39050388eb964f45897dc"
            "94aaf656d163544c64b8c866b2ce0d04f3e524ee09ecdc2feb8c5b0254ed71dc86b3cc42d8bfe194"
        ),
    ),
}


def same(profile: str, host: str, taken: bytes) -> None:
    """Whether the profile's hello is this one, given what was drawn by lot in it and but for the key on P-256."""
    random, session = taken[11:43], taken[44:76]
    share = taken[taken.index(b"\x00\x1d\x00\x20", 76) + 4 :][:32]
    ours, at = hello(profile, host, random + session + share), taken.find(b"\x00\x17\x00\x41\x04", 76)
    if at >= 0:
        taken = taken[: at + 4] + BASE_POINT + taken[at + 69 :]
    assert ours.hex() == taken.hex()


@pytest.mark.parametrize("profile", TAKEN)
def test_a_hello_is_the_one_that_was_taken(profile: str) -> None:
    host, taken = TAKEN[profile]
    same(profile, host, bytes.fromhex(taken))


def test_a_java_at_hand_sends_the_same(tmp_path: Path) -> None:
    java, javac = shutil.which("java"), shutil.which("javac")
    if java is None or javac is None:
        pytest.skip("needs a JDK")
    if '"17.' not in subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr:
        pytest.skip("another Java than 17")
    subprocess.run([javac, "-d", str(tmp_path), str(SOURCE)], check=True)
    hosts = [
        "gadgets.example.com",
        "GADGETS.example.com.",
        "finesse",
        "192.0.2.7",
        "ga_dgets.example.com",
        "bücher.example",
    ]
    # Its own list may be of another update: 17.0.21's leaves out static RSA and signatures over SHA-1.
    own_list = tmp_path / "java.security"
    own_list.write_text(f"jdk.tls.disabledAlgorithms={fcl.get_profile('java-17').algorithms.tls_disabled.text}\n")
    command = [
        java,
        f"-Djava.security.properties={own_list}",
        "-Dsun.jnu.encoding=UTF-8",
        "-Dfile.encoding=UTF-8",
        "-cp",
        str(tmp_path),
        "Hello",
        *hosts,
    ]
    said = subprocess.run(
        command, capture_output=True, check=True, timeout=60, encoding="utf-8", env={"LC_ALL": "C.UTF-8"}
    ).stdout.splitlines()
    assert len(said) == len(hosts)
    for host, line in zip(hosts, said, strict=True):
        same("java-17", host, bytes.fromhex(line.split()[1]))


# -- What is asked for -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "sent"),
    [
        ("gadgets.example.com", "gadgets.example.com"),
        ("Gadgets.Example.com", "Gadgets.Example.com"),
        ("gadgets.example.com.", "gadgets.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("finesse", None),
        ("localhost.", None),
        ("192.0.2.7", None),
        ("2001:db8::7", None),
        ("[2001:db8::7]", None),
        ("fe80::1%eth0", None),
        ("ga_dgets.example.com", None),
        (".example.com", None),
        ("a..b", None),
        ("", None),
        (None, None),
        ("\ud800.example", None),
    ],
)
def test_the_host_is_named_where_java_names_it(host: str | None, sent: str | None) -> None:
    assert server_name(host) == sent


def test_a_hello_without_versions_or_with_too_little_entropy_is_refused() -> None:
    form = fcl.get_profile("java-17").hello
    for versions, entropy in (((), LOT), ((0x0303,), LOT[:-1])):
        with pytest.raises(ValueError, match="entropy"):
            client_hello(form, versions=versions, suites=(0x0035,), host=None, entropy=entropy)


def test_what_java_security_disables_is_not_offered() -> None:
    text = "jdk.tls.disabledAlgorithms=TLSv1, TLSv1.1, DHE_RSA, TLS_RSA_*"
    client = Profile.from_java_security(text, "java-7u181")
    assert client.offered_versions == (0x0303,)
    offered = set(client.offered_suites)
    assert offered & {0x0039, 0x0033, 0x0067, 0x006B, 0x0035, 0x002F, 0x003C, 0x003D} == set()
    assert {0xC014, 0x0038, 0x00FF} <= offered


@pytest.mark.parametrize("profile", fcl.profiles(), ids=lambda profile: profile.name)
def test_every_release_offers_what_its_own_list_leaves(profile: Profile) -> None:
    assert profile.offered_suites == profile.cipher_suites
    assert len(profile.offered_versions) == len(profile.protocols)
