# One door for a developer; `just` alone runs everything that CI runs on the sources.
default: lint types scripts test docs

# Install for development into .venv
install:
    python3 -m venv .venv
    .venv/bin/pip install -e '.[dev]'

lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/lint-imports

types:
    .venv/bin/mypy

# Types and lint of the page's scripts, by tools that are not shipped
scripts:
    @if command -v npm >/dev/null; then cd tools && npm ci --silent --no-audit --no-fund && npm run --silent check; \
    else echo "no npm: the page's scripts are not checked"; fi

# On all cores; `just test -n0` for one, with a debugger
test *arguments:
    .venv/bin/pytest {{arguments}}

# Generated pages are up to date
docs:
    .venv/bin/python docs/generate.py --check

# Write the generated pages
generate:
    .venv/bin/python docs/generate.py

format:
    .venv/bin/ruff format .
    .venv/bin/ruff check --fix .

# Our figures beside the floor's, on this machine
bench:
    .venv/bin/python benchmarks/loading.py
    .venv/bin/python benchmarks/detecting.py
    .venv/bin/python benchmarks/interest.py
    .venv/bin/python benchmarks/commands.py
    .venv/bin/python benchmarks/metrics.py
    .venv/bin/python benchmarks/trace.py
    .venv/bin/python benchmarks/roster.py
    .venv/bin/python benchmarks/changes.py
    .venv/bin/python -m benchmarks.view

# Calibration and power over 20 seeds, to docs/detection-benchmark.md; a quarter of an hour
bench-detection:
    .venv/bin/python -m benchmarks.detection
