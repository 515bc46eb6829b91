"""The web map: its one page, its files, and the policy that fences them in."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.bundle import BUILT, PAGE, Bundle
from service.compression import accepts
from service.errors import NotFound
from service.responses import HTML, is_fresh

#: The page's own addresses; it reads them itself, so each answers with the page.
PAGE_PATHS = (
    "/",
    "/map",
    "/f/{rest:path}",
    "/uploads",
    "/uploads/{rest:path}",
    "/reviews",
    "/reviews/{rest:path}",
    "/docs",
    "/docs/{rest:path}",
    "/print",
    "/indicators",
    "/indicators/{rest:path}",
    "/accounts",
    "/accounts/{rest:path}",
    "/embed",
)
#: At the root, because a service worker may look after nothing above its own address.
WORKER = "/offline.js"
#: It may fetch what the page fetches, from this host.
_OF_WORKER = {"content-security-policy": "default-src 'none'; connect-src 'self'"}
#: A file whose name is made of its bytes never changes under that name.
_NAMED = re.compile(rf"{BUILT}/[\w-]+-[0-9A-Za-z]{{8,}}\.(js|png)")
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_INLINE = re.compile(rb"<(script|style)(?![^>]*\bsrc=)[^>]*>(.*?)</\1>", re.S)
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class _File:
    stamp: int
    content: bytes
    etag: str
    #: The same, compressed beforehand, if it was.
    packed: bytes | None


class Site:
    """Serves a folder of files from memory, re-reading a file when it changes."""

    def __init__(
        self,
        folder: Path,
        pictures: Sequence[str] = (),
        frames: Sequence[str] = ("*",),
    ) -> None:
        """``pictures``: hosts besides this one that the page may show pictures of;
        ``frames``: sites besides this one that may show the map in a frame."""
        self._folder = folder.resolve()
        self._pictures = tuple(pictures)
        self._frames = tuple(frames) if "*" in frames else ("'self'", *frames)
        self._files: dict[Path, _File] = {}
        self._bundle = Bundle(self._folder)

    def routes(self) -> list[Route]:
        """The page at each of its addresses, and the files under /static."""
        pages = [Route(path, self.page) for path in PAGE_PATHS]
        worker = Route(WORKER, self.worker)
        return [Route("/static/{path:path}", self.file), worker, *pages]

    async def worker(self, request: Request) -> Response:
        """The script that keeps the page usable while the service is away."""
        path = self._folder / WORKER.lstrip("/")
        return _answer(request, self._read(path, WORKER), _TYPES[".js"], _OF_WORKER)

    async def file(self, request: Request) -> Response:
        """One file below the folder."""
        asked = request.path_params["path"].lstrip("/")
        shown = request.url.path
        if "\0" in asked:
            raise _missing(shown)
        path = (self._folder / asked).resolve()
        if not path.is_relative_to(self._folder):
            raise _missing(shown)
        file = self._read(path, shown)
        media = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        extra = _FOR_EVER if _NAMED.fullmatch(asked) else {}
        return _answer(request, file, media or "application/octet-stream", extra)

    async def page(self, request: Request) -> Response:
        """The map page, under a policy that allows its own inline scripts by hash."""
        try:
            file = self._read(self._bundle.page(), request.url.path)
        except NotFound:  # the joined page, taken away since it was looked at
            file = self._read(self._folder / PAGE, request.url.path)
        frames = self._frames if request.url.path == "/embed" else ("'self'",)
        policy = content_policy(file.content, frames=frames, pictures=self._pictures)
        return _answer(request, file, HTML, {"content-security-policy": policy})

    def _read(self, path: Path, shown: str) -> _File:
        try:
            stamp = path.stat().st_mtime_ns
            known = self._files.get(path)
            if known is None or known.stamp != stamp:
                known = self._files[path] = _load(path, stamp)
        except (OSError, ValueError):
            raise _missing(shown) from None
        return known


def _load(path: Path, stamp: int) -> _File:
    content = path.read_bytes()
    digest = hashlib.blake2b(content, digest_size=12).hexdigest()
    beside = path.with_name(f"{path.name}.gz")
    packed = beside.read_bytes() if beside.is_file() else None
    return _File(stamp, content, f'"{digest}"', packed)


def _missing(path: str) -> NotFound:
    return NotFound(f"There is no file at {path!r}.", f"“{path}”处没有文件。")


def _answer(
    request: Request, file: _File, media: str, extra: dict[str, str]
) -> Response:
    headers = {"etag": file.etag, "cache-control": "no-cache", **extra}
    if is_fresh(request, file.etag):
        return Response(status_code=304, headers=headers)
    if file.packed and accepts(request.headers.get("accept-encoding", ""), "gzip"):
        headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        headers["etag"] = f'{file.etag[:-1]}-gzip"'
        return Response(file.packed, 200, headers, media)
    return Response(file.content, 200, headers, media)


@lru_cache(8)
def content_policy(
    page: bytes,
    *,
    frames: tuple[str, ...] = ("'self'",),
    pictures: tuple[str, ...] = (),
) -> str:
    """The strict policy of a page: own files, own inline blocks by their hash, shown in
    a frame by ``frames`` alone."""
    hashes: dict[bytes, list[str]] = {b"script": [], b"style": []}
    for kind, text in _INLINE.findall(page):
        digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
        hashes[kind].append(f"'sha256-{digest}'")
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *hashes[b"script"])),
            " ".join(("style-src 'self'", *hashes[b"style"])),
            " ".join(("img-src 'self' data: blob:", *pictures)),
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            " ".join(("frame-ancestors", *frames)),
        )
    )
