"""Routes: tokens."""

from fastapi import APIRouter

router = APIRouter()
