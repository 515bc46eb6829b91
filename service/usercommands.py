"""``atlas users``: who may do what, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import typer
from rich.table import Column, Table

from service.accounts import Principal
from service.sessions import end, open_sessions
from service.terminal import console, opened
from service.tokens import change, listed, make, renew, revoke

users = typer.Typer(help="Tokens and roles. 令牌与角色。", no_args_is_help=True)
_OPERATOR = Principal("command line", "admin")
Granted = Literal["viewer", "editor", "reviewer", "admin"]


@users.command("list")
def list_users() -> None:
    """Everyone who has a token. 列出令牌。"""
    titles = ("name 姓名", "role 角色", "layers 图层", "expires 有效至", "seen 登录")
    table = Table(Column("id", no_wrap=True), *titles)
    with opened() as atlas:
        for one in listed(atlas):
            layers = "*" if one["layers"] is None else ", ".join(one["layers"])
            role = f"{one['role']} (disabled 停用)" if one["disabled"] else one["role"]
            name = " · ".join(filter(None, (one["name"], one["label"])))
            dates = (one["expires"] or "—", one["last_login"] or "—")
            table.add_row(one["id"], name, role, layers, *dates)
    console.print(table)


@users.command("add")
def add_user(
    name: str,
    role: Annotated[Granted, typer.Option(help="viewer < editor < reviewer < admin")],
    layers: Annotated[str, typer.Option(help="Ids, separated by commas.")] = "",
    expires: Annotated[datetime | None, typer.Option(help="Day, in UTC.")] = None,
    download: Annotated[
        bool | None,
        typer.Option("--download/--no-download", help="Else the role decides."),
    ] = None,
) -> None:
    """Make a token and show it once. 新建令牌（只显示一次）。"""
    scope = [layer.strip() for layer in layers.split(",")] if layers else None
    with opened() as atlas:
        until = None if expires is None else expires.replace(tzinfo=UTC)
        limits = {"layers": scope, "expires": until, "download": download}
        record, token = make(atlas, _OPERATOR.name, name, role, **limits)
    console.print(f"{record.id}  {token}", markup=False, soft_wrap=True)


@users.command("sessions")
def list_sessions() -> None:
    """Logins of the web map that are open. 列出登录会话。"""
    table = Table("id", "name 姓名", "role 角色", "login 方式", "expires 有效至")
    with opened() as atlas:
        for one in open_sessions(atlas, _OPERATOR):
            told = (one[n] for n in ("id", "name", "role", "login", "expires"))
            table.add_row(*told)
    console.print(table)


@users.command("end")
def end_session(id: str) -> None:
    """End one login at once. 结束一个登录会话。"""
    with opened() as atlas:
        end(atlas, id, _OPERATOR)
    console.print(f"{id} ended 已结束")


@users.command("renew")
def renew_user(id: str) -> None:
    """Another token with the same rights; the old one ends. 换发令牌。"""
    with opened() as atlas:
        record, token = renew(atlas, _OPERATOR.name, id)
    console.print(f"{record.id}  {token}", markup=False, soft_wrap=True)


@users.command("disable")
def disable_user(id: str) -> None:
    """A token opens nothing until it is enabled again. 停用令牌。"""
    with opened() as atlas:
        change(atlas, _OPERATOR.name, id, {"disabled": True})
    console.print(f"{id} disabled 已停用")


@users.command("enable")
def enable_user(id: str) -> None:
    """A disabled token opens again what it did. 恢复令牌。"""
    with opened() as atlas:
        change(atlas, _OPERATOR.name, id, {"disabled": False})
    console.print(f"{id} enabled 已恢复")


@users.command("remove")
def remove_user(id: str) -> None:
    """Revoke a token at once. 撤销令牌。"""
    with opened() as atlas:
        revoke(atlas, _OPERATOR.name, id)
    console.print(f"{id} revoked 已撤销")
