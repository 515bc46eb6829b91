"""An upload's folder without a service around it: files in, diagnosis out."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import shapely

from layers.catalogue import Catalogue, Layer
from layers.initial import initial_frame
from service.uploads.archive import ascii_path
from service.uploads.diagnosis import diagnose
from service.uploads.staging import Folder

CATALOGUE = Catalogue.load()
ANY = replace(CATALOGUE.get("parcels"), geometry="any")


def district() -> shapely.Geometry:
    """The boundary that diagnoses compare with."""
    return shapely.union_all(initial_frame(CATALOGUE.get("district")).geometry)


def diagnosed(
    folder: Path, files: list[Path], layer: Layer = ANY, **said: Any
) -> Folder:
    """Diagnose files as if they had been uploaded together."""
    upload = Folder(folder / "upload")
    upload.create()
    numbers: dict[str, str] = {}
    listed = []
    for file in files:
        stored = str(ascii_path(PurePosixPath(file.name), numbers))
        shutil.copyfile(file, upload.received / stored)
        listed.append({"stored": stored, "name": file.name})
    told = {"files": listed, "filename": files[0].name, "layer": layer.id, **said}
    upload.write_json("request.json", told)
    upload.write_geometry("district.wkb", district())
    diagnose(upload, layer)
    return upload


def written(folder: Path, name: str, content: bytes | str) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def codes(upload: Folder) -> set[str]:
    """The codes of all findings."""
    return {problem["code"] for problem in upload.read_json("problems.json")}


def about(upload: Folder) -> dict[str, Any]:
    """The diagnosis."""
    found: dict[str, Any] = upload.read_json("diagnosis.json")["diagnosis"]
    return found
