"""Which policies are valid for a path, and whether one is left where a certificate asks for one: PolicyChecker."""

from collections.abc import Mapping, Sequence

from ...certificate import Certificate
from ..names import self_issued
from ..parse import CertificateFactory
from . import extensions
from .extensions import CERTIFICATE_POLICIES, INHIBIT_ANY_POLICY, POLICY_CONSTRAINTS, POLICY_MAPPINGS, decoded
from .violation import EXTENSIONS, Violation

_ANY_POLICY = "2.5.29.32.0"


def check(reads: CertificateFactory, path: Sequence[Certificate]) -> Violation | None:
    """`PolicyChecker.checkPolicy`, certificate by certificate from the anchor down."""
    if not any([_decides(certificate) for certificate in path]):
        return None
    # The lowest level of the tree: each valid policy with its expected policies; None for no tree.
    level: dict[str, set[str]] | None = {_ANY_POLICY: {_ANY_POLICY}}
    explicit = mapping = inhibit_any = len(path) + 1
    for index in range(len(path) - 1, -1, -1):
        certificate, final = path[index], index == 0
        own = self_issued(certificate)
        held = decoded(reads, certificate, CERTIFICATE_POLICIES, extensions.policies)
        if held is None:
            level = None
        elif level is not None:
            extension = certificate.extension(CERTIFICATE_POLICIES)
            qualified = [name for name, qualifiers in held if qualifiers and name != _ANY_POLICY]
            if qualified and extension is not None and extension.critical:
                return Violation(
                    index=index,
                    field=extension.field,
                    reason=f"its critical certificatePolicies hold qualifiers, for policy {qualified[0]} "
                    '(Java: "critical policy qualifiers present in certificate")',
                    evidence={"policies": qualified},
                )
            any_counts = inhibit_any > 0 or (not final and own)
            level = _next_level(level, [name for name, _ in held], any_counts=any_counts) or None
        if level is not None and not final:
            maps = decoded(reads, certificate, POLICY_MAPPINGS, extensions.policy_mappings) or ()
            for side, which in (("issuerDomainPolicy", 0), ("subjectDomainPolicy", 1)):
                # Java meets them one after another; whichever comes first, it refuses.
                if any(pair[which] == _ANY_POLICY for pair in maps):
                    return Violation(
                        index=index,
                        field=f"{EXTENSIONS}{POLICY_MAPPINGS}",
                        reason=f"its policyMappings hold anyPolicy as {side} "
                        f'(Java: "encountered a{"n" * (which == 0)} {side} of ANY_POLICY")',
                    )
            level = _mapped(level, maps, mapping) or None
        skips = decoded(reads, certificate, POLICY_CONSTRAINTS, extensions.policy_constraints)
        require, inhibit_mapping = skips or (-1, -1)
        counts = not own
        if final:
            explicit -= counts and explicit > 0
            explicit = 0 if require == 0 else explicit
        if explicit == 0 and level is None:
            return Violation(
                index=index,
                field=f"{EXTENSIONS}certificatePolicies",
                reason="an explicit policy is required here, and none of its own is valid for the path above it "
                '(Java: "non-null policy tree required and policy tree is null")',
                evidence={"policies": None if held is None else [name for name, _ in held]},
            )
        if not final:
            skip = decoded(reads, certificate, INHIBIT_ANY_POLICY, extensions.integer)
            explicit = _lowered(explicit, counts, require)
            mapping = _lowered(mapping, counts, inhibit_mapping)
            inhibit_any = _lowered(inhibit_any, counts, -1 if skip is None else skip)
    return None


def _decides(certificate: Certificate) -> bool:
    """Whether an extension in it can refuse a path; what certificatePolicies say counts only where one of these is there."""
    return certificate.has_any(_DECIDING) or any(
        [each.oid == CERTIFICATE_POLICIES for each in certificate.critical_extensions]
    )


_DECIDING = frozenset({POLICY_MAPPINGS, POLICY_CONSTRAINTS, INHIBIT_ANY_POLICY})


def _next_level(level: Mapping[str, set[str]], policies: Sequence[str], *, any_counts: bool) -> dict[str, set[str]]:
    """PolicyChecker.processPolicies: the policies of one certificate under those that are expected of it."""
    expected = set().union(*level.values())
    found = {name: {name} for name in policies if name != _ANY_POLICY and not expected.isdisjoint((name, _ANY_POLICY))}
    if any_counts and _ANY_POLICY in policies:
        found.update((name, {name}) for name in expected if name not in found)
    return found


def _mapped(level: dict[str, set[str]], maps: Sequence[tuple[str, str]], mapping: int) -> dict[str, set[str]]:
    """PolicyChecker.processPolicyMappings."""
    level = dict(level)
    changed: set[str] = set()
    for issuer, subject in maps:
        if mapping > 0 or mapping == -1:
            if issuer in changed:
                level[issuer].add(subject)
            elif issuer in level or _ANY_POLICY in level:
                changed.add(issuer)
                level[issuer] = {subject}
        elif mapping == 0:
            level.pop(issuer, None)
    return level


def _lowered(value: int, counts: bool, given: int) -> int:
    """PolicyChecker.mergeExplicitPolicy and the two like it: one less after each certificate, or what that one says."""
    value -= counts and value > 0
    return given if given != -1 and (value == -1 or given < value) else value
