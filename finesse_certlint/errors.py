"""The exceptions, for misuse and for input in which nothing can be read.

    CertlintError
    ├── InputError (also a ValueError)     the bytes hold nothing that can be read
    ├── ProfileError (also a ValueError)   no such profile, or a profile that contradicts itself
    ├── RuleError (also a ValueError)      no such rule, or a rule written against the house's form
    ├── WorkerError                        over many inputs: the process that judged one of them died or failed
    └── ExtraError (also an ImportError)   something was asked for whose extra is not installed

Whatever is wrong *inside* a certificate, a chain or a file is a finding, never an exception.
"""


class CertlintError(Exception):
    """The root of all exceptions that this library raises on purpose."""


class InputError(CertlintError, ValueError):
    """The input holds nothing that can be read; the message says what it looks like and what to do."""


class ProfileError(CertlintError, ValueError):
    """A profile was asked for that does not exist; the message names those that do."""


class RuleError(CertlintError, ValueError):
    """A rule was asked for that does not exist, or is not written in the form that the docs are made from."""


class WorkerError(CertlintError):
    """The process that judged one of many inputs died, or failed, over it; the message names the input and says how."""


class ExtraError(CertlintError, ImportError):
    """Something was asked for that needs an extra which is not installed; the message says how to install it."""
