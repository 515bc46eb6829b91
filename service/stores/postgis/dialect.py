"""CQL2's operators as PostgreSQL and PostGIS say them."""

from __future__ import annotations

from collections.abc import Sequence

from service.stores.filters import Dialect

CASTS = {"text": "text", "number": "float8", "boolean": "boolean", "wkb": "bytea"}
ARITHMETIC = {
    "/": "({left} / nullif({right}, 0))",
    "div": "trunc({left} / nullif({right}, 0))",
    "%": "({left} - {right} * trunc({left} / nullif({right}, 0)))",
    # What is no number is NULL, not an error.
    "^": "(CASE WHEN {left} > 0 OR ({right} = trunc({right})"
    " AND ({left} <> 0 OR {right} >= 0)) THEN power({left}, {right}) END)",
}
ICU = 'COLLATE "und-x-icu"'
PINYIN = 'COLLATE "zh-x-icu"'
FOLDS = {
    "casei": f'(lower(upper({{0}} {ICU}) {ICU}) COLLATE "C")',
    "accenti": (
        "(regexp_replace(normalize({0}, NFD), '[\\u0300-\\u036f]', '', 'g')"
        ' COLLATE "C")'
    ),
}


class PostgisDialect(Dialect):
    """PostGIS uses its index for every predicate but disjoint by itself."""

    def value(self, name: str, kind: str) -> str:
        return f"%({name})s::{CASTS[kind]}"

    def spatial(self, op: str, wkb: str, box: Sequence[str]) -> str:
        if op == "is_null":
            return "(f.geom IS NULL)"
        function = f"ST_{op.removeprefix('s_').capitalize()}"
        return f"{function}(f.geom, ST_GeomFromWKB({wkb}, 4326))"

    def folded(self, op: str, text: str) -> str:
        return FOLDS[op].format(text)

    def texts(self, listed: str) -> str:
        return f"SELECT jsonb_array_elements_text({listed}::jsonb)"

    def collated(self, text: str) -> str:
        return f"{text} {PINYIN}"

    def arithmetic(self, op: str, left: str, right: str) -> str:
        # A percent sign is written twice for the driver.
        plain = f"({{left}} {op} {{right}})"
        return ARITHMETIC.get(op, plain).format(left=left, right=right)
