# The two commands: `make demo` shows a ward live, `make test` checks everything.
#
# Both set up what they need on a Debian machine with Rust and Node. Build products lie outside
# the checkout, so that a second clone on the same machine is quick.

export CARGO_TARGET_DIR ?= $(HOME)/.cache/ubugoe/target
BIN := $(CARGO_TARGET_DIR)/debug
# One feature set for every build: always the whole workspace, always one profile.
CARGO_ALL := --workspace --locked
UI := monitor-ui
UI_SOURCES := $(shell find $(UI)/src $(UI)/public -type f 2>/dev/null) $(wildcard $(UI)/*.html $(UI)/*.json $(UI)/*.ts)

DEMO_FLAGS = $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS)) \
             $(if $(DEMO_RECORDINGS),--recordings $(DEMO_RECORDINGS)) \
             $(if $(DEMO_DATA),--data $(DEMO_DATA)) \
             $(if $(DEMO_WEB),--web $(DEMO_WEB)) \
             $(if $(DEMO_BRIDGES),--bridges $(DEMO_BRIDGES))

.PHONY: demo test ui bins check lint rust-test ui-test browser-test load bench setup clean

## A region on this machine: a server, three bridges, seven monitors, a wall.
demo: bins
	@exec $(BIN)/ubugoe-ward demo $(DEMO_FLAGS)

## Everything: format, lints, tests of Rust and TypeScript, docs, a real browser.
test: setup ui lint bins rust-test ui-test browser-test
	@echo "make test: all passed"

## Debian packages and cargo tools that only the tests need.
setup:
	@tests/setup/packages.sh

## The wall's page, built once and embedded in the server.
ui: $(UI)/dist/.built

$(UI)/node_modules/.installed: $(UI)/package.json $(UI)/package-lock.json
	@tests/setup/node.sh
	cd $(UI) && npm ci --no-fund --no-audit --loglevel=error
	@touch $@

$(UI)/dist/.built: $(UI)/node_modules/.installed $(UI_SOURCES)
	cd $(UI) && npm run --silent build
	@touch $@

## The programs.
bins: ui
	@tests/setup/compiler.sh
	cargo build $(CARGO_ALL) --bins

lint: ui
	cargo fmt --all --check
	cargo clippy $(CARGO_ALL) --all-targets -- -D warnings

rust-test: bins
	cargo nextest run $(CARGO_ALL)
	cargo test $(CARGO_ALL) --doc --quiet
	RUSTDOCFLAGS="-D warnings" cargo doc $(CARGO_ALL) --no-deps --quiet

ui-test: ui
	cd $(UI) && npm run --silent check
	cd $(UI) && npm run --silent test

## The wall in a real browser, on the real demo.
browser-test: bins
	tests/setup/browser_test.sh $(BIN)

## What this machine carries; prints JSON.
load: bins
	$(BIN)/ubugoe-ward load --bridges 1000 --monitors 1 --viewers 3 --seconds 60 --json
	$(BIN)/ubugoe-ward load --bridges 100 --monitors 10 --viewers 3 --seconds 60 --json

BENCH_VENV := $(HOME)/.cache/ubugoe/bench-venv
BENCH_SIGNALS ?= ../shared/data/ctu_uhb/signals.parquet

$(BENCH_VENV)/.installed: tests/bench/requirements.txt
	python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

## How fast strips are read, alone, live, and beside what one would pick instead; prints figures.
bench: bins $(BENCH_VENV)/.installed
	cargo bench --locked -p agreement --bench reading
	$(BIN)/ubugoe-watch bench --streams 300 --seconds 1800
	@if [ -f $(BENCH_SIGNALS) ]; then \
	  $(BENCH_VENV)/bin/python tests/bench/compare_reading.py $(BIN)/ubugoe-outcome $(BENCH_SIGNALS); \
	else echo "nothing to compare with: BENCH_SIGNALS=$(BENCH_SIGNALS) is no file"; fi

clean:
	rm -rf $(UI)/dist $(UI)/node_modules $(UI)/test-results demo-data
