# SPDX-License-Identifier: Apache-2.0
# Short names for what one does often; CMake does the work (CMakePresets.json). `make help` lists them.
PRESET ?= dev
PREFIX ?= /usr/local
JOBS   ?= $(shell nproc)
FUZZ_SECONDS ?= 300
export JOBS

build: ## build everything into build/dev (another: make PRESET=debug)
	@test -e build/$(PRESET)/build.ninja || cmake --preset $(PRESET)
	@cmake --build build/$(PRESET) -j $(JOBS)

demo: deps ## install what is needed, build, decide the bundled cases, score a phantom slide
	@$(MAKE) --no-print-directory build PRESET=dev
	@scripts/demo.sh

showcase: deps-peers ## two cases from slide to archive, through every format; pictures in build/showcase
	@$(MAKE) --no-print-directory build PRESET=dev
	@scripts/showcase.sh

test: deps-peers ## install what is needed, build, run every test that is not long
	@$(MAKE) --no-print-directory build PRESET=dev
	@ctest --preset dev -j $(JOBS)

verify: deps-peers deps-checks test ## test, and all that takes long: sanitizers, tidy, fuzzing, full simulations
	@scripts/format.sh --check
	@ctest --test-dir build/dev -L '^long$$' --no-tests=ignore --output-on-failure -j $(JOBS)
	@for preset in clang asan tsan; do \
	  echo "== $$preset" && cmake --preset $$preset >/dev/null && cmake --build build/$$preset -j $(JOBS) && \
	  ctest --preset $$preset -j $(JOBS) || exit 1; \
	done
	@scripts/tidy.sh
	@scripts/fuzz.sh $(FUZZ_SECONDS)

bench: deps-peers ## build for release, run the benchmarks and the comparisons
	@scripts/bench.sh

install: deps ## build for release and install under PREFIX (/usr/local)
	@cmake --preset release -DHER2_TESTS=OFF -DHER2_BENCH=OFF -B build/install >/dev/null
	@cmake --build build/install -j $(JOBS)
	@cmake --install build/install --prefix "$(PREFIX)"

docs: deps-peers ## the public headers and docs/ as HTML in build/docs
	@scripts/docs.sh

format: ## lay out all C++ files
	@scripts/format.sh

format-check: ## name the files that `make format` would change
	@scripts/format.sh --check

tidy: deps-checks ## clang-tidy over our sources
	@scripts/tidy.sh

fuzz: deps-checks ## fuzz every parser for FUZZ_SECONDS (300)
	@scripts/fuzz.sh $(FUZZ_SECONDS)

clean: ## remove build/
	@rm -rf build

deps:
	@scripts/install-deps.sh

deps-peers:
	@scripts/install-deps.sh --peers

deps-checks:
	@scripts/install-deps.sh --checks

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build demo showcase test verify bench install docs format format-check tidy fuzz clean deps deps-peers deps-checks help
