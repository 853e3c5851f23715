"""Tables that hold certificates in a column: JSON lines and arrays, CSV, Parquet, and what a CT log's get-entries answers."""

import csv
import io
import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs

Cell = bytes | str
"""An input's bytes, or in words why there are none."""

_USUAL = (
    "data",
    "certificate",
    "cert",
    "pem",
    "der",
    "raw",
    "x509",
    "certificate_pem",
    "certificate_der",
    "data.leaf_cert.as_der",
)
"""Names by which exports call the column; the last is certstream's."""
_DELIMITERS = ",;\t|"


@attrs.frozen(kw_only=True)
class Table:
    """A table that was recognised: what it is, and how its inputs are read from a binary stream."""

    form: str
    rows: Callable[[Any], Iterator[Cell]]


def table(head: bytes, column: str | None) -> Table | None:
    """The table that begins so, if it is one; None for every other file.

    :param head: the first bytes of the file.
    :param column: the name of the column, or None for a usual one.
    """
    if head.startswith(b"PAR1"):
        return Table(form="Parquet", rows=lambda file: _parquet(file, column))
    text = head.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("{"):
        return Table(form="JSON", rows=lambda file: _json(file, column)) if _is_object(text, column) else None
    if text.startswith("["):
        return Table(form="JSON", rows=lambda file: _json(file, column)) if text[1:].lstrip().startswith("{") else None
    return _csv_table(text, column)


def _written(text: str) -> bytes:
    """What a cell of text holds: DER in base64, as a table of text must write it, or else a file's text."""
    try:
        octets = b64decode(text, validate=True)
    except ValueError:
        octets = b""
    return octets if octets.startswith(b"\x30") else text.encode("utf-8", "surrogatepass")


# -- JSON --------------------------------------------------------------------------------------------------------------


def _is_object(text: str, column: str | None) -> bool:
    names = [*((column,) if column else _USUAL), "leaf_input", "entries"]
    return any(f'"{name.rpartition(".")[2]}"' in text for name in names)


def _json(file: Any, column: str | None) -> Iterator[Cell]:
    """One object to a line, or an array of objects, or the object with "entries" of RFC 6962 section 4.6."""
    with _text(file) as lines:
        first = next((line for line in lines if line.strip()), "")
        try:
            begun = json.loads(first)
        except ValueError:
            # Not an object to a line, so that the file must be read as a whole.
            begun = json.loads(first + lines.read(_LONGEST_JSON))
        lines_follow = isinstance(begun, dict) and "entries" not in begun
        for value in [begun] if lines_follow else _items(begun):
            yield _cell(value, column)
        for line in lines if lines_follow else ():
            if line.strip():
                try:
                    value = json.loads(line)
                except ValueError as error:
                    yield f"it is no JSON: {error}"
                    continue
                yield _cell(value, column)


@contextmanager
def _text(file: Any, newline: str | None = None) -> Iterator[io.TextIOWrapper]:
    """A binary stream as text; it stays open."""
    lines = io.TextIOWrapper(file, "utf-8-sig", "replace", newline=newline)
    try:
        yield lines
    finally:
        lines.detach()


_LONGEST_JSON = 256 * 1024 * 1024


def _items(value: Any) -> list[Any]:
    found = value.get("entries") if isinstance(value, dict) else value
    if not isinstance(found, list):
        raise ValueError("it is neither an object to a line nor an array of objects")  # noqa: TRY004 - said, not raised
    return found


def _cell(value: Any, column: str | None) -> Cell:
    if not isinstance(value, dict):
        return "it is no JSON object"
    if "leaf_input" in value and column in (None, "leaf_input"):
        return _log_entry(value)
    for name in (column,) if column else _USUAL:
        found: Any = value
        for step in [name] if name in value else name.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, str):
            return _written(found)
    return f"it has no {column!r}" if column else f"it has none of {', '.join(_USUAL)}; name it with --column"


def _log_entry(entry: dict[str, Any]) -> Cell:
    """The certificate of a log's entry and the chain that it was submitted with (RFC 6962 sections 3.4 and 4.6)."""
    try:
        leaf, extra = b64decode(entry["leaf_input"]), b64decode(entry.get("extra_data") or "")
        # MerkleTreeLeaf: version, leaf_type, timestamp of 8 octets, entry_type of 2: x509_entry(0), precert_entry(1)
        kind = int.from_bytes(leaf[10:12], "big")
        if leaf[:2] != b"\0\0" or kind not in (0, 1):
            return "its leaf_input is no MerkleTreeLeaf of RFC 6962"
        # Of a precertificate the leaf has the tbsCertificate alone; extra_data begins with the whole.
        first, rest = (_opaque(leaf, 12)[0], extra) if kind == 0 else _opaque(extra, 0)
        chain = _opaque(rest, 0)[0] if rest else b""
        parts = [first]
        while chain:
            part, chain = _opaque(chain, 0)
            parts.append(part)
        return b"".join(parts)
    except (ValueError, TypeError, KeyError) as error:
        return f"its leaf_input or extra_data is no entry of RFC 6962: {error}"


def _opaque(data: bytes, start: int) -> tuple[bytes, bytes]:
    """An opaque<0..2^24-1>, and what follows it."""
    size = int.from_bytes(data[start : start + 3], "big")
    stop = start + 3 + size
    if stop > len(data) or len(data) < start + 3:
        raise ValueError("it is cut off")
    return data[start + 3 : stop], data[stop:]


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _csv_table(text: str, column: str | None) -> Table | None:
    """A CSV is known by its header: a line of names, the column's among them."""
    header = text.partition("\n")[0].rstrip("\r")
    for delimiter in _DELIMITERS:
        names = [name.strip().strip('"') for name in header.split(delimiter)]
        wanted = [name for name in names if (name == column if column else name.lower() in _USUAL)]
        if wanted and (len(names) > 1 or column):
            return Table(form="CSV", rows=lambda file, d=delimiter, name=wanted[0]: _csv(file, d, name))  # type: ignore[misc]
    return None


def _csv(file: Any, delimiter: str, column: str) -> Iterator[Cell]:
    csv.field_size_limit(_LONGEST_FIELD)
    with _text(file, newline="") as lines:
        reader = csv.DictReader(lines, delimiter=delimiter)
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        try:
            for row in reader:
                value = row.get(column)
                yield _written(value) if value else f"its {column!r} is empty"
        except csv.Error as error:
            raise ValueError(str(error)) from None


_LONGEST_FIELD = 64 * 1024 * 1024


# -- Parquet -----------------------------------------------------------------------------------------------------------


def _parquet(file: Any, column: str | None) -> Iterator[Cell]:
    try:
        import pyarrow.parquet as pq
    except ImportError:
        raise ValueError("Parquet needs the extra \"arrow\": pip install 'finesse-certlint[arrow]'") from None
    table = pq.ParquetFile(file)
    names = table.schema_arrow.names
    chosen = column or next((name for name in names if name.lower() in _USUAL), None)
    if chosen not in names:
        raise ValueError(f"it has the columns {', '.join(names)}; say with --column which one holds the certificates")
    for batch in table.iter_batches(batch_size=1024, columns=[chosen]):
        for value in batch.column(0).to_pylist():
            if isinstance(value, str):
                yield _written(value)
            else:
                yield value if isinstance(value, bytes) else f"its {chosen!r} is null or no certificate"
