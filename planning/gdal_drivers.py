"""Which file formats GDAL may open, settled before GDAL is loaded.

A lowest layer: the settings of every process and the importer's reading child put
`environment()` into their environment first. GDAL reads `GDAL_SKIP` once, while it is loaded;
set later, all its drivers stay, among them those that follow addresses and open other files
(a VRT text named `.geojson` made GDAL read any file and send requests). It knows no GDAL itself.
"""

from collections.abc import Iterable, MutableMapping

ALLOWED = (
    "ESRI Shapefile",
    "MapInfo File",
    "GPKG",
    "GeoJSON",
    "GeoJSONSeq",
    "ESRIJSON",
    "TopoJSON",
    "LIBKML",
    "KML",
    "GML",
    "GPX",
    "CSV",
    "XLSX",
    "FlatGeobuf",
    "OpenFileGDB",
    "DXF",
    "DGN",
)

# Every other driver that the GDAL 3.12 of the wheel registers, raster ones included. GDAL warns of a
# name it does not have, hence no names of other builds. A driver that a new version adds is in
# neither list: `unexpected()` finds it at start.
_REFUSED = (
    "DERIVED GTI SNAP_TIFF GTiff COG LIBERTIFF VRT NITF RPFTOC ECRGTOC HFA SAR_CEOS CEOS JAXAPALSAR GFF "
    "ESRIC AIG AAIGrid GRASSASCIIGrid ISG DTED PNG JPEG MEM JDEM ESAT BSB BMP DIMAP AirSAR RS2 SAFE "
    "PCIDSK PCRaster ILWIS SRTMHGT Leveller Terragen ISIS3 ISIS2 PDS PDS4 VICAR TIL ERS L1B GRIB RMF WCS "
    "WMS MSGN RST GSAG GSBG GS7BG COSAR TSX COASP MAP KMLSUPEROVERLAY PDF MBTiles PLMOSAIC CALS WMTS "
    "SENTINEL2 MRF PNM DOQ1 DOQ2 MFF MFF2 GSC FAST BT LAN CPG NDF EIR LCP GTX LOSLAS NTv2 ACE2 SNODAS KRO "
    "ROI_PAC RRASTER BYN NOAA_B NSIDCbin RIK USGSDEM GXF NWT_GRD NWT_GRC ADRG SRP SAGA XYZ HF2 CTG ZMap "
    "NGSGEOID IRIS PRF EEDAI EEDA DAAS SIGDEM TGA OGCAPI STACTA STACIT GDALG GNMFile GNMDatabase LVBAG "
    "S57 OGR_VRT OGR_GMT SQLite WAsP GeoRSS VFK PGDUMP OSM GPSBabel OGR_PDS WFS OAPIF EDIGEO Idrisi ODS "
    "Elasticsearch Carto AmigoCloud SXF Selafin JML PLSCENES CSW VDV MVT NGW MapML GTFS PMTiles JSONFG "
    "MiraMonVector ADBC AVCBin AVCE00 AIVector PAux GenBin ENVI EHdr ISCE Zarr RCM MiraMonRaster HTTP"
).split()


def skip_list() -> str:
    """The value of `GDAL_SKIP`: comma-separated, because names hold spaces."""
    return ",".join(name for name in _REFUSED if name not in ALLOWED)


def environment() -> dict[str, str]:
    """What a process must have in its environment before it loads GDAL."""
    return {
        "GDAL_SKIP": skip_list(),
        "GDAL_DRIVER_PATH": "disable",  # no plug-in from the system slips in
        "GDAL_HTTP_PROXY": "127.0.0.1:9",  # the discard port: whatever still asked would get nowhere
        "CPL_DEBUG": "OFF",
    }


def apply(environ: MutableMapping[str, str]) -> None:
    """Put the measures in force for this process; of use only before GDAL is loaded."""
    environ.update(environment())


def unexpected(registered: Iterable[str]) -> tuple[str, ...]:
    """Drivers that GDAL registered though nobody allowed them; empty when all is well."""
    return tuple(sorted(set(registered) - set(ALLOWED)))
