"""`finesse-certlint`, and `python -m finesse_certlint`: the command line, or one line that says how to get it."""

import sys

_NEEDS_EXTRA = "finesse-certlint: the command line needs the extra \"cli\": pip install 'finesse_certlint[cli]'\n"


def main() -> None:
    """Run the command line, which needs the extra "cli"."""
    try:
        from .cli import app
    except ImportError as error:
        if (error.name or "").startswith("finesse_certlint"):
            raise
        sys.stderr.write(_NEEDS_EXTRA)
        sys.exit(2)
    app(prog_name="finesse-certlint")


if __name__ == "__main__":
    main()
