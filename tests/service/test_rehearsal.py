"""The first view, asked of the service by itself."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from service.app import create_app
from service.rehearsal import rehearse
from service.settings import Settings


def test_the_page_and_what_it_asks_first_are_asked_for_in_both_languages() -> None:
    heard: list[tuple[str, bytes]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((scope["path"], dict(scope["headers"])[b"accept-language"]))

    asyncio.run(rehearse(app, None, ("127.0.0.1", 8000)))
    assert {("/", b"zh"), ("/", b"en"), ("/api/styles", b"zh")} <= set(heard)


def test_every_answer_is_made_without_the_rest_of_the_service(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    app.completes = False
    statuses: dict[str, int] = {}

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses[scope["path"]] = message["status"]

        await app(scope, receive, noted)

    async def first_view() -> None:
        async with app._lifespan(app):
            await rehearse(heard, app, ("127.0.0.1", 8000))

    asyncio.run(first_view())
    assert len(statuses) == 6
    assert set(statuses.values()) == {200}
    assert app.whole._made is None


def test_it_stands_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    app = create_app(Settings(data_dir=tmp_path, access_log=True))
    app.completes = False

    async def first_view() -> None:
        async with app._lifespan(app):
            await app.rehearse()

    with caplog.at_level(logging.WARNING):
        asyncio.run(first_view())
    lines = [line for line in capfd.readouterr().err.splitlines() if line[:1] == "{"]
    assert [json.loads(line)["path"] for line in lines] == []
    assert caplog.records == []
