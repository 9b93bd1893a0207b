"""Programs that people use, against the running product: what they make of our OGC APIs."""
