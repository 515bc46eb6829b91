"""``atlas documents``: what the atlas cites, and loading a document's own text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geo.errors import BilingualError
from layers.catalogue import Catalogue
from layers.documents import documents as all_documents
from service.settings import Settings
from service.texts import import_text, known_document

documents = typer.Typer(no_args_is_help=True, help="Cited documents. 引用的文件。")
console = Console(highlight=False)


@documents.command("list")
def list_documents() -> None:
    """The documents and their ids. 列出文件。"""
    for each in all_documents().values():
        console.print(f"{each.id:28} {each.title_zh}")


@documents.command("import")
def import_document(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    document: Annotated[str, typer.Option(help="Id of the document.")],
) -> None:
    """Load the text of a document into this store. 导入文件全文。"""
    from service.stores import open_store

    store = open_store(Settings().store_url)
    try:
        store.prepare(tuple(Catalogue.load()))
        record = import_text(store, known_document(document), file)
    except BilingualError as error:
        console.print(f"{error.detail}\n{error.detail_zh}", style="red")
        raise typer.Exit(1) from None
    finally:
        store.close()
    count = len(record.data["paragraphs"])
    console.print(f"{document}: {count} paragraphs imported 已导入 {count} 段")
