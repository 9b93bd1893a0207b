"""The sentences of a look-up, in the active language: labels, reasons and hints in one reviewed table."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from planning.crs import CRS, Fit, PlaceCandidate
from planning.models import AdminUnit, Parcel


def parcel_label(parcel: Parcel, now: Sequence[AdminUnit]) -> str:
    facts = {"number": parcel.number, "sheet": parcel.sheet, "unit": parcel.unit.name}
    if not now:
        return _("Parcel %(number)s, sheet %(sheet)s, %(unit)s") % facts
    facts["now"] = _either(now)
    return _("Parcel %(number)s, sheet %(sheet)s, %(unit)s (now %(now)s)") % facts


def unit_label(unit: AdminUnit) -> str:
    names = [unit.name]
    while unit.parent is not None:
        unit = unit.parent
        names.append(unit.name)
    return ", ".join(names)


def place_label(place: PlaceCandidate, units: Sequence[AdminUnit]) -> str:
    """The place as maps take it, with the commune where one is known."""
    figures = f"{place.lat:.6f}, {place.lon:.6f}"
    return f"{figures} ({units[0].name})" if units else figures


def _either(units: Sequence[AdminUnit]) -> str:
    """Of a divided unit a parcel lies in one part, and which one is not known here."""
    *first, last = [unit.name for unit in units]
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _day(value: date) -> str:
    """21/11/2026 in Vietnamese (Django would write 21-11-2026), 21 November 2026 elsewhere."""
    return f"{value:%d/%m/%Y}" if get_language() == "vi" else f"{value.day} {date_format(value, 'F Y')}"


def _decimal(value: float) -> str:
    """As few digits as needed, with the comma where it is written so."""
    return f"{value:g}".replace(".", "," if get_language() == "vi" else ".")


# --- reasons ----------------------------------------------------------------------------------------


def by_code() -> str:
    return _("This is its code.")


def by_number() -> str:
    return _("Sheet and parcel number agree.")


def by_swapped_number(sheet: str, number: str) -> str:
    return _("If sheet %(sheet)s and parcel %(number)s are meant.") % {"sheet": sheet, "number": number}


def by_alias(written: str) -> str:
    return _("Formerly or elsewhere numbered %(written)s.") % {"written": written}


def formed_from_parcel(codes: Sequence[str]) -> str:
    return _("It took land of parcel %(codes)s.") % {"codes": ", ".join(codes)}


def other_number() -> str:
    return _("The number agrees.")


def told_apart(address: str, area_m2: float) -> str:
    """What tells parcels of one number apart: where they lie and how large they are."""
    facts = {"address": address, "area": _decimal(round(area_m2, 1 if area_m2 < 10 else 0))}
    if not address:
        return _("About %(area)s m².") % facts
    return _("Address: %(address)s; about %(area)s m².") % facts


def no_longer(until: date) -> str:
    return _("This parcel existed until %(date)s.") % {"date": _day(until)}


def at_point() -> str:
    return _("The point lies in this parcel or on its boundary.")


def beside_point() -> str:
    return _("Neighbour of the point; a position may be several metres off.")


def beside_inexact_point(distance_m: float, accuracy_m: float) -> str:
    """How far a parcel is from a position that may be off by so much: not a choice, a distance."""
    facts = {"accuracy": _decimal(round(accuracy_m, 1)), "distance": _decimal(round(distance_m, 1))}
    if not distance_m:
        return _("The position given lies in it, and may be off by %(accuracy)s m.") % facts
    return _("%(distance)s m from the position given, which may be off by %(accuracy)s m.") % facts


def under_outline(share: float) -> str:
    return _("The outline covers %(share)s %% of it.") % {"share": _decimal(round(share * 100))}


def outline(corners: int, area_m2: float | None) -> str:
    if area_m2 is None:
        return _("The middle of an outline of %(corners)s corners.") % {"corners": corners}
    facts = {"corners": corners, "area": _decimal(round(area_m2, 1))}
    return _("The middle of an outline of %(corners)s corners, about %(area)s m².") % facts


def by_plus_code(code: str) -> str:
    return _("The middle of the cell %(code)s.") % {"code": code}


def if_place(unit: AdminUnit) -> str:
    return _("If it is meant near %(unit)s.") % {"unit": unit.name}


def near_named(names: str) -> str:
    return _("Near %(names)s, which you named.") % {"names": names}


def by_similar_name() -> str:
    return _("A similar name.")


def by_initials() -> str:
    return _("These are its first letters.")


def street_runs_through(names: Sequence[str], *, is_similar: bool) -> str:
    facts = {"units": ", ".join(names)}
    if is_similar:
        return _("A street with a similar name, in %(units)s.") % facts
    return _("A street in %(units)s.") % facts


def by_decision(number: str) -> str:
    return _("Decision %(number)s belongs to it.") % {"number": number}


def by_similar_title() -> str:
    return _("The words stand nearly so in the title.")


def by_name() -> str:
    return _("The name agrees.")


def by_beginning_of_name() -> str:
    return _("The name begins so.")


def former_unit(until: date | None, now: Sequence[AdminUnit]) -> str:
    names = ", ".join(unit.name for unit in now)
    if len(now) > 1 and until is not None:
        return _("Unit until %(date)s; divided among %(names)s.") % {"date": _day(until), "names": names}
    if until is None:
        return _("Former unit; now %(names)s.") % {"names": names}
    day = _day(until)
    return _("Unit until %(date)s; now %(names)s.") % {"date": day, "names": names}


def formed_from(unit: AdminUnit) -> str:
    return _("Took over land of %(name)s.") % {"name": unit.name}


def by_title() -> str:
    return _("The words stand in the title.")


def read_as(place: PlaceCandidate) -> str:
    """Which system and order were assumed, so that the reader can see whether they are right."""
    facts = {"system": _system(place.crs), "order": _order(place)}
    sentence = _("Read as %(system)s, %(order)s.") % facts
    if place.fit is Fit.OUTSIDE_AREA:
        return sentence + " " + _("Unlikely: outside the area this system is made for.")
    return sentence


def if_read_as(place: PlaceCandidate) -> str:
    """Of several readings, the one that a parcel was found by."""
    return _("If read as %(code)s, %(order)s:") % {"code": place.crs.code, "order": _order(place)}


def _order(place: PlaceCandidate) -> str:
    if place.crs.is_projected:
        return _("north first") if place.swapped else _("east first")
    return _("latitude first") if place.swapped else _("longitude first")


def where(units: Sequence[AdminUnit], *, is_in_territory: bool) -> str:
    """Where a position lies, as far as we know."""
    if not is_in_territory:
        return _("Outside the area that we have data for.")
    if not units:
        return _("Inside the area that we have data for.")
    return _("In %(unit)s.") % {"unit": units[0].name}


def _system(system: CRS) -> str:
    if system.is_pinned and system.zone is not None:
        return _("VN-2000, central meridian %(meridian)s° (%(code)s)") % {
            "meridian": _decimal(system.zone.central_meridian),
            "code": system.code,
        }
    return f"{system.name} ({system.code})"


# --- hints ------------------------------------------------------------------------------------------


def nothing_given() -> str:
    return _("Type a parcel (sheet, number and commune), coordinates, a commune or the title of a plan.")


def too_long() -> str:
    return _("That is too long to be understood. Type a parcel, coordinates or a name.")


def nothing_found() -> str:
    return _("We found nothing by this name or number. That does not mean that it does not exist.")


def which_sheet() -> str:
    return _("Add the number of the map sheet.")


def which_number() -> str:
    return _("Add the number of the parcel.")


def which_commune() -> str:
    return _("Sheet numbers start again in every former commune. Add its name, old or new.")


def only_one_held() -> str:
    return _("We hold one parcel of this number. Check that the commune is the right one.")


def which_of_these() -> str:
    return _("Several parcels bear this number. Choose by the commune in which it was surveyed.")


def which_unit() -> str:
    return _("Several places bear this name. Add the district or province.")


def was_divided(unit: AdminUnit, now: Sequence[AdminUnit]) -> str:
    facts = {"unit": unit.name, "names": ", ".join(one.name for one in now)}
    return (
        _("%(unit)s was divided among %(names)s. Parcels keep its name: add map sheet and parcel number.")
        % facts
    )


def similar_units(words: str) -> str:
    return _("We know no place called “%(words)s”. These have similar names.") % {"words": words}


def read_commune_as(words: str, names: Sequence[str]) -> str:
    facts = {"words": words, "names": ", ".join(dict.fromkeys(names))}
    return _("We know no commune called “%(words)s” and took it for %(names)s. Check it.") % facts


def not_understood(words: str) -> str:
    return _("We could not make out “%(words)s”.") % {"words": words}


def similar_streets() -> str:
    return _("We know no street of this name. These have similar names.")


def add_house() -> str:
    return _("To find a parcel in a street, add the house number.")


def similar_plans() -> str:
    return _("No title has just these words. These are similar.")


def no_such_decision(number: str) -> str:
    return _("We hold no decision %(number)s. That does not mean that it does not exist.") % {
        "number": number
    }


def any_of_these_parcels() -> str:
    return _(
        "A position from a phone cannot tell neighbouring parcels apart. Choose the parcel yourself: by its "
        "number, its address or on the map."
    )


def which_place_for_code() -> str:
    return _("A short plus code needs the name of a place beside it.")


def parcel_has_ended() -> str:
    return _("This parcel no longer exists. Those that took its land follow it.")


def which_system() -> str:
    return _("These numbers fit several coordinate systems. Check on the map which place is meant.")


def others_lie_outside() -> str:
    return _("Places outside the area of our data stand last.")


def which_house() -> str:
    return _("These parcels lie along the street. Add the house number.")


def no_such_house() -> str:
    return _("We hold no parcel with this house number. These lie along the same street.")


def only_the_unit(names: Sequence[str]) -> str:
    facts = {"units": ", ".join(dict.fromkeys(names))}
    return (
        _("We found only %(units)s of what you typed. For a parcel there, add map sheet and number.") % facts
    )


def none_there(names: Sequence[str]) -> str:
    facts = {"units": ", ".join(dict.fromkeys(names))}
    return _("We hold no such address in %(units)s. What is listed lies elsewhere.") % facts


def which_of_these_houses() -> str:
    return _("Several parcels bear this address. Compare the commune, the sheet and the area.")


def no_such_position() -> str:
    return _("These numbers fit no coordinate system in use here. Check them, or name the system (EPSG:…).")


def check_on_map() -> str:
    return _("A position may be several metres off. Check on the map which parcel is meant.")


def unknown_commune(words: str) -> str:
    return _("We know no commune called “%(words)s”. Check its name, old or new.") % {"words": words}


def no_such_parcel(sheet: str, number: str, units: Sequence[AdminUnit]) -> str:
    names = ", ".join(dict.fromkeys(unit.name for unit in units))
    facts = {"sheet": sheet, "number": number, "units": names}
    return (
        _(
            "We hold no parcel %(number)s on sheet %(sheet)s in %(units)s. "
            "It may bear another number, or our data may lack it."
        )
        % facts
    )


def no_such_number(sheet: str, number: str) -> str:
    facts = {"sheet": sheet, "number": number}
    return (
        _(
            "We hold no parcel %(number)s on sheet %(sheet)s. "
            "It may bear another number, or our data may lack it."
        )
        % facts
    )
