"""`finesse-certlint`, and `python -m finesse_certlint`: the command line, or one line that says how to get it."""

import gc
import os
import sys

_NEEDS_EXTRA = "finesse-certlint: the command line needs the extra \"cli\": pip install 'finesse_certlint[cli]'\n"


def main() -> None:
    """Run the command line; Ctrl-C while it is still being imported ends it as it does later."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started the command, as `>&-` and some schedulers do
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open until the end
    try:
        _run()
    except KeyboardInterrupt:
        sys.stderr.write("finesse-certlint: interrupted\n")
        sys.exit(130)


def _run() -> None:
    """Run the command line, which needs the extra "cli".

    Nearly all that the imports make stays to the end. The garbage collector would look through it dozens of times on the way to
    a command, and twice more at the end; together that takes a fifth of the time, and frees a megabyte. `Command.invoke` has it
    begin with what a command makes.
    """
    gc.disable()
    try:
        from .cli import app
    except ImportError as error:
        if (error.name or "").startswith("finesse_certlint"):
            raise
        sys.stderr.write(_NEEDS_EXTRA)
        sys.exit(2)
    try:
        app(prog_name="finesse-certlint")
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
