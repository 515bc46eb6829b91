# The image runs the same set-up as `make run`, in the order that caches best.
FROM python:3.13-slim AS set-up

WORKDIR /atlas
COPY pyproject.toml constraints.txt README.md ./
COPY scripts scripts
COPY static/package.json static/package-lock.json static/
COPY service/__init__.py service/bundle.py service/
RUN python scripts/setup.py
COPY static static
RUN python scripts/setup.py

# What set-up worked with (Node, esbuild) stays behind.
FROM python:3.13-slim

WORKDIR /atlas
COPY --from=set-up /atlas/.venv .venv
COPY pyproject.toml constraints.txt README.md ./
COPY geo geo
COPY layers layers
COPY service service
COPY --from=set-up /atlas/static static

RUN .venv/bin/python -m compileall -q geo layers service && useradd --system atlas && mkdir /data && chown atlas /data
USER atlas
VOLUME /data
ENV PATH="/atlas/.venv/bin:$PATH" ATLAS_HOST=0.0.0.0 ATLAS_DATA_DIR=/data
EXPOSE 8000
HEALTHCHECK --interval=10s --start-period=30s CMD ["python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/api/health')"]
CMD ["atlas", "serve"]
