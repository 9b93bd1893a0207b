"""Vector tiles of any collections: a grid and a version -> one statement -> one tile."""
