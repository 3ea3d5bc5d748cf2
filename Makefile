# Every target works on a fresh machine with python3, its venv module and make.
PY ?= python3
V := .venv
BIN := $(V)/bin
# Without its bytecode every process of the product compiles Django anew: twice the processor of a start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-long test-postgres lint bench tour pictures faults lock messages clean
help:            ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(V)/.done: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PY) -m venv $(V)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install -q uv
	@VIRTUAL_ENV=$(V) $(BIN)/uv pip install -q --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(V) $(BIN)/uv pip install -q --no-deps -e .
	@touch $@

setup: $(V)/.done  ## virtual environment, locked dependencies, browser assets and fonts
	@$(BIN)/motcua setup

run: setup       ## the whole system with the demo province at 127.0.0.1:8000
	@$(BIN)/motcua run

test: setup      ## the test suite, some four minutes; what needs longer is in test-long
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m "not browser and not slow"

test-long: setup ## the rest: the system's Chromium on real sites, kill -9 runs, thousands of fuzzed requests
	$(BIN)/python -m pytest -q -n auto --dist worksteal -m "browser or slow"

test-postgres: setup  ## what `make test` asks of a database, on PostgreSQL (MOTCUA_TEST_POSTGRES_URL)
	MOTCUA_DATABASE_URL=$${MOTCUA_TEST_POSTGRES_URL:-postgresql://postgres@127.0.0.1:5432/postgres} $(BIN)/python -m pytest -q -n auto --dist worksteal --database-only -m "not browser and not slow"

lint: setup      ## style, types, layers, translations, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/motcua check-messages
	$(BIN)/motcua makemigrations --check --dry-run

bench: setup     ## speed as ratios against raw SQL, on SQLite and PostgreSQL
	$(BIN)/python -m bench

tour: setup      ## a ward's whole day in a browser: pictures and page in docs/tour
	$(BIN)/python -m tests.tour

pictures: setup  ## the pictures of the README, taken again in a browser
	$(BIN)/python -m tests.tour.pictures

faults: setup    ## kill -9 of server and worker during concurrent receptions, and of whoever takes payments
	$(BIN)/python -m bench.faults
	$(BIN)/python -m bench.faults --scenario money

lock:            ## renew requirements.lock after changing pyproject.toml
	$(BIN)/python tools/lock.py

messages: setup  ## renew the English catalogue from the Vietnamese source strings
	$(BIN)/motcua make-messages

clean:
	rm -rf $(V) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
