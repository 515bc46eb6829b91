"""Errors of the catalogue room."""

from geo.errors import BilingualError


class LayerError(BilingualError):
    """Base of what the catalogue refuses."""


class UnknownLayer(LayerError):
    """No layer of that id, or one that the caller may not know of."""


class BuildError(LayerError):
    """A gazetteer row that contradicts itself, another row or a known fact."""
