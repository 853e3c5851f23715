"""What certificates (RFC 5280) and certificate requests (RFC 2986) are both made of: names, algorithms, keys, extensions.

`Signed` is the view that the two share. Where each of its parts begins and ends is walked first; each is then decoded on its
own, extensions, keys and names for comparison by asn1crypto. So damage in one field is that field's problem, with its
path, and the rest is still judged. This is the only package that touches asn1crypto.x509.
"""

from .extensions import (
    AUTHORITY_KEY_IDENTIFIER,
    BASIC_CONSTRAINTS,
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    SERVER_AUTH,
    SUBJECT_ALT_NAME,
    SUBJECT_KEY_IDENTIFIER,
    BasicConstraints,
    Extension,
    extension_field,
    extension_in,
    key_identifier,
    octets,
    read_extensions,
)
from .identifiers import (
    MGF1,
    PSS,
    AlgorithmIdentifier,
    PssParameters,
    PublicKey,
    bit_string,
    first_oid,
    key_members,
    key_size,
    read_algorithm,
    read_public_key,
    rsa_in_der,
    rsa_numbers,
)
from .names import NameIndex, name_key, rfc4514, same_name, text, values
from .signed import FieldProblem, Paths, Signed, sha256

__all__ = [
    "AUTHORITY_KEY_IDENTIFIER",
    "BASIC_CONSTRAINTS",
    "EXTENDED_KEY_USAGE",
    "KEY_USAGE",
    "MGF1",
    "PSS",
    "SERVER_AUTH",
    "SUBJECT_ALT_NAME",
    "SUBJECT_KEY_IDENTIFIER",
    "AlgorithmIdentifier",
    "BasicConstraints",
    "Extension",
    "FieldProblem",
    "NameIndex",
    "Paths",
    "PssParameters",
    "PublicKey",
    "Signed",
    "bit_string",
    "extension_field",
    "extension_in",
    "first_oid",
    "key_identifier",
    "key_members",
    "key_size",
    "name_key",
    "octets",
    "read_algorithm",
    "read_extensions",
    "read_public_key",
    "rfc4514",
    "rsa_in_der",
    "rsa_numbers",
    "same_name",
    "sha256",
    "text",
    "values",
]
