"""Unpacking a zip that nobody vouches for."""

from __future__ import annotations

import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from service.errors import TooLarge, Unprocessable

MAX_MEMBERS = 2000
MAX_RATIO = 100
#: Below this size a high ratio is ordinary (a DBF of blanks) and harmless.
_RATIO_FREE_BYTES = 16 * 1024**2
_CHUNK = 1 << 20
_NESTED = {
    ".zip",
    ".kmz",
    ".ovkmz",
    ".7z",
    ".rar",
    ".gz",
    ".bz2",
    ".xz",
    ".tar",
    ".tgz",
}
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError)
#: Archives of other kinds, by how they begin.
_OTHERS = {
    b"Rar!": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}
#: Longer names, and suffixes that are none, are numbered away.
_LONGEST_NAME = 80
_SUFFIX = re.compile(r"[a-z0-9_.]{0,20}")
_LITTER = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Member:
    """A file that was unpacked: where it is now, and what it was called."""

    path: Path
    name: str


def unpack(archive: Path, folder: Path, budget: int) -> list[Member]:
    """Files of a zip, under ASCII names in ``folder`` (which must exist).

    Files that belong together (same folder, same stem) stay together. Raises
    ``Unprocessable`` or ``TooLarge``; what was unpacked until then stays in
    ``folder``, which the caller owns and removes.
    """
    try:
        with zipfile.ZipFile(archive) as file:
            infos = [info for info in file.infolist() if _wanted(info)]
            check_members(infos, budget)
            return list(_extract(file, infos, folder, budget))
    except NotImplementedError as error:
        raise Unprocessable(
            "The archive is packed with a method that is not read. Pack it again as an"
            " ordinary zip (Deflate).",
            "压缩包的压缩方法不支持。用普通 zip（Deflate）重新压缩。",
        ) from error
    except _DAMAGE as error:
        raise _damaged(archive) from error
    except OSError as error:
        if error.errno is not None:  # the disk's fault, not the archive's
            raise
        raise _damaged(archive) from error


def _wanted(info: zipfile.ZipInfo) -> bool:
    parts = [part.lower() for part in info.filename.split("/")]
    return not info.is_dir() and not _LITTER.intersection(parts)


def check_members(infos: list[zipfile.ZipInfo], budget: int) -> None:
    """Refuse an archive for what its directory says."""
    if not infos:
        raise Unprocessable("The zip archive is empty.", "压缩包是空的。")
    if len(infos) > MAX_MEMBERS:
        raise TooLarge(
            f"The archive holds {len(infos)} files; {MAX_MEMBERS} are allowed.",
            f"压缩包里有 {len(infos)} 个文件，最多 {MAX_MEMBERS} 个。",
        )
    for info in infos:
        _check_member(info)
    size = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    if size > budget:
        raise _bomb(budget)
    if size > _RATIO_FREE_BYTES and size / packed > MAX_RATIO:
        raise _bomb(budget)


