"""Every command of ``atlas``."""

from __future__ import annotations

import typer

from service.featurecommands import add_to as add_feature_commands
from service.maps.commands import export
from service.settings import Settings
from service.statistics.commands import stats
from service.storecommands import add_to as add_store_commands
from service.terminal import told
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


@command.command("serve")
def serve_command(
    host: str | None = typer.Option(None, help="Address to listen on."),
    port: int | None = typer.Option(None, help="Port to listen on."),
    workers: int | None = typer.Option(None, min=1, help="Processes."),
) -> None:
    """Serve the map and its API. 启动服务。"""
    from service.serving import serve

    with told():
        given = {"host": host, "port": port, "workers": workers}
        serve(Settings(**{name: v for name, v in given.items() if v is not None}))
