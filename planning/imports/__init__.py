"""File -> read -> check -> stage: how plan layers, parcels and coverage come in.

`check_file` says everything that is to be said about a file and writes nothing; `import_file` also
stages it. Used by the command, the admin and jobs alike. What is staged becomes public by
`planning.publication` alone.
"""

from planning.imports.verbs import check_file, import_file

__all__ = ["check_file", "import_file"]
