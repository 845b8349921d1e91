# make run    one command to a real duel          make lint     style, types, migrations
# make test   lint, then every test               make science  the energy method against its measurements
# make bench  duels at once beside a bare relay, then the leaderboard of a million votes
# make messages  English catalogue brought up to date    make images  icons and social card drawn again
# make clean  forget the local state

VENV := .venv
PYTHON := $(VENV)/bin/python
UV := $(VENV)/bin/uv
UV_VERSION := 0.13.9
LOCKED := pyproject.toml uv.lock
SITE_TESTS := tests/face tests/browser tests/faults tests/servers

.PHONY: run test test-site test-parts lint messages images science bench clean
.DEFAULT_GOAL := run

run: $(VENV)/.synced-for-run
	@$(PYTHON) -m conso_duel.run

# Both at once: who looks at the whole site mostly waits. What is said of it comes in one piece.
test: lint
	@$(MAKE) --no-print-directory -j2 test-site test-parts

test-site: | $(VENV)/.synced-for-tests
	@told=$$(mktemp); $(PYTHON) -m pytest $(SITE_TESTS) >$$told 2>&1; result=$$?; \
	  cat $$told; rm $$told; exit $$result

test-parts: | $(VENV)/.synced-for-tests
	@$(PYTHON) -m pytest $(SITE_TESTS:%=--ignore=%)

lint: $(VENV)/.synced-for-tests
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/biome format
	$(VENV)/bin/djangofmt --check templates
	$(VENV)/bin/mypy
	$(PYTHON) manage.py makemigrations --check --dry-run

messages: $(VENV)/.synced-for-tests
	$(PYTHON) manage.py messages

images: $(VENV)/.synced-for-tests
	$(PYTHON) -m docs.images.draw

science: $(VENV)/.synced-for-tests
	$(PYTHON) -m science.energy.validation

bench: $(VENV)/.synced-for-tests
	$(PYTHON) -m tests.bench
	$(PYTHON) -m science.ranking.bench
	$(PYTHON) -m tests.bench.leaderboard

clean:
	rm -rf .state

# The environment. A stamp per use: nothing is asked of the network while the lock stays the same.
# The system's own Python first: one built at home most often lacks its optimisations, a quarter of all time
# (docs/performance.md).
$(UV):
	@python=$$(for name in /usr/bin/python3.11 python3.11 python3 python3.12 python3.13; do \
	  $$name -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done); \
	test -n "$$python" || { echo "Il faut Python 3.11 ou plus récent, avec son module venv" \
	  "(Debian : apt-get install python3-venv)."; exit 1; }; \
	echo "Création de l’environnement Python dans $(VENV)…"; \
	$$python -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.synced-for-tests: $(LOCKED) | $(UV)
	$(UV) sync --locked
	@touch $(VENV)/.synced-for-run $@

# Where the demo models have no wheel, the site starts without them, and tries them again next time.
$(VENV)/.synced-for-run: $(LOCKED) | $(UV)
	@echo "Installation des paquets verrouillés (environ 500 Mo la première fois)…"
	@if $(UV) sync --locked --inexact --no-group dev; then touch $@; else \
	  echo "Les modèles de démonstration ne s’installent pas ici : Conso Duel démarre sans eux."; \
	  $(UV) sync --locked --inexact --no-group dev --no-group demo; fi
