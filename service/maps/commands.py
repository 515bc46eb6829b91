"""``atlas export``: maps, dossiers and whole reports to files, and their check."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from geo.errors import BilingualError

if TYPE_CHECKING:
    from service.maps.exporting import Exporter

export = typer.Typer(no_args_is_help=True, help="Write maps to files. 导出地图。")
console = Console(highlight=False)
_With = Annotated[
    list[str],
    typer.Option("--with", help="A parameter of /api/map, name=value; repeatable."),
]
_File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


@export.command("map")
def export_map(
    path: Annotated[Path, typer.Argument(help="A .png, .svg, .pdf or .html file.")],
    collections: Annotated[str, typer.Option(help="Layers, separated by commas.")],
    with_: _With = [],  # noqa: B006 - typer copies it
    series: Annotated[
        bool,
        typer.Option(
            "--series", help="As many sheets as paper and scale take, and an index."
        ),
    ] = False,
    rotation: Annotated[
        str, typer.Option(help="Degrees by which the map is turned clockwise.")
    ] = "",
) -> None:
    """One map, or a series of sheets. 导出一幅地图，或分幅成图册。"""
    more = {"series": "true"} if series else {}
    more |= {"rotation": rotation} if rotation else {}
    with _exporter() as exporter:
        exporter.map({"collections": collections, **more, **_pairs(with_)}, path)
        console.print(f"{path}  ({path.stat().st_size:,} bytes)")


@export.command("atlas")
def export_atlas(
    path: Annotated[Path, typer.Argument(help="A .pdf or .docx file.")],
    layer: Annotated[str, typer.Option(help="The layer: a page for each feature.")],
    with_: _With = [],  # noqa: B006 - typer copies it
    format_: Annotated[
        str, typer.Option("--format", help="pdf or docx; else as the file's name ends.")
    ] = "",
) -> None:
    """A page per feature: map, facts, overlaps, sources. 一地一档图册。"""
    asked = {"f": format_} if format_ else {}
    with _exporter() as exporter, Progress(console=console) as bar:
        task = bar.add_task(layer, total=None)
        exporter.dossiers(
            layer,
            {**_pairs(with_), **asked},
            path,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    console.print(f"{path}  ({path.stat().st_size:,} bytes)")


@export.command("batch")
def export_batch(
    file: _File,
    folder: Annotated[Path, typer.Option("--to", help="Folder.")] = Path(),
) -> None:
    """All exhibits of a report from one YAML file. 按清单批量出图。"""
    with _exporter() as exporter, Progress(console=console) as bar:
        task = bar.add_task(file.name, total=None)
        written = exporter.batch(
            file.read_text("utf-8"),
            folder,
            lambda _, done, total: bar.update(task, completed=done, total=total),
        )
    for path in written:
        console.print(f"{path}  ({path.stat().st_size:,} bytes)")


@export.command("verify")
def export_verify(file: _File) -> None:
    """What made a map file, and whether it still holds. 校验图件。"""
    from service.maps.verifying import verify

    with _exporter() as exporter:
        found = verify(file.read_bytes(), exporter.maps, exporter.visible)
    record = found.record
    console.print(f"Layers 图层      {', '.join(record.layers)}")
    for layer, version in sorted(record.versions.items()):
        newer = found.newer.get(layer)
        note = f"  → now 现为 {newer}" if newer else ""
        console.print(f"Version 版本     {layer} {version}{note}")
    for name, value in sorted(record.query.items()):
        console.print(f"Query 请求       {name} = {value}", markup=False)
    console.print(f"Release 软件版本 {record.release} (this 本机 {found.release})")
    told = "same bytes 逐字节一致" if found.identical else "DIFFERENT 不一致"
    console.print(f"Drawn again 重绘 {told}")
    if not found.identical:
        raise typer.Exit(1)


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts)
    if not all(pairs) or any("=" not in text for text in texts):
        raise typer.BadParameter("write --with name=value", param_hint="--with")
    return pairs


@contextmanager
def _exporter() -> "Iterator[Exporter]":
    """An exporter over the store of the settings; refusals are told, not traced."""
    from service.app import make_atlas
    from service.maps.exporting import Exporter
    from service.maps.rendering import Maps
    from service.settings import Settings
    from service.stores import open_store

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.store_url)
    try:
        atlas = make_atlas(settings, store)
        maps = Maps(store, atlas.snapshots, atlas.catalogue)
        yield Exporter(maps, list(atlas.catalogue))
    except BilingualError as error:
        console.print(f"{error.detail}\n{error.detail_zh}", style="red", markup=False)
        raise typer.Exit(2) from None
    finally:
        store.close()
