r"""Submit a request to AD CS, judged before and after: `python adcs_submit.py CONFIG REQUEST CHAIN HOST`.

CONFIG is the CA as certreq names it (`SERVER\CA NAME`), REQUEST the request's file, CHAIN the file to which the issued
certificate and its chain are written as PKCS#7, HOST the host in the gadget's URL. A policy module cannot see with which
algorithm the CA will sign, which is the CA's own setting; so what was issued is judged again before anybody installs it.
"""

import subprocess
import sys
from pathlib import Path

import finesse_certlint as fcl


def main(config: str, request: str, chain: str, host: str) -> int:
    """0 where the delivered chain is accepted, 1 where something is refused, 2 where certreq failed."""
    before = fcl.lint(Path(request).read_bytes(), name=request)
    if before.verdict == "refused":
        print(before.render())
        return 1
    certificate = str(Path(chain).with_suffix(".cer"))
    done = subprocess.run(["certreq", "-submit", "-config", config, request, certificate, chain], check=False)
    if done.returncode != 0 or not Path(chain).exists():
        print("certreq delivered nothing: the CA refused the request or keeps it pending.", file=sys.stderr)
        return 2
    after = fcl.lint(Path(chain).read_bytes(), name=chain, hostname=host)
    print(after.render())
    return 0 if after.verdict == "accepted" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
