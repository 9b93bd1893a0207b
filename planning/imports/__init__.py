"""File -> read -> check -> stage: how plan layers come in."""
