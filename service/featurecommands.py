"""``atlas import`` and ``atlas export features``."""

from __future__ import annotations

import getpass
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import Progress
from rich.table import Table

from service.accounts import Principal
from service.atlas import Atlas
from service.stores.base import Record, Version
from service.terminal import console, opened
from service.uploads.receiving import ReceivedFile

Mode = Literal["upsert", "append", "replace"]
_File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
_Layer = Annotated[str, typer.Option(help="The layer's id.")]
#: Problems shown in the terminal; the rest is counted.
_SHOWN = 20


def import_(
    file: _File,
    layer: _Layer,
    crs: Annotated[str, typer.Option(help="If the file does not say.")] = "",
    encoding: Annotated[str, typer.Option(help="If it is guessed wrongly.")] = "",
    mode: Annotated[Mode, typer.Option()] = "upsert",
    repair: Annotated[bool, typer.Option(help="Mend invalid shapes.")] = False,
    source_layer: Annotated[
        str, typer.Option(help="Which, if the file holds several.")
    ] = "",
    convert: Annotated[
        str, typer.Option(help="The coordinates' unit, if so: mm, km, ft, dms.")
    ] = "",
    mapping: Annotated[
        str, typer.Option(help='{"field": "column"}, as JSON, where names do not say.')
    ] = "",
    heading_row: Annotated[
        str, typer.Option(help="The row of a table that names its columns; 0: none.")
    ] = "",
    author: Annotated[str, typer.Option(help="Who sends it.")] = "",
    approver: Annotated[
        str, typer.Option(help="Publish at once, approved by this other person.")
    ] = "",
) -> None:
    """Diagnose a file, propose it for review, or publish it. 导入文件。"""
    author = author or getpass.getuser()
    said = {"layer": layer, "crs": crs, "encoding": encoding, "mode": mode}
    said |= {"source_layer": source_layer, "heading_row": heading_row}
    said |= {"convert": convert, "mapping": mapping}
    with opened() as atlas:
        atlas.catalogue.get(layer)
        sender = Principal(author, "editor")
        record = _diagnosed(atlas, sender, file, {**said, "repair": repair})
        _show_problems(atlas, record)
        if record.data["errors"]:
            raise typer.Exit(1)
        _propose(atlas, record, sender, approver)


def _diagnosed(
    atlas: Atlas, sender: Principal, file: Path, said: dict[str, object]
) -> Record:
    from service.uploads import register
    from service.uploads.options import parse_options

    id, folder = register.new_folder(atlas)
    options = parse_options(said)
    files = _copied(file, folder.received)
    record = register.register(atlas, id, sender, files, options)
    with console.status(f"Diagnosing 诊断 {file.name} …"):
        return register.diagnose(atlas, record)


def _copied(file: Path, folder: Path) -> list[ReceivedFile]:
    """The file, and for a shapefile its companions, under ASCII names."""
    members = [file]
    if file.suffix.lower() == ".shp":
        members = sorted(file.parent.glob(f"{file.stem}.*"))
    received = []
    with Progress(console=console) as bar:
        for member in bar.track(members, description="Copying 复制"):
            stored = f"f_0{member.suffix.lower()}"
            shutil.copyfile(member, folder / stored)
            with member.open("rb") as read:
                digest = hashlib.file_digest(read, "sha256").hexdigest()
            size = member.stat().st_size
            received.append(ReceivedFile(stored, member.name, size, digest))
    return received


def _show_problems(atlas: Atlas, record: Record) -> None:
    from service.uploads import register

    found = register.problems(atlas, record)
    table = Table("severity", "code", "feature", "finding 问题", "remedy 处理")
    for one in found[:_SHOWN]:
        cells = (one[k] for k in ("severity", "code", "feature", "message", "remedy"))
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    if found:
        console.print(table)
    summary = record.data.get("summary", {})
    console.print(", ".join(f"{k} {v}" for k, v in summary.items()), markup=False)


def _propose(atlas: Atlas, record: Record, sender: Principal, approver: str) -> None:
    from service import changesets
    from service.statistics.plates import new_plates
    from service.uploads import jobs

    with console.status("Submitting 送审 …"):
        changeset = jobs.submit(atlas, record, sender, "")
    if not approver:
        console.print(f"changeset {changeset.id} submitted 已送审")
        return
    reviewer = Principal(approver, "reviewer")
    plates = new_plates(atlas)
    with _told("Publishing 发布") as told:
        _, version = changesets.approve(
            atlas, changeset, reviewer, ahead=plates.ahead, told=told
        )
    with console.status("Prepared for questions 预备统计 …"):
        plates.settle()
        plates.close()
    console.print(f"{version.layer} version {version.number} published 已发布")
    _prepare_tiles(atlas, version)


def _prepare_tiles(atlas: Atlas, version: Version) -> None:
    """A big version as it looks from afar: the first who looks need not wait."""
    from service.tiles import new_tiles

    layer = atlas.catalogue.get(version.layer)
    try:
        with _told("Map from afar 概览图") as told:
            new_tiles(atlas).shelve(layer, version, told)
    except OSError as error:
        console.print(f"Not prepared 未能预备: {error.strerror}", markup=False)


@contextmanager
def _told(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar: how much is done, of how much."""
    with Progress(console=console) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def export_features(
    path: Annotated[Path, typer.Argument(help="Its suffix says the format.")],
    layer: _Layer,
    version: Annotated[int, typer.Option(help="The newest by default.")] = 0,
    crs: Annotated[str, typer.Option(help="As the format prefers by default.")] = "",
) -> None:
    """Features as a file: gpkg, zip (shp), dxf, kml, xlsx, csv, txt. 导出要素。"""
    from geo.crs import parse_crs
    from service.exports import export

    form = {"zip": "shp"}.get(path.suffix[1:].lower(), path.suffix[1:].lower())
    with opened() as atlas:
        chosen = atlas.catalogue.get(layer)
        number = version or atlas.store.current_version(layer)
        with console.status(f"Writing 写出 {path.name} …"):
            frame = atlas.store.frame(layer, atlas.store.version(layer, number).number)
            content = export(frame, chosen, form, parse_crs(crs) if crs else None)
            path.write_bytes(content)
    console.print(f"{path}  {len(frame):,} features 要素")


def add_to(command: typer.Typer, export: typer.Typer) -> None:
    """Make these commands of ``atlas``."""
    command.command("import")(import_)
    export.command("features")(export_features)
