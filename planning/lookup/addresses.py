"""House number and street as people write them -> `AddressWords`. Pure text; knows no stored address.

"số 51 phố Hàng Bạc, Hoàn Kiếm", "57 ngõ 62 Bảo Linh", "57/62 Bảo Linh", "phố Hàng Bạc". Stored addresses
begin with the house number; alleys stand between it and the street ("57 ngo 62 pho bao linh").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planning.codes import fold, search_name
from planning.lookup.words import place_parts

_LONGEST = 200
_HOUSE = r"[0-9]{1,5}[a-z]?(?:-[0-9]{1,5}[a-z]?|[a-z])?"
_HOUSE_WORD = re.compile(
    r"^(?:dia chi\b\s*:?\s*)?(?:(?:so nha|nha so|so|nha|no\.?|house|#)\s*[:.]?\s*(?=[0-9]))?"
)
# "57/62", "5/12/34": house and alleys
_SLASHED = re.compile(rf"^(?P<numbers>{_HOUSE}(?:\s*/\s*{_HOUSE}){{1,3}})(?=\s|$)")
_NUMBERED = re.compile(rf"^(?P<numbers>{_HOUSE})(?=\s|$)")
_ALLEYS = re.compile(r"^(?:(?:ngo|ngach|hem|kiet)\s+(?:so\s+)?[0-9]{1,5}[a-z]?(?:/[0-9]{1,5}[a-z]?)*\s*)+")
_STREET = re.compile(
    r"^(?P<kind>pho|duong|d\.|dai lo|quoc lo|tinh lo|ngo|ngach|hem|kiet)\s*(?:so\s+)?(?=\S)(?P<name>.+)$"
)
_ENGLISH_STREET = re.compile(r"\s+(?:street|str\.?|st\.?|road|rd\.?)$")
_ALLEY_KINDS = frozenset({"ngo", "ngach", "hem", "kiet"})
# one thing under the names of the north, the south and the middle of the country
_ALLEY_NAMES = ("ngo ", "hem ", "kiet ")
_NUMBERED_ALLEY = re.compile(r"^(?P<number>[0-9]\S*) (?P<kind>pho |duong )?(?P<name>.+)$")
# how a street may stand in an address; "" where its kind was left out
_STREET_KINDS = ("pho ", "duong ", "", "ngo ", "hem ")
_SHORTEST_STREET = 2


@dataclass(frozen=True, slots=True)
class AddressWords:
    """What was said of an address. All folded; `houses` and `alleys` as a stored address begins with them.

    `leads` are beginnings such as "57 ngo 62", () for a street alone; `kinds` what may stand before the
    street's name; `is_street_named` where the kind of street was written; `context` what came after.
    """

    leads: tuple[str, ...]
    street: str
    kinds: tuple[str, ...]
    is_street_named: bool
    context: tuple[str, ...]

    def streets(self) -> tuple[str, ...]:
        """The street as it may be stored."""
        return tuple(f"{kind}{name}" for kind in self.kinds for name in self.named_as(self.street))

    def named_as(self, street: str) -> tuple[str, ...]:
        """The name, and of "ngõ 353 Hồng Hà" also "ngõ 353 đường Hồng Hà", whichever is stored."""
        numbered = _NUMBERED_ALLEY.match(street) if self.kinds[0].strip() in _ALLEY_KINDS else None
        if numbered is None:
            return (street,)
        number, name = numbered["number"], numbered["name"]
        return (
            street,
            *(f"{number} {kind}{name}" for kind in ("pho ", "duong ", "") if kind or numbered["kind"]),
        )

    def beginnings(self) -> tuple[str, ...]:
        """How a stored address may begin, house number first."""
        return tuple(f"{lead} {street}" for lead in self.leads for street in self.streets())

    def whole(self) -> tuple[str, ...]:
        """Addresses that are the beginning of what was typed: units may follow without a comma."""
        words = self.street.split()
        shorter = (" ".join(words[:count]) for count in range(len(words) - 1, 0, -1))
        return tuple(
            f"{lead} {kind}{street}"
            for street in shorter
            if len(street) >= _SHORTEST_STREET
            for lead in self.leads
            for kind in self.kinds
        )

    def after(self, street: str) -> tuple[str, ...]:
        """What was typed after that stored street: the units that narrow the choice."""
        rest, street = self.street, _ALLEYS.sub("", street)
        for kind in self.kinds:
            bare = street.removeprefix(kind)
            if rest == bare or rest.startswith(f"{bare} "):
                rest = rest[len(bare) :].strip()
                return (rest, *self.context) if rest else self.context
        return self.context


def read_address(text: str) -> AddressWords | None:
    """The text as an address or a street; None where it cannot be one."""
    parts = [fold(part) for part in place_parts(text)]
    if not parts or len(text) > _LONGEST:
        return None
    lead: tuple[str, ...] = ()
    for index in range(len(parts)):
        # "số 57, ngõ 62, phố Bảo Linh": the street may stand behind commas of its own
        written = " ".join(parts[: index + 1])
        lead, street = _split(written)
        if street:
            return _words(lead, street, parts[index + 1 :])
    return None


def _split(written: str) -> tuple[tuple[str, ...], str]:
    """Beginnings with house number and alleys, and what follows them."""
    rest = _HOUSE_WORD.sub("", " ".join(written.split()))
    if match := _SLASHED.match(rest):
        leads = tuple(_slashed([search_name(part) for part in match["numbers"].split("/")]))
    elif match := _NUMBERED.match(rest):
        leads = (search_name(match["numbers"]),)
    else:
        return (), rest
    rest = rest[match.end() :].strip(" ,.-")
    if alleys := _ALLEYS.match(rest):
        named = re.sub(r"\bso ", "", search_name(alleys[0]))
        leads = tuple(f"{lead} {named}" for lead in leads)
        rest = rest[alleys.end() :].strip(" ,.-")
    return leads, rest


def _slashed(numbers: list[str]) -> Iterator[str]:
    """ "57/62" is house 57 in alley 62 in one town and the other way round in the next; or just so."""
    house, *alleys = numbers
    yield " ".join([house, *(f"ngo {alley}" for alley in alleys)])
    yield f"{house} ngo {' '.join(alleys)}"
    yield f"{house} ngach {' '.join(alleys)}"
    yield f"{house} hem {' '.join(alleys)}"
    *first, last = numbers
    yield f"{last} ngo {' '.join(first)}"
    yield f"{last} hem {' '.join(first)}"
    yield " ".join(numbers)


def _words(leads: tuple[str, ...], written: str, context: list[str]) -> AddressWords | None:
    match = _STREET.match(written)
    kind, name = (match["kind"], match["name"]) if match else ("", _ENGLISH_STREET.sub("", written))
    street = search_name(name)
    is_named = bool(kind) or name != written
    if len(street) < _SHORTEST_STREET or not re.search("[a-z]", street):
        return None
    return AddressWords(
        tuple(dict.fromkeys(leads)),
        street,
        # "ngõ Cầu Gỗ" is not "phố Cầu Gỗ"; "đường" and "phố" are often taken for each other
        _kinds(kind),
        is_named,
        tuple(search_name(part) for part in context),
    )


def _kinds(kind: str) -> tuple[str, ...]:
    if kind in _ALLEY_KINDS:
        return tuple(dict.fromkeys((f"{kind} ", *(_ALLEY_NAMES if f"{kind} " in _ALLEY_NAMES else ()))))
    if kind in ("dai lo", "quoc lo", "tinh lo"):
        return (f"{kind} ", "")
    return _STREET_KINDS if not kind else _STREET_KINDS[:3]
