"""File -> read -> check -> stage: how plan layers, parcels and coverage come in.

`check_file` says everything that is to be said about a file and writes nothing; `import_file` also
stages it. Used by the command, the admin and jobs alike. What is staged becomes public by
`planning.publication` alone.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planning.imports.verbs import check_file, import_file

__all__ = ["check_file", "import_file"]


def __getattr__(name: str) -> Any:
    # Settings import `drivers` from here before Django is set up; the verbs need the models.
    if name in __all__:
        from planning.imports import verbs

        return getattr(verbs, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
