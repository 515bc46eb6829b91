"""What every command does around its work: open the parts, tell refusals plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import typer
from rich.console import Console

from geo.errors import BilingualError
from service.atlas import Atlas
from service.settings import Settings

console = Console(highlight=False)


@contextmanager
def told() -> Iterator[None]:
    """What is refused is said in a sentence, not as a traceback."""
    try:
        yield
    except BilingualError as error:
        console.print(f"{error.detail}\n{error.detail_zh}", style="red", markup=False)
        raise typer.Exit(1) from None


@contextmanager
def opened() -> Iterator[Atlas]:
    """The parts over the store that the settings name."""
    from service.app import make_atlas
    from service.stores import open_store

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with told(), closing(open_store(settings.store_url)) as store:
        yield make_atlas(settings, store)
