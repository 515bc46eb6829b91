"""Uploads as records: received, diagnosed, compared with the current version."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

import numpy as np
import shapely

from geo.errors import BilingualError
from geo.frame import Frame
from geo.progress import Told
from geo.stopping import Stopped, stopped_when
from service.accounts import Principal
from service.atlas import Atlas
from service.errors import Conflict, InsufficientStorage, NotFound
from service.origins import decision
from service.stores.base import Record
from service.uploads import space, worker
from service.uploads.effect import Effect, changed, effect_of
from service.uploads.limits import Limits
from service.uploads.options import Options, parse_options
from service.uploads.problems import (
    Problem,
    counts_by_code,
    features_by_code,
    problem_bodies,
)
from service.uploads.progress import PROGRESS, Progress
from service.uploads.receiving import ReceivedFile, called
from service.uploads.schemes import check_schemes
from service.uploads.shift import check_shift
from service.uploads.staging import RECEIVING, Folder
from service.uploads.standing import check_standing

KIND = "upload"
#: A folder younger than this may not be locked yet.
_FRESH_S = 60
#: Held while a finished diagnosis is compared with the current version.
_SETTLING = "settling.lock"
#: What is larger is compared behind the request that asks for it.
_SETTLED_AT_ONCE_BYTES = 1024**2
_OF_DIAGNOSIS = (
    "diagnosis", "errors", "warnings", "codes", "affected", "summary", "base_version",
)  # fmt: skip


def new_folder(atlas: Atlas) -> tuple[str, Folder]:
    """A fresh id and its empty folder."""
    id = secrets.token_hex(8)
    folder = folder_of(atlas, id)
    folder.create()
    return id, folder


def sweep(atlas: Atlas) -> None:
    """Remove what a server that was ended in the middle of a file has left."""
    data = Path(atlas.settings.data_dir).resolve()
    for path in (*data.glob("uploads/*"), *data.glob("looks/*")):
        known = atlas.store.get(KIND, path.name) is not None
        if known or not path.is_dir() or time() - path.stat().st_mtime < _FRESH_S:
            continue
        folder = Folder(path)
        if not folder.is_held(RECEIVING) and not worker.is_running(folder):
            folder.remove()


def folder_of(atlas: Atlas, id: str) -> Folder:
    return Folder(Path(atlas.settings.data_dir).resolve() / "uploads" / id)


def register(
    atlas: Atlas,
    id: str,
    author: Principal,
    files: Sequence[ReceivedFile],
    options: Options,
) -> Record:
    """Record what was received; the diagnosis is yet to come."""
    data = {
        "id": id,
        "status": "diagnosing",
        "layer": options.layer,
        "author": author.name,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "filename": called(files),
        "files": [asdict(file) for file in files],
        "size_bytes": sum(file.size_bytes for file in files),
        "options": options.as_dict(),
    }
    _request(atlas, data)
    record = atlas.store.put(KIND, id, data, expect=0)
    atlas.store.append_audit(author.name, "upload", id, _audited(data))
    return record


def again(atlas: Atlas, record: Record, said: Mapping[str, Any]) -> Record:
    """The same file, to be diagnosed with other options."""
    options = parse_options(said, base=Options(**record.data["options"]))
    atlas.catalogue.get(options.layer)
    kept = {k: v for k, v in record.data.items() if k not in _OF_DIAGNOSIS}
    changed = {"status": "diagnosing", "layer": options.layer}
    data = {**kept, **changed, "options": options.as_dict()}
    # The record first: a diagnosis that is ended by this must not count as failed.
    newer = atlas.store.put(KIND, record.id, data, expect=record.revision)
    worker.forget(folder_of(atlas, record.id))
    try:
        _request(atlas, data)
    except InsufficientStorage as refusal:
        _fail(atlas, newer, refusal)
        raise space.no_room_to_diagnose() from refusal
    return newer


def diagnose(atlas: Atlas, record: Record) -> Record:
    """Diagnose now and wait for it, unless it has been done or is being done. Raises
    what refuses the file."""
    if atlas.store.get(KIND, record.id) is None:
        raise _cancelled()
    folder = folder_of(atlas, record.id)
    try:
        if not worker.is_finished(folder):
            worker.run(folder, record.data["layer"])
    except worker.Busy:
        return record
    except BilingualError as refusal:
        _only_newest(atlas, record)
        with contextlib.suppress(Conflict):
            _fail(atlas, record, refusal)
        raise
    return settle(atlas, record)


def _only_newest(atlas: Atlas, record: Record) -> None:
    """Raise where the diagnosis was ended because the upload is gone, or because it is
    diagnosed with other options meanwhile."""
    newest = atlas.store.get(KIND, record.id)
    if newest is None:
        raise _cancelled()
    if newest.revision != record.revision and newest.data["status"] == "diagnosing":
        raise Conflict(
            "The upload is being diagnosed anew, with other options.",
            "上传正按其他选项重新诊断。",
        )


def _cancelled() -> Conflict:
    return Conflict(
        "The upload was cancelled; nothing of it has been kept.",
        "上传已取消，没有留下任何内容。",
    )


def is_worked_on(atlas: Atlas, id: str) -> bool:
    """Whether any process diagnoses the upload, or compares what it found."""
    folder = folder_of(atlas, id)
    return worker.is_running(folder) or folder.is_held(_SETTLING)


def settle(atlas: Atlas, record: Record) -> Record:
    """Bring a record up to date with its folder, if its diagnosis has ended. While
    somebody is at it already, the record stays as it is."""
    folder = folder_of(atlas, record.id)
    if record.data["status"] != "diagnosing" or not worker.is_finished(folder):
        return record
    try:
        with folder.held(_SETTLING):
            return _settled(atlas, folder, record)
    except BlockingIOError:
        return record
    except FileNotFoundError:
        raise _cancelled() from None


def _settled(atlas: Atlas, folder: Folder, record: Record) -> Record:
    try:
        worker.raise_refusal(folder)
    except BilingualError as refusal:
        return _fail(atlas, record, refusal)
    progress = Progress(folder)
    progress.begin("comparing")
    try:
        outcome = stopped_when(
            lambda: not worker.is_finished(folder),  # discarded, or to be done anew
            lambda: _outcome(atlas, folder, record, progress),
        )
    except Stopped:
        _only_newest(atlas, record)
        raise _cancelled() from None
    return _put(atlas, record, {**record.data, "status": "diagnosed", **outcome})


def _fail(atlas: Atlas, record: Record, refusal: BilingualError) -> Record:
    if isinstance(refusal, InsufficientStorage):  # nobody waits: the file is still here
        refusal = space.no_room_to_diagnose()
    told = {"detail": refusal.detail, "detail_zh": refusal.detail_zh}
    return _put(atlas, record, {**record.data, "status": "failed", "refusal": told})


def _put(atlas: Atlas, record: Record, data: Mapping[str, Any]) -> Record:
    """Somebody who asks at the same time may have settled it first."""
    try:
        return atlas.store.put(KIND, record.id, data, expect=record.revision)
    except Conflict:
        newer = atlas.store.get(KIND, record.id)
        if newer is None or newer.data["status"] == "diagnosing":
            raise
        return newer


def discard(atlas: Atlas, id: str) -> None:
    """Forget an upload and its files altogether. A folder that nobody knows is swept
    at the next start, a record without one would stay."""
    atlas.store.delete(KIND, id)
    folder = folder_of(atlas, id)
    worker.stop(folder)
    folder.remove()


def give_back(atlas: Atlas, changeset: Record) -> None:
    """Open the upload of a returned changeset again, with the reason."""
    told = changeset.data
    record = atlas.store.get(KIND, str(told.get("upload")))
    if record is None or record.data.get("changeset") != changeset.id:
        return
    why = {"changeset": changeset.id, "reviewer": told["approver"]}
    why |= {"reason": told["reason"], "at": told["decided_at"]}
    kept = {k: v for k, v in record.data.items() if k != "changeset"}
    data = {**kept, "status": "diagnosed", "returned": why}
    atlas.store.put(KIND, record.id, data, expect=record.revision)


def find(atlas: Atlas, id: str, asking: Principal) -> Record:
    """The upload, for everybody who may edit its layer: its effect can be shown to
    others before anything changes. Unknown to everyone else."""
    record = atlas.store.get(KIND, id)
    if record is None or not asking.covers(record.data["layer"]):
        raise _unknown(id)
    small = record.data["size_bytes"] <= _SETTLED_AT_ONCE_BYTES
    return settle(atlas, record) if small else record


def _unknown(id: str) -> NotFound:
    return NotFound(f"There is no upload {id!r}.", f"没有上传“{id}”。")


def is_listed(record: Record, asking: Principal) -> bool:
    """One's own; a reviewer's list has everybody's."""
    own = record.data["author"] == asking.name
    return asking.covers(record.data["layer"]) and (own or asking.has("reviewer"))


