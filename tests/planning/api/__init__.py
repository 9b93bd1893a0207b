"""`/api/v1/`, address by address."""
