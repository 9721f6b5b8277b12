# Everything that a checkout needs; `make help` lists it. Python 3.11 or newer and make must be there first.
PYTHON ?= python3
VENV ?= .venv
DEV ?= .venv-dev
GALLERY ?= .venv-gallery
# Tests that need neither PyTorch nor a text encoder that PyTorch exports.
GALLERY_TESTS = tests/files tests/paint tests/serving $(addprefix tests/cli/test_,cli.py paint.py morph.py serve.py) \
	$(filter-out tests/test_bundled_painters.py tests/test___main__.py,$(wildcard tests/test_*.py))
# Training on a CPU needs no CUDA: give TORCH_INDEX the address of PyTorch's CPU builds where pip would take others.
TORCH ?= torch==2.13.0
TORCH_INDEX ?=
# Tests train on one thread each, so that as many files of tests run at once as there are cores, up to four.
WORKERS = -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
PIP = -m pip install --quiet --disable-pip-version-check

PYTEST = OMP_NUM_THREADS=1 $(DEV)/bin/python -m pytest $(WORKERS)

.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-gallery coverage lint fix check hooks docs lock images page check-page clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/ready ## Install what painting needs and serve the page
	$(VENV)/bin/painting serve

test: $(DEV)/ready ## Run all tests
	$(PYTEST)

test-fast: $(DEV)/ready ## Run the tests that need no training, browser or server process
	$(PYTEST) -m "not slow"

test-gallery: $(GALLERY)/ready ## Run the tests of the default install, without PyTorch: make test-gallery PYTHON=python3.13
	OMP_NUM_THREADS=1 $(GALLERY)/bin/python -m pytest $(WORKERS) $(GALLERY_TESTS)

coverage: $(DEV)/ready ## Run all tests and fail below the coverage of pyproject.toml
	$(PYTEST) --cov --cov-report=term:skip-covered

lint: $(DEV)/ready ## Check style and types
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/mypy src tests benchmarks scripts

fix: $(DEV)/ready ## Mend what ruff can mend, and format
	$(DEV)/bin/ruff check --fix .
	$(DEV)/bin/ruff format .

check: lint check-page coverage ## Run all that CI runs

hooks: $(DEV)/ready ## Have git check what is committed
	$(DEV)/bin/pre-commit install

page: frontend/node_modules/ready $(DEV)/ready ## Build the page, and its runtime, into the package (Node 20.19 or newer)
	cd frontend && npm run build
	$(DEV)/bin/python -m scripts.copy_runtime

docs: $(DEV)/ready ## Generate docs/cli.md, docs/presets.md and the drawings of networks
	$(DEV)/bin/python -m typer painting.cli utils docs --name painting > docs/cli.md
	$(DEV)/bin/python -m scripts.preset_reference > docs/presets.md
	$(DEV)/bin/python -m scripts.draw_networks

# What the images install, with hashes: anew after a change of the dependencies in pyproject.toml, or for newer versions
# (make lock LOCK=--upgrade).
LOCK ?=
COMPILE = $(DEV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url \
	--custom-compile-command "make lock" $(LOCK)
lock: $(DEV)/ready ## Lock the dependencies of the images, with hashes
	$(DEV)/bin/python $(PIP) uv
	$(COMPILE) pyproject.toml --extra redis -o deploy/requirements.lock
	$(DEV)/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		| $(COMPILE) - -o deploy/build.lock

images: ## Build and try the container images
	$(PYTHON) scripts/build_images.py

check-page: frontend/node_modules/ready ## Lint, type-check and test the page
	cd frontend && npm run lint && npm run type-check && npm test && npm run check-fresh

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python $(PIP) -e .
	touch $@

$(DEV)/ready: pyproject.toml
	$(PYTHON) -m venv $(DEV)
	$(DEV)/bin/python $(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$(TORCH)"
	$(DEV)/bin/python $(PIP) -e ".[train,clip,notebooks,dev]"
	touch $@

$(GALLERY)/ready: pyproject.toml
	$(PYTHON) -m venv $(GALLERY)
	$(GALLERY)/bin/python $(PIP) -e ".[test]"
	touch $@

frontend/node_modules/ready: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund
	touch $@

clean: ## Remove environments and build products
	rm -rf $(VENV) $(DEV) $(GALLERY) frontend/node_modules build dist
