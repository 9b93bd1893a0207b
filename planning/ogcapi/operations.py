"""What one method of a view does, in the words that the API document and the documentation page show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method at one address.

    `result` is the JSON Schema of the answer (usually a `$ref`), `body` that of what is sent, `example`
    an address below the root of the API that a reader may follow.
    """

    id: str
    summary: str | Promise
    description: str | Promise
    result: Mapping[str, Any]
    result_type: str = "application/json"
    body: Mapping[str, Any] | None = None
    body_example: Mapping[str, Any] | None = None
    example: str = ""
    path_examples: Mapping[str, str] = field(default_factory=dict)
