"""GDAL, restricted to the bytes it is given.

Every use of pyogrio goes through here: the environment must be set before GDAL
registers its drivers. VRT, for one, opens any local file by content alone.
"""

from __future__ import annotations

import os

_SKIPPED = (
    "OGR_VRT,GDALG,HTTP,WFS,OAPIF,OGCAPI,CSW,Carto,Elasticsearch,AmigoCloud,NGW,"
    "EEDA,PLSCENES,ADBC,PCIDSK,PDS4,VICAR,PDF,MBTiles,LVBAG,S57,DGN,GPX,ESRIJSON,"
    "OGR_GMT,WAsP,GeoRSS,VFK,PGDUMP,OSM,GPSBabel,OGR_PDS,EDIGEO,Idrisi,ODS,SXF,"
    "Selafin,JML,VDV,MVT,MapML,GTFS,PMTiles,JSONFG,MiraMonVector,AVCBin,AVCE00,"
    "AIVector,MEM"
)
_RESTRICTIONS = {
    "OGR_SKIP": _SKIPPED,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_ATTRIBUTES_TO_OGR_FIELDS": "NO",
    "LIBKML_RESOLVE_STYLE": "NO",
    "OGR_XLSX_FIELD_TYPES": "STRING",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "500",
}
#: Degrees of arc to a straight piece; the usual 4 cost a circle 0.08 % of its area.
ARC_STEP_DEG = 0.5
os.environ.update(_RESTRICTIONS, OGR_ARC_STEPSIZE=str(ARC_STEP_DEG))

import pyogrio  # noqa: E402
import pyogrio.errors  # noqa: E402
import pyogrio.raw  # noqa: E402

__all__ = ["pyogrio"]
