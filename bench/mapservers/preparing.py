"""The plots for every map server, and their configurations."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from string import Template

import numpy as np
import pyogrio
import shapely

from bench.plots import classes, plots
from geo.crs import unproject_xy
from geo.frame import Frame
from geo.measures import measures
from layers.catalogue import Catalogue
from layers.styles import styles as styles_of
from service.loading import load_initial
from service.maps.font import font_path
from service.maps.symbols import Group, groups_of
from service.stores import open_store
from service.stores.base import Changes, Publication

COLUMNS, ROWS = 334, 300
CONF = Path(__file__).with_name("conf")
CODES = ("0701", "0703", "0803", "0804", "0806", "09", "1001", "1101", "1207", "13",
         "1401", "1402")  # fmt: skip


def prepare(work: Path, workers: int) -> None:
    (work / "ours").mkdir(parents=True, exist_ok=True)
    work.chmod(0o755)
    flat = plots(COLUMNS, ROWS)
    frame = frame_of(flat)
    _write(flat, frame, work / "plots.fgb")
    _load_ours(frame, work / "ours")
    _configure(work, workers, frame)


def frame_of(flat: np.ndarray) -> Frame:
    """The plots as a layer's features."""
    degrees = unproject_xy(flat)
    picked = np.unique(classes(len(flat)), return_inverse=True)[1]
    picked = (picked + np.arange(len(flat))) % len(CODES)

    def same(text: str) -> np.ndarray:
        return np.array([text] * len(flat), dtype=object)

    columns = {
        "landuse_code": np.array(CODES, dtype=object)[picked],
        "landuse_scheme": same("mnr2023"),
        "evidence": same("surveyed"),
        **measures(degrees),
    }
    ids = np.array([f"p{n}" for n in range(len(flat))], dtype=object)
    return Frame(ids, degrees, columns)


def _write(flat: np.ndarray, frame: Frame, path: Path) -> None:
    """On the plane that all draw in, so that no peer has to project."""
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(flat),
        field_data=[frame.columns["landuse_code"]],
        fields=["code"],
        geometry_type="Polygon",
        crs="EPSG:4547",
        driver="FlatGeobuf",
        layer="plots",
    )


def _load_ours(frame: Frame, folder: Path) -> None:
    catalogue = Catalogue.load()
    for old in folder.glob("atlas.gpkg*"):
        old.unlink()
    store = open_store(f"gpkg:{folder / 'atlas.gpkg'}")
    store.prepare(tuple(catalogue))
    load_initial(store, catalogue)
    base = store.current_version("parcels")
    nothing = np.array([], dtype=object)
    store.publish(Changes(frame, nothing), Publication("parcels", base, "bench"))
    store.close()


def _configure(work: Path, workers: int, frame: Frame) -> None:
    catalogue = Catalogue.load()
    groups = groups_of(catalogue.get("parcels"), frame, styles_of(catalogue))
    looks = [_look(group, frame) for group in groups]
    filled = {
        "work": str(work),
        "workers": str(workers),
        "font": str(font_path()),
        "compression": "1",
        "classes": "\n".join(map(_mapserver_class, looks)),
        "looks": json.dumps(looks),
    }
    for template in CONF.iterdir():
        if template.is_file():
            text = Template(template.read_text(encoding="utf-8")).substitute(filled)
            (work / template.name).write_text(text, encoding="utf-8")
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(work)}
    qgis = ["/usr/bin/python3", str(work / "qgis_project.py")]
    subprocess.run(qgis, check=True, env=offscreen)


def _look(group: Group, frame: Frame) -> tuple[str, str, str, str]:
    """Code, title, fill and outline of a class: what our own styles say."""
    code = str(frame.columns["landuse_code"][group.rows[0]])
    return code, group.title_zh, str(group.symbol.fill), str(group.symbol.stroke)


def _mapserver_class(look: tuple[str, str, str, str]) -> str:
    code, title, fill, edge = look
    colour, outline = (
        " ".join(str(int(text[n : n + 2], 16)) for n in (1, 3, 5))
        for text in (fill, edge)
    )
    return (
        f'CLASS NAME "{title}" EXPRESSION "{code}" STYLE COLOR {colour}'
        f" OUTLINECOLOR {outline} WIDTH 0.7 END END"
    )
