"""``atlas stats``: the figures of the HTTP API, by the same code, in a terminal."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import typer
from rich.console import Console

from geo.errors import BilingualError

if TYPE_CHECKING:
    from starlette.requests import Request

    from service.atlas import Atlas
    from service.statistics.asking import Plan

stats = typer.Typer(
    no_args_is_help=True,
    help="Areas, overlaps, balance tables, distances. 统计。\n\n"
    "PARAMETERS are those of the HTTP API, as name=value.",
)
console = Console(highlight=False)
_Parameters = Annotated[list[str], typer.Argument(metavar="NAME=VALUE…")]
_Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="A .csv, .xlsx or .json file.")
]
_FORMATS = ("table", "json", "csv", "xlsx")
_Format = Annotated[
    str | None,
    typer.Option("--format", "-f", help="table, json, csv or xlsx (with --output)."),
]
_HIDDEN = {"basis", "evidence", "accuracy_m", "versions", "left_out"}
#: Of checks a terminal shows what fits it; the files have every column.
_CHECKS_HIDDEN = {
    *("row", "layer", "clause_zh", "clause_en", "computed", "source"),
    *("other_layer", "other", "judged_outcome", "judged_at", "judged_version"),
    *("judged_stands", "lies_in", "name_zh"),
}

#: And of a table held against another, so that a class stands on one line.
_COMPARED_HIDDEN = {
    *("name_en", "area_m2", "area_ha", "before_m2", "before_ha", "before_count"),
    *("change_m2", "change_ha", "features", "residual_m2"),
}


@stats.command()
def area(
    parameters: _Parameters, output: _Output = None, format: _Format = None
) -> None:
    """layer=L [by=field] [filter=…]: areas of a layer. 面积。"""
    from service.statistics.asking import ask_area

    _answer(ask_area, parameters, output, format)


@stats.command()
def overlap(
    parameters: _Parameters, output: _Output = None, format: _Format = None
) -> None:
    """layer=A with=B [by=field]: what two layers share. 叠加。"""
    from service.statistics.asking import ask_overlap

    _answer(ask_overlap, parameters, output, format)


@stats.command()
def balance(
    parameters: _Parameters, output: _Output = None, format: _Format = None
) -> None:
    """layer=L [level=1|2] [within=layer/id]: 用地平衡表."""
    from service.statistics.asking import ask_balance

    _answer(ask_balance, parameters, output, format)


@stats.command()
def proximity(
    parameters: _Parameters, output: _Output = None, format: _Format = None
) -> None:
    """layer=A to=B distance=800: what lies within a distance. 距离。"""
    from service.statistics.asking import ask_proximity

    _answer(ask_proximity, parameters, output, format)


@stats.command()
def shape(
    file: Annotated[Path, typer.Argument(help="GeoJSON: a geometry or features.")],
    parameters: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE…]")
    ] = None,
    output: _Output = None,
    format: _Format = None,
) -> None:
    """FILE [layers=A,B] [basis=…]: a drawn shape against layers. 图形统计。"""
    from service.statistics.asking import SHAPE_PARAMETERS, Plan, ask_shape
    from service.statistics.reading import read

    given = _geojson(file)

    def ask(request: "Request") -> Plan:
        from service.atlas import atlas_of
        from service.parameters import only, words

        only(request, (*SHAPE_PARAMETERS, "layers"))

        def source(request: "Request", layer: Any, version: int, _: Any) -> Any:
            return read(atlas_of(request), layer, version)

        wanted = words(request, "layers")
        return Plan({}, ask_shape(request, given, wanted, source))

    _answer(ask, parameters or [], output, format)


@stats.command()
def check(
    parameters: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE…]")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="GeoJSON to hold against the rules of layer=L."),
    ] = None,
    output: _Output = None,
    format: _Format = None,
) -> None:
    """[layer=L] [rule=R] [version=N]: rules on what is published; upload=ID,
    changeset=ID or --file FILE: on what is not. 规则检查。"""
    from service.statistics.checking import ask_checks, ask_trial, trial_of

    given = None if file is None else _geojson(file)

    def ask(request: "Request") -> "Plan":
        proposed = given is not None or {"upload", "changeset"} & set(
            request.query_params
        )
        if not proposed:
            return ask_checks(request)
        return ask_trial(request, trial_of(request, given))

    _answer(ask, parameters or [], output, format)


def _geojson(file: Path) -> Any:
    import orjson

    try:
        return orjson.loads(file.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from None
    except orjson.JSONDecodeError:
        raise typer.BadParameter(f"{file} is not GeoJSON") from None


def _answer(
    ask: "Callable[[Request], Plan]",
    parameters: Sequence[str],
    output: Path | None,
    format: str | None,
) -> None:
    from service.app import make_atlas
    from service.settings import Settings
    from service.stores import open_store

    word = _word(format, output)
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.store_url)
    try:
        pairs = _pairs(parameters)
        request = _request(make_atlas(settings, store), pairs)
        lang = pairs.get("lang", "zh")
        with console.status("Computing 计算中 …"):
            answer = ask(request).answer()
        _tell(answer, word, output, lang)
    except BilingualError as error:
        console.print(f"{error.detail}\n{error.detail_zh}", style="red")
        raise typer.Exit(1) from None
    finally:
        store.close()


def _pairs(parameters: Sequence[str]) -> dict[str, str]:
    for each in parameters:
        if "=" not in each:
            raise typer.BadParameter(f"{each!r} is not name=value")
    return dict(each.split("=", 1) for each in parameters)


def _request(atlas: "Atlas", parameters: Mapping[str, str]) -> "Request":
    """The question as the API would receive it, asked by whoever owns the store."""
    from starlette.requests import Request

    from service.accounts import Principal

    request = Request(
        {
            "type": "http",
            "method": "GET",
            "path": "/",
            "headers": [],
            "query_string": urlencode(parameters).encode(),
            "app": SimpleNamespace(state=SimpleNamespace(atlas=atlas)),
        }
    )
    request.state.principal = Principal("command line", "admin")
    return request


def _word(format: str | None, output: Path | None) -> str:
    """The format asked for, else that of the file's name, else a table to read."""
    if format is None:
        format = output.suffix.lower()[1:] if output else "table"
        if format not in _FORMATS or (output and format == "table"):
            raise typer.BadParameter(f"{output}: write a .csv, .xlsx or .json file")
    if format not in _FORMATS:
        raise typer.BadParameter(f"--format is one of {', '.join(_FORMATS)}")
    if format == "xlsx" and output is None:
        raise typer.BadParameter("a workbook needs a file: --output NAME.xlsx")
    return format


