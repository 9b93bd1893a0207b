"""OGC's test suites for the OGC APIs: their methods ported to Python, and the Java originals run.

`server` asks a server the way the suites do, `features10` and `tiles10` hold the methods, `java` fetches and
runs the originals, `run` is `script/conformance`.
"""
