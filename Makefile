# Two commands matter: `make run` and `make test`.
export YIQI_HOME ?= var
export PORT ?= 8000
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup run demo-reset test lint check-postgres messages lock screens bench year

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what is missing into .venv, fetch the assets, compile the catalogue
	@python3 scripts/setup.py

run: setup ## Start Yiqi with the Yicheng demonstration: http://127.0.0.1:$(PORT)
	@YIQI_AS_OF=$${YIQI_AS_OF-2021-09-06} .venv/bin/yiqi up --demo

demo-reset: setup ## Begin the demonstration anew (deletes the data in YIQI_HOME)
	@YIQI_AS_OF=$${YIQI_AS_OF-2021-09-06} .venv/bin/yiqi demo reset --yes

test: ## Run everything that CI runs
	@python3 scripts/setup.py --dev
	@$(PY) scripts/check.py

lint: ## Format, lint, types and import contracts only
	@python3 scripts/setup.py --dev
	@$(PY) scripts/check.py --only lint

messages: ## Collect the texts of the interface into the English catalogue
	@$(PY) scripts/messages.py collect

lock: ## Remake the lock files from pyproject.toml (needs uv)
	uv pip compile -q -U --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -c requirements-dev.lock --group bench pyproject.toml -o requirements-bench.lock
	echo 'uv>=0.5' | uv pip compile -q -U --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate - -o requirements-uv.lock

screens: ## Pictures of the running demonstration's pages into screens/
	@$(PY) scripts/screens.py --user $(or $(SCREENS_AS),leader) --password yiqi-demo-2021 --out screens

bench: ## Measure pages and engine (see docs/measured.md)
	@$(PY) -m benchmarks.pages

year: ## Live a random year on the demonstration: make year SEED=7 DAYS=365
	@$(PY) -m tests.year --seed $(or $(SEED),1) --days $(or $(DAYS),365) --log year.jsonl
