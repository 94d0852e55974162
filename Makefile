# `make` without arguments lists the targets. Every target first sets up what it needs (.venv, node_modules); when that is
# up to date, the check takes about 0.1 s.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

SCENARIO ?= ScenarioDualCgwBgp
KEEP ?=
ARGS ?=

export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export JSII_NODE := $(CURDIR)/.venv/bin/node
export PYTHONPATH := $(CURDIR)/constructs:$(CURDIR)
export CDK_DISABLE_CLI_TELEMETRY := true

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install everything into this folder (.venv, node_modules); all other targets do this first
	@scripts/setup.sh

.PHONY: demo
demo: setup ## deploy a scenario, send real packets, break it, remove it (SCENARIO=..., KEEP=1, ARGS=--no-network)
	@python -m vpn_lab.demo $(SCENARIO) $(if $(KEEP),--keep) $(ARGS)

.PHONY: region
region: setup ## run the local region until Ctrl-C, for the CDK CLI or boto3 in another terminal
	@python -m vpn_lab.region start $(ARGS)

.PHONY: deploy-local
deploy-local: setup ## deploy a scenario to a local region and leave both running (SCENARIO=...)
	@scripts/deploy-local.sh $(SCENARIO) $(ARGS)

.PHONY: test
test: setup ## run everything: lint, all tests, checkov
	@scripts/test.sh $(ARGS)

.PHONY: test-fast
test-fast: setup ## run only the unit and property tests: seconds
	@pytest -q tests/unit $(ARGS)

.PHONY: test-network
test-network: setup ## run the scenarios on the local network, in a virtual machine that needs both cores: minutes
	@pytest -m 'machine and not endurance' tests/network $(ARGS)

.PHONY: lint
lint: setup ## run ruff, mypy, shellcheck, and cfn-lint on all templates
	@scripts/lint.sh

.PHONY: format
format: setup ## format the Python files with ruff, and apply its fixes
	@ruff check --fix --quiet . && ruff format .

.PHONY: checkov
checkov: setup ## run checkov on all templates, in its own environment
	@scripts/checkov.sh

.PHONY: ls
ls: setup ## list the scenarios
	@cdk ls

.PHONY: synth
synth: setup ## synthesize all scenarios into cdk.out
	@scripts/synth.sh

.PHONY: pictures
pictures: setup ## draw each scenario's network from its template into docs/images
	@scripts/synth.sh && python -m tools.pictures $(ARGS)

.PHONY: docs
docs: pictures ## write the pictures, the tables of prices, the API reference and the list of decisions
	@python -m tools.costs $(ARGS)
	@python -m tools.reference
	@python -m tools.decisions

.PHONY: site
site: setup ## build the documents as a site into build/site
	@python -m tools.site $(ARGS)

.PHONY: acceptance-aws
acceptance-aws: setup ## settle on a real account what documents cannot: asks first, costs money, removes everything (ARGS=--local)
	@python -m tools.acceptance $(ARGS)

.PHONY: transcripts
transcripts: setup ## run every scenario's demonstration and write its output to docs: about 20 minutes
	@python -m tools.transcripts $(ARGS)

.PHONY: bench-synth
bench-synth: setup ## measure synthesis compared with an empty app, and its growth with the number of connections
	@python -m tools.bench.synth $(ARGS)

.PHONY: bench-scale
bench-scale: setup ## measure synthesis of a hub with 10, 100 and 1,000 sites: time and memory
	@python -m tools.bench.scale $(ARGS)

.PHONY: bench-failover
bench-failover: setup ## measure outages and compare them with common configurations: about 25 minutes (ARGS='--runs 2')
	@python -m tools.bench.failover $(ARGS)

.PHONY: bench-network
bench-network: setup ## measure how soon each scenario's network carries traffic: about 20 minutes
	@python -m tools.bench.network $(ARGS)

.PHONY: bench-cpu
bench-cpu: setup ## measure the processor time of ciphers and of the device's probes
	@python -m tools.bench.cpu $(ARGS)

.PHONY: soak
soak: setup ## run the tests of endurance, then random faults for 30 minutes (ARGS='--minutes 5 --seed 7': only the faults)
	@$(if $(ARGS),,pytest -m endurance tests/network && python -m tools.acceptance --local)
	@python -m tools.soak $(ARGS)

.PHONY: wheel
wheel: setup ## build the installable package into dist
	@python -m build --quiet --outdir dist . && ls -l dist

.PHONY: clean
clean: ## remove everything that was created here, including the environments
	@rm -rf .venv .venv-checkov node_modules cdk.out dist build .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} + ; find . -name '*.egg-info' -type d -prune -exec rm -rf {} +
