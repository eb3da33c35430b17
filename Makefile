# make run: start it. make test: every check. make help: the rest.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
KILLS ?= 1000
DB ?= sqlite
SEED ?= 1
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help run test format lint types contracts unit integration acceptance fuzz kills crash bench pictures photos transcripts lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

$(VENV)/python: 
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: install it, or name it with PYTHON=…" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: requirements.txt $(VENV)/python
	@echo "Installing what the bot needs into $(VENV) …" >&2
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/run
	@echo "Installing what the tests need into $(VENV) …" >&2
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/run ## serve the bot: open the address that it prints (data in an SQLite file under ./data)
	@$(BIN)/python -m bot serve

test: lint types contracts ## every check, then every test, two files of them at a time
	$(BIN)/pytest --numprocesses 2 --dist loadfile

format: $(VENV)/dev ## lay out the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lint: $(VENV)/dev ## layout, style
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(VENV)/dev ## types, strictly
	$(BIN)/mypy

contracts: $(VENV)/dev ## who may import what; dependencies declared and used
	$(BIN)/lint-imports
	$(BIN)/deptry .

unit: $(VENV)/dev ## the tests of the pure core, and of single parts
	$(BIN)/pytest tests/unit

integration: $(VENV)/dev ## the tests on a real database
	$(BIN)/pytest tests/integration

acceptance: $(VENV)/dev ## the tests of the installed program
	$(BIN)/pytest tests/acceptance

fuzz: $(VENV)/dev ## long random tests
	$(BIN)/pytest tests/fuzz

kills: $(VENV)/dev ## kill the bot 300 times while people screen by Telegram
	$(BIN)/python -m tests.telegram.kills --kills 300

crash: $(VENV)/dev ## kill the bot while people write to it: KILLS=1000 DB=sqlite or postgres, SEED=1
	$(BIN)/python -m tests.crash --kills $(KILLS) --db $(DB) --seed $(SEED)

$(VENV)/peers: benchmarks/requirements.txt $(VENV)/python
	@echo "Installing what the comparison needs into $(VENV)/peer …" >&2
	@$(BIN)/python -m venv $(VENV)/peer
	@$(VENV)/peer/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r benchmarks/requirements.txt
	@touch $@

bench: $(VENV)/dev $(VENV)/peers ## measure, beside other frameworks
	BENCH_PEERS=$(VENV)/peer/bin/python $(BIN)/python -m benchmarks

transcripts: $(VENV)/run ## make the transcripts in docs/ anew
	@for lang in en zh_Hans es; do folder=$$(mktemp -d) && \
		{ echo "# A screening, as \`prescreen chat --lang $$lang\` prints it"; echo; echo '```'; \
		$(BIN)/python -m bot chat --lang $$lang --db $$folder/transcript.db < docs/transcripts/$$lang.replies; \
		echo '```'; } > docs/transcripts/$$lang.md && rm -r $$folder; done

photos: $(VENV)/dev ## examine the photo reader on 300 photographs and 20 PDFs of invented slips (needs chromium, fonts-noto-cjk)
	$(BIN)/python -m tests.photos --count 300 --seed $(SEED)

pictures: $(VENV)/dev ## take the pictures of the documentation (needs chromium, fonts-noto, pngquant)
	$(BIN)/python -m tests.web.pictures

lock: $(VENV)/dev ## lock the newest versions that pyproject.toml allows, with hashes (on Python 3.11)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "Lock on Python 3.11, the oldest supported: make clean lock PYTHON=python3.11" >&2; exit 1; }
	$(COMPILE) --upgrade --extra postgres --output-file requirements.txt pyproject.toml
	$(COMPILE) --upgrade --extra postgres --extra photo --constraint requirements.txt --output-file requirements-photo.txt \
		pyproject.toml
	$(COMPILE) --upgrade --all-extras --constraint requirements-photo.txt --output-file requirements-dev.txt pyproject.toml
	$(COMPILE) --upgrade --output-file benchmarks/requirements.txt benchmarks/requirements.in

clean: ## remove what was made: environment, caches, builds (never data)
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
