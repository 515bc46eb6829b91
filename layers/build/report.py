"""docs/atlas.md: what the atlas holds, how far it can be trusted, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shapely.geometry import shape as from_mapping

from layers.build.plane import area_m2
from layers.catalogue import EVIDENCE, Layer
from layers.documents import conflicts, indicators

Feature = Mapping[str, Any]
Layers = Sequence[tuple[Layer, Sequence[Feature]]]

HEAD = """# The atlas: coverage

Written by `python -m layers.build`; do not edit. Every shape says in its
`construction` field how it was drawn and in `accuracy_m` how far it may be off.

- **Located** features have a geometry. The others stand in tables and search with
  the reason why they are not drawn (`location_note`).
- **Evidence**, strongest first: official, surveyed, digitised (from a published
  position or boundary), derived (from other features), indicative (the place is
  roughly right, the extent is not). No shape here is official or surveyed yet.
- Counts that the documents give without names (26 industrial blocks, 12 M0 plots,
  63 micro-renewals …) are indicators, not points.
"""

PUBLISHED = """
## Published figures against drawn shapes

Hectares; drawn areas on the GRS 80 ellipsoid. Where several figures were published
the feature's `facts` hold all of them.

| feature | published ha | drawn ha | difference |
|---|---:|---:|---:|
"""

WANTED = """
## What surveyed data to supply first

Layers by how many of their district features have no trustworthy extent or position.
Uploading a surveyed shape under the same id replaces the indicative one and keeps
both in the history.

| layer | indicative shapes | unlocated | together |
|---|---:|---:|---:|
"""

CONFLICTS = """
## Where the documents disagree

Kept side by side in the data (`conflicts`, `conflict_note`), never settled here.

| id | about | features | indicators |
|---|---|---:|---:|
"""


def report(layers: Layers) -> str:
    """The whole page."""
    parts = (_counts(layers), _published(layers), _wanted(layers), _conflicts(layers))
    lines = [line for part in parts for line in part]
    return HEAD + "\n".join([*lines, *_unlocated(layers)]) + "\n"


def _counts(layers: Layers) -> Iterator[str]:
    yield "\n## Layers\n"
    yield f"| layer | title | features | located | {' | '.join(EVIDENCE)} |"
    yield "|---|---|" + "---:|" * (2 + len(EVIDENCE))
    total: Counter[str] = Counter()
    for layer, features in layers:
        count = _count(features)
        total += count
        yield f"| `{layer.id}` | {layer.title_zh} {layer.title_en} |" + _cells(count)
    yield "| | **all** |" + _cells(total)


def _cells(count: Counter[str]) -> str:
    numbers = [count["features"], count["located"], *(count[e] for e in EVIDENCE)]
    return "".join(f" {number or '–'} |" for number in numbers)


def _count(features: Sequence[Feature]) -> Counter[str]:
    located = [f for f in features if f["geometry"] is not None]
    count = Counter(f["properties"]["evidence"] for f in located)
    return count + Counter(features=len(features), located=len(located))


def _published(layers: Layers) -> Iterator[str]:
    yield PUBLISHED.rstrip()
    for layer, features in layers:
        if layer.geometry == "polygon":
            for feature in features:
                yield from _stated(feature)


def _stated(feature: Feature) -> Iterator[str]:
    properties, geometry = feature["properties"], feature["geometry"]
    published = properties.get("area_stated_ha")
    if published and geometry:
        drawn = area_m2(from_mapping(geometry)) / 1e4
        yield (
            f"| {properties['name_zh']} `{feature['id']}` | {published:.2f} |"
            f" {drawn:.2f} | {drawn / published - 1:+.1%} |"
        )


def _wanted(layers: Layers) -> Iterator[str]:
    yield WANTED.rstrip()
    rows = [_lack(layer, features) for layer, features in layers]
    for layer, rough, absent in sorted(rows, key=lambda r: (-r[1] - r[2], r[0].id)):
        if rough + absent:
            title = f"{layer.title_zh} {layer.title_en}"
            yield f"| {title} | {rough} | {absent} | {rough + absent} |"


def _lack(layer: Layer, features: Sequence[Feature]) -> tuple[Layer, int, int]:
    mine = [f for f in features if f["properties"].get("scope") == "district"]
    absent = sum(f["geometry"] is None for f in mine)
    rough = sum(f["properties"]["evidence"] == "indicative" for f in mine) - absent
    return layer, rough, absent


def _conflicts(layers: Layers) -> Iterator[str]:
    yield CONFLICTS.rstrip()
    named = Counter(
        id
        for _, features in layers
        for f in features
        for id in (f["properties"].get("conflicts") or "").split(",")
    )
    figures = Counter(id for each in indicators() for id in each["conflicts"])
    for id, each in conflicts().items():
        about = f"{each.title_zh} {each.title_en}"
        yield f"| {id} | {about} | {named[id] or '–'} | {figures[id] or '–'} |"


def _unlocated(layers: Layers) -> Iterator[str]:
    yield "\n## Unlocated in the district\n"
    for layer, features in layers:
        names = [
            f["properties"]["name_zh"]
            for f in features
            if f["geometry"] is None and f["properties"].get("scope") == "district"
        ]
        if names:
            yield f"- **{layer.title_zh} {layer.title_en}**: {'、'.join(names)}"
