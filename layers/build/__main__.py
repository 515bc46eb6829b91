"""``python -m layers.build [FOLDER]``: write every layer's GeoJSON.

The exit status is 1, and nothing is written, when a row is wrong.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

from layers.build.checks import check
from layers.build.features import features
from layers.build.report import report
from layers.catalogue import Catalogue, Layer
from layers.errors import BuildError
from layers.initial import DATA

DOCS = DATA.parent.parent / "docs"


def build(folder: Path, docs: Path | None = None) -> dict[str, int]:
    """Write the layers into a folder, and the coverage report into another; how many
    features each layer has."""
    made = {layer.id: (layer, features(layer)) for layer in Catalogue.load()}
    check(each for _, items in made.values() for each in items)
    folder.mkdir(parents=True, exist_ok=True)
    for id, (layer, items) in made.items():
        (folder / f"{id}.geojson").write_bytes(
            _document(layer, [item for _, item in items])
        )
    if docs is not None:
        drawn = [(layer, [f for _, f in items]) for layer, items in made.values()]
        (docs / "atlas.md").write_text(report(drawn), encoding="utf-8")
    return {id: len(items) for id, (_, items) in made.items()}


def _document(layer: Layer, items: list[dict[str, Any]]) -> bytes:
    """One feature a line, so that a change reads well in a diff."""
    head = orjson.dumps({"name": layer.id, "title": layer.title_zh})
    lines = b",\n".join(orjson.dumps(item) for item in items)
    start = b'{"type":"FeatureCollection",' + head[1:-1] + b',"features":[\n'
    return start + lines + b"\n]}\n"


def main() -> int:
    """Build, and say what was built."""
    elsewhere = len(sys.argv) > 1
    folder = Path(sys.argv[1]) if elsewhere else DATA
    try:
        counts = build(folder, None if elsewhere or not DOCS.is_dir() else DOCS)
    except BuildError as error:
        print(f"{error.detail}\n{error.detail_zh}", file=sys.stderr)
        return 1
    for id, count in counts.items():
        print(f"{id:24} {count:5}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
