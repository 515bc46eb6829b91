"""Publishes version after version until it is killed; run by test_crash.py.

Version n holds 600 features that all say ``n`` in their name.
"""

from __future__ import annotations

import sys
from itertools import count

from layers.catalogue import Field, Layer
from service.stores import open_store
from service.stores.gpkg import laying

FEATURES = 600
PLOTS = Layer(
    id="plots",
    title_zh="地块",
    title_en="Plots",
    description_zh="",
    description_en="",
    group="landuse",
    geometry="polygon",
    fields=(Field("name_zh", "string", "名称", "Name"),),
)


def main(url: str, *, laid: bool) -> None:
    sys.path.insert(0, __file__.rpartition("/")[0])
    from samples import frame, publish, square

    if laid:
        laying.WORTH_LAYING = 1
    store = open_store(url)
    store.prepare([PLOTS])
    print("ready", flush=True)
    for number in count(store.current_version("plots") + 1):
        ids = [f"p{i}" for i in range(FEATURES)]
        shapes = [square(i % 30 + number, i // 30) for i in range(FEATURES)]
        publish(store, frame(ids, shapes, name_zh=[str(number)] * FEATURES))
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], laid=sys.argv[2] == "laid")