def _tell(answer: Mapping[str, Any], word: str, output: Path | None, lang: str) -> None:
    if word == "table":
        return _show(answer, lang)
    from service.responses import json_bytes
    from service.statistics.table import csv_bytes, xlsx_bytes

    render = {"csv": csv_bytes, "xlsx": xlsx_bytes}.get(word)
    content = json_bytes(answer) if render is None else render(answer, lang)
    if output is None:
        typer.echo(content.decode("utf-8"))
        return None
    output.write_bytes(content)
    return console.print(f"{output}  ({output.stat().st_size:,} bytes)")


def _show(answer: Mapping[str, Any], lang: str) -> None:
    from service.statistics.table import note_lines, sheet_rows
    from service.statistics.terminaltable import laid_in

    hidden = _HIDDEN | (_CHECKS_HIDDEN if "checks" in answer else set())
    hidden |= _COMPARED_HIDDEN if "compared_with" in answer else set()
    rows = [
        {k: v for k, v in r.items() if k not in hidden}
        for r in sheet_rows(answer, lang)
    ]
    names = [n for n in dict.fromkeys(k for r in rows for k in r) if _told(n, rows)]
    table, below = laid_in(rows, names, lang, console.width)
    console.print(table)
    for line in below:
        console.print(line)
    for name, text in note_lines(answer, lang):
        console.print(f"{name}: {text}")


def _told(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a column says anything."""
    return any(row.get(name) not in (None, 0, 0.0, False, "") for row in rows)
