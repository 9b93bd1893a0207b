"""OGC's abstract test suite of CQL2 made executable: a dataset, tables of predicates, a server, a judge.

`dataset` reads a GeoPackage into tables and publishes them, `rows` reads the tables of predicates, `asking`
asks a server, `judging` compares, `general` asks what must hold on any data, `run` is `script/cql2-suite`.
"""
