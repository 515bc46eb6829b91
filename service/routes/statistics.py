"""Routes: statistics."""

from fastapi import APIRouter

router = APIRouter()
