"""The sentences of a look-up, in the active language: labels, reasons and hints in one reviewed table."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from planning.crs import CRS, Fit, PlaceCandidate
from planning.models import AdminUnit, Parcel


def parcel_label(parcel: Parcel, now: Sequence[AdminUnit]) -> str:
    facts = {"number": parcel.number, "sheet": parcel.sheet, "unit": parcel.unit.name}
    if not now:
        return _("Parcel %(number)s, sheet %(sheet)s, %(unit)s") % facts
    facts["now"] = ", ".join(unit.name for unit in now)
    return _("Parcel %(number)s, sheet %(sheet)s, %(unit)s (now %(now)s)") % facts


def unit_label(unit: AdminUnit) -> str:
    names = [unit.name]
    while unit.parent is not None:
        unit = unit.parent
        names.append(unit.name)
    return ", ".join(names)


def place_label(place: PlaceCandidate) -> str:
    return f"{place.lat:.6f}, {place.lon:.6f}"


def _day(value: date) -> str:
    """21/11/2026 in Vietnamese (Django would write 21-11-2026), the standard's spelling elsewhere."""
    return f"{value:%d/%m/%Y}" if get_language() == "vi" else value.isoformat()


# --- reasons ----------------------------------------------------------------------------------------


def by_code() -> str:
    return _("This is its code.")


def by_number() -> str:
    return _("Sheet and parcel number agree.")


def by_swapped_number(sheet: str, number: str) -> str:
    return _("If sheet %(sheet)s and parcel %(number)s are meant.") % {"sheet": sheet, "number": number}


def by_alias(written: str) -> str:
    return _("Formerly or elsewhere numbered %(written)s.") % {"written": written}


def by_address(address: str) -> str:
    return _("Address: %(address)s") % {"address": address}


def no_longer(until: date) -> str:
    return _("This parcel existed until %(date)s.") % {"date": _day(until)}


def at_point() -> str:
    return _("The point lies in this parcel or on its boundary.")


def beside_point() -> str:
    return _("Neighbour of the point; a position may be several metres off.")


def by_name() -> str:
    return _("The name agrees.")


def by_beginning_of_name() -> str:
    return _("The name begins so.")


def former_unit(until: date | None, now: Sequence[AdminUnit]) -> str:
    names = ", ".join(unit.name for unit in now)
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
    if place.crs.is_projected:
        order = _("north first") if place.swapped else _("east first")
    else:
        order = _("latitude first") if place.swapped else _("longitude first")
    sentence = _("Read as %(system)s, %(order)s.") % {"system": _system(place.crs), "order": order}
    if place.fit is Fit.OUTSIDE_AREA:
        return sentence + " " + _("Unlikely: outside the area this system is made for.")
    return sentence


def _system(system: CRS) -> str:
    if system.is_pinned and system.zone is not None:
        return _("VN-2000, central meridian %(meridian)s° (%(code)s)") % {
            "meridian": f"{system.zone.central_meridian:g}",
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


def which_of_these() -> str:
    return _("Several parcels bear this number. Choose by the commune in which it was surveyed.")


def which_unit() -> str:
    return _("Several places bear this name. Add the district or province.")


def which_system() -> str:
    return _("These numbers fit several coordinate systems. Check on the map which place is meant.")


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
