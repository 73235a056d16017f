"""CSV, ZIP, Parquet and GeoJSON of one selection: its table, its evidence, its dictionary and how it was made."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.export.about import About
from tracker.export.delimited import to_csv_bytes
from tracker.export.dictionary import Entry, describe
from tracker.export.quotes import EvidenceRow

if TYPE_CHECKING:
    import pandas as pd

#: The name under which metadata stand in a Parquet file and in GeoJSON.
ABOUT, DICTIONARY, EVIDENCE = "about", "dictionary", "evidence"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes into an export: the table of ``to_table`` (or rows of it), its evidence, and how it was made."""

    table: pd.DataFrame
    evidence: tuple[EvidenceRow, ...]
    about: About

    def flat(self) -> pd.DataFrame:
        """The table with its index as columns."""
        return self.table.reset_index()

    def dictionary(self) -> list[Entry]:
        """What the columns of the table mean."""
        return describe([*map(str, self.flat().columns)])

    def evidence_of(self) -> dict[str, list[dict[str, Any]]]:
        """The evidence by ``strike_id``, each row without it."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.evidence:
            values = _values(row)
            found[values.pop("strike_id")].append(values)
        return found


def _values(row: EvidenceRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}


def to_csv(bundle: Bundle) -> bytes:
    """The table as CSV, with two columns more: ``evidence`` in words, and ``made_with`` in the first row."""
    import pandas as pd

    by_strike = bundle.evidence_of()
    told = [" | ".join(map(_in_words, by_strike.get(one, ()))) or None for one in bundle.table["strike_id"]]
    made = ([bundle.about.line()] + [None] * len(told))[: len(told)]
    more = {"evidence": pd.array(told, dtype="string"), "made_with": pd.array(made, dtype="string")}
    return to_csv_bytes(bundle.table.assign(**more))


def _in_words(row: dict[str, Any]) -> str:
    origin = ", ".join(str(row[key]) for key in ("source", "publisher", "published", "url") if row[key])
    return f"{row['measure']} ({row['group']}): “{row['sentence'] or row['quote']}” ({origin or row['report_id']})"


def to_csv_zip(bundle: Bundle) -> bytes:
    """Four files in a ZIP: the table, its evidence, the data dictionary, and how it was made."""
    import pandas as pd

    columns = [field.name for field in dataclasses.fields(EvidenceRow)]
    evidence = pd.DataFrame([_values(row) for row in bundle.evidence], columns=columns)
    evidence = evidence.astype({"low": "Int64", "high": "Int64"})
    entries = pd.DataFrame([dataclasses.asdict(entry) for entry in bundle.dictionary()])
    files = {
        "strikes.csv": to_csv_bytes(bundle.table),
        "evidence.csv": to_csv_bytes(evidence),
        "dictionary.csv": to_csv_bytes(entries),
        "about.txt": "".join(f"{name}: {value}\r\n" for name, value in bundle.about.items()).encode(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, bundle.about.made.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def to_parquet(bundle: Bundle) -> bytes:
    """The table as Parquet; its evidence is a list in each row, ``about`` and ``dictionary`` JSON in the schema."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(_plain(bundle.flat()), preserve_index=False)
    by_strike = bundle.evidence_of()
    kinds = {"low": pa.int64(), "high": pa.int64()}
    names = [field.name for field in dataclasses.fields(EvidenceRow) if field.name != "strike_id"]
    row_type = pa.struct([(name, kinds.get(name, pa.string())) for name in names])
    lists = pa.array([by_strike.get(one, []) for one in bundle.table["strike_id"]], pa.list_(row_type))
    table = table.append_column(EVIDENCE, lists)
    told = {ABOUT: dict(bundle.about.items()), DICTIONARY: {one.column: one.meaning for one in bundle.dictionary()}}
    metadata = {name.encode(): json.dumps(value, ensure_ascii=False).encode() for name, value in told.items()}
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def to_geojson(bundle: Bundle) -> bytes:
    """The table as GeoJSON (RFC 7946): a feature for each strike, its geometry null where no place is known.

    Unknown properties are left out; ``about`` and ``dictionary`` are members of the collection.
    """
    by_strike = bundle.evidence_of()
    flat = _plain(bundle.flat())
    features = []
    for row in flat.to_dict("records"):
        properties = {str(name): _json(value) for name, value in row.items() if not _unknown(value)}
        lon, lat = properties.pop("lon", None), properties.pop("lat", None)
        point = None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}
        strike_id = str(properties["strike_id"])
        properties[EVIDENCE] = [
            {name: value for name, value in one.items() if value is not None} for one in by_strike.get(strike_id, ())
        ]
        features.append({"type": "Feature", "id": strike_id, "geometry": point, "properties": properties})
    collection = {
        "type": "FeatureCollection",
        ABOUT: dict(bundle.about.items()),
        DICTIONARY: {one.column: one.meaning for one in bundle.dictionary()},
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _plain(flat: pd.DataFrame) -> pd.DataFrame:
    """Days as days, without a time of the day."""
    import pandas as pd

    stamps = [name for name in flat if pd.api.types.is_datetime64_any_dtype(flat[name].dtype)]
    days = {str(name): flat[name].dt.date.astype("object").where(flat[name].notna(), None) for name in stamps}
    return flat.assign(**days)


def _unknown(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))


def _json(value: Any) -> Any:
    if isinstance(value, (str, bool, int, float)):
        return value
    return value.item() if hasattr(value, "item") else value.isoformat()
