"""Certificates and requests as the JSON values of a report, and back.

Both travel as their bytes: what stands beside these in the JSON is for readers without a decoder, and is derived anew when a
report is read.
"""

from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Mapping
from typing import Any

from .certificate import Certificate
from .errors import InputError
from .findings import Location, Verdict, printable
from .pkix import AlgorithmIdentifier, FieldProblem, PublicKey, Signed
from .request import FORMS, Request
from .tlv import TlvError, read, read_signed
from .values import mapping, member, plain


def certificate_values(certificate: Certificate, role: str) -> dict[str, Any]:
    """One certificate, in the form of schemas/report-1.schema.json."""
    kept = certificate.kept.get(certificate_values)
    if kept is None:
        kept = certificate.kept[certificate_values] = _of_octets(certificate)
    values: dict[str, Any] = kept.copy()  # what changes in it is made anew, for the caller may change what he gets
    values["index"] = certificate.index
    values["role"] = role
    values["signature_algorithm"] = _algorithm(certificate.signature_algorithm)
    values["public_key"] = _key(certificate.public_key)
    values["dns_names"] = kept["dns_names"].copy()
    values["trusted"] = certificate.trusted
    values["location"] = location_values(certificate.location)
    return values


def _of_octets(certificate: Certificate) -> dict[str, Any]:
    """What follows from its octets alone, with room for the rest."""
    return {
        "index": None,
        "role": None,
        "fingerprint_sha256": certificate.fingerprint_sha256,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": None if (serial := certificate.serial) is None else format(serial, "x"),
        "signature_algorithm": None,
        "not_before": None if (moment := certificate.not_before) is None else moment.isoformat(),
        "not_after": None if (moment := certificate.not_after) is None else moment.isoformat(),
        "public_key": None,
        "dns_names": [name if name.isprintable() else printable(name) for name in certificate.dns_names],
        "ca": certificate.ca,
        "trusted": None,
        "location": None,
        "der": _base64(certificate.der),
    }


def location_values(location: Location) -> dict[str, Any]:
    """A place in the input, likewise."""
    return {
        "document": location.document,
        "start": location.start,
        "stop": location.stop,
        "line": location.line,
        "within": location.within,
        "field": location.field,
    }


def request_values(request: Request) -> dict[str, Any]:
    """One request, likewise."""
    purposes, usage = request.extended_key_usage, request.key_usage
    return {
        "index": request.index,
        "form": request.form,
        "verdict": request.verdict.value,
        "title": request.title,
        "fingerprint_sha256": request.fingerprint_sha256 if request.form == "PKCS#10" else None,
        "subject": request.subject,
        "signature_algorithm": _algorithm(request.signature_algorithm),
        "proof_of_possession": request.proof,
        "public_key": _key(request.public_key),
        "dns_names": [printable(name) for name in request.dns_names],
        "ip_addresses": list(request.ip_addresses),
        "key_usage": None if usage is None else sorted(usage),
        "extended_key_usage": None if purposes is None else list(purposes),
        "ca": request.ca,
        "template": request.template,
        "attributes": [{"oid": attribute.oid, "name": attribute.name} for attribute in request.attributes],
        "answered": request.answered,
        "certificate": request.certificate,
        "location": location_values(request.location),
        "der": _base64(request.der),
        "settings": None if request.form == "PKCS#10" else {name: plain(getattr(request, name)) for name in _SETTINGS},
    }


_SETTINGS = ("lines", "said", "makes_certificate", "faults")


def _algorithm(algorithm: AlgorithmIdentifier | None) -> dict[str, Any] | None:
    if algorithm is None:
        return None
    parameters = algorithm.parameters
    return {
        "oid": algorithm.oid,
        "name": algorithm.name,
        "parameters": None
        if parameters is None
        else {
            "hash": parameters.hash,
            "mask_generation": parameters.mgf,
            "salt_length": parameters.salt_length,
            "trailer_field": parameters.trailer_field,
        },
    }


def _key(key: PublicKey | None) -> dict[str, Any] | None:
    return None if key is None else {"oid": key.oid, "name": key.name, "bits": key.bits, "curve": key.curve}


def _base64(octets: bytes) -> str:
    return b2a_base64(octets, newline=False).decode("ascii")


# -- And back ----------------------------------------------------------------------------------------------------------


def read_certificate(values: Any, where: str) -> Certificate:
    """The certificate that `certificate_values()` wrote.

    :raises InputError: where it is no such certificate; the message says where.
    """
    certificate = Certificate(
        index=member(int, values, "index", where),
        der=_read_base64(values, "der", where),
        location=member(Location, values, "location", where),
        trusted=member(bool, values, "trusted", where),
    )
    if certificate.fingerprint_sha256 != member(str, values, "fingerprint_sha256", where):
        raise InputError(f"{where}.fingerprint_sha256 is not that of its der: the report was changed")
    _whole(certificate, where)
    return certificate


def read_request(values: Any, where: str) -> Request:
    """The request that `request_values()` wrote.

    :raises InputError: where it is no such request; the message says where.
    """
    settings = mapping(values, where).get("settings")
    inside = f"{where}.settings"
    given: dict[str, Any] = {}
    if settings is not None:
        given = {
            "lines": member(Mapping[str, Location], settings, "lines", inside),
            "said": member(frozenset[str], settings, "said", inside),
            "makes_certificate": member(bool, settings, "makes_certificate", inside),
            "faults": member(tuple[FieldProblem, ...], settings, "faults", inside),
        }
    form = member(str, values, "form", where)
    if form not in FORMS:
        raise InputError(f"{where}.form must be one of {', '.join(FORMS)}, and is {form!r:.60}")
    request = Request(
        index=member(int, values, "index", where),
        der=_read_base64(values, "der", where),
        location=member(Location, values, "location", where),
        form=form,
        proof=member(str, values, "proof_of_possession", where),
        verdict=member(Verdict, values, "verdict", where),
        answered=member(bool, values, "answered", where),
        certificate=member(int | None, values, "certificate", where),
        given_fingerprint=member(str | None, values, "fingerprint_sha256", where),
        **given,
    )
    _whole(request, where)
    return request


def _whole(signed: Signed, where: str) -> None:
    """See that the three parts are there without which nothing signed stands in a report."""
    try:
        read_signed(signed.der, read(signed.der, 0, len(signed.der)))
    except TlvError as error:
        raise InputError(f"{where}.der is nothing signed: {error}") from None


def _read_base64(values: Any, name: str, where: str) -> bytes:
    text = member(str, values, name, where)
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise InputError(f"{where}.{name} must be base64: {error}") from None
