"""A plugin of pytest: what was collected says which conformance classes its tests prove.

Marks are also made by loops and tables; only pytest itself knows which test ends up with which.
"""

import pytest

SIGN = "proves:"


def pytest_collection_finish(session: pytest.Session) -> None:
    """One line for every class that a test of the session is marked with."""
    names = {name for item in session.items for mark in item.iter_markers("conforms") for name in mark.args}
    for name in sorted(names):
        print(f"{SIGN}{name}")
