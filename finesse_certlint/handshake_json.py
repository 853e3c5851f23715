"""Handshakes as the JSON values of a report, and back.

A code point of TLS stands there as its number and its name: the number is what was sent, the name is for readers and is
passed over when a report is read. What the server sent in its Certificate message stands among the report's certificates, unless
some of it is no certificate.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from . import tls_names
from .certificate import Certificate
from .errors import InputError
from .handshake import (
    CertificateRequest,
    ClientHello,
    Diagnosis,
    Handshake,
    KeyExchange,
    ServerHello,
)
from .values import field_of, mapping, member, plain

_ORDER = {diagnosis: place for place, diagnosis in enumerate(Diagnosis)}


def handshake_values(handshake: Handshake, certificates: Sequence[Certificate]) -> dict[str, Any]:
    """One handshake of a report with these certificates, in the form of schemas/report-1.schema.json."""
    said = tuple(certificates[index].der for index in handshake.certificates)
    return {
        "index": handshake.index,
        "witness": handshake.witness.value,
        "asked": handshake.asked.value,
        "decides": handshake.decides,
        "client": plain(handshake.client),
        "server": plain(handshake.server),
        "before": handshake.before,
        "verdict": handshake.verdict.value,
        "diagnosis": [diagnosis.value for diagnosis in sorted(handshake.diagnosis, key=_ORDER.__getitem__)],
        "version": _version(handshake.version),
        "cipher_suite": _suite(handshake.cipher_suite),
        "client_hello": _if(handshake.client_hello, _client_hello),
        "server_hello": _if(handshake.server_hello, _server_hello),
        "certificate_message": handshake.certificate_message,
        "certificates": list(handshake.certificates),
        "certificate_bytes": None if said == handshake.certificate_bytes else plain(handshake.certificate_bytes),
        "chains": list(handshake.chains),
        "key_exchange": _if(handshake.key_exchange, _key_exchange),
        "certificate_request": _if(handshake.certificate_request, _certificate_request),
        "client_certificates": plain(handshake.client_certificate_bytes),
        "alerts": [
            {**plain(alert), "name": _if(alert.description, tls_names.alert_name)} for alert in handshake.alerts
        ],
        "completed": handshake.completed,
        "resumed": handshake.resumed,
        "steps": plain(handshake.steps),
        "gaps": plain(handshake.gaps),
        "location": plain(handshake.location),
        "evidence": plain(handshake.evidence),
    }


def _if(value: Any, make: Callable[[Any], Any]) -> Any:
    return None if value is None else make(value)


def _named(number: int | None, name: Callable[[int], str]) -> dict[str, Any] | None:
    return None if number is None else {"number": number, "name": name(number)}


def _all_named(numbers: Iterable[int], name: Callable[[int], str]) -> list[dict[str, Any]]:
    return [{"number": number, "name": name(number)} for number in numbers]


def _version(number: int | None) -> dict[str, Any] | None:
    return _named(number, tls_names.version_name)


def _suite(number: int | None) -> dict[str, Any] | None:
    return _named(number, tls_names.suite_name)


def _client_hello(hello: ClientHello) -> dict[str, Any]:
    return {
        "version": _version(hello.version),
        "highest_version": _version(hello.highest_version),
        "record_version": _version(hello.record_version),
        "random": hello.random.hex(),
        "session_id": hello.session_id.hex(),
        "server_name": hello.server_name,
        "cipher_suites": _all_named(hello.cipher_suites, tls_names.suite_name),
        "extensions": _all_named(hello.extensions, tls_names.extension_name),
        "supported_versions": _all_named(hello.supported_versions, tls_names.version_name),
        "groups": _all_named(hello.groups, tls_names.group_name),
        "signature_algorithms": _all_named(hello.signature_algorithms, tls_names.signature_name),
        "length": hello.length,
        "sslv2": hello.sslv2,
    }


def _server_hello(hello: ServerHello) -> dict[str, Any]:
    return {
        "version": _version(hello.version),
        "cipher_suite": _suite(hello.cipher_suite),
        "session_id": hello.session_id.hex(),
        "extensions": _all_named(hello.extensions, tls_names.extension_name),
    }


def _key_exchange(exchange: KeyExchange) -> dict[str, Any]:
    return {
        "kind": exchange.kind,
        "length": exchange.length,
        "dh_bits": exchange.dh_bits,
        "dh_prime": _if(exchange.dh_prime, _hexadecimal),
        "dh_generator": _if(exchange.dh_generator, _hexadecimal),
        "dh_public_bits": exchange.dh_public_bits,
        "group": _named(exchange.group, tls_names.group_name),
        "signature_scheme": _named(exchange.signature_scheme, tls_names.signature_name),
    }


def _hexadecimal(number: int) -> str:
    return format(number, "x")


def _certificate_request(request: CertificateRequest) -> dict[str, Any]:
    return {
        "types": _all_named(request.types, tls_names.certificate_type_name),
        "signature_algorithms": _all_named(request.signature_algorithms, tls_names.signature_name),
        "authorities": plain(request.authorities),
    }


# -- And back ----------------------------------------------------------------------------------------------------------


def read_handshake(values: Any, where: str, certificates: Sequence[Certificate]) -> Handshake:
    """The handshake that `handshake_values()` wrote.

    :param certificates: the report's.
    :raises InputError: where it is no such handshake; the message says where.
    """

    def plainly(name: str) -> Any:
        return field_of(Handshake, values, name, where)

    def made(name: str, make: Callable[[Any, str], Any]) -> Any:
        part = mapping(values, where).get(name)
        return None if part is None else make(part, f"{where}.{name}")

    sent = plainly("certificates")
    if wrong := [index for index in sent if not 0 <= index < len(certificates)]:
        raise InputError(f"{where}.certificates points at {wrong[0]}, and there are {len(certificates)}")
    return Handshake(
        index=plainly("index"),
        witness=plainly("witness"),
        asked=plainly("asked"),
        decides=plainly("decides"),
        client=plainly("client"),
        server=plainly("server"),
        client_hello=made("client_hello", _read_client_hello),
        server_hello=made("server_hello", _read_server_hello),
        certificate_bytes=tuple(certificates[index].der for index in sent)
        if (own := member(tuple[bytes, ...] | None, values, "certificate_bytes", where)) is None
        else own,
        certificate_message=plainly("certificate_message"),
        client_certificate_bytes=member(tuple[bytes, ...] | None, values, "client_certificates", where),
        key_exchange=made("key_exchange", _read_key_exchange),
        certificate_request=made("certificate_request", _read_certificate_request),
        alerts=plainly("alerts"),
        completed=plainly("completed"),
        resumed=plainly("resumed"),
        before=plainly("before"),
        steps=plainly("steps"),
        gaps=plainly("gaps"),
        location=plainly("location"),
        certificates=sent,
        chains=plainly("chains"),
        verdict=plainly("verdict"),
        diagnosis=plainly("diagnosis"),
        evidence=plainly("evidence"),
    )


def _number(values: Any, name: str, where: str) -> int | None:
    named = mapping(values, where).get(name)
    return None if named is None else int(member(int, named, "number", f"{where}.{name}"))


def _required(values: Any, name: str, where: str) -> int:
    return int(member(int, member(dict[str, Any], values, name, where), "number", f"{where}.{name}"))


def _numbers(values: Any, name: str, where: str) -> tuple[int, ...]:
    named = member(tuple[Any, ...], values, name, where)
    return tuple(member(int, each, "number", f"{where}.{name}[{place}]") for place, each in enumerate(named))


def _read_client_hello(values: Any, where: str) -> ClientHello:
    return ClientHello(
        version=_required(values, "version", where),
        record_version=_number(values, "record_version", where),
        random=field_of(ClientHello, values, "random", where),
        session_id=field_of(ClientHello, values, "session_id", where),
        cipher_suites=_numbers(values, "cipher_suites", where),
        extensions=_numbers(values, "extensions", where),
        length=field_of(ClientHello, values, "length", where),
        server_name=field_of(ClientHello, values, "server_name", where),
        supported_versions=_numbers(values, "supported_versions", where),
        groups=_numbers(values, "groups", where),
        signature_algorithms=_numbers(values, "signature_algorithms", where),
        sslv2=field_of(ClientHello, values, "sslv2", where),
    )


def _read_server_hello(values: Any, where: str) -> ServerHello:
    return ServerHello(
        version=_required(values, "version", where),
        cipher_suite=_required(values, "cipher_suite", where),
        session_id=field_of(ServerHello, values, "session_id", where),
        extensions=_numbers(values, "extensions", where),
    )


def _read_key_exchange(values: Any, where: str) -> KeyExchange:
    return KeyExchange(
        kind=field_of(KeyExchange, values, "kind", where),
        length=field_of(KeyExchange, values, "length", where),
        dh_bits=field_of(KeyExchange, values, "dh_bits", where),
        dh_prime=_read_hexadecimal(values, "dh_prime", where),
        dh_generator=_read_hexadecimal(values, "dh_generator", where),
        dh_public_bits=field_of(KeyExchange, values, "dh_public_bits", where),
        group=_number(values, "group", where),
        signature_scheme=_number(values, "signature_scheme", where),
    )


def _read_hexadecimal(values: Any, name: str, where: str) -> int | None:
    digits = member(str | None, values, name, where)
    try:
        return None if digits is None else int(digits, 16)
    except ValueError:
        raise InputError(f"{where}.{name} must be a number in hexadecimal digits") from None


def _read_certificate_request(values: Any, where: str) -> CertificateRequest:
    return CertificateRequest(
        types=_numbers(values, "types", where),
        signature_algorithms=_numbers(values, "signature_algorithms", where),
        authorities=field_of(CertificateRequest, values, "authorities", where),
    )
