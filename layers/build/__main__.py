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
from layers.catalogue import Catalogue, Layer
from layers.errors import BuildError
from layers.initial import DATA


def build(folder: Path) -> dict[str, int]:
    """Write the layers into a folder; how many features each has."""
    made = {layer.id: (layer, features(layer)) for layer in Catalogue.load()}
    check(each for _, items in made.values() for each in items)
    folder.mkdir(parents=True, exist_ok=True)
    for id, (layer, items) in made.items():
        (folder / f"{id}.geojson").write_bytes(
            _document(layer, [item for _, item in items])
        )
    return {id: len(items) for id, (_, items) in made.items()}


def _document(layer: Layer, items: list[dict[str, Any]]) -> bytes:
    """One feature a line, so that a change reads well in a diff."""
    head = orjson.dumps({"name": layer.id, "title": layer.title_zh})
    lines = b",\n".join(orjson.dumps(item) for item in items)
    start = b'{"type":"FeatureCollection",' + head[1:-1] + b',"features":[\n'
    return start + lines + b"\n]}\n"


def main() -> int:
    """Build, and say what was built."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    try:
        counts = build(folder)
    except BuildError as error:
        print(f"{error.detail}\n{error.detail_zh}", file=sys.stderr)
        return 1
    for id, count in counts.items():
        print(f"{id:24} {count:5}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
