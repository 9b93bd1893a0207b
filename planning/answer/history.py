"""A parcel over legal time: the answer of every day, put together to periods, as known in one revision."""

from datetime import datetime

from planning.answer.model import History


def history_of_parcel(code: str, *, known_at: datetime | None = None) -> History:
    """What applied to a stored parcel from its first known law to the last, as known at a time (None: now).

    Raises NotFound, BadParameter (`known_at`), TooMuch and Unavailable.
    """
    raise NotImplementedError(code, known_at)
