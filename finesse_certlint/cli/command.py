"""What all commands have in common: how their help is laid out, and how they end when something goes wrong."""

import gc
import os
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ..errors import CertlintError
from ..findings import printable
from .coercion import convert_lightly
from .complaints import PROGRAM, MisuseError, complain
from .registry import Registry
from .terminal import Styles, When, coloured, painted

JUDGING_EXIT_STATUS = """
\b
Exit status:
  0  accepted, and no finding is as bad as --fail-on
  1  refused or undetermined, or a finding is as bad as --fail-on
  2  nothing could be read, or the command was misused
"""
"""The end of the help of a command that judges."""

_HELP_STYLES: Styles = (
    (r"^ *(?P<heading>Usage:|[A-Z][a-z ]+:$)", {"heading": "bold green"}),
    (r"^  (?P<option>-[a-z-]+(?:, --[a-z-]+)?|--[a-z-]+)", {"option": "bold cyan"}),
    (rf"^  +(?:openssl.*)?(?P<program>{PROGRAM} .*)$", {"program": "cyan"}),
)


class Command(TyperCommand):
    """A command whose options stand under headings of their own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what was given, lightly."""
        convert_lightly(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, with the garbage collector at work on what it makes; `main()` has put it off until here."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        return super().invoke(ctx)

    def get_help(self, ctx: Any) -> str:
        """The help, coloured where the screen takes it."""
        return _painted_help(super().get_help(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The arguments, then the options by their panels."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if param.param_type_name == "argument":
                sections.setdefault("Arguments", []).append((param.metavar or "", getattr(param, "help", "")))
            elif record := param.get_help_record(ctx):
                sections.setdefault(getattr(param, "rich_help_panel", None) or "Options", []).append(record)
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)


class Commands(TyperGroup):
    """All commands: faults of the input, Ctrl-C and a closed pipe end each of them in one line or none."""

    def __init__(self, **settings: Any) -> None:
        """Take all commands there are."""
        super().__init__(**settings)
        self.commands: Any = Registry()

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands."""
        return list(self.commands)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what was given before the command, lightly."""
        convert_lightly(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """The help, coloured where the screen takes it."""
        return _painted_help(super().get_help(ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run a command, and turn what people meet into a line and an exit status."""
        try:
            return super().invoke(ctx)
        except (MisuseError, CertlintError) as error:
            complain(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            complain("interrupted")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            # Whoever read the output has gone, as `head` does; the interpreter's last flush must not complain either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(128 + 13) from None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; a file in its place is what people give who have forgotten it."""
        if args[0] not in self.commands and (args[0] == "-" or os.path.exists(args[0])):
            complain(f"there is no command {printable(args[0])!r}; did you mean: {PROGRAM} lint {printable(args[0])}")
            raise typer.Exit(2)
        return super().resolve_command(ctx, args)


def _painted_help(words: str) -> str:
    return painted(words, coloured(When.AUTO, sys.stdout), _HELP_STYLES)
