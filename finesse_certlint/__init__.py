"""Lint certificate chains: will the Java inside Cisco Finesse accept this server, and if not, what must be done?

import finesse_certlint as fcl

report = fcl.lint(open("chain.p7b", "rb").read(), name="chain.p7b")
print(report.verdict)
for finding in report.findings:
    print(finding.severity, finding.rule, finding.message, finding.remedy)
"""

from .certificate import Certificate
from .chain import Chain, Trust
from .errors import CertlintError, InputError, ProfileError, RuleError
from .findings import Finding, Location, Role, Severity, Verdict
from .limits import Limits
from .lint import lint
from .profile import Fact, Profile
from .profiles import get_profile, profiles
from .report import Report
from .rule import Problem, Rule
from .rules import rules
from .version import __version__

__all__ = [
    "Certificate",
    "CertlintError",
    "Chain",
    "Fact",
    "Finding",
    "InputError",
    "Limits",
    "Location",
    "Problem",
    "Profile",
    "ProfileError",
    "Report",
    "Role",
    "Rule",
    "RuleError",
    "Severity",
    "Trust",
    "Verdict",
    "__version__",
    "get_profile",
    "lint",
    "profiles",
    "rules",
]
