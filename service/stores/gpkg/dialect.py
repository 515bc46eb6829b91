"""CQL2's operators as SQLite says them."""

from __future__ import annotations

from collections.abc import Sequence

from service.stores.filters import Dialect
from service.stores.tables import table

ARITHMETIC = {
    "/": "(CAST({left} AS REAL) / {right})",
    "div": "atlas_whole({left}, {right})",
    "%": "atlas_rest({left}, {right})",
    "^": "atlas_power({left}, {right})",
}
#: A text of as many bytes as characters is ASCII: SQLite folds it by itself, quicker.
ASCII = "length({0}) = length(CAST({0} AS BLOB))"
FOLDS = {
    "casei": f"(CASE WHEN {{0}} IS NULL THEN NULL WHEN {ASCII} THEN lower({{0}})"
    " ELSE atlas_fold_case({0}) END)",
    "accenti": "atlas_fold_accents({0})",
}


class GeoPackageDialect(Dialect):
    """Exact predicates are functions of ours; the R-tree goes before them."""

    def value(self, name: str, kind: str) -> str:
        return f":{name}"

    def spatial(self, op: str, wkb: str, box: Sequence[str]) -> str:
        geometry = (
            f"(SELECT geom FROM {table(self.layer.id, 'geometry')} WHERE rid = f.rid)"
        )
        if op == "is_null":
            return f"({geometry} IS NULL)"
        exact = f"atlas_spatial('{op}', {geometry}, {wkb})"
        if op == "s_disjoint" or not box:
            return exact
        w, s, e, n = box
        near = (
            f"SELECT rid FROM {table(self.layer.id, 'index')}"
            f" WHERE w <= {e} AND e >= {w} AND s <= {n} AND n >= {s}"
        )
        return f"(f.rid IN ({near}) AND {exact})"

    def folded(self, op: str, text: str) -> str:
        return FOLDS[op].format(text)

    def texts(self, listed: str) -> str:
        return f"SELECT value FROM json_each({listed})"

    def collated(self, text: str) -> str:
        return f"atlas_pinyin_order({text})"

    def arithmetic(self, op: str, left: str, right: str) -> str:
        plain = f"({{left}} {op} {{right}})"
        return ARITHMETIC.get(op, plain).format(left=left, right=right)
