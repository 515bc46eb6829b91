"""How much a file may hold before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import TooLarge


@dataclass(frozen=True, slots=True)
class Limits:
    """Counted as early as each format allows."""

    features: int = 1_000_000
    vertices: int = 10_000_000
    unpacked_bytes: int = 2 * 1024**3

    def check(self, features: int, vertices: int) -> None:
        """Refuse what would occupy the service for minutes."""
        if features <= self.features and vertices <= self.vertices:
            return
        told = [(features, "features", "个要素"), (vertices, "vertices", "个顶点")]
        held = " with ".join(f"{n:,} {what}" for n, what, _ in told if n)
        held_zh = "、".join(f" {n:,} {what}" for n, _, what in told if n)
        raise TooLarge(
            f"The file holds {held}; "
            f"the limits are {self.features:,} and {self.vertices:,}. Split it.",
            f"文件有{held_zh}，"
            f"上限为 {self.features:,} 和 {self.vertices:,}。分成几个文件上传。",
        )


UPLOADED = Limits()
