"""Land-use codes, and planning indicators as the published text states them.

Lowest layer beside `geometry` and `crs`: pure text to value, no database, no Django. Importers read
cells with it, answers and pages render what it returns; nobody else parses a rule value.
"""

from planning.codes.folding import fold, normalise, search_name
from planning.codes.indicators import (
    PARAMETERS,
    Indicator,
    IndicatorState,
    Parameter,
    read_indicator,
)
from planning.codes.landuse import (
    Pattern,
    UseGroup,
    match_code,
    pattern_for,
    read_codes,
)
from planning.codes.numbers import NumberStyle, read_number

__all__ = [
    "PARAMETERS",
    "Indicator",
    "IndicatorState",
    "NumberStyle",
    "Parameter",
    "Pattern",
    "UseGroup",
    "fold",
    "match_code",
    "normalise",
    "pattern_for",
    "read_codes",
    "read_indicator",
    "read_number",
    "search_name",
]
