"""How fast a capture is read, beside dpkt, which merely iterates the same file's frames; and how much memory that takes.

It writes a pcap and a pcapng of the size asked for, in megabytes, with one handshake among other traffic, and reads each in
a process of its own (extra `bench`)::

    python tests/benchmarks/capture_speed.py 200
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

SMALL = Path(__file__).parents[1] / "captures" / "ok_java_tls12.pcap"

if TYPE_CHECKING:
    from packets import Frame


def traffic(megabytes: int) -> "list[Frame]":
    """Frames of a download over TLS that was going on already, of one in clear, and in their middle the handshake in question."""
    from exchanges import known
    from packets import CLIENT, LINKS, SERVER, Wire, converse, frames

    link = LINKS["ethernet"]
    body = bytes(range(256)) * 64
    plain = [(CLIENT, b"GET / HTTP/1.1\r\n\r\n"), (SERVER, b"HTTP/1.1 200 OK\r\n\r\n" + body * 60)]
    record = b"\x17\x03\x03\x40\x00" + body
    secret = [(CLIENT, record[:5] + body[:16384]), (SERVER, record * 60)]
    others = []
    for number in range(megabytes // 2):
        wire = Wire(client=("10.9.1.1", 10_000 + number), server=("10.9.0.3", 80))
        others.append(frames(wire, converse(plain), link))
        wire = Wire(client=("10.9.1.1", 10_000 + number), server=("10.9.0.4", 443))
        others.append(frames(wire, converse(secret, begin=False), link))
    middle = len(others) // 2
    conversation = frames(Wire(), converse(known()["tls-1.0-dhe"]), link)
    return [frame for each in [*others[:middle], conversation, *others[middle:]] for frame in each]


def make(folder: Path, megabytes: int) -> tuple[Path, Path]:
    """The traffic as pcap and as pcapng."""
    from packets import LINKS, enhanced, interface, pcap, section

    link = LINKS["ethernet"]
    made = traffic(megabytes)
    paths = folder / "made.pcap", folder / "made.pcapng"
    paths[0].write_bytes(pcap(made, link.number))
    with paths[1].open("wb") as file:
        file.write(section() + interface(link.number))
        for frame in made:
            file.write(enhanced(frame))
    return paths


def ours(path: str) -> str:
    """Read it with this library, rules and all."""
    import finesse_certlint as fcl

    with SMALL.open("rb") as file:
        fcl.lint_capture(file)  # what is imported when it is needed is there now
    with open(path, "rb") as file:
        began = time.process_time()
        report = fcl.lint_capture(file)
        seconds = time.process_time() - began
    whole = [handshake for handshake in report.handshakes if handshake.certificate_message]
    assert len(whole) == 1, "the one handshake"
    return f"{seconds:.3f}"


def theirs(path: str) -> str:
    """Iterate over its frames with dpkt."""
    import dpkt

    with open(path, "rb") as file:
        began = time.process_time()
        reader = dpkt.pcapng.Reader(file) if path.endswith("ng") else dpkt.pcap.Reader(file)
        count = sum(1 for _ in reader)
        seconds = time.process_time() - began
    assert count
    return f"{seconds:.3f}"


def measure(who: str, path: Path) -> tuple[float, float]:
    """Seconds of the processor, and megabytes of memory at most, in a process of its own."""
    command = [sys.executable, __file__, who, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def main(megabytes: int) -> None:
    """Both readers in turn, three times; the best of each counts."""
    with tempfile.TemporaryDirectory() as folder:
        for path in make(Path(folder), megabytes):
            size = path.stat().st_size / 1e6
            runs = [(measure("ours", path), measure("theirs", path)) for _ in range(3)]
            (mine, memory), (dpkt, _) = min(run[0] for run in runs), min(run[1] for run in runs)
            print(
                f"{path.suffix[1:]:<7} {size:.0f} MB: lint_capture {mine:.2f} s ({size / mine:.0f} MB/s, "
                f"{memory:.0f} MB resident), dpkt's iteration {dpkt:.2f} s ({size / dpkt:.0f} MB/s): "
                f"{dpkt / mine:.2f} times its speed"
            )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print({"ours": ours, "theirs": theirs}[sys.argv[1]](sys.argv[2]))
        # Linux hands getrusage's maximum on to child processes; this one is the process's own.
        print(int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))[0]) / 1024)
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