def staged(atlas: Atlas, record: Record) -> Frame:
    """The features as they would be published; 409 before they are known."""
    only_diagnosed(record)
    return folder_of(atlas, record.id).read_frame()


def only_diagnosed(record: Record) -> None:
    """409 unless the diagnosis has ended well."""
    if record.data["status"] not in ("diagnosed", "submitted"):
        raise Conflict(
            "The upload has not been diagnosed (yet); look at its status.",
            "上传尚未完成诊断，见其状态。",
            status_now=record.data["status"],
        )


def effect(atlas: Atlas, record: Record) -> tuple[Effect, int]:
    """What publishing it would do now, and to which version."""
    return _effect(atlas, record, folder_of(atlas, record.id).read_frame())


def _effect(atlas: Atlas, record: Record, staged: Frame) -> tuple[Effect, int]:
    folder, layer = folder_of(atlas, record.id), record.data["layer"]
    version = atlas.store.current_version(layer)
    supplied = folder.read_json("diagnosis.json")["supplied"]
    mode = record.data["options"]["mode"]
    current = current_frame(atlas, layer, version)
    return effect_of(staged, supplied, current, mode), version


def current_frame(atlas: Atlas, layer: str, version: int) -> Frame:
    """The features of a version; version 0 has none."""
    if version == 0:
        nothing = shapely.points([]).astype(object)
        return Frame(nothing, nothing)
    return atlas.snapshots.get(layer, version).frame


