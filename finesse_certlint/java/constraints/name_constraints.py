"""Whether the names in a path's certificates keep to the nameConstraints of those above them."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...certificate import Certificate
from ...tlv import TlvError
from ..addresses import inet_address, is_address
from ..der import as_string
from ..general_names import Kind, has_domain, is_domain_name
from ..names import Attributes, attributes, common_name, self_issued
from .extensions import NAME_CONSTRAINTS, SUBJECT_ALT_NAME, decoded
from .general_names import Constraints, Name, Tree, directory_name, read_constraints, read_general_names
from .relations import TOO_MUCH, TooMuchError
from .subtrees import Subtrees
from .violation import EXTENSIONS, SUBJECT, JavaError, Violation

if TYPE_CHECKING:
    from . import PathConstraints

_NO_PATH = "unable to find valid certification path to requested target"
_EMAIL_ADDRESS = "1.2.840.113549.1.9.1"


def check(
    rules: "PathConstraints", path: Sequence[Certificate], *, chooses: bool, anchor: Certificate | None
) -> Violation | None:
    """`ConstraintsChecker.verifyNameConstraints`; `_not_selected` where Java looks for CAs by their constraints."""
    if chooses:
        return _not_selected(rules, path, anchor)
    subtrees = Subtrees(rules)
    merged: Constraints | None = None
    for index in range(len(path) - 1, -1, -1):
        certificate = path[index]
        field = f"{EXTENSIONS}nameConstraints"
        try:
            if merged is not None and (index == 0 or not self_issued(certificate)):
                field = SUBJECT
                refused = _outside(rules, subtrees, merged, certificate, index)
                if refused is not None:
                    return refused
                field = f"{EXTENSIONS}nameConstraints"
            found = decoded(rules.reads, certificate, NAME_CONSTRAINTS, partial(read_constraints, rules, index))
            if found is not None:
                merged = subtrees.merged(merged, found)
        except JavaError as error:
            return Violation(index=index, field=field, reason=str(error))
        except TooMuchError:
            return Violation(index=index, field=field, reason=TOO_MUCH)
    return None


def _not_selected(
    rules: "PathConstraints", path: Sequence[Certificate], anchor: Certificate | None
) -> Violation | None:
    """ForwardBuilder.getMatchingCACerts and X509CertSelector.matchPathToNames: from the server up, CA by CA."""
    subtrees = Subtrees(rules)
    below: list[tuple[int, str, Name]] = []
    for index, certificate in enumerate((*path, *([anchor] if anchor else ()))):
        extension = certificate.extension(NAME_CONSTRAINTS)
        if index and extension is not None:
            value = decoded(rules.reads, certificate, NAME_CONSTRAINTS, partial(read_constraints, rules, index))
            if value is None:
                return Violation(
                    index=min(index, len(path) - 1),
                    field=extension.field,
                    reason=f"the nameConstraints of certificate {index + 1} of the path cannot be read, so that this Java "
                    f'does not go through it (Java: "{_NO_PATH}")',
                )
            for place, field, name in below:
                try:
                    why, example = subtrees.unselected(value, name)
                except JavaError as error:
                    return Violation(index=place, field=field, reason=str(error), evidence={"name": name.text})
                except TooMuchError:
                    return Violation(index=place, field=field, reason=TOO_MUCH)
                if example is not None:
                    return _refused(place, field, name, why, example, _NO_PATH)
        if index == 0 or not self_issued(certificate):
            below.append((index, SUBJECT, directory_name(certificate.subject_raw, certificate.subject)))
            found = decoded(rules.reads, certificate, SUBJECT_ALT_NAME, partial(read_general_names, rules))
            below += [(index, f"{EXTENSIONS}subjectAltName", name) for name in found or ()]
    return None


def _outside(
    rules: "PathConstraints", subtrees: Subtrees, merged: Constraints, certificate: Certificate, index: int
) -> Violation | None:
    """NameConstraintsExtension.verify."""
    for tree in (*(merged.excluded or ()), *(merged.permitted or ())):
        if tree.minimum != 0 or tree.maximum != -1:
            what = "Non-zero minimum" if tree.minimum != 0 else "Maximum"
            raise JavaError(
                f"the nameConstraints of certificate {tree.origin + 1} of the path give a minimum or maximum distance, "
                f'which Java does not support (Java: "{what} BaseDistance in name constraints not supported")'
            )
    for field, name in _names(rules, certificate):
        try:
            why, example = subtrees.refusal(merged, name)
        except JavaError as error:
            return Violation(index=index, field=field, reason=str(error), evidence={"name": name.text})
        if example is not None:
            return _refused(index, field, name, why, example, "name constraints check failed")
    return None


def _refused(index: int, field: str, name: Name, why: str, example: Tree, logged: str) -> Violation:
    """A name of the certificate at that place which a constraint refuses."""
    return Violation(
        index=index,
        field=field,
        reason=f'{name} is {why} of certificate {example.origin + 1} of the path, such as {example.name} (Java: "{logged}")',
        evidence={
            "kind": name.kind.value,
            "name": name.text,
            "constraint": example.name.text,
            "constrained_by": example.origin,
        },
    )


def _names(rules: "PathConstraints", certificate: Certificate) -> Iterator[tuple[str, Name]]:
    """The names that constraints are applied to, each with its field."""
    subject = _subject(certificate)
    if any(subject):
        yield SUBJECT, directory_name(certificate.subject_raw, certificate.subject)
    field = f"{EXTENSIONS}subjectAltName"
    alternatives = decoded(rules.reads, certificate, SUBJECT_ALT_NAME, partial(read_general_names, rules))
    found = [(field, name) for name in alternatives or ()]
    if alternatives is None:
        # RFC 5280 section 4.2.1.10: "When a certificate does not include a subject alternative name, the rfc822Name
        # constraint MUST be applied to the attribute of type emailAddress in the subject distinguished name."
        found = [(SUBJECT, name) for name in _mail_addresses(rules, subject)]
    if not rules.common_name_is_host:
        yield from found
        return
    # Asked for here already: Java reads it before it looks at the first of the others.
    common = _common_name(rules, subject)
    yield from found
    if common is not None and not any(name.kind is common.kind for _, name in found):
        yield SUBJECT, common


def _subject(certificate: Certificate) -> Attributes:
    try:
        return attributes(certificate.subject_raw)
    except TlvError:
        return ()


def _mail_addresses(rules: "PathConstraints", subject: Attributes) -> Iterator[Name]:
    for relative in subject:
        for kind, tag, octets in relative:
            if kind != _EMAIL_ADDRESS:
                continue
            text = as_string(tag, octets, universal=rules.hostnames.reads_universal_string)
            if text is None:
                raise JavaError(
                    f"its emailAddress is of a string type that Java does not read, with tag 0x{tag:02x} "
                    '(Java: "AVA string is null")'
                )
            if has_domain(text):
                yield Name(kind=Kind.MAIL, text=text)


def _common_name(rules: "PathConstraints", subject: Attributes) -> Name | None:
    """The common name as a host, if it is a domain name or an address."""
    found = common_name(subject)
    text = as_string(*found, universal=rules.hostnames.reads_universal_string) if found else None
    if text is None:
        return None
    if is_address(text):
        # IPAddressName(String) wants a dot or a colon: 167772161 is no name.
        address = inet_address(text) if "." in text or ":" in text else None
        return None if address is None else Name(kind=Kind.ADDRESS, text=text, octets=address)
    name = text.replace("*", "z") if rules.common_name_wildcards else text
    fits = is_domain_name(name, digit_labels=not rules.labels_begin_with_letter, limited=rules.labels_limited)
    return Name(kind=Kind.HOST, text=text) if fits else None
