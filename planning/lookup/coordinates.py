"""Coordinates as people type or paste them -> pairs of numbers, and the places these may be.

Pure text until `places`, which asks `planning.crs` what the numbers may mean. A text with two readings
gives two: "105.834 21.028" are degrees for a phone, and metres for someone who groups by points.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from planning import crs
from planning.codes import NumberStyle, fold, normalise, read_number
from planning.crs import CRS, VN2000, Fit, PlaceCandidate
from planning.errors import BadParameter


class Order(StrEnum):
    """Which of the two numbers points east, if letters beside them say so."""

    UNKNOWN = "unknown"
    EAST_FIRST = "east_first"
    NORTH_FIRST = "north_first"


@dataclass(frozen=True, slots=True)
class CoordinateReading:
    """Two numbers in the order written; `system` where the text names one ("EPSG:9210")."""

    first: float
    second: float
    order: Order = Order.UNKNOWN
    system: CRS | None = None


_LONGEST = 200
_LEAST_METRES = 100_000
# zones of three degrees have this scale on their meridian, those of six a smaller one
_NARROW_ZONE = 0.9999
_EAST = frozenset({"e", "d", "lon", "lng", "long", "longitude", "kinh do", "easting", "dong", "y", "w", "t"})
_NORTH = frozenset({"n", "b", "lat", "latitude", "vi do", "northing", "bac", "x", "s"})
_SOUTH_OR_WEST = frozenset({"w", "t", "s"})
_LABELS = "|".join(sorted(_EAST | _NORTH, key=len, reverse=True))
_NUMBER = r"[-+]?[0-9](?:[0-9.,]*[0-9])?"
_AFTER_LABEL = r"\s*(?:\(?m\)?\s*)?[:=]?\s*"
_BETWEEN = r"\s*m?\s*[,;/|]?\s*"

_LABELLED_BEFORE = re.compile(
    rf"^({_LABELS}){_AFTER_LABEL}({_NUMBER}){_BETWEEN}({_LABELS}){_AFTER_LABEL}({_NUMBER})\s*m?$"
)
_LABELLED_AFTER = re.compile(rf"^({_NUMBER})\s*m?\s*({_LABELS}){_BETWEEN}({_NUMBER})\s*m?\s*({_LABELS})$")
_ANGLE = (
    r"(?P<h{0}>[a-z])?\s*(?P<d{0}>[-+]?[0-9]{{1,3}}(?:[.,][0-9]+)?)\s*°\s*"
    r"(?:(?P<m{0}>[0-9]{{1,2}}(?:[.,][0-9]+)?)\s*'\s*)?(?:(?P<s{0}>[0-9]{{1,2}}(?:[.,][0-9]+)?)\s*(?:\"|'')\s*)?"
    r"(?P<k{0}>[a-z])?"
)
_ANGLES = re.compile(rf"^{_ANGLE.format(1)}\s*[,;/]?\s*{_ANGLE.format(2)}$")
_SYSTEM = re.compile(r"\b(?:epsg|srid)\s*[:#]{0,2}\s*([0-9]{4,6})\b")
# the zone of VN-2000 as papers name it, by its central meridian (kinh tuyến trục)
_MERIDIAN = re.compile(
    r"\b(?:kinh tuyen truc|kinh tuyen|ktt|central meridian)\s*[:=]?\s*(1[01][0-9])"
    r"(?:\s*[.,]\s*([0-9]{1,2})(?![0-9'])|\s*(?:°|do|-|o)?\s*([0-9]{2})(?![0-9.,])\s*(?:'|phut)?)?\s*°?"
)
_NOISE = re.compile(
    r"\b(?:toa do|vn-?\s?2000|wgs-?\s?84|gps|geo|point|vi tri)\b|[()\[\]{}]|^[\s:@]+|[\s.,;]+$"
)
_MAP_ADDRESS = re.compile(
    r"(?:@|[?&](?:q|ll|query|center)=|#map=[0-9.]+/)(-?[0-9]{1,3}\.[0-9]+)(?:,|/|%2c)(-?[0-9]{1,3}\.[0-9]+)"
)
_SPOKEN_SIGNS = (("do", "°"), ("phut", "'"), ("giay", '"'))
_PART = r"([0-9]{1,2}(?:[.,][0-9]+)?)"
# other ways of writing degrees, minutes and seconds -> with their signs
_OTHER_SIGNS = (
    (re.compile(rf"\b([0-9]{{1,3}}):([0-9]{{1,2}}):{_PART}"), "\\1°\\2'\\3\""),
    (re.compile(rf"([0-9]{{1,3}})\s*d\s*([0-9]{{1,2}})\s*m\s*{_PART}\s*s"), "\\1°\\2'\\3\""),
    (
        re.compile(rf"\b([nsewbdt])\s*([0-9]{{1,3}})[ -]([0-9]{{1,2}})[ -]{_PART}(?![0-9])"),
        "\\1\\2°\\3'\\4\"",
    ),
    (
        re.compile(rf"\b([0-9]{{1,3}})[ -]([0-9]{{1,2}})[ -]{_PART}\s*([nsewbdt])\b"),
        "\\1°\\2'\\3\"\\4",
    ),
)
# "Vĩ độ: 21°01'49\" Bắc": said twice
_SAID_TWICE = re.compile(r"\b(?:vi do|kinh do|latitude|longitude|lat|lon|lng)\b\s*[:=]?(?=\s*[0-9])")
_SIDES = (("bac", "n"), ("nam", "s"), ("dong", "e"), ("tay", "w"))
_MARKS = str.maketrans(
    {"′": "'", "’": "'", "‘": "'", "´": "'", "`": "'", "″": '"', "”": '"', "“": '"', "º": "°"}
)
_MARKS |= str.maketrans({"˚": "°", "−": "-", "–": "-"})


# runs of words, with the number of a ward behind them
_RUN = re.compile(r"(?<![a-z0-9.])[a-z]{2,}(?:[ .]+[a-z]+)*(?: [0-9]{1,2}(?![0-9.,°]))?")
_VOCABULARY = (
    {word for label in _EAST | _NORTH for word in label.split()}
    | {side for side, _ in _SIDES}
    | set("toa vn wgs gps geo point tri phut giay m tuyen truc epsg srid s deg min sec do".split())
)
_SURELY_COORDINATES = re.compile(r"[0-9]{6}|[0-9][.,][0-9]{3}|°")


def read_coordinates(text: str) -> tuple[CoordinateReading, ...]:
    """Every way of reading the whole text as one pair of numbers, likeliest first; () if it is none."""
    if len(text) > _LONGEST:
        return ()
    words = fold(normalise(text)).translate(_MARKS)
    if address := _MAP_ADDRESS.search(words):
        return (CoordinateReading(float(address[1]), float(address[2]), Order.NORTH_FIRST),)
    system, words = named_system(words)
    words = _without_noise(words)
    for read in (_angles, _labelled, _bare):
        found = tuple(dict.fromkeys(read(words)))
        if found:
            return tuple(
                CoordinateReading(one.first, one.second, one.order, system) if system else one
                for one in found
            )
    return ()


@dataclass(frozen=True, slots=True)
class PlacedCoordinates:
    """Readings of the numbers, and the words beside them that may name a unit."""

    readings: tuple[CoordinateReading, ...]
    words: str


def read_with_place(text: str) -> PlacedCoordinates | None:
    """Coordinates with or without the name of a place: "X 1777138 Y 550175 Mẫu". None if there are none."""
    if readings := read_coordinates(text):
        return PlacedCoordinates(readings, "")
    numbers = fold(normalise(text))
    names = [run for run in _RUN.findall(numbers) if not _VOCABULARY.issuperset(_letters(run))]
    for name in names:
        numbers = numbers.replace(name, " ", 1)
    # beside words only numbers that can be nothing else: a house number is no latitude
    if not names or not _SURELY_COORDINATES.search(numbers):
        return None
    readings = read_coordinates(numbers.strip(" ,;"))
    return PlacedCoordinates(readings, " ".join(" ".join(names).split())) if readings else None


def _letters(run: str) -> set[str]:
    return set(re.findall("[a-z]+", run))


def places(readings: Iterable[CoordinateReading], *, territory: CRS | None) -> tuple[PlaceCandidate, ...]:
    """Where the readings may point, best first; unlikely ones only where there is no likely one."""
    found: dict[tuple[float, float, str], PlaceCandidate] = {}
    for reading in readings:
        for place in _places_of(reading, territory):
            found.setdefault((round(place.lon, 7), round(place.lat, 7), place.crs.code), place)
    likely = [place for place in found.values() if place.fit is not Fit.OUTSIDE_AREA]
    ranks = list(Fit)
    return tuple(sorted(likely or found.values(), key=lambda place: ranks.index(place.fit)))


def _places_of(reading: CoordinateReading, territory: CRS | None) -> list[PlaceCandidate]:
    system = reading.system
    all_places = crs.candidates_for(reading.first, reading.second, territory=system or territory)
    if system is not None:
        return [place for place in all_places if place.crs == system]
    if reading.order is Order.UNKNOWN:
        return list(all_places)
    swapped = reading.order is Order.NORTH_FIRST
    obeying = [place for place in all_places if place.swapped is swapped]
    # letters are obeyed while that makes sense; X and Y mean the opposite in mathematics
    return obeying or list(all_places)


def named_system(words: str) -> tuple[CRS | None, str]:
    """The system that folded words name, by code or by its zone, and the words without it."""
    match = _SYSTEM.search(words)
    if match is None:
        return _named_zone(words)
    rest = words[: match.start()] + words[match.end() :]
    try:
        return crs.parse(f"EPSG:{match[1]}"), rest
    except BadParameter:
        # not a system: then it says nothing, and the numbers are tried in all systems
        return None, rest


def _named_zone(words: str) -> tuple[CRS | None, str]:
    match = _MERIDIAN.search(words)
    if match is None:
        return None, words
    fraction = float(f"0.{match[2]}") if match[2] else float(match[3] or 0) / 60
    meridian = round(float(match[1]) + fraction, 4)
    found = next((system for system in VN2000 if _is_narrow_zone(system, meridian)), None)
    return found, words[: match.start()] + " " + words[match.end() :]


def _is_narrow_zone(system: CRS, meridian: float) -> bool:
    zone = system.zone
    return zone is not None and zone.scale >= _NARROW_ZONE and zone.central_meridian == meridian


def _without_noise(words: str) -> str:
    previous = None
    while previous != words:
        previous, words = words, _NOISE.sub(" ", words).strip(" :,;|")
    for spoken, sign in _SPOKEN_SIGNS:
        words = re.sub(rf"(?<=[0-9])\s*{spoken}\b", sign, words)
    for written, signed in _OTHER_SIGNS:
        words = written.sub(signed, words)
    for side, letter in _SIDES:
        words = re.sub(rf"(?<=[0-9°'\"])\s*{side}\b", letter, words)
    if "°" in words and re.search(r"[°'\"]\s*[nsewbdt]\b", words):
        words = _SAID_TWICE.sub("", words).strip()
    return words


def _labelled(words: str) -> Iterator[CoordinateReading]:
    if match := _LABELLED_BEFORE.match(words):
        label_1, text_1, label_2, text_2 = match.groups()
    elif match := _LABELLED_AFTER.match(words):
        text_1, label_1, text_2, label_2 = match.groups()
    else:
        return
    order = _order(label_1, label_2)
    if order is None:
        return
    for first, second in _number_pairs(text_1, text_2):
        yield CoordinateReading(_signed(first, label_1), _signed(second, label_2), order)


def _order(first: str, second: str) -> Order | None:
    if first in _EAST and second in _NORTH:
        return Order.EAST_FIRST
    if first in _NORTH and second in _EAST:
        return Order.NORTH_FIRST
    return None


def _signed(value: float, label: str) -> float:
    return -value if label in _SOUTH_OR_WEST and value > 0 else value


def _angles(words: str) -> Iterator[CoordinateReading]:
    """Degrees with their signs, minutes and seconds optional, a letter before or after each."""
    match = _ANGLES.match(words)
    if match is None:
        return
    first, second = (_angle(match[f"d{index}"], match[f"m{index}"], match[f"s{index}"]) for index in "12")
    if first is None or second is None:
        return
    # a letter between the two belongs to the second where the first has one before it
    label_1 = match["h1"] or match["k1"] or ""
    label_2 = match["h2"] or (match["h1"] and match["k1"]) or match["k2"] or ""
    order = _order(label_1, label_2) if label_1 and label_2 else Order.UNKNOWN
    if order is not None:
        yield CoordinateReading(_signed(first, label_1), _signed(second, label_2), order)


def _angle(degrees: str, minutes: str | None, seconds: str | None) -> float | None:
    whole, minute, second = (float((part or "0").replace(",", ".")) for part in (degrees, minutes, seconds))
    if minute >= 60 or second >= 60:
        return None
    return (abs(whole) + minute / 60 + second / 3600) * (-1 if degrees.startswith("-") else 1)


def _bare(words: str) -> Iterator[CoordinateReading]:
    """Two numbers and nothing else; then groups that are degrees, minutes and perhaps seconds."""
    if not re.fullmatch(r"[-+0-9.,;/|\s]+", words):
        return
    for left, right in _splits(words):
        for first, second in _number_pairs(left, right):
            # "12/45" is a parcel on a sheet and "615/2022" a decision: nobody gives a place in whole degrees
            if min(abs(first), abs(second)) >= _LEAST_METRES or re.search("[.,]", left + right):
                yield CoordinateReading(first, second)
    yield from _angles_without_signs(words.split())


def _splits(words: str) -> Iterator[tuple[str, str]]:
    """Where the first number may end: at a strong mark, at each blank, or at a comma without blank."""
    for mark in (";", "/", "|"):
        if words.count(mark) == 1:
            left, right = words.split(mark)
            yield left.strip(), right.strip()
            return
    tokens = words.split()
    if len(tokens) > 1:
        for index in range(1, len(tokens)):
            yield " ".join(tokens[:index]).rstrip(","), " ".join(tokens[index:])
        return
    # one run: "21.0278,105.8342" and "21,0278,105,8342"
    for match in re.finditer(",", words):
        left, right = words[: match.start()], words[match.end() :]
        if _is_plausible_run(left) and _is_plausible_run(right):
            yield left, right


def _is_plausible_run(text: str) -> bool:
    """Not the second half of a decimal ("21,03"): with a mark of its own, or too long for degrees."""
    digits = text.lstrip("+-")
    return bool(re.search(r"[.,]", digits)) or len(digits) >= 5


def _number_pairs(left: str, right: str) -> Iterator[tuple[float, float]]:
    """Both numbers in one style of writing; two styles where the marks leave a doubt."""
    for style in (NumberStyle.ENGLISH, NumberStyle.VIETNAMESE):
        first, second = _signed_number(left, style), _signed_number(right, style)
        if first is not None and second is not None:
            yield first, second


def _signed_number(text: str, style: NumberStyle) -> float | None:
    sign = -1 if text.startswith("-") else 1
    value = read_number(text.lstrip("+-"), style)
    return None if value is None else sign * float(value)


def _angles_without_signs(tokens: list[str]) -> Iterator[CoordinateReading]:
    """ "21 01 40.1 105 50 03.1" and "21 01.667 105 50.05"."""
    parts = [token.rstrip(",") for token in tokens]
    if len(parts) not in (4, 6) or not all(
        re.fullmatch(r"[-+]?[0-9]{1,3}(?:[.,][0-9]+)?", part) for part in parts
    ):
        return
    half = len(parts) // 2
    first, second = (_angle(*group, *[None] * (3 - half)) for group in (parts[:half], parts[half:]))
    if first is not None and second is not None:
        yield CoordinateReading(first, second)
