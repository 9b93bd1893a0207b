"""How much of a file is too much: one frozen value, handed down from the verbs."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one file; what exceeds them is a finding (F03 or F05), never an outage."""

    file_bytes: int = 1024 * MIB
    # the archive rules: judged from the directory before anything is unpacked, then counted again
    archive_directory_bytes: int = 32 * MIB
    archive_entries: int = 10_000
    archive_bytes: int = 2048 * MIB
    archive_ratio: int = 500
    # what the confined reader may take
    memory_bytes: int = 4096 * MIB
    cpu_seconds: int = 120
    wall_seconds: int = 180
    output_bytes: int = 4096 * MIB
    # what it hands over as JSON is parsed beside the database: cells take many times their bytes there
    parsed_bytes: int = 512 * MIB
    # what a plan layer may hold
    layers: int = 300
    fields: int = 1_000
    features: int = 2_000_000
    vertices: int = 50_000_000
    text_characters: int = 100_000


DEFAULT = Limits()
