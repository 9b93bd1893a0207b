#!/usr/bin/env python
"""The command line of the product: `manage.py help` lists what it can do."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from planning.audit import because


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        # What a command writes is logged under its name.
        with because(" ".join(["manage.py", *sys.argv[1:2]])):
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A setting that cannot be used names itself in one line; where in the code helps nobody.
        sys.exit(f"manage.py: {error}")
    finally:
        _finish_output()


def _finish_output() -> None:
    """Write what is still held back; end without a complaint where nobody reads it any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
