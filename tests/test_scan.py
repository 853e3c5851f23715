"""`finesse-certlint scan`: whatever holds certificates is taken apart, judged part by part, and summed up."""

import bz2
import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ca import article_chain, good_chain, pem_bundle
from typer.testing import CliRunner, Result

from finesse_certlint import cli
from finesse_certlint.cli import sources
from finesse_certlint.cli.outputs import NAMES

ROOT = Path(__file__).parents[1]
GOOD, BAD = pem_bundle(*good_chain()), pem_bundle(*article_chain())
DERS = [issued.der for issued in article_chain()]
AT = ("--at", "2026-11-23")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["scan", *map(str, arguments), *AT], env={"NO_COLOR": "1"})


def scanned(path: Path, *arguments: str | Path) -> list[dict[str, Any]]:
    """The rows, with names relative to the folder that the path lies in."""
    result = run(path, "--output", "-", "--workers", "0", *arguments)
    assert result.exit_code in (0, 1, 2), result.output
    found = [json.loads(line) for line in result.stdout.splitlines()]
    return [{**row, "input": row["input"].removeprefix(f"{path.parent}/")} for row in found]


def verdicts(path: Path, *arguments: str | Path) -> dict[str, str]:
    """What came of each input: its verdict or its error."""
    return {row["input"]: row["verdict"] or row["error"] for row in scanned(path, *arguments)}


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def tarred(members: dict[str, bytes], mode: Any = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return file.getvalue()


# -- Where certificates lie --------------------------------------------------------------------------------------------


def test_a_folder_is_walked_in_the_order_of_names_and_each_file_is_an_input(tmp_path: Path) -> None:
    for name, data in {"b/chain.pem": GOOD, "a.p7": BAD, "b/c/leaf.cer": DERS[0], "z.txt": b"nothing"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found = verdicts(tmp_path)
    base = tmp_path.name
    assert list(found) == [f"{base}/a.p7", f"{base}/z.txt", f"{base}/b/chain.pem", f"{base}/b/c/leaf.cer"]
    assert [found[f"{base}/{name}"] for name in ("a.p7", "b/chain.pem", "b/c/leaf.cer")] == [
        "refused",
        "accepted",
        "undetermined",
    ]
    assert "no certificate, request or key was found" in found[f"{base}/z.txt"]


MEMBERS = {"ca/good.pem": GOOD, "bad.pem": BAD}
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "zip": lambda: zipped(MEMBERS),
    "tar": lambda: tarred(MEMBERS),
    "tar.gz": lambda: tarred(MEMBERS, "w:gz"),
    "tar.bz2": lambda: tarred(MEMBERS, "w:bz2"),
    "tar.xz": lambda: tarred(MEMBERS, "w:xz"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_is_told_by_its_content_and_each_member_is_an_input(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "archive"  # no ending says what it is
    path.write_bytes(ARCHIVES[kind]())
    found = verdicts(path)
    link = {} if kind == "zip" else {"archive/link": "it is a link or a device in the archive, and no file"}
    assert found == {"archive/ca/good.pem": "accepted", "archive/bad.pem": "refused", **link}


def test_a_compressed_file_is_one_input(tmp_path: Path) -> None:
    (tmp_path / "chain.pem.gz").write_bytes(gzip.compress(BAD))
    (tmp_path / "leaf.cer.gz").write_bytes(gzip.compress(DERS[0]))
    assert list(verdicts(tmp_path).values()) == ["refused", "undetermined"]


def test_an_input_is_called_as_its_file_is_even_where_that_is_compressed(tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_bytes(GOOD)
    (tmp_path / "chain.pem.gz").write_bytes(gzip.compress(BAD))
    (tmp_path / "chain.pem.bz2").write_bytes(bz2.compress(BAD))
    found = {Path(name).name: verdict for name, verdict in verdicts(tmp_path).items()}
    assert found == {"chain.pem": "accepted", "chain.pem.bz2": "refused", "chain.pem.gz": "refused"}


def test_archives_lie_in_archives_but_not_without_end(tmp_path: Path) -> None:
    inner = zipped({"good.pem": GOOD})
    for _ in range(4):
        inner = zipped({"in.zip": inner, "bad.pem": BAD})
    path = tmp_path / "out.zip"
    path.write_bytes(inner)
    found = verdicts(path)
    assert found["out.zip/in.zip/in.zip/bad.pem"] == "refused"
    assert found["out.zip/in.zip/in.zip/in.zip"].startswith("archives in archives are opened 3 deep")
    assert len(found) == 4


def bomb_in_one_member() -> bytes:
    return zipped({"zeros": b"\0" * (8 * 1024 * 1024), "good.pem": GOOD})


def bomb_of_many_members() -> bytes:
    return zipped({f"zeros{number}": b"\0" * 400 * 1024 for number in range(40)})


def bomb_of_lines() -> bytes:
    return gzip.compress(GOOD + b"# comment\n" * 2_000_000, 9)


@pytest.mark.parametrize("bomb", [bomb_in_one_member, bomb_of_many_members, bomb_of_lines])
def test_an_archive_that_grows_a_hundredfold_is_cut_off_and_that_is_said(
    bomb: Callable[[], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_SPARE", 1024 * 1024)  # so that a small bomb will do
    path = tmp_path / "bomb"
    path.write_bytes(bomb())
    assert any("over 100 times its size; what stands behind is not read" in word for word in verdicts(path).values())


def test_what_is_broken_or_closed_is_a_row_with_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(MEMBERS)[:-30] + b"PK\5\6" + bytes(18))
    (tmp_path / "b.gz").write_bytes(gzip.compress(GOOD)[:-20])
    (tmp_path / "c.tar").write_bytes(tarred(MEMBERS)[:700])
    encrypted = bytearray(zipped({"secret.pem": GOOD}, zipfile.ZIP_STORED))
    for at in (6, encrypted.index(b"PK\1\2") + 8):
        encrypted[at] |= 1
    (tmp_path / "d.zip").write_bytes(encrypted)
    os.mkfifo(tmp_path / "e.fifo")
    found = verdicts(tmp_path)
    assert all(word for word in found.values())
    assert found[f"{tmp_path.name}/d.zip/secret.pem"].startswith("it is encrypted")
    assert found[f"{tmp_path.name}/e.fifo"] == "it is no regular file"
    assert any(word.startswith("it cannot be decompressed") for word in found.values())


def test_a_pem_file_of_thousands_is_taken_apart_and_a_chain_is_not(tmp_path: Path) -> None:
    (tmp_path / "export.pem").write_bytes(b"# all of them\n" + BAD * 20)
    found = verdicts(tmp_path / "export.pem")
    assert list(found) == [f"export.pem#{number}" for number in range(1, 61)]
    (tmp_path / "chain.pem").write_bytes(BAD)
    assert verdicts(tmp_path / "chain.pem") == {"chain.pem": "refused"}
    assert len(verdicts(tmp_path / "chain.pem", "--split")) == 3
    assert list(verdicts(tmp_path / "export.pem", "--whole")) == ["export.pem"]


# -- Tables ------------------------------------------------------------------------------------------------------------


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def opaque(data: bytes) -> bytes:
    return len(data).to_bytes(3, "big") + data


def log_entries() -> dict[str, Any]:
    """What a log's get-entries answers: a certificate, then a precertificate, each with the chain above it."""
    leaf, *above = DERS
    chain = opaque(b"".join(map(opaque, above)))
    begins = b"\0\0" + bytes(8)
    return {
        "entries": [
            {"leaf_input": b64(begins + b"\0\0" + opaque(leaf) + b"\0\0"), "extra_data": b64(chain)},
            {
                "leaf_input": b64(begins + b"\0\1" + bytes(32) + opaque(leaf[4:200]) + b"\0\0"),
                "extra_data": b64(opaque(leaf) + chain),
            },
        ]
    }


def lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


THREE = ["refused", "undetermined", "accepted"]
TABLES: dict[str, tuple[bytes, tuple[str, ...], list[str]]] = {
    "JSON lines": (lines({"id": 1, "data": BAD.decode()}, {"data": b64(DERS[0])}, {"pem": GOOD.decode()}), (), THREE),
    "a JSON array": (
        json.dumps([{"cert": BAD.decode()}, {"cert": b64(DERS[0])}, {"cert": GOOD.decode()}], indent=1).encode(),
        (),
        THREE,
    ),
    "JSON with a path": (
        lines(*({"tls": {"server": {"chain": c}}} for c in (BAD.decode(), b64(DERS[0]), GOOD.decode()))),
        ("--column", "tls.server.chain"),
        THREE,
    ),
    "certstream": (lines({"data": {"leaf_cert": {"as_der": b64(DERS[0])}}}), (), ["undetermined"]),
    "a log's get-entries": (json.dumps(log_entries()).encode(), (), ["refused", "refused"]),
    "a log's entries as lines": (lines(*log_entries()["entries"]), (), ["refused", "refused"]),
    "CSV": (
        f'host,certificate\na,"{BAD.decode()}"\nb,{b64(DERS[0])}\nc,"{GOOD.decode()}"\n'.encode(),
        (),
        THREE,
    ),
    "CSV with semicolons": (f"\ufeffhost;X\r\na;{b64(DERS[0])}\r\n".encode(), ("--column", "X"), ["undetermined"]),
    "Parquet": (parquet(pa.table({"id": [1, 2, 3], "raw": [BAD, DERS[0], GOOD]})), (), THREE),
}


@pytest.mark.parametrize("form", TABLES)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_each_row_of_a_table_is_an_input(form: str, packed: bool, tmp_path: Path) -> None:
    data, arguments, expected = TABLES[form]
    path = tmp_path / "table"
    path.write_bytes(gzip.compress(data) if packed else data)
    found = verdicts(path, *arguments)
    assert list(found.values()) == expected
    assert [name.rpartition("#")[2] for name in found] == [str(number) for number in range(1, len(expected) + 1)]


def test_base64_in_a_table_is_no_fault_of_a_file(tmp_path: Path) -> None:
    """In a file of its own, keytool and openssl would refuse it; a table of text cannot hold DER otherwise."""
    for name, data in {
        "rows.jsonl": lines({"data": b64(DERS[0])}),
        "rows.csv": f"host,data\na,{b64(DERS[0])}\n".encode(),
    }.items():
        (tmp_path / name).write_bytes(data)
        assert [row["rule"] for row in scanned(tmp_path / name)] == ["issuer-missing"]


def test_a_row_without_a_certificate_is_a_row_with_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(lines({"data": BAD.decode()}, {"other": 1}, [1]) + b"{broken\n" + lines({"data": GOOD.decode()}))
    assert [word[:20] for word in verdicts(path).values()] == [
        "refused",
        "it has none of data,",
        "it is no JSON object",
        "it is no JSON: Expec",
        "accepted",
    ]
    log = tmp_path / "log.json"
    log.write_bytes(
        json.dumps({"entries": [{"leaf_input": "AAAA"}, {"leaf_input": b64(bytes(12) + b"\xff" * 9)}]}).encode()
    )
    assert all("RFC 6962" in word for word in verdicts(log).values())


def test_json_that_is_no_table_is_a_file_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "secret.json"
    path.write_bytes(json.dumps({"tls.crt": b64(GOOD)}, indent=2).encode())
    assert list(verdicts(path)) == ["secret.json"]


# -- What comes of it --------------------------------------------------------------------------------------------------


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    folder = tmp_path / "inventory"
    folder.mkdir()
    for number in range(12):
        (folder / f"chain{number:02}.pem").write_bytes(GOOD if number % 3 else BAD)
    (folder / "junk").write_bytes(b"junk")
    return folder


def table_of(path: Path) -> list[tuple[str | None, ...]]:
    """The rows of an output, all as text."""
    if path.suffix == ".parquet":
        found = [row for file in sorted(path.iterdir()) for row in pq.read_table(file).to_pylist()]
    elif path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            found = list(csv.DictReader(file))
    else:
        found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert all(tuple(row) == NAMES for row in found)
    return [tuple("" if value is None else str(value) for value in row.values()) for row in found]


def test_the_rows_are_the_same_in_every_form(inventory: Path, tmp_path: Path) -> None:
    written = []
    for form in ("jsonl", "csv", "parquet"):
        path = tmp_path / f"out.{form}"
        assert run(inventory, "--output", path).exit_code == 1
        written.append(table_of(path))
    assert written[0] == written[1] == written[2]
    assert len({row[0] for row in written[0]}) == 13


def test_the_summary_counts_by_rule_algorithm_and_issuer(inventory: Path) -> None:
    result = run(inventory, "--select", "signature-algorithm-unsupported")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == "13 inputs: 8 accepted, 4 refused, 1 not judged"
    parts = result.stdout.split("\n\n")
    assert parts[1] == "Inputs by what was found:\n  4  error    signature-algorithm-unsupported"
    assert "  32  sha256WithRSAEncryption" in parts[2]
    assert "   4  RSASSA-PSS (SHA-1, MGF1 with SHA-1, 20)" in parts[2]
    assert "(4 with an error)" in parts[3]


@pytest.mark.parametrize(
    ("given", "status"), [({"good": GOOD}, 0), ({"good": GOOD, "bad": BAD}, 1), ({"junk": b"junk"}, 2), ({}, 2)]
)
def test_the_exit_status_says_whether_anything_is_refused(given: dict[str, bytes], status: int, tmp_path: Path) -> None:
    for name, data in given.items():
        (tmp_path / name).write_bytes(data)
    assert run(tmp_path).exit_code == status
    assert run(tmp_path, "--exit-zero").exit_code == (2 if status == 2 else 0)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("part", [0.0, 0.003, 0.35, 0.99, 1.0])
def test_a_scan_that_was_cut_off_is_resumed_without_a_row_lost_or_doubled(
    form: str, part: float, inventory: Path, tmp_path: Path
) -> None:
    whole, cut = tmp_path / f"whole.{form}", tmp_path / f"cut.{form}"
    run(inventory, "--output", whole)
    data = whole.read_bytes()
    cut.write_bytes(data[: int(len(data) * part)])
    resumed = run(inventory, "--output", cut, "--resume")
    assert resumed.exit_code in (0, 1, 2), resumed.output
    assert cut.read_bytes() == data


def test_parquet_is_resumed_with_a_further_file(inventory: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    run(inventory / "chain00.pem", inventory / "chain01.pem", "--output", out)
    result = run(inventory, "--output", out, "--resume")
    assert "2 were in the output already" in result.stdout
    assert sorted(path.name for path in out.iterdir()) == ["part-00000.parquet", "part-00001.parquet"]
    assert len({row[0] for row in table_of(out)}) == 13


def test_an_output_is_not_written_over(inventory: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("precious\n")
    result = run(inventory, "--output", out)
    assert (result.exit_code, out.read_text()) == (2, "precious\n")
    assert "is there already; add --resume to go on with it, or remove it" in result.stderr
    result = run(inventory, "--output", out, "--resume")
    assert (result.exit_code, out.read_text()) == (2, "precious\n")
    assert "was not written by a scan" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-folder",), "no-such-folder: no such file or folder"),
        ((".", "--resume"), "--resume needs --output"),
        ((".", "--output", "-", "--format", "parquet"), "Parquet is written to a folder"),
        ((".", "--profile", "java-6"), "there is no profile"),
    ],
)
def test_misuse_is_said_in_a_line(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
@pytest.mark.parametrize("part", ["outputs._Lines.add", "scan.Tally.add"])
def test_an_input_is_counted_and_written_or_neither(part: str, tmp_path: Path) -> None:
    bundle, out = tmp_path / "export.pem", tmp_path / "out.jsonl"
    bundle.write_bytes(BAD * 400)
    code = f"""
import os, signal, sys
from finesse_certlint.__main__ import main
from finesse_certlint.cli import outputs, scan

add = {part}
def interrupted(self, *what):
    {part} = add
    os.kill(os.getpid(), signal.SIGINT)
    add(self, *what)
    os.kill(os.getpid(), signal.SIGINT)

{part} = interrupted
sys.argv[1:] = ["scan", {str(bundle)!r}, "--workers", "0", "--output", {str(out)!r}]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 130, done.stderr
    assert len({json.loads(line)["input"] for line in out.read_text().splitlines()}) == 1
    assert done.stdout.startswith("1 input: ")


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_ctrl_c_leaves_what_is_done_and_resume_does_the_rest(tmp_path: Path) -> None:
    bundle = tmp_path / "export.pem"
    bundle.write_bytes(BAD * 400)
    out, whole = tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    command = [sys.executable, "-m", "finesse_certlint", "scan", str(bundle), *AT]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [*command, "--output", str(out)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for _ in range(600):
        if out.exists() and out.stat().st_size:
            break
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to the whole group
    stdout, stderr = running.communicate(timeout=60)
    assert running.returncode == 130, (stdout, stderr)
    assert stderr == "finesse-certlint: interrupted; add --resume to go on from here\n"
    judged = {json.loads(line)["input"] for line in out.read_text().splitlines()}
    assert 0 < len(judged) < 1200
    assert stdout.splitlines()[0].startswith(f"{len(judged):,} inputs: ")
    subprocess.run([*command, "--output", str(out), "--resume"], env=environment, check=False, capture_output=True)
    subprocess.run([*command, "--output", str(whole)], env=environment, check=False, capture_output=True)
    assert out.read_bytes() == whole.read_bytes()
