"""Reading files of interactions, posts, pages and paslon.

    file ──look──▶ reader ──rows──▶ checks ──accepted rows──▶ Parquet ──DuckDB──▶ graph tables
                     └──────refused rows──────▶ quarantine

A reader knows a format, the checks know what a row may hold, shaping knows the graph.
"""

from graphwatch.ingest.files import file_digest
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.mapping import Mapping_, mapping_for, mappings_for, preset_named, source_key
from graphwatch.ingest.preset_files import PRESETS, Preset
from graphwatch.ingest.staging import Staged, stage

__all__ = [
    "LOADS",
    "PRESETS",
    "Mapping_",
    "Preset",
    "Staged",
    "file_digest",
    "mapping_for",
    "mappings_for",
    "preset_named",
    "source_key",
    "stage",
]
