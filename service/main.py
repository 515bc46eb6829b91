"""``uvicorn service.main:app``: the application by the environment's settings."""

from service.app import create_app
from service.settings import Settings

app = create_app(Settings())
