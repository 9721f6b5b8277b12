# Everything that a checkout needs: make run, make test, make lint. Python 3.11 or newer and make must be there first.
PYTHON ?= python3
VENV ?= .venv
DEV ?= .venv-dev
# Training on a CPU needs no CUDA: give TORCH_INDEX the address of PyTorch's CPU builds where pip would take others.
TORCH ?= torch==2.13.0
TORCH_INDEX ?=
# Tests train on one thread each, so that as many files of tests run at once as there are cores, up to four.
WORKERS = -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
PIP = -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint docs lock images page check-page clean

run: $(VENV)/ready
	$(VENV)/bin/painting serve

test: $(DEV)/ready
	OMP_NUM_THREADS=1 $(DEV)/bin/python -m pytest $(WORKERS)

lint: $(DEV)/ready
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/mypy src tests benchmarks scripts

page: frontend/node_modules/ready
	cd frontend && npm run build

docs: $(DEV)/ready
	$(DEV)/bin/python -m typer painting.cli utils docs --name painting > docs/cli.md

# What the images install, with hashes: anew after a change of the dependencies in pyproject.toml, or for newer versions
# (make lock LOCK=--upgrade).
LOCK ?=
COMPILE = $(DEV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(LOCK)
lock: $(DEV)/ready
	$(DEV)/bin/python $(PIP) uv
	$(COMPILE) pyproject.toml --extra redis -o deploy/requirements.lock
	echo "setuptools>=77" | $(COMPILE) - -o deploy/build.lock

images:
	$(PYTHON) scripts/build_images.py

check-page: frontend/node_modules/ready
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

frontend/node_modules/ready: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund
	touch $@

clean:
	rm -rf $(VENV) $(DEV) frontend/node_modules build src/painting.egg-info
