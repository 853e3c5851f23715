"""The catalogue of rules, written by hand: the order is the order in which they run and stand in the docs."""

from collections.abc import Iterable

from ..errors import RuleError
from ..rule import Rule
from . import (
    alerts,
    capture,
    chain,
    constraints,
    conversation,
    delivery,
    extensions,
    files,
    form,
    handshake,
    issuance,
    keys,
    names,
    request,
    settings,
    signature,
    validity,
)

ALL: tuple[Rule, ...] = (
    files.file_not_certificates,
    files.pkcs12_not_read,
    files.no_certificate,
    files.block_damaged,
    files.private_key_in_input,
    files.other_object_in_input,
    files.keystore_digest_differs,
    files.keystore_not_verified,
    files.input_repaired,
    capture.capture_without_tls,
    capture.capture_limit_reached,
    capture.capture_cut_short,
    capture.link_type_not_read,
    capture.handshake_not_seen,
    conversation.probe_not_answered,
    conversation.sent_certificate_unreadable,
    handshake.cipher_suite_refused,
    handshake.dh_prime_refused,
    handshake.protocol_not_offered,
    handshake.no_common_suite,
    handshake.better_suite_available,
    conversation.answer_depends_on_name,
    conversation.client_certificate_requested,
    alerts.alert_explained,
    conversation.answered_another_client,
    alerts.cause_masked,
    form.certificate_malformed,
    form.certificate_unparseable,
    form.certificate_bytes_unreadable,
    form.serial_number_odd,
    signature.signature_algorithm_unsupported,
    signature.signature_algorithm_disabled,
    signature.signature_algorithm_mismatch,
    signature.signature_parameters_malformed,
    signature.signature_key_mismatch,
    signature.signature_invalid,
    signature.issuer_key_differs,
    signature.issuer_key_unsupported,
    signature.signature_weak_hash,
    signature.signature_not_checked,
    keys.rsapss_public_key,
    keys.rsa_key_too_small,
    keys.public_key_disabled,
    keys.server_key_not_offered,
    extensions.server_auth_missing,
    extensions.critical_extension_unknown,
    extensions.ca_purpose_passed_over,
    constraints.name_constraints_violated,
    constraints.policy_refused,
    constraints.server_use_not_allowed,
    validity.certificate_expired,
    validity.certificate_not_yet_valid,
    chain.trust_anchor_missing,
    chain.issuer_missing,
    chain.root_missing,
    chain.ca_flag_missing,
    chain.key_cert_sign_missing,
    chain.path_length_exceeded,
    chain.self_signed_leaf,
    chain.path_not_followed,
    chain.chain_too_long,
    chain.wrong_order,
    chain.stray_certificate,
    chain.duplicate_certificate,
    chain.no_server_certificate,
    chain.trust_presumed,
    chain.limit_reached,
    names.hostname_mismatch,
    names.common_name_differs,
    request.request_malformed,
    request.request_signature_invalid,
    request.request_signature_not_checked,
    request.request_signed_with_pss,
    request.request_weak_hash,
    request.request_key_short,
    request.request_attribute_repeated,
    request.request_challenge_password,
    request.request_for_ca,
    request.request_without_alternative_name,
    request.request_made_by_windows,
    issuance.issuing_ca_signature_refused,
    issuance.issuing_ca_signature_shown,
    issuance.issuing_ca_signature_presumed,
    issuance.issuing_ca_signature_doubtful,
    issuance.issuers_not_given,
    issuance.issuing_ca_ambiguous,
    issuance.sample_of_another_ca,
    issuance.issuance_policy_unknown,
    issuance.ask_the_ca,
    settings.capolicy_alternate_signature,
    settings.capolicy_discrete_signature,
    settings.capolicy_says_little,
    delivery.delivered_key_differs,
    delivery.delivered_name_missing,
    delivery.delivered_usage_missing,
    delivery.delivered_subject_differs,
    delivery.delivered_validity,
    delivery.upload_order,
)


def find(name: str, among: Iterable[Rule] = ALL) -> Rule:
    """The rule of that name.

    :raises RuleError: where there is none; the message names the nearest.
    """
    by_name = {rule.name: rule for rule in among}
    rule = by_name.get(name)
    if rule is None:
        import difflib

        near = difflib.get_close_matches(name, by_name, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `finesse-certlint rules` lists them"
        raise RuleError(f"there is no rule {name!r}{hint}")
    return rule


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which they run."""
    return ALL
