"""The ``atlas`` command."""

from __future__ import annotations

import typer

from service.featurecommands import add_to as add_feature_commands
from service.maps.commands import export
from service.settings import Settings
from service.statistics.commands import stats
from service.storecommands import add_to as add_store_commands
from service.terminal import console
from service.textcommands import documents
from service.usercommands import users

command = typer.Typer(
    name="atlas",
    help="The planning map of an urban district. 城区规划一张图。",
    no_args_is_help=True,
    add_completion=False,
)
add_feature_commands(command, export)
command.add_typer(users, name="users")
command.add_typer(export, name="export")
command.add_typer(documents, name="documents")
command.add_typer(stats, name="stats")
add_store_commands(command)


@command.callback()
def atlas() -> None:
    """Liwan Atlas 荔湾规划一张图."""


@command.command()
def serve(
    host: str | None = typer.Option(None, help="Address to listen on."),
    port: int | None = typer.Option(None, help="Port to listen on."),
    workers: int | None = typer.Option(None, min=1, help="Processes."),
) -> None:
    """Serve the map and its API. 启动服务。"""
    import uvicorn

    settings = Settings()
    host, port = host or settings.host, port or settings.port
    workers = workers or settings.workers
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    _prepare(settings)
    console.print(f"\n  Liwan Atlas 荔湾规划一张图  →  http://{host}:{port}\n")
    uvicorn.run(
        "service.main:app",
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=True,
    )


def _prepare(settings: Settings) -> None:
    """Make the store ready before the workers start, so that they agree at once and
    the first administrator's token is shown once."""
    from service.app import make_atlas
    from service.stores import open_store

    with console.status("Opening the store 打开数据库 …"):
        store = open_store(settings.store_url)
    try:
        make_atlas(settings, store)
    finally:
        store.close()


def main() -> None:
    """Entry point of the distribution."""
    command()


if __name__ == "__main__":
    main()
