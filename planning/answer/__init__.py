"""The answer: which planning applies to a parcel, a drawn site or a point, on a day, as known at a time.

The way of a question: `subjects` finds what was asked about, `candidates` fetches all that may matter
in one statement (`reading` turns it into a `snapshot` of `rows` and `plan_rows`), `measured` lays plan
after plan over the subject, `states` says what may be said of a theme, `compute` does so theme by theme,
`assemble` puts it together, `render` writes it down, `core` takes its digest. `history` does the same for
every day on which something changes. The values (`model`, `over_time`) are frozen; page, API and PDF
render the same object.
"""

from planning.answer.assemble import answer_parcel, answer_point, answer_site
from planning.answer.history import history_of_parcel

__all__ = ["answer_parcel", "answer_point", "answer_site", "history_of_parcel"]
