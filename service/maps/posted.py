"""A map asked for by a body: the parameters of its address as members of an object."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request

from service.body import bounded_body
from service.errors import BadRequest, TooLarge
from service.maps.query import PARAMETERS
from service.maps.sketch import MAX_SHAPE
from service.parameters import bad

#: Every character of a shape may be escaped; the other parameters are short.
MAX_BODY = 2 * MAX_SHAPE + 50_000


async def bounded(request: Request) -> bytes:
    """The body, read no further than a map's parameters can be long."""
    refusal = TooLarge(
        f"A map is asked for with at most {MAX_BODY:,} bytes. Simplify the shape, or"
        " upload it as a layer.",
        f"制图请求最多 {MAX_BODY:,} 字节。请化简图形，或作为图层上传。",
        parameter="shape",
    )
    return await bounded_body(request, MAX_BODY, refusal)


def told_in(body: bytes) -> dict[str, str]:
    """The parameters as an address would have them, or a refusal of what is none."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise BadRequest(
            "The body must be a JSON object of the map's parameters, such as"
            ' {"collections": "district", "shape": {"type": "Polygon", …}}.',
            "请求体须为制图参数的 JSON 对象，"
            '如 {"collections":"district","shape":{…}}。',
        )
    for name in given.keys() - PARAMETERS:
        raise bad(name[:60], "is no parameter of a map", "不是制图参数")
    return {k: _text(k, v) for k, v in given.items() if v is not None}


def _text(name: str, value: Any) -> str:
    if name == "shape" and isinstance(value, dict):
        return orjson.dumps(value).decode()
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return orjson.dumps(value).decode()
    raise bad(name, "must be a text or a number", "须为文字或数字")
