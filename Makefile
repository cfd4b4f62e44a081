# `make demo` and `make test` do all their set-up themselves: a virtual environment in .venv, packages by hash.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin

.PHONY: demo test lint dist carried collection browser live cases facts fuzz bench tables options rules lock clean

demo: .venv/ready
	@$(BIN)/python fixtures/demo/run.py

# A process for each core; the tests of one file stay together.
test: .venv/ready
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@# As on Windows, where crew.py is not reached: there is no fork.
	@$(BIN)/mypy --platform win32 --follow-imports=silent $(filter-out %/processes/crew.py,$(shell git ls-files 'grammar/*.py' 'migrate/*.py'))

# Against the real Felix, Sling and FileVault classes, then against real Slings; needs Java 17 and Maven.
live: .venv/ready
	$(BIN)/python -m pytest tests/live --ignore tests/live/sling
	$(BIN)/python -m pytest tests/live/sling -m "not facts and not cases"

# Further ways through a migration on real Slings, half an hour: after a change to what is done on an instance.
cases: .venv/ready
	$(BIN)/python -m pytest tests/live/sling -m cases

# What real Slings do by themselves, the ground that the rest stands on: after a change to the builds in boot/kinds.py.
facts: .venv/ready
	$(BIN)/python -m pytest tests/live/sling -m facts

# Damaged files for every parser; FUZZ_EXAMPLES=100000 make fuzz for a night.
fuzz: .venv/ready
	$(BIN)/python -m pytest -q tests/fuzz

# What is carried to a machine, below dist/: wheel, sdist, zipapp, binary, bill of materials, manual, completions.
dist: .venv-dist/ready
	@rm -rf dist
	@.venv-dist/bin/python -m distribution.build

# All of that, in an empty folder with an empty PATH.
carried: .venv/ready dist
	$(BIN)/python -m pytest -q tests/carried

# The Ansible collection: playbooks with ansible-core, then the sanity tests that run without a container.
collection: .venv-ansible/ready .venv/ready
	$(BIN)/python -m pytest -q tests/collection

# The report in a real browser, which comes from PyPI.
browser: .venv-browser/ready .venv/ready
	$(BIN)/python -m pytest -q tests/browser

bench: .venv/ready
	$(BIN)/python -m benchmarks.run

# What Lark makes of the grammars, ahead of time (grammar/*/compiled.py, grammar/*/table.py).
tables: .venv/ready
	$(BIN)/python -m grammar.tables

# What the verbs take, for command lines that are read without typer (migrate/cli/arguments/compiled.py).
options: .venv/ready
	$(BIN)/python -m migrate.cli.arguments.compiler

# The table of lint's rules, docs/rules/index.md, of the rules themselves.
rules: .venv/ready
	$(BIN)/python -m migrate.lint.index

# By hash and without the address of any index. run.txt is what the command itself needs, dev.txt that and the tools,
# java11.txt the Java of the oldest live Sling.
# For every system and every Python that the command runs on.
COMPILE := ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

lock: .venv/ready
	cd requirements && $(COMPILE) --output-file dev.txt ../pyproject.toml dev.in
	cd requirements && $(COMPILE) --constraint dev.txt --output-file run.txt ../pyproject.toml
	cd requirements && $(COMPILE) --output-file java11.txt java11.in
	cd requirements && $(COMPILE) --constraint dev.txt --output-file dist.txt ../pyproject.toml dist.in
	cd requirements && $(COMPILE) --output-file ansible.txt ansible.in
	cd requirements && $(COMPILE) --output-file browser.txt browser.in

clean:
	rm -rf .venv .venv-dist .venv-ansible .venv-browser build dist *.egg-info .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/live/java/target tests/live/vault/target tests/live/sling/target tests/live/sling/bundle/target

.venv/ready: requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; give it as make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old: 3.11 or newer is needed"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q grammar migrate
	@touch $@

.venv-%/ready: requirements/%.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; give it as make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
