"""Where reports go and in which form: one, or a series with a summary behind it."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from .. import Report, Verdict
from ..findings import printable
from ..render import SERIES
from .complaints import PROGRAM
from .files import write
from .judging import NOT_READ, Outcome
from .terminal import SEVERITIES, VERDICTS, Styles, When, coloured, painted, width

_REPORT_STYLES: Styles = (
    (rf"\A(?P<word>{VERDICTS})   (?P<name>.*?)   by ", {"name": "bold"}),
    (rf"^  path \d+ of \d+: (?P<word>{VERDICTS})$", {}),
    (rf"^  connection(?: \d+ of \d+)?: (?P<word>{VERDICTS})   (?P<where>.*)$", {"where": "bold"}),
    (rf"^  +\d+  \S+:\d+  (?:from \S+)? +(?P<word>{VERDICTS})  ", {}),
    (r"^    (?:frame \d+)? .*(?P<alert>Alert \(fatal, [^)]*\))", {"alert": "bold red"}),
    (r"^  .{12} (?P<mark>[x?]) ", {"mark": "bold red"}),
    (rf"^(?P<word>{SEVERITIES})  (?P<rule>[a-z0-9-]+)(?=   |$)", {"rule": "bold"}),
    (r"^  (?P<label>What to do:)", {"label": "bold"}),
    (rf"More: (?P<command>{PROGRAM} explain [a-z0-9-]+)$", {"command": "cyan"}),
)
_SUMMARY_STYLES: Styles = ((rf"(?:^  |, |: )\d*? ?(?P<word>{VERDICTS}|{NOT_READ})\b", {}),)


@attrs.frozen(kw_only=True)
class Printer:
    """The form of the reports, and the file they are written to, or standard output."""

    form: str
    output: Path | None
    color: When

    @property
    def _to_terminal(self) -> bool:
        return self.output is None and sys.stdout.isatty()

    @property
    def _paint(self) -> bool:
        return coloured(self.color, sys.stdout) if self.output is None else self.color is When.ALWAYS

    def one(self, report: Report) -> None:
        """Write one report.

        :raises MisuseError: where the file cannot be written.
        """
        write([self._rendered(report)], self.output)

    def series(self, outcomes: Iterable[Outcome], count: int) -> list[Outcome]:
        """Write the reports of `count` outcomes as they come, and hand the outcomes back.

        :raises MisuseError: where the file cannot be written.
        """
        came: list[Outcome] = []
        reports = self._reports(outcomes, came)
        if self.form in SERIES:
            pieces: Iterable[str] = SERIES[self.form](reports)
        elif self.form == "text" and count > 1:
            pieces = self._with_summary(map(self._rendered, reports), came)
        else:
            pieces = map(self._rendered, reports)
        # On a terminal the progress bar and the reports would write over one another.
        write(list(pieces) if self._to_terminal else pieces, self.output)
        return came

    def whereabouts(self, outcomes: Sequence[Outcome]) -> None:
        """Tell a person whose reports went to a file what is in it."""
        if self.output is not None and sys.stderr.isatty():
            print(f"{_tally(outcomes)}; the report is in {printable(str(self.output))}", file=sys.stderr)

    def _reports(self, outcomes: Iterable[Outcome], came: list[Outcome]) -> Iterator[Report]:
        for outcome in outcomes:
            came.append(attrs.evolve(outcome, report=None))  # a report that is written need not be kept
            if outcome.report is not None:
                yield outcome.report

    def _rendered(self, report: Report) -> str:
        if self.form != "text":
            return report.render(self.form)
        words = report.render("text", width=width(110)) if self._to_terminal else report.render("text")
        return painted(words, self._paint, _REPORT_STYLES)

    def _with_summary(self, documents: Iterable[str], came: Sequence[Outcome]) -> Iterator[str]:
        for document in documents:
            yield f"{document}\n{'-' * 80}\n\n"
        yield painted(_summary(came), self._paint, _SUMMARY_STYLES)


def _summary(outcomes: Sequence[Outcome]) -> str:
    lines = [_tally(outcomes)]
    lines += [f"  {came.word:<12}   {came.title}" for came in outcomes if came.word != Verdict.ACCEPTED]
    return "\n".join(lines) + "\n"


def _tally(outcomes: Sequence[Outcome]) -> str:
    if len(outcomes) == 1:
        return outcomes[0].word
    words = Counter(outcome.word for outcome in outcomes)
    return f"{len(outcomes)} files: " + ", ".join(f"{count} {word}" for word, count in words.most_common())
