"""The command line, asked about other clients: profiles of one's own, an installation of Java, several at once."""

import json
import shutil
import subprocess
from pathlib import Path

import ca
import pytest
from test_cli import ALONE, ARTICLE, GOOD, line, run


def test_the_article_s_chain_by_java_7u181() -> None:
    """The root's own signature is not checked once it is trusted; the article says otherwise."""
    result = run("lint", "--profile", "java-7u181", ARTICLE)
    assert result.exit_code == 0
    assert result.stdout.startswith("accepted ")
    assert "Cisco TechNote 214617 says otherwise" in " ".join(result.stdout.split())


# -- compare -----------------------------------------------------------------------------------------------------------


def test_compare_is_a_table_of_clients_by_certificates() -> None:
    result = run("compare", ARTICLE)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [lines[2].split("   ")[-3:][0].strip(), *lines[2].split("   ")[-2:]] == [
        "gadgets.example.com",
        "Example Issuing CA 1",
        "Example Root CA",
    ]
    assert lines[3].split() == ["finesse", "refused", "-", "-", "signature-algorithm-unsupported"]
    assert [row.split()[:2] for row in lines[4:11]] == [
        [f"java-{release}", "accepted"] for release in ("7u80", "7u181", "8u181", "8u504", "11", "17", "21")
    ]
    assert "Accepted by java-7u80, java-7u181" in result.stdout


def test_compare_in_json() -> None:
    result = run("compare", "--format", "json", "--profile", "finesse", "--profile", "java-17", ARTICLE)
    found = json.loads(result.stdout)
    assert [(row["name"], row["verdict"]) for row in found["profiles"]] == [
        ("finesse", "refused"),
        ("java-17", "accepted"),
    ]


def test_compare_what_none_can_accept() -> None:
    result = run("compare", ALONE)
    assert result.exit_code == 1
    assert "something that decides is not here" in " ".join(result.stdout.split())


def test_compare_what_is_no_certificate(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(100))
    assert run("compare", str(photo)).exit_code == 2
    result = run("compare", str(tmp_path / "not-there.pem"))
    assert result.exit_code == 2
    assert "no such file" in line(result)


# -- A profile of one's own --------------------------------------------------------------------------------------------


def test_a_profile_in_a_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'base = "java-8u181"\nname = "mine"\ntitle = "What we accept"\ncertpath_disabled = "RSA keySize < 4096"\n'
    )
    result = run("lint", "--profile", mine, GOOD)
    assert result.exit_code == 1
    assert "by mine: What we accept" in result.stdout
    assert "`RSA keySize < 4096`" in result.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base = ", "it is no TOML"),
        ('base = "java-9"', "there is no profile 'java-9'"),
        ("algorithms = 1", "a profile has no 'algorithms'"),
    ],
)
def test_a_file_that_is_no_profile(tmp_path: Path, text: str, said: str) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(text)
    result = run("lint", "--profile", mine, GOOD)
    assert result.exit_code == 2
    assert said in line(result)


# -- An installation ---------------------------------------------------------------------------------------------------


def installation(folder: Path, version: str, security: str, *, old: bool = False) -> Path:
    """The files of a Java that are read; nothing of it runs."""
    (folder / "release").write_text(f'IMPLEMENTOR="Nobody"\nJAVA_VERSION="{version}"\n')
    place = folder / ("jre/lib/security" if old else "conf/security")
    place.mkdir(parents=True)
    (place / "java.security").write_text(security)
    return folder


def test_an_installation_is_asked_by_its_files(tmp_path: Path) -> None:
    text = "jdk.certpath.disabledAlgorithms=MD2, MD5, RSA keySize < 4096\n"
    home = installation(tmp_path, "17.0.15", text)
    result = run("lint", "--java-home", home, GOOD)
    assert result.exit_code == 1
    assert "by Java 17.0.15: Java 17, with the disabled algorithms of Java 17.0.15" in result.stdout
    assert "`RSA keySize < 4096`" in result.stdout


def test_an_installation_of_java_8_keeps_its_files_elsewhere(tmp_path: Path) -> None:
    home = installation(tmp_path, "1.8.0_181", "jdk.certpath.disabledAlgorithms=MD2, MD5, SHA256\n", old=True)
    result = run("lint", "--java-home", home, GOOD)
    assert "by Java 1.8.0_181: Java 8u181" in result.stdout
    assert "`SHA256` in jdk.certpath.disabledAlgorithms" in result.stdout


def test_its_cacerts_are_what_it_trusts() -> None:
    """The root of the example is in no JDK's cacerts; with --trusted it is."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("needs a JDK")
    said = subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True)
    home = next(row.split("=")[1].strip() for row in said.stderr.splitlines() if "java.home =" in row)
    result = run("lint", "--java-home", home, GOOD)
    assert result.exit_code == 1
    assert "trust-anchor-missing" in result.stdout
    assert run("lint", "--java-home", home, "--trusted", GOOD, GOOD).exit_code == 0


@pytest.mark.parametrize("missing", ["release", "java.security"])
def test_a_folder_that_is_no_java(tmp_path: Path, missing: str) -> None:
    if missing != "release":
        (tmp_path / "release").write_text('JAVA_VERSION="17.0.15"\n')
    result = run("lint", "--java-home", tmp_path, GOOD)
    assert result.exit_code == 2
    assert missing in line(result)
    assert "give the folder that holds bin and lib" in line(result)


def test_two_clients_are_one_too_many(tmp_path: Path) -> None:
    result = run("lint", "--java-home", tmp_path, "--profile", "finesse", GOOD)
    assert result.exit_code == 2
    assert "--java-home and --profile each name a client" in line(result)


def test_a_stranger_s_certificates_stay_harmless_in_the_table(tmp_path: Path) -> None:
    evil = ca.Server("gadgets.example.com", subject=(("common_name", "\x1b[31mred\x07", "utf8_string"),))
    file = tmp_path / "evil.pem"
    file.write_bytes(evil.pem)
    result = run("compare", "--color", "never", file)
    assert "\x1b" not in result.stdout
    assert "\x07" not in result.stdout
