"""Routes: changesets."""

from fastapi import APIRouter

router = APIRouter()
