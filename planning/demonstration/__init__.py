"""The demonstration: always marked, removable as a whole; by default a town of invented plans over streets.

A folder with a `demonstration.toml` shows another place from plain files (`delivered`).
Flow: town (streets, blocks, wards) -> lots -> drawings -> files -> loading through import and
publication; `removal` takes it out again.
"""

from planning.demonstration.loading import load_demonstration
from planning.demonstration.removal import is_loaded, remove_demonstration

__all__ = ["is_loaded", "load_demonstration", "remove_demonstration"]
