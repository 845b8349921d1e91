# make run    one command to a real duel          make lint     style, types, migrations
# make models  two more local models, whose French can be read (1.6 GB)
# make curator  the account that keeps the site, or another password for it
# make dev    the same with DEBUG, reloaded when code, a template or a style changes
# make check  lint, then the tests that need neither browser nor server of the site: after each change
# make test   lint, then every test               make science  the energy method against its measurements
# make engines  a duel and the pages in Firefox and in WebKit; `make test` has it too
# make next   those tests on Django's next version and a newer Python; whatever fails is only reported
# make watch FILE=tests/…  these tests, again whenever a file changes
# make bench  duels at once beside a bare relay, the leaderboard of a million votes, a workshop of 300 people
# make image  the Dockerfile's image built without Docker, and a duel played on it; root and Debian's packages
# make messages  English catalogue brought up to date    make images  icons and social card drawn again
# make audit  the locked packages against the known vulnerabilities (osv.dev); says when it cannot reach them
# make clean  forget the local state

VENV := .venv
PYTHON := $(VENV)/bin/python
UV := $(VENV)/bin/uv
UV_VERSION := 0.13.9
LOCKED := pyproject.toml uv.lock
# Tests of the whole site, by the markers of pyproject.toml; `make check` leaves out the slow ones as well.
WHOLE_SITE := browser or engines or faults or compose or site
PARALLEL := -n auto --dist worksteal
# A run of the tests starts a hundred processes: each would compile all that it reads.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run models curator dev check test test-face test-browser test-site test-engines test-parts engines watch next next-tests lint messages image images science bench audit clean
.DEFAULT_GOAL := run

# Messages are French, or English where the locale names another language (conso_duel/console.py).
ifneq ($(filter C C.% POSIX fr fr_% fr.%,$(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG) C)),)
CREATES_ENVIRONMENT := Création de l’environnement Python dans $(VENV)…
INSTALLS := Installation des paquets verrouillés (environ 500 Mo la première fois)…
NEEDS_PYTHON := Il faut Python 3.11 ou plus récent, avec son module venv (Debian : apt-get install python3-venv).
NO_AUDIT := make audit n’a pas pu joindre osv.dev : rien n’a été vérifié.
NO_DEMO := Les modèles de démonstration ne s’installent pas ici : Conso Duel démarre sans eux.
else
CREATES_ENVIRONMENT := Creating the Python environment in $(VENV)…
INSTALLS := Installing the locked packages (about 500 MB the first time)…
NEEDS_PYTHON := Python 3.11 or newer is needed, with its venv module (Debian: apt-get install python3-venv).
NO_AUDIT := make audit could not reach osv.dev: nothing was checked.
NO_DEMO := The demo models cannot be installed here: Conso Duel starts without them.
endif

run: $(VENV)/.synced-for-run
	@$(PYTHON) -m conso_duel.run

models: | $(VENV)/.synced-for-run
	@$(PYTHON) -m conso_duel.embedded.instruct_models

curator: | $(VENV)/.synced-for-run
	@$(PYTHON) manage.py curator

# Code restarts the web server and the worker; a template, a style or a script shows at the next page.
dev: $(VENV)/.synced-for-tests
	@CONSO_DEBUG=1 $(PYTHON) -m conso_duel.run --reload

check: lint
	@$(PYTHON) -m pytest $(PARALLEL) -m "not (slow or $(WHOLE_SITE))"

# All at once: tests of the whole site mostly wait; the others take what these leave of the processor.
# The output of those of the whole site comes in one piece, at their end.
test: lint
	@$(MAKE) --no-print-directory -j5 test-face test-browser test-site test-engines test-parts

in_one_piece = output=$$(mktemp); $(1) >$$output 2>&1; result=$$?; cat $$output; rm $$output; exit $$result

test-face: | $(VENV)/.synced-for-tests
	@$(call in_one_piece,$(PYTHON) -m pytest -m face)

