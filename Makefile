# A thin front over meson; see HACKING.md.
.DEFAULT_GOAL := build/wiretape
MESON ?= meson
PREFIX ?= /usr/local
SECONDS ?= 60
SAN_OPTIONS = -Db_sanitize=address,undefined -Db_lundef=false -Dbuildtype=debugoptimized
MSAN_OPTIONS = -Db_sanitize=memory -Db_lundef=false -Dbuildtype=debugoptimized
TSAN_OPTIONS = -Db_sanitize=thread -Db_lundef=false -Dbuildtype=debugoptimized
SUITES ?= ../shared/conformance

.PHONY: build/wiretape deps try test bench bench-live fuzz oss-fuzz check-asan check-msan check-tsan check-valgrind check-static \
    install deb clean

build/wiretape: build/build.ninja
	@ninja -C build

build/build.ninja: | deps
	@$(MESON) setup build --prefix=$(PREFIX) >/dev/null

# Installs what is missing on Debian; quick when nothing is.
deps:
	@tools/install-deps build

# The main job, shown on traffic that it makes itself and on a capture made here.
try: build/wiretape
	@tools/install-deps try
	@tools/try build/wiretape

test: build/wiretape
	@tools/install-deps test
	@$(MESON) test -C build --no-rebuild --print-errorlogs

# Beside Debian's tcpdump and the limit of the machine, in one run. BENCH=--quick takes two minutes instead of ten.
bench: build/wiretape
	@tools/install-deps bench
	@bench/run build/wiretape $(BENCH)
	@bench/after build/wiretape $$([ ! -d $(SUITES)/reference ] || echo --caught $(SUITES)/reference) $(filter-out --no-instructions,$(BENCH))

# Live capture beside tcpdump and dumpcap under the same load; as root, in network namespaces of its own.
bench-live: build/wiretape
	@tools/install-deps bench bench-live
	@bench/live build/wiretape $(BENCH)

# Each fuzz target for SECONDS in turn.
fuzz: build-fuzz/build.ninja
	@ninja -C build-fuzz
	@tests/fuzz/run build-fuzz $(SECONDS)

# The fuzz targets as OSS-Fuzz builds them, each run for a moment.
oss-fuzz:
	@tools/install-deps build fuzz
	@tests/fuzz/oss-fuzz

build-fuzz/build.ninja:
	@tools/install-deps build fuzz
	@CC=clang $(MESON) setup build-fuzz $(SAN_OPTIONS) -Dfuzz=true >/dev/null

# The whole suite with address and undefined-behaviour sanitizers.
check-asan: build-asan/build.ninja
	@tools/install-deps test
	@ninja -C build-asan
	@tools/sanitized $(MESON) test -C build-asan --no-rebuild --print-errorlogs --timeout-multiplier 6

build-asan/build.ninja:
	@tools/install-deps build fuzz
	@CC=clang $(MESON) setup build-asan $(SAN_OPTIONS) >/dev/null

# Memory that is read before it was written: what the suite does without the network, and the conformance suites where they are.
check-msan: build-msan/build.ninja
	@tools/install-deps test
	@ninja -C build-msan
	@tools/sanitized $(MESON) test -C build-msan --no-rebuild --print-errorlogs --timeout-multiplier 8 --suite unit --suite golden \
	    --suite cli --suite fuzz
	@[ ! -x $(SUITES)/run ] || tools/sanitized tools/conformance $(SUITES) build-msan/wiretape tests/conformance.floor --crashes

build-msan/build.ninja:
	@tools/install-deps build fuzz
	@CC=clang $(MESON) setup build-msan $(MSAN_OPTIONS) >/dev/null

# Races: the tests of what has threads. As root, live captures too.
check-tsan: build-tsan/build.ninja
	@tools/install-deps test
	@ninja -C build-tsan
	@tools/sanitized tools/threads build-tsan

build-tsan/build.ninja:
	@tools/install-deps build fuzz
	@CC=clang $(MESON) setup build-tsan $(TSAN_OPTIONS) >/dev/null

# The program under valgrind, without what would hide that a variable was never given a value: unit and golden tests, seeds,
# and the conformance suites where they are.
check-valgrind: build-valgrind/build.ninja
	@tools/install-deps test
	@ninja -C build-valgrind
	@tools/valgrind build-valgrind $(SUITES)

build-valgrind/build.ninja:
	@tools/install-deps build
	@$(MESON) setup build-valgrind -Dhardening=false >/dev/null

# What gcc -fanalyzer and clang-tidy find by thinking; tools/static.accepted has what was looked at and is none.
check-static: build/wiretape
	@tools/install-deps static
	@tools/static build

install: build/wiretape
	@$(MESON) install -C build --no-rebuild

deb: build/wiretape
	@tools/install-deps deb
	@tools/make-deb

clean:
	rm -rf build build-asan build-msan build-tsan build-valgrind build-fuzz build-deb
