"""Routes: identify."""

from fastapi import APIRouter

router = APIRouter()
