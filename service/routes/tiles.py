"""Routes: tiles."""

from fastapi import APIRouter

router = APIRouter()
