# The one command is `make run`; it needs Python 3.11 and nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test fuzz lint format lock layers setup

run: setup
	@exec $(BIN)/atlas serve

setup:
	@$(PYTHON) scripts/setup.py

# All of them on every core there is, or as ARGS says.
test:
	@$(PYTHON) scripts/setup.py test
	@$(BIN)/pytest $(or $(ARGS),-n auto --dist loadfile --no-loadscope-reorder)

# Two minutes of whatever the API's description allows, on a service of its own.
fuzz:
	@$(PYTHON) scripts/setup.py test
	@$(BIN)/python tests/conformance/fuzz.py $(ARGS)

lint:
	@$(PYTHON) scripts/setup.py test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format:
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

# Pins move only here. Neither file names a host: indexes are the machine's business.
lock:
	@$(PYTHON) scripts/setup.py test
	@$(BIN)/python -m uv pip compile -q --upgrade --universal --generate-hashes \
		--no-emit-index-url --no-header --group build --group test \
		pyproject.toml -o constraints.txt
	@cd static && npm install --silent --package-lock-only --ignore-scripts \
		--omit-lockfile-registry-resolved

layers:
	@$(BIN)/python -m layers.build
