"""The conformance classes that the service meets: exactly what tests/conformance
checks, nothing that is merely planned."""

from __future__ import annotations

_SPEC = "http://www.opengis.net/spec"
_CLASSES = {
    "ogcapi-common-1/1.0": ("core", "html", "json", "landing-page"),
    "ogcapi-common-2/1.0": ("collections", "html", "json"),
    "ogcapi-features-1/1.0": ("core", "geojson", "html", "oas30"),
    "ogcapi-features-2/1.0": ("crs",),
    "ogcapi-features-3/1.0": (
        "features-filter",
        "filter",
        "queryables",
        "queryables-query-parameters",
    ),
    "ogcapi-features-4/1.0": (
        "create-replace-delete",
        "features",
        "optimistic-locking-etags",
        "update",
    ),
    "ogcapi-features-5/1.0": (
        "core-roles-features",
        "queryables",
        "schemas",
        "sortables",
    ),
    "ogcapi-features-8/1.0": ("features-sorting", "sorting"),
    "cql2/1.0": (
        "accent-insensitive-comparison",
        "advanced-comparison-operators",
        "arithmetic",
        "basic-cql2",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "case-insensitive-comparison",
        "cql2-json",
        "cql2-text",
        "property-property",
        "spatial-functions",
        "temporal-functions",
    ),
}

CONFORMS_TO: tuple[str, ...] = tuple(
    f"{_SPEC}/{part}/conf/{name}" for part, names in _CLASSES.items() for name in names
)