def _check_member(info: zipfile.ZipInfo) -> None:
    name = member_name(info)
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise Unprocessable(
            f"The archive holds a file outside its own folder ({name}). "
            "Pack the files again without paths.",
            f"压缩包里有越出目录的文件（{name}）。去掉路径后重新压缩。",
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unprocessable(
            f"The archive holds a link ({name}). Pack the file itself.",
            f"压缩包里有链接（{name}）。直接压缩文件本身。",
        )
    if info.flag_bits & 0x1:
        raise Unprocessable(
            "The archive is protected by a password. Pack it without one.",
            "压缩包有密码。去掉密码后重新压缩。",
        )
    if path.suffix.lower() in _NESTED:
        raise Unprocessable(
            f"The archive holds another archive ({name}). Unpack that one first.",
            f"压缩包里还有压缩包（{name}）。先解开里面的再上传。",
        )


def _extract(
    file: zipfile.ZipFile, infos: list[zipfile.ZipInfo], folder: Path, budget: int
) -> Iterator[Member]:
    numbers: dict[str, str] = {}
    left = budget
    for info in infos:
        name = PurePosixPath(member_name(info).replace("\\", "/"))
        target = folder / ascii_path(name, numbers)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise Unprocessable(
                f"The archive holds two files called {name}. Pack it again with one.",
                f"压缩包里有两个同名文件：{name}。只保留一个后重新压缩。",
            )
        written = _copy(file, info, target, min(left, info.file_size))
        if written is None:
            raise _bomb(budget)
        left -= written
        yield Member(target, str(name))


def ascii_path(name: PurePosixPath, numbers: dict[str, str]) -> Path:
    """``资料/地块.shp`` → ``d_0/f_1.shp``: parts keep their suffix, as readers need."""
    parts = [_number("d", part, numbers) for part in name.parts[:-1]]
    stem, dot, suffix = name.name.partition(".")
    ascii_suffix = suffix.lower()
    if not _SUFFIX.fullmatch(ascii_suffix):  # only its end says what it is
        stem, dot, ascii_suffix = name.name, ".", name.suffix[1:].lower()
        ascii_suffix = ascii_suffix if _SUFFIX.fullmatch(ascii_suffix) else ""
    return Path(*parts, _number("f", stem, numbers) + dot + ascii_suffix)


def _number(prefix: str, part: str, numbers: dict[str, str]) -> str:
    suffix = ".gdb" if prefix == "d" and part.lower().endswith(".gdb") else ""
    plain = part.isascii() and part.isalnum() and len(part) <= _LONGEST_NAME
    if prefix == "f" and plain:
        return part.lower()  # a geodatabase needs its names (a00000001.gdbtable)
    key = prefix + part.casefold()  # as Windows and shapefiles have it
    return numbers.setdefault(key, f"{prefix}_{len(numbers)}{suffix}")


def _copy(
    file: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, limit: int
) -> int | None:
    """Copy one member; None beyond ``limit`` bytes, whatever its header says."""
    written = 0
    with file.open(info) as source, target.open("xb") as sink:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > limit:
                return None
            sink.write(chunk)
    return written


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; old Windows zips store it in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _bomb(budget: int) -> TooLarge:
    return TooLarge(
        "The archive unpacks to far more than it should "
        f"(limits: {budget // 1024**2} MB, ratio {MAX_RATIO}).",
        f"压缩包解开后过大（上限 {budget // 1024**2} MB、压缩比 {MAX_RATIO}）。",
    )


def _damaged(archive: Path) -> Unprocessable:
    """What is wrong, as far as its first and last bytes tell."""
    with archive.open("rb") as file:
        head = file.read(512)
    if not head:
        return Unprocessable(
            "The archive is empty (0 bytes): it was not copied or saved whole. Pack it"
            " again and upload that.",
            "压缩包是 0 字节的空文件，没有复制或保存完整。重新压缩后上传。",
        )
    for begin, name in _OTHERS.items():
        if head.startswith(begin):
            return _misnamed(name)
    if head[257:262] == b"ustar":
        return _misnamed("tar")
    if not head.startswith(b"PK"):
        return Unprocessable(
            "The file is no zip archive, whatever its name says. Pack the files as"
            " .zip, or upload them as they are.",
            "文件的内容不是 zip 压缩包，与扩展名不符。"
            "把文件压缩为 .zip，或直接上传原文件。",
        )
    if not zipfile.is_zipfile(archive):
        size = archive.stat().st_size
        return Unprocessable(
            f"The zip archive is cut off: its end is missing ({size:,} bytes arrived)."
            " Copy or download it again, or pack it again.",
            f"压缩包不完整，缺少结尾（收到 {size:,} 字节）。"
            "重新复制、下载或压缩后上传。",
        )
    return Unprocessable(
        "The zip archive is damaged or incomplete. Pack and upload it again.",
        "压缩包损坏或不完整。重新压缩后再上传。",
    )


def _misnamed(name: str) -> Unprocessable:
    return Unprocessable(
        f"The archive is {name}, only called .zip; another name does not change what it"
        " is. Unpack it and pack the files as .zip.",
        f"这是 {name} 压缩包，只是扩展名改成了 .zip。解开后压缩为 .zip 再上传。",
    )
