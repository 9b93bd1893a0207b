"""Tests, a mirror of the packages: what the product promises, in sentences."""
