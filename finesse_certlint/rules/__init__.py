"""The catalogue of rules, written by hand: the order is the order in which they run and stand in the docs."""

from ..errors import RuleError
from ..rule import Rule
from . import chain, extensions, files, form, keys, names, signature, validity

ALL: tuple[Rule, ...] = (
    files.file_not_certificates,
    files.pkcs12_not_read,
    files.no_certificate,
    files.block_damaged,
    files.private_key_in_input,
    files.request_not_judged,
    files.capture_not_judged,
    files.other_object_in_input,
    files.input_repaired,
    form.certificate_malformed,
    signature.signature_algorithm_unsupported,
    signature.signature_algorithm_mismatch,
    signature.signature_parameters_malformed,
    signature.signature_key_mismatch,
    signature.signature_invalid,
    signature.signature_weak_hash,
    signature.signature_not_checked,
    keys.rsapss_public_key,
    keys.rsa_key_too_small,
    extensions.server_auth_missing,
    extensions.critical_extension_unknown,
    validity.certificate_expired,
    validity.certificate_not_yet_valid,
    chain.trust_anchor_missing,
    chain.issuer_missing,
    chain.root_missing,
    chain.ca_flag_missing,
    chain.key_cert_sign_missing,
    chain.path_length_exceeded,
    chain.self_signed_leaf,
    chain.wrong_order,
    chain.stray_certificate,
    chain.duplicate_certificate,
    chain.no_server_certificate,
    chain.trust_presumed,
    chain.limit_reached,
    names.hostname_mismatch,
    names.common_name_differs,
)

_BY_NAME = {rule.name: rule for rule in ALL}


def find(name: str) -> Rule:
    """The rule of that name.

    :raises RuleError: where there is none; the message names the nearest.
    """
    rule = _BY_NAME.get(name)
    if rule is None:
        import difflib

        near = difflib.get_close_matches(name, _BY_NAME, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `finesse-certlint rules` lists them"
        raise RuleError(f"there is no rule {name!r}{hint}")
    return rule


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which they run."""
    return ALL
