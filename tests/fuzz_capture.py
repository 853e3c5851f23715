"""The contract under fuzzing, for captures and for what stands in them: a Report or InputError, the spans add up, no rule fails.

Two atheris targets (extra `fuzz`). `captures` takes a file; `flights` takes what two parties say, cut as the first bytes
tell, so that the fuzzer does not have to get past pcap's headers each time::

    python tests/fuzz_capture.py captures -runs=200000
    python tests/fuzz_capture.py flights -runs=200000
"""

import io
import sys
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import atheris
from fuzzing import fcl

from finesse_certlint.formats.capture.reading import read
from finesse_certlint.formats.tls import Conversation
from finesse_certlint.handshake import GapKind, Handshake, Sender

AT = datetime(2026, 11, 23, tzinfo=UTC)
CAPTURES = Path(__file__).parent / "captures"


def captures(data: bytes) -> None:
    """One file: every one is read, and one of 16 judged, which takes a hundred times as long."""
    try:
        document = read(io.BytesIO(data), "given", fcl.Limits())
    except fcl.InputError:
        return
    assert sum(len(block.span) for block in document.blocks) == len(data)
    for handshake in document.handshakes:
        check(handshake)
    if zlib.crc32(data) % 16:
        return
    report = fcl.lint_capture(io.BytesIO(data), at=AT, hostname="gadgets.example.com")
    assert not report.rules.crashed, report.rules.crashed
    assert report.to_json()
    assert report.render()
    assert all(handshake.diagnosis for handshake in report.handshakes)


def flights(data: bytes) -> None:
    """What two parties say: a byte for each piece tells whose it is, whether it is missing, and how long it is."""
    conversation = Conversation()
    at, place = 0, 0
    while at < len(data):
        script, at = data[at], at + 1
        sender = Sender.SERVER if script & 1 else Sender.CLIENT
        count = (script >> 2) ** 2 + 1
        if script & 2 and script >> 7:
            conversation.skip(sender, count, GapKind.LOST, float(place), place)
        else:
            conversation.feed(sender, data[at : at + count], float(place), place)
            at += count
        place += 1
    conversation.end(Sender.CLIENT, "closes the connection")
    conversation.end()
    assert conversation.held <= 8 * len(data) + 64
    for handshake in conversation.handshakes():
        check(handshake)


def check(handshake: Handshake) -> None:
    """What must hold of every handshake."""
    assert len(handshake.steps) <= 64
    assert handshake.gaps or handshake.server_hello is not None or handshake.alerts or handshake.steps


def said(data: bytes, sender: Sender) -> bytes:
    """Bytes of one side in the form that `flights` takes."""
    out = b""
    for at in range(0, len(data), 962):
        piece = data[at : at + 962]
        width = next(width for width in range(32) if width * width + 1 >= len(piece))
        out += bytes([width << 2 | (sender is Sender.SERVER)]) + piece.ljust(width * width + 1, b"\0")
    return out


def seeds(folder: Path, kind: str) -> None:
    """The corpus to begin with: real captures, and what is said in them."""
    from exchanges import known
    from packets import LINKS, PCAP, Wire, converse, frames

    for name, turns in known().items():
        if kind == "flights":
            (folder / name).write_bytes(b"".join(said(data, sender) for sender, data in turns))
            continue
        for number, (form, link) in enumerate(zip(PCAP, LINKS, strict=False)):
            if number % 5 == len(name) % 5:
                made = frames(Wire(timestamps=True), converse(turns, size=500), LINKS[link])
                (folder / f"{name}-{form}").write_bytes(PCAP[form](made, LINKS[link].number))
    if kind == "captures":
        for path in CAPTURES.glob("*.pcap*"):
            (folder / path.name).write_bytes(path.read_bytes())


if __name__ == "__main__":
    chosen = sys.argv.pop(1)
    with tempfile.TemporaryDirectory() as corpus:
        seeds(Path(corpus), chosen)
        atheris.Setup(
            [*sys.argv, corpus, "-max_len=16384", "-timeout=20"], {"captures": captures, "flights": flights}[chosen]
        )
        atheris.Fuzz()
