"""A full disk, told as what it is."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from service.errors import InsufficientStorage

#: No space, quota used up, file size limit of the process.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def watched() -> Iterator[None]:
    """Writing within raises ``InsufficientStorage`` where there is no room."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise disk_full() from error
        raise


def disk_full() -> InsufficientStorage:
    """Nothing was taken; the operator has to make room."""
    return InsufficientStorage(
        "The server's disk is full. The upload was not taken and nothing has been"
        " changed; ask the operator to make room, then upload again.",
        "服务器磁盘已满。上传未被接收，现有数据没有改动；请管理员腾出空间后重新上传。",
    )


def no_room_to_diagnose() -> InsufficientStorage:
    """The file has been received, and can be diagnosed again."""
    return InsufficientStorage(
        "The server's disk is full, so that the file could not be diagnosed. It has"
        " been kept: once the operator has made room, diagnose it again; or delete the"
        " upload, which makes some.",
        "服务器磁盘已满，文件未能诊断。文件已保留：请管理员腾出空间后重新诊断；"
        "或删除这次上传以释放空间。",
    )