test-browser: | $(VENV)/.synced-for-tests
	@$(call in_one_piece,$(PYTHON) -m pytest -m "browser and not face")

test-site: | $(VENV)/.synced-for-tests
	@$(call in_one_piece,$(PYTHON) -m pytest -m "($(WHOLE_SITE)) and not (browser or engines)")

test-engines: | $(VENV)/.synced-for-tests
	@$(call in_one_piece,$(MAKE) --no-print-directory engines)

test-parts: | $(VENV)/.synced-for-tests
	@nice $(PYTHON) -m pytest $(PARALLEL) -m "not ($(WHOLE_SITE))"

engines: | $(VENV)/.synced-for-tests
	@$(PYTHON) -m pytest -m engines

watch: | $(VENV)/.synced-for-tests
	@$(PYTHON) -m tests.watch $(FILE)

# In an environment of its own. Other versions: make next NEXT_DJANGO='django<6' NEXT_PYTHON=3.13 (or a path).
NEXT := .state/next
NEXT_PYTHON := >=3.12
NEXT_DJANGO := django>=6,<7

next: | $(UV)
	@$(MAKE) --no-print-directory next-tests && echo "make next: every test passes." \
	  || echo "make next: failures above. They announce work and break nothing: uv.lock holds what is in use."

next-tests:
	UV_PROJECT_ENVIRONMENT=$(NEXT) $(UV) sync --quiet --locked --python '$(NEXT_PYTHON)'
	$(UV) pip install --quiet --python $(NEXT)/bin/python '$(NEXT_DJANGO)'
	@$(NEXT)/bin/python -c 'import django, sys; print("Python", sys.version, "Django", django.__version__)'
	$(NEXT)/bin/python -m pytest $(PARALLEL) -W default -rfE --tb=short -m "not (slow or $(WHOLE_SITE))"

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

image: $(VENV)/.synced-for-tests
	@$(PYTHON) -m tests.image

science: $(VENV)/.synced-for-tests
	$(PYTHON) -m science.energy.evaluation

bench: $(VENV)/.synced-for-tests
	$(PYTHON) -m tests.bench
	$(PYTHON) -m science.ranking.bench
	$(PYTHON) -m tests.bench.leaderboard
	$(PYTHON) -m tests.bench.room

# 0: no known vulnerability; 1: some, listed; 2: nothing was checked. The lock is read, nothing is installed.
audit: | $(UV)
	@report=$$(mktemp); $(UV) audit --preview-features audit-command --locked >$$report 2>&1; result=$$?; cat $$report; \
	  if [ $$result -eq 2 ] && grep -qE '^(error|  cause): .*for url \(' $$report; then echo "$(NO_AUDIT)"; fi; \
	  rm $$report; exit $$result

clean:
	rm -rf .state

# The environment. A stamp per use: nothing is asked of the network while the lock stays the same.
# The system's own Pythons first: one built at home most often lacks its optimisations, a quarter of all time.
# Of those, 3.13 takes 3 to 10 % less than 3.11 (docs/performance-log.md).
PYTHONS := $(addprefix python3.,13 14 12 11)
PYTHONS := $(addprefix /usr/bin/,$(PYTHONS)) python3 $(PYTHONS)
$(UV):
	@python=$$(for name in $(PYTHONS); do \
	  $$name -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done); \
	test -n "$$python" || { echo "$(NEEDS_PYTHON)"; exit 1; }; \
	echo "$(CREATES_ENVIRONMENT)"; \
	$$python -m venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.synced-for-tests: $(LOCKED) | $(UV)
	$(UV) sync --locked
	@touch $(VENV)/.synced-for-run $@

# Where the demo models have no wheel, the site starts without them, and tries them again next time.
$(VENV)/.synced-for-run: $(LOCKED) | $(UV)
	@echo "$(INSTALLS)"
	@if $(UV) sync --locked --inexact --no-group dev; then touch $@; else \
	  echo "$(NO_DEMO)"; \
	  $(UV) sync --locked --inexact --no-group dev --no-group demo; fi
