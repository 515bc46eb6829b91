"""What was returned and what was handed in instead: which changeset answers which, and
what has changed since, so that nobody reviews the same thing twice."""

from __future__ import annotations

from geo.frame import Frame
from service.atlas import Atlas
from service.difference import Difference
from service.errors import Unprocessable
from service.origins import KIND
from service.stores.base import Record
from service.uploads.effect import changed, effect_of
from service.uploads.register import current_frame


def answered(atlas: Atlas, upload: Record, said: str | None) -> str | None:
    """The returned changeset that an upload corrects: the one it was itself, or the one
    that its sender names. Raises ``Unprocessable``."""
    if said is None:
        returned = upload.data.get("returned")
        return None if returned is None else str(returned["changeset"])
    earlier = atlas.store.get(KIND, said)
    asked = (upload.data["layer"], upload.data["author"], "rejected")
    fields = ("layer", "author", "status")
    if earlier is None or tuple(earlier.data.get(f) for f in fields) != asked:
        raise Unprocessable(
            f"{said!r} is no changeset of yours on this layer that was returned.",
            f"“{said}”不是您在本图层被退回的变更。",
            parameter="answers",
        )
    return said


def since(atlas: Atlas, record: Record, earlier: Record) -> Difference:
    """The layer as the earlier changeset would have made it, against what this one
    would: what others have published meanwhile is in both."""
    layer = atlas.catalogue.get(record.data["layer"])
    current = current_frame(atlas, layer.id, record.data["base_version"])
    before = changed(current, atlas.store.changes(earlier.id))
    before = _called(before, earlier.data.get("filename"), record.data.get("filename"))
    after = changed(current, atlas.store.changes(record.id))
    effect = effect_of(after, (), before, "replace")
    return Difference(effect.changes, before, layer, effect.summary)


def _called(frame: Frame, old: str | None, new: str | None) -> Frame:
    """A file's own name is the source of what names none: another file is no change."""
    sources = frame.columns.get("source_title")
    if sources is None or old is None or old == new:
        return frame
    renamed = sources.copy()
    renamed[sources == old] = new
    return Frame(frame.ids, frame.geometry, {**frame.columns, "source_title": renamed})
