"""Maps from start to end: resolve versions and features, draw, keep what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from layers.catalogue import Catalogue, Layer
from service.maps.drawn import LayerData, layer_data
from service.maps.edges import DISTRICT
from service.maps.interactive import interactive_html
from service.maps.kept import Kept
from service.maps.layout import Layout, bare_layout, sheet_layout
from service.maps.narrowing import Narrowing
from service.maps.pins import pinned_versions
from service.maps.placing import told
from service.maps.plan import Plan, Progress
from service.maps.provenance import Record, stamp_png
from service.maps.query import MapQuery
from service.maps.scene import Scene, build_scene
from service.maps.sheet import Sheet, compose
from service.maps.sheets import Sheets
from service.maps.svg import sheet_svg
from service.maps.symbols import groups_of
from service.maps.typesetting import typeset
from service.responses import software_version
from service.settings import PROJECT_DIR
from service.snapshots import Snapshots
from service.stores.base import ItemQuery, Store

#: Parameters that change nothing in the picture.
_SILENT = frozenset({"version", "as-of"})


class Maps:
    """Draws maps of published versions. Thread-safe."""

    def __init__(
        self,
        store: Store,
        snapshots: Snapshots,
        catalogue: Catalogue,
        *,
        static_dir: Path = PROJECT_DIR / "static",
    ) -> None:
        self._store = store
        self._static_dir = static_dir
        self._snapshots = snapshots
        self._catalogue = catalogue
        self._preparing = Lock()
        self._finished = Kept[bytes](64 * 1024 * 1024)
        self._projected = Kept[LayerData](4_000_000)

    @cached_property
    def styles(self) -> dict[str, Any]:
        """The styles that the web map draws with."""
        from layers.styles import styles

        return dict(styles(self._catalogue))

    def comparable(self, layers: Sequence[Layer]) -> list[str]:
        """Published layers of the district, to hold a feature against."""
        current = self._store.current_versions()
        return [
            layer.id
            for layer in layers
            if layer.scope == "district" and current.get(layer.id, 0) > 0
        ]

    def current_versions(self) -> dict[str, int]:
        """The newest version of every layer."""
        return self._store.current_versions()

    def plan(
        self, query: MapQuery, visible: Sequence[Layer], *, kind: str = "map"
    ) -> Plan:
        """Fix what will be drawn. The district lies under every map."""
        for id_ in query.layers:
            self._catalogue.get(id_)  # an unknown layer is told as such
        wanted = {*query.layers, *([DISTRICT] if query.base else [])}
        layers = tuple(layer for layer in visible if layer.id in wanted)
        alone = kind == "series" or len(query.layers) == 1
        main = query.layers[0] if alone else None
        versions = pinned_versions(self._store, layers, dict(query.given), main)
        said = {k: v for k, v in query.given if k not in _SILENT}
        release = software_version()
        record = Record(release, query.layers, said, versions, kind)
        return Plan(query, layers, record)

    def series(self, plan: Plan, progress: Progress | None = None) -> bytes:
        """A page for each feature of the first layer, as one PDF."""
        from service.maps.series import draw_series

        made = draw_series(plan, self.layers(plan), self.styles, progress)
        self._finished.keep((plan.record.digest,), made, len(made))
        return made

    def finished(self, plan: Plan) -> bytes | None:
        """The file, if it has been drawn before."""
        return self._finished.get((plan.record.digest,))

    def draw(self, plan: Plan, *, fresh: bool = False) -> bytes:
        """The file, kept from last time unless it must be ``fresh``. Blocks: call
        from a thread."""
        key = (plan.record.digest,)
        if not fresh and (held := self._finished.get(key)) is not None:
            return held
        made = self._write(plan)
        self._finished.keep(key, made, len(made))
        return made

    def _write(self, plan: Plan) -> bytes:
        token, query = plan.record.token, plan.query
        if query.format == "html":
            scene = self.scene(plan, bare_layout(query.page))
            return interactive_html(scene, token, self._static_dir)
        if query.overlap is not None and query.format == "pdf" and not query.number:
            return typeset(self._sheets(plan).all(), token, query.lang)
        sheet = self.sheet(plan)
        if query.format == "svg":
            return sheet_svg(sheet, token)
        if query.format == "png":
            from service.maps.png import sheet_png  # brings the rasteriser in

            return stamp_png(sheet_png(sheet), token)
        return typeset([sheet], token, query.lang)

    def sheet(self, plan: Plan) -> Sheet:
        """The composed sheet, before any format."""
        if plan.query.overlap is not None:
            number, sheets = plan.query.number, self._sheets(plan)
            return sheets.one(number) if number else sheets.index()
        layout = layout_of(plan.query)
        return compose(self.scene(plan, layout), layout, plan.record.mark)

    def placed(self, plan: Plan) -> dict[str, Any]:
        """Where the sheets of a map lie on the ground."""
        query = plan.query
        grid = self._sheets(plan).grid if query.overlap is not None else None
        return told(query, self.layers(plan), layout_of(query), grid)

    def _sheets(self, plan: Plan) -> Sheets:
        layout, mark = layout_of(plan.query), plan.record.mark
        return Sheets(plan.query, self.layers(plan), self.styles, layout, mark)

    def scene(self, plan: Plan, layout: Layout) -> Scene:
        """What the map shows."""
        data = self.layers(plan)
        return build_scene(plan.query, data, self.styles, layout.frame)

    def layers(self, plan: Plan) -> list[LayerData]:
        """Features of every layer, projected."""
        filters = _conditions(plan)
        return [self._data(plan, layer, filters.get(layer.id)) for layer in plan.layers]

    def _data(self, plan: Plan, layer: Layer, condition: Any) -> LayerData:
        if condition is not None:
            return self._read(plan, layer, condition)
        version, query = plan.record.versions[layer.id], plan.query
        key = (layer.id, version, query.crs.epsg, query.standard_colours)
        if (held := self._projected.get(key)) is not None:
            return held
        # One thread prepares a version while the others wait for it: all at once they
        # would hold the memory of each.
        with self._preparing:
            if (held := self._projected.get(key)) is None:
                held = self._read(plan, layer, None).prepared()
                self._projected.keep(key, held, 1 + held.vertices)
        return held

    def _read(self, plan: Plan, layer: Layer, condition: Any) -> LayerData:
        number, query = plan.record.versions[layer.id], plan.query
        if condition is None:
            frame = self._snapshots.get(layer.id, number).frame
        else:
            asked = ItemQuery(filter=condition, count=False)
            frame = self._store.frame(layer.id, number, query=asked)
        published = number, self._store.version(layer.id, number).published_at
        groups = groups_of(layer, frame, self.styles, standard=query.standard_colours)
        return layer_data(layer, published, frame, query.crs, groups)


def layout_of(query: MapQuery) -> Layout:
    """The division of the page that the query asks for."""
    if query.layout == "map":
        return bare_layout(query.page)
    return sheet_layout(query.page, legend=query.legend)


def _conditions(plan: Plan) -> dict[str, Any]:
    query, asked = plan.query, plan.query.layers
    if plan.record.kind == "series":
        asked = asked[:1]  # what the features are compared with stays whole
    narrowing = Narrowing(query.filter, query.filter_lang, query.layer_filters)
    return narrowing.conditions([each for each in plan.layers if each.id in asked])
