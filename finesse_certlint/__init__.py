"""Lint certificate chains: will the Java inside Cisco Finesse accept this server, and if not, what must be done?

import finesse_certlint as fcl

report = fcl.lint(open("chain.p7b", "rb").read(), name="chain.p7b")
print(report.verdict)
for finding in report.findings:
    print(finding.severity, finding.rule, finding.message, finding.remedy)
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from .version import __version__

if TYPE_CHECKING:  # what `_HOMES` says, in the words that type checkers read
    from .bulk import Result, lint_many
    from .certificate import Certificate
    from .chain import Chain, Trust
    from .compare import Comparison
    from .difference import Difference, diff
    from .errors import CertlintError, ExtraError, InputError, ProfileError, RuleError, WorkerError
    from .findings import Finding, Location, Role, Severity, Verdict
    from .handshake import Diagnosis, Handshake
    from .limits import Limits
    from .lint import lint, lint_capture, lint_handshakes
    from .probe import Attempt, Probe
    from .profile import Fact, Profile
    from .profiles import get_profile, profiles
    from .profiles.versions import profile_for_java
    from .report import Report
    from .request import Request
    from .rule import Problem, Rule
    from .rules import rules

__all__ = [
    "Attempt",
    "Certificate",
    "CertlintError",
    "Chain",
    "Comparison",
    "Diagnosis",
    "Difference",
    "ExtraError",
    "Fact",
    "Finding",
    "Handshake",
    "InputError",
    "Limits",
    "Location",
    "Probe",
    "Problem",
    "Profile",
    "ProfileError",
    "Report",
    "Request",
    "Result",
    "Role",
    "Rule",
    "RuleError",
    "Severity",
    "Trust",
    "Verdict",
    "WorkerError",
    "__version__",
    "diff",
    "get_profile",
    "lint",
    "lint_capture",
    "lint_handshakes",
    "lint_many",
    "profile_for_java",
    "profiles",
    "rules",
]

_HOMES = {
    "bulk": ("Result", "lint_many"),
    "certificate": ("Certificate",),
    "chain": ("Chain", "Trust"),
    "compare": ("Comparison",),
    "difference": ("Difference", "diff"),
    "errors": ("CertlintError", "ExtraError", "InputError", "ProfileError", "RuleError", "WorkerError"),
    "findings": ("Finding", "Location", "Role", "Severity", "Verdict"),
    "handshake": ("Diagnosis", "Handshake"),
    "limits": ("Limits",),
    "lint": ("lint", "lint_capture", "lint_handshakes"),
    "probe": ("Attempt", "Probe"),
    "profile": ("Fact", "Profile"),
    "profiles": ("get_profile", "profiles"),
    "profiles.versions": ("profile_for_java",),
    "report": ("Report",),
    "request": ("Request",),
    "rule": ("Problem", "Rule"),
    "rules": ("rules",),
}
"""Where the public names live."""
_HOME = {name: home for home, names in _HOMES.items() for name in names}


class _Package(ModuleType):
    """This package: a name is fetched from its home when it is first asked for, so that whoever imports the package pays
    for what they use.
    """

    def __getattr__(self, name: str) -> object:
        """A public name, or a submodule; called where neither has been bound yet (PEP 562 for a class)."""
        if name in _HOME:
            value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        else:
            value = _submodule(name)
            if value is None:
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=self)
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        """Bind a name, but no submodule to the name of a public function, as every import of `finesse_certlint.rules` would."""
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        """What is bound, and what can be."""
        return sorted({*super().__dir__(), *__all__})


def _submodule(name: str) -> ModuleType | None:
    if name.startswith("_"):  # what programs ask of any object, and no module's name
        return None
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        return None


sys.modules[__name__].__class__ = _Package
