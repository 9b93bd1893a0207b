"""The sentences of the findings: code -> what is the matter, and what to do. One table, reviewed as one.

Message ids are English; the Vietnamese stands in the catalogue. Facts are put in by name.
"""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from planning.imports.findings import Finding, Outcome


@dataclass(frozen=True, slots=True)
class Words:
    """What is the matter, and what to do about it (empty: nothing)."""

    sentence: str
    hint: str = ""


_FORMATS = _("Accepted are GeoPackage, GeoJSON, FlatGeobuf, and a zip archive with a shapefile.")
_ZIP = _("Make a new zip archive with nothing but the files of the layers in it.")
_NEW_FILE = _("Export the layer again and hand in the new file.")

WORDS: dict[str, Words] = {
    # the file
    "F01": Words(_("The file cannot be read."), _NEW_FILE),
    "F01/empty": Words(_("The file is empty."), _NEW_FILE),
    "F01/unreadable": Words(_("The file is damaged or cut off: it cannot be read to its end."), _NEW_FILE),
    "F01/no_layers": Words(_("There is no layer in the file."), _NEW_FILE),
    "F01/geometry_type": Words(
        _("The file holds a kind of geometry that cannot be read (for example a surface of triangles)."),
        _("Export the layer as points, lines or polygons."),
    ),
    "F01/not_found": Words(_("There is no such file.")),
    "F01/folder": Words(_("This is a folder and no file."), _("Name the files in it.")),
    "F01/forbidden": Words(
        _("The file may not be read by the account that runs the import."), _("Give it leave to read.")
    ),
    "F01/system": Words(
        _("The system failed while the file was handled: %(happened)s; reference %(reference)s."),
        _("Try again, and send the reference to the operator if it stays."),
    ),
    "F01/internal": Words(
        _("The file could not be handled; reference %(reference)s."), _("Send the reference to the office.")
    ),
    "F02": Words(_("This is not an accepted format: %(detected)s."), _FORMATS),
    "F02/unknown": Words(_("This is not an accepted format."), _FORMATS),
    "F03": Words(_("The archive breaks a rule."), _ZIP),
    "F03/damaged": Words(_("The archive is damaged or packed in an unusual way."), _ZIP),
    "F03/too_large": Words(_("The archive holds too many or too large files."), _ZIP),
    "F03/duplicate": Words(_("The archive holds the name %(entry)s twice."), _ZIP),
    "F03/bomb": Words(_("%(entry)s in the archive would grow beyond measure when unpacked."), _ZIP),
    "F03/path": Words(_("The archive holds a name that points out of it: %(entry)s."), _ZIP),
    "F03/link": Words(_("The archive holds a link or device: %(entry)s."), _ZIP),
    "F03/encrypted": Words(_("The archive is encrypted: %(entry)s."), _ZIP),
    "F03/nested": Words(_("The archive holds another archive: %(entry)s."), _ZIP),
    "F04": Words(_("The file declares a document type (DOCTYPE), which is not accepted."), _FORMATS),
    "F05": Words(_("The file exceeds a limit.")),
    "F05/bytes": Words(_("The file is larger than %(limit)s bytes."), _("Divide it into several files.")),
    "F05/layers": Words(_("The file has more than %(limit)s layers."), _("Divide it into several files.")),
    "F05/fields": Words(
        _("A layer has %(count)s columns; at most %(limit)s are read."),
        _("Remove columns that are not needed."),
    ),
    "F05/features": Words(
        _("A layer has %(count)s rows; at most %(limit)s are read."), _("Divide it into several files.")
    ),
    "F05/vertices": Words(_("A layer has more than %(limit)s vertices."), _("Divide it into several files.")),
    "F05/text": Words(_("A text has more than %(limit)s characters."), _("Shorten it.")),
    "F05/memory": Words(
        _("Reading the file takes more memory than is allowed."), _("Divide it into several files.")
    ),
    "F05/time": Words(
        _("Reading the file took longer than %(limit)s seconds."), _("Divide it into several files.")
    ),
    "F05/stopped": Words(_("Reading the file had to be stopped."), _NEW_FILE),
    "F05/disk": Words(_("There is no room left on the server; nothing was kept."), _("Tell the operator.")),
    "F05/drivers": Words(_("The reader is not set up safely; nothing was opened."), _("Tell the operator.")),
    "F06": Words(
        _("The table of the shapefile (.dbf) is missing: no row has attributes."), _("Add the .dbf file.")
    ),
    "F06/companion": Words(
        _("Files of the shapefile are missing: %(missing)s."), _("Add them where you have them.")
    ),
    "F07": Words(
        _("Nothing says what this layer is."), _("Name it in the plan file, or hand in one kind with --as.")
    ),
    "F07/not_mapped": Words(_("This layer is not named in the plan file and was left aside.")),
    "F07/table": Words(_("This is a table without geometry, or a database view; it was left aside.")),
    "F08": Words(_("The layer has no rows.")),
    "F08/required": Words(
        _("The plan file names this layer, and it has no rows."),
        _("Deliver it with its rows, or take it out of the plan file."),
    ),
    "F09": Words(_("The name holds unusual characters and is shown without them.")),
    "F10": Words(
        _("This very file was already uploaded on %(date)s."),
        _("To change the edition hand in a changed file."),
    ),
    # the plan around it
    "P01": Words(
        _("The plan file says nothing of a plan and an edition."),
        _("Add [plan] and [edition], or name the edition."),
    ),
    "P01/no_target": Words(
        _("There is no edition to which these rows could belong."),
        _("Name it with --edition or in the plan file."),
    ),
    "P01/theme": Words(_("No theme gathers this kind of plan: %(kind)s."), _("Load the reference data.")),
    "P02": Words(_("The plan file and what is stored do not go together: %(reason)s.")),
    "P02/differs": Words(
        _("%(field)s: the plan file says %(value)s, stored is %(stored)s."),
        _("Correct the plan file; an import changes nothing that is stored."),
    ),
    "P02/kept": Words(
        _("%(field)s: the plan file says %(value)s; what is stored stays as it is: %(stored)s.")
    ),
    "P02/not_taken": Words(
        _("The edition %(edition)s is there already; of this plan file were not added: %(what)s."),
        _("Add them in the admin, or record them once the edition is public."),
    ),
    "P02/overlaps": Words(
        _("The new territory %(value)s overlaps the territory %(other)s."),
        _("Name the territory that is there, or draw the new one beside it."),
    ),
    "P03": Words(_("The name of the layer says %(expected)s, its geometries are of another kind.")),
    # coordinate system
    "S01": Words(
        _("The layer does not say in which coordinate system it is."),
        _("Name it, with --crs and its EPSG code."),
    ),
    "S01/taken": Words(_("The layer names no coordinate system; %(crs)s was taken as you said.")),
    "S02": Words(
        _("The coordinate system of the layer is not known: %(name)s."),
        _("Name it, with --crs and its EPSG code."),
    ),
    "S02/deprecated": Words(
        _(
            "%(name)s is withdrawn, because it exchanges false easting and northing; its "
            "replacement is %(replacement)s."
        ),
        _("Where the numbers fit the replacement confirm it: --crs %(replacement)s."),
    ),
    "S02/equivalent": Words(_("The coordinate system %(name)s was understood as %(crs)s.")),
    "S02/overruled": Words(_("The layer names %(name)s; %(crs)s was taken as you said.")),
    "S02/member": Words(_("GeoJSON is in degrees by rule; this file names %(crs)s, which was taken.")),
    "S02/not_metric": Words(
        _("%(crs)s is no system to measure in."), _("Name a metric system in the plan file.")
    ),
    "S03": Words(
        _(
            "The layer lies outside the territory of the plan: its middle is at %(lon)s, %(lat)s "
            "(longitude, latitude)."
        ),
        _("Check the coordinate system."),
    ),
    "S03/row": Words(_("This row lies outside the territory of the plan.")),
    "S03/area": Words(
        _("The coordinates lie outside the area in which %(crs)s is used."), _("Check the coordinate system.")
    ),
    "S03/not_checked": Words(_("Not checked: whether the layer lies in the territory of the plan.")),
    "S04": Words(
        _("The axes seem to be exchanged: north is written where east should stand."),
        _("Exchange the two coordinates and hand in the layer again."),
    ),
    "S05": Words(
        _("The coordinates look like metres though %(crs)s is in degrees."),
        _("Name the metric system with --crs."),
    ),
    "S05/degrees": Words(
        _("The coordinates look like degrees though %(crs)s is in metres."),
        _("Name the system with --crs, for example OGC:CRS84."),
    ),
    "S05/datum": Words(
        _("%(name)s has the numbers of %(crs)s, but its datum was lost on the way."),
        _("Confirm it: --crs %(crs)s."),
    ),
    "S06": Words(
        _("The layers of the file are in different coordinate systems: %(systems)s."),
        _("Hand them in as separate files."),
    ),
    # text
    "T01": Words(
        _("The texts are not readable as they are; they look like %(encoding)s. Example: %(example)s"),
        _("Save the layer with UTF-8 texts and hand it in again."),
    ),
    "T01/guessed": Words(_("The file does not say how its texts are written; %(encoding)s was assumed.")),
    "T02": Words(
        _("Invisible or forbidden characters were removed from %(count)s texts of column %(field)s.")
    ),
    "T03": Words(_("Spaces or composed letters were put in order in %(count)s texts of column %(field)s.")),
    "T04": Words(
        _("%(count)s texts of column %(field)s hold markup or a formula; they are shown as plain text.")
    ),
    # attributes
    "A01": Words(_("The column %(field)s is missing."), _("Name the right column in the plan file.")),
    "A01/not_mapped": Words(_("Nobody said what these columns mean; they are not published: %(fields)s.")),
    "A01/owner": Words(_("Columns about owners are never taken over: %(fields)s.")),
    "A01/not_checked": Words(_("Not checked without a mapping: required columns, values and codes.")),
    "A03": Words(_("%(value)s is not a number (column %(field)s).")),
    "A03/date": Words(_("%(value)s is not a date (column %(field)s).")),
    "A03/indicator": Words(
        _("The value of %(field)s was kept as text; it could not be read as a number: %(value)s.")
    ),
    "A03/ambiguous": Words(
        _(
            "Values of %(field)s can be read in two ways, for example %(value)s; the Vietnamese "
            "reading was taken."
        ),
        _("Check the examples."),
    ),
    "A04": Words(_("The required value of %(field)s is empty.")),
    "A05": Words(_("The value of %(field)s is too long or not one of those allowed: %(value)s.")),
    "A05/cut": Words(_("A long text of %(field)s was cut.")),
    "A05/theme": Words(
        _("The theme %(theme)s gathers no plans of the kind %(value)s (%(field)s)."),
        _("Name a kind of the theme, or leave it empty for all."),
    ),
    "A06": Words(_("The parcel number %(value)s occurs again; this row got the code %(code)s.")),
    "A07": Words(
        _("The administrative unit %(value)s is not known."),
        _("Load the reference data, or name the right list."),
    ),
    "A08": Words(_("The stated area is %(stated)s m², the drawn one %(drawn)s m².")),
    # codes
    "K01": Words(_("The code %(value)s is not in the list."), _("Correct it or add it to [layers.codes].")),
    "K01/long": Words(
        _("The land uses of the zone together have a code of more than %(limit)s characters: %(value)s."),
        _("Divide the zone, or name fewer uses."),
    ),
    "K01/list": Words(_("The code list %(value)s is not loaded."), _("Load the reference data.")),
    "K01/not_checked": Words(_("Not checked: land-use codes, because no code list is named.")),
    "K02": Words(_("%(value)s was understood as the code %(code)s.")),
    "K03": Words(_("%(value)s is a code of a former list; it was kept as %(code)s.")),
    # geometry
    "G01": Words(_("The row has no geometry."), _("Draw it or delete the row.")),
    "G02": Words(_("A coordinate of the row is no usable number.")),
    "G03": Words(_("The geometry is not of the kind that the layer needs.")),
    "G03/mixed": Words(
        _("The geometry mixes polygons with lines or points; the polygons can be kept alone.")
    ),
    "G04": Words(_("%(count)s geometries carried heights, which were dropped.")),
    "G05": Words(_("The boundary crosses or touches itself.")),
    "G05/hole": Words(_("A hole lies outside its polygon or inside another hole.")),
    "G06": Words(_("A ring has too few points or is not closed.")),
    "G07": Words(
        _("%(count)s geometries had rings in the other direction or repeated vertices; that was put right.")
    ),
    "G08": Words(_("The geometry is the same as that of row %(other)s.")),
    "G08/near": Words(_("The geometry is nearly the same as that of row %(other)s.")),
    "G09": Words(_("The polygon is very small or thin: %(area)s m².")),
    "G11": Words(_("The geometry has very many vertices: %(count)s.")),
    # coverage of the plan
    "C01": Words(_("The zone overlaps row %(other)s by %(area)s m².")),
    "C01/same": Words(
        _("The geometry is the same as that of row %(other)s, the values differ; both rows stay.")
    ),
    "C01/many": Words(
        _(
            "The zones overlap more often than can be listed: %(count)s overlaps were found, then the "
            "search ended."
        ),
        _("Look whether zones were drawn or copied several times."),
    ),
    "C01/tolerance": Words(_("%(count)s overlaps of neighbouring zones are smaller than the tolerance.")),
    "C02": Words(_("Between the zones there is a gap of %(area)s m².")),
    "C02/edge": Words(_("An edge of the zone does not meet its neighbour.")),
    "C03": Words(_("The zones leave a hole of %(area)s m².")),
    "C04": Words(_("%(area)s m² within the boundary of the plan are in no zone.")),
    "C04/outside": Words(_("The zone reaches %(area)s m² beyond the boundary of the plan.")),
    "C04/not_checked": Words(_("Not checked: overlaps, gaps and the boundary of the plan.")),
    "C05": Words(_("%(count)s zones have vertices on a shared edge that their neighbour lacks.")),
    # declarations of coverage
    "C06": Words(
        _("%(area)s km² of the declared coverage (%(share)s %%) lie beyond the territory."),
        _("Declare only land that the office answers for."),
    ),
    "C06/share": Words(
        _("%(share)s %% of the declared coverage lie beyond the territory."),
        _("Declare only land that the office answers for."),
    ),
    "C07": Words(
        _("The coverage is declared from %(start)s on, %(years)s years before %(as_of)s."),
        _("Check whether all that was in force so long ago is really there."),
    ),
    # deliveries of the cadastre
    "D01": Words(_("Against revision %(revision)s the delivery changes parcels so: %(counts)s.")),
    "D02": Words(
        _("Of %(count)s parcels it is not clear what became of them: %(codes)s."),
        _("Look at the difference before you publish; their lineage names every part of the land."),
    ),
    "D02/reused": Words(
        _("%(count)s numbers now stand on other land: %(codes)s."),
        _("Check that the parcels were numbered anew and the columns not mixed up."),
    ),
    "D02/held": Words(
        _("%(count)s parcels stay as they are, because rows were left out that may follow them: %(codes)s.")
    ),
    "D03": Words(
        _("%(ended)s of the %(standing)s parcels of %(unit)s would end without a successor."),
        _("If this is the right file, write large_change_is_right = true under [cadastre]."),
    ),
    "D03/nothing": Words(
        _("The delivery has no land in common with the %(standing)s parcels of %(unit)s."),
        _("If this is the right file, write large_change_is_right = true under [cadastre]."),
    ),
    "D03/elsewhere": Words(
        _("Parcels of the same units lie far away, beyond the reach of the file's coordinate system."),
        _("Check the units and the coordinate system of the file."),
    ),
    "D04": Words(
        _("The delivery speaks of %(as_of)s, but a later one has described %(parcel)s already."),
        _("Check as_of under [cadastre]; an older delivery cannot replace a newer one."),
    ),
    "D04/future": Words(
        _("The delivery speaks of %(as_of)s, a day to come."), _("Check as_of under [cadastre].")
    ),
    "D04/foreign": Words(
        _("Parcels of these units were delivered by another office: %(office)s."),
        _("Only that office may replace them."),
    ),
    # the rest of a capped rule
    "more": Words(_("%(rest)s more of the same, %(count)s in all.")),
}

_REPAIRED = _("Repaired.")
_REPAIRED_AREA = _("Repaired: %(before)s m² before, %(after)s m² after.")
_LEFT_OUT = _("The row was left out.")


def words_of(finding: Finding) -> Words:
    """The words for a finding; every code has some."""
    return WORDS[finding.says or finding.code]


def message(finding: Finding) -> str:
    """The sentence and the hint in the active language."""
    words = words_of(finding)
    facts = {"field": finding.field, "value": finding.value, **finding.facts}
    parts = [gettext(words.sentence) % facts]
    if finding.outcome is Outcome.REPAIRED:
        parts.append(gettext(_REPAIRED_AREA if "before" in facts else _REPAIRED) % facts)
    elif finding.outcome is Outcome.LEFT_OUT:
        parts.append(gettext(_LEFT_OUT))
    elif words.hint:
        parts.append(gettext(words.hint) % facts)
    return " ".join(parts)
