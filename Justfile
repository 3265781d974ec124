# One door for a developer; `just` alone runs everything that CI runs on the sources.

# Where the tools are: .venv of this folder, unless GRAPHWATCH_BIN names another environment's folder `bin`
bin := env('GRAPHWATCH_BIN', '.venv/bin')

default: lint types scripts test docs

# Install for development into .venv
install:
    python3 -m venv .venv
    .venv/bin/pip install -e '.[dev]'

# The same, with the very versions that requirements-dev.lock names
install-locked:
    python3 -m venv .venv
    .venv/bin/pip install -r requirements-dev.lock
    .venv/bin/pip install --no-deps -e .

# Style, contracts between rooms, code that nothing uses
lint:
    {{bin}}/ruff check .
    {{bin}}/ruff format --check .
    {{bin}}/lint-imports
    {{bin}}/vulture

# The package strictly; tests, benchmarks and scripts of docs too
types:
    {{bin}}/mypy

# Types and lint of the page's scripts, by tools that are not shipped
scripts:
    @if command -v npm >/dev/null; then cd tools && npm ci --silent --no-audit --no-fund && npm run --silent check; \
    else echo "no npm: the page's scripts are not checked"; fi

# On all cores; `just test -n0` for one, with a debugger
test *arguments:
    {{bin}}/pytest {{arguments}}

# The same, and which lines of the package were run
coverage *arguments: (measured bin / 'pytest' arguments)

# Run a command, and print which lines of the package it ran, in its subprocesses too; compiled kernels are left out
measured +command:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    export COVERAGE_FILE=$folder/lines
    # Python 3.12 can watch lines at nearly no cost.
    core=$({{bin}}/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")')
    COVERAGE_CORE=$core COVERAGE_PROCESS_START=$PWD/pyproject.toml {{command}}
    {{bin}}/coverage combine --quiet
    {{bin}}/coverage report

# The tests on each Python from 3.11 to 3.14 that is here, in environments that are thrown away; takes what `just test` takes
matrix *arguments:
    GRAPHWATCH_BIN={{bin}} .ci/matrix {{arguments}}

# Whether another version of the embedded engine answers as this one: `just engine 0.21.2`, in an environment that is thrown away
engine version *arguments:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    python3 -m venv --without-pip "$folder"
    {{bin}}/uv pip install -q --python "$folder/bin/python" '.[test]'
    {{bin}}/uv pip install -q --python "$folder/bin/python" --no-deps 'ladybug=={{version}}'
    "$folder/bin/pytest" tests/queries tests/repository tests/store tests/test_engines.py {{arguments}}

# Generated pages are up to date
docs:
    {{bin}}/python docs/generate.py --check

# Write the generated pages
generate:
    {{bin}}/python docs/generate.py

format:
    {{bin}}/ruff format .
    {{bin}}/ruff check --fix .

# Write requirements-dev.lock anew, with the newest versions that pyproject.toml allows, and of it requirements.lock
lock:
    {{bin}}/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --upgrade \
        --custom-compile-command 'just lock' --quiet --output-file requirements-dev.lock
    {{bin}}/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --constraint requirements-dev.lock --custom-compile-command 'just lock' --quiet --output-file requirements.lock

# What an installation consists of: licences are allowed, the wheel is the same twice and works alone; writes a CycloneDX list
supply:
    rm -rf dist
    {{bin}}/python tools/supply.py check dist
    {{bin}}/python tools/supply.py list > dist/graphwatch.cdx.json

# Known vulnerabilities of what requirements.lock names; asks the package index, or a database of OSV in a file
audit database='':
    @{{ if database == '' { bin / 'uv tool run pip-audit --strict --disable-pip --require-hashes -r requirements.lock' } else { bin / 'python tools/supply.py audit' + ' ' + quote(database) } }}

# Our figures beside the floor's, on this machine
bench:
    {{bin}}/python benchmarks/scale.py
    {{bin}}/python benchmarks/detecting.py
    {{bin}}/python benchmarks/interest.py
    {{bin}}/python benchmarks/commands.py
    {{bin}}/python benchmarks/metrics.py
    {{bin}}/python benchmarks/trace.py
    {{bin}}/python benchmarks/cypher.py
    {{bin}}/python benchmarks/roster.py
    {{bin}}/python benchmarks/changes.py
    {{bin}}/python benchmarks/desk.py
    {{bin}}/python -m benchmarks.view

# Calibration and power over 20 seeds, to docs/detection-benchmark.md; a quarter of an hour
bench-detection:
    {{bin}}/python -m benchmarks.detection

# So many cases of outside bytes for every reader and for queries; what fails is kept in tests/fuzz/corpus
fuzz count='100000' *arguments:
    {{bin}}/python tests/fuzz/fuzz.py {{count}} {{arguments}}

# So many that atheris finds by what they reach in the readers; needs it beside the rest: pip install atheris
guided count='100000' *arguments:
    {{bin}}/python tests/fuzz/fuzz.py {{count}} --guided {{arguments}}

# So many loads, catch-ups, erasures and others killed at moments taken at random; whatever is lost is printed
kills count='200' *arguments:
    {{bin}}/python tests/fuzz/kills.py {{count}} {{arguments}}
