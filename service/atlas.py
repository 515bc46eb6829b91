"""The running application's parts, made once and handed to every route."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from layers.catalogue import Catalogue, Layer
from service.kept import Kept
from service.settings import Settings
from service.stores.base import Store

if TYPE_CHECKING:
    from service.accounts import Accounts
    from service.oidc import Oidc
    from service.snapshots import Snapshots


@dataclass(slots=True)
class Atlas:
    """Settings, what exists, where it is kept, who may see it."""

    settings: Settings
    catalogue: Catalogue
    store: Store
    snapshots: Snapshots
    accounts: Accounts
    #: The OpenID provider, if one is configured.
    oidc: Oidc | None = None
    #: Answers by their ETag, which names the versions: they cannot grow old.
    ready: Kept = field(default_factory=lambda: Kept(16 * 1024 * 1024))

    def is_open(self, layer: Layer) -> bool:
        """Whether nobody needs to say who he is to read the layer."""
        return layer.visibility == "public" and self.accounts.public_read


def atlas_of(connection: HTTPConnection) -> Atlas:
    """The application's parts, from any request."""
    atlas: Atlas = connection.app.state.atlas
    return atlas
