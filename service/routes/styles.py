"""What a map looks like: layers and land-use classes, and the bases to choose from."""

from __future__ import annotations

from fastapi import APIRouter

from service.routes.opening import get_basemaps, get_styles

router = APIRouter(tags=["Maps"])
router.get("/styles")(get_styles)
router.get("/basemaps")(get_basemaps)
