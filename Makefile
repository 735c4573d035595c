# MoodRec's shortcuts; each calls what a person without make would call.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo run test lint bench messages docker lock clean help

help:  ## show this
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/installed  ## start everything with the demo library; prints a link to open
	@$(BIN)/python manage.py up --demo

run: .venv/installed  ## start everything for your own Plex; prints a link to open
	@$(BIN)/python manage.py up

test: .venv/installed-dev  ## install what the tests need and run all of them
	@./scripts/install-test-programs.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: .venv/installed-dev  ## every check that is not a test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint --lint --check templates
	@$(BIN)/lint-imports
	@$(BIN)/mypy .
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

bench: .venv/installed-dev  ## measure speed, as ratios side by side
	@for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

messages:  ## collect what is to be translated (needs gettext), compile what is
	@$(BIN)/python manage.py makemessages
	@$(BIN)/python manage.py compilemessages --verbosity 0

docker:  ## build the image
	docker build -t moodrec .

lock:  ## pin requirements*.in again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt

clean:  ## remove the virtual environment and the caches; keeps your data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: requirements.txt
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