def problems(atlas: Atlas, record: Record) -> list[dict[str, Any]]:
    """Every finding, errors first."""
    found: list[dict[str, Any]] = folder_of(atlas, record.id).read_json("problems.json")
    return found or []


def body(atlas: Atlas, record: Record) -> dict[str, Any]:
    """The upload as the API tells it."""
    data = {k: v for k, v in record.data.items() if k != "files"}
    data |= decision(atlas.store, record)
    if record.data["status"] == "diagnosing":
        progress = folder_of(atlas, record.id).read_json(PROGRESS)
        return {**data, "progress": progress}
    shown = folder_of(atlas, record.id).read_json("shown.json")
    return {**data, **(shown or {"problems": [], "problem_count": 0})}


def _request(atlas: Atlas, data: Mapping[str, Any]) -> None:
    folder = folder_of(atlas, data["id"])
    limits = Limits(atlas.settings.max_features, atlas.settings.max_vertices)
    told = {
        "filename": data["filename"],
        "files": data["files"],
        "limits": asdict(limits),
        **data["options"],
    }
    folder.write_json("request.json", told)
    folder.write_geometry("district.wkb", district(atlas))


def district(atlas: Atlas) -> shapely.Geometry:
    """The boundary that diagnoses compare with."""
    version = atlas.store.current_version("district")
    return shapely.union_all(current_frame(atlas, "district", version).geometry)


def _outcome(
    atlas: Atlas, folder: Folder, record: Record, progress: Progress
) -> dict[str, Any]:
    staged = folder.read_frame()
    result, version = _effect(atlas, record, staged)
    found = folder.read_json("diagnosis.json")
    everything = folder.read_json("problems.json")
    compared = progress.within(0.1, 0.7)
    late = [*result.problems, *_late(atlas, record, staged, result, version, compared)]
    if late:  # what only the comparison can find stands before all else
        everything = [*problem_bodies(late, staged.ids), *everything]
        folder.write_problems(everything)
    origins = _origins(result, everything, staged)
    severities = [problem["severity"] for problem in everything]
    counts = {name: severities.count(name[:-1]) for name in ("errors", "warnings")}
    return {
        "diagnosis": found["diagnosis"],
        "codes": counts_by_code(everything),
        "affected": features_by_code(everything),
        **counts,
        "summary": {**result.summary, **counts, **origins},
        "base_version": version,
    }


def _late(
    atlas: Atlas,
    record: Record,
    staged: Frame,
    result: Effect,
    version: int,
    told: Told,
) -> list[Problem]:
    """What only the current version can show."""
    current = current_frame(atlas, record.data["layer"], version)
    options = record.data["options"]
    shifted = check_shift(staged, current)
    if options["crs"] is not None:  # somebody has confirmed it
        shifted = [problem.as_warning() for problem in shifted]
    found = [*shifted, *check_schemes(changed(current, result.changes))]
    if options["mode"] == "replace":  # nothing stays
        return found
    put = result.changes.upserts
    return [*found, *check_standing(staged, put, current, told=told)]


def _origins(
    result: Effect, found: Sequence[Mapping[str, Any]], staged: Frame
) -> dict[str, int]:
    """Findings about features that change, or about one that does and another, are
    introduced; the others were there."""
    put = np.isin(staged.ids.astype(str), result.changes.upserts.ids.astype(str))
    touched = set(np.flatnonzero(put).tolist())
    named = [problem for problem in found if problem["index"] is not None]
    introduced = sum(
        not touched.isdisjoint((problem["index"], problem.get("other_index")))
        for problem in named
    )
    return {"introduced": introduced, "inherited": len(named) - introduced}


def _audited(data: Mapping[str, Any]) -> dict[str, Any]:
    names = ("layer", "filename", "size_bytes")
    digests = [file["sha256"] for file in data["files"]]
    return {**{name: data[name] for name in names}, "sha256": digests}
