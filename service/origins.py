"""Where a version came from: a file by its name and digest, an earlier version that was
restored, or an edit through the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.atlas import Atlas
from service.stores.base import Record, Store

#: The records that changesets are kept as.
KIND = "changeset"
_UPLOAD = "upload"
#: Pages of versions hold every one of them.
_EVERY = 100_000


def files_told(upload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was received: each file as it was called, its weight and its digest."""
    names = ("name", "size_bytes", "sha256")
    return [{name: file[name] for name in names} for file in upload["files"]]


def origin_of(atlas: Atlas, changeset: str | None) -> dict[str, Any] | None:
    """Of what a changeset was made; None where nothing is known of it any more."""
    if changeset is None:  # only the first load publishes without one
        return {"kind": "initial"}
    record = atlas.store.get(KIND, changeset)
    return None if record is None else _told(atlas, record)


def origins_of(atlas: Atlas, layer: str) -> dict[str | None, dict[str, Any]]:
    """Of every published changeset of a layer, with one question to the store."""
    match = {"layer": layer, "status": "published"}
    found = atlas.store.records(KIND, match=match, limit=_EVERY)
    told: dict[str | None, dict[str, Any]] = {None: {"kind": "initial"}}
    return told | {record.id: _told(atlas, record) for record in found}


def _told(atlas: Atlas, record: Record) -> dict[str, Any]:
    data = record.data
    if "restores" in data:
        return {"kind": "restore", "version": data["restores"]}
    if data.get(_UPLOAD) is None:
        return {"kind": "edit"}
    return {"kind": "file", "upload": data[_UPLOAD], "files": _files(atlas, data)}


def _files(atlas: Atlas, changeset: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Changesets of earlier releases name their upload only."""
    if "files" in changeset:
        return list(changeset["files"])
    upload = atlas.store.get(_UPLOAD, changeset[_UPLOAD])
    return [] if upload is None else files_told(upload.data)


def decision(store: Store, upload: Record) -> dict[str, Any]:
    """What has become of a submitted upload: the status of its changeset, and the
    version that it was published as."""
    changeset = store.get(KIND, upload.data.get("changeset") or "")
    if changeset is None:
        return {}
    told = ("status", "approver", "version")
    return {"decision": {name: changeset.data.get(name) for name in told}}
