# make                 library and program          make test T='transient/*'
# make demo            the example, end to end      make lint | install | clean
# make V=asan test     sanitized (debug, cov)       make verify (long, resumes)
# make test-python     against torch and ncps       make prove-bare (as root)
# make fuzz            any bytes as files; FUZZ_SECONDS=600 each of four

VERSION := 0.1.0
PREFIX  ?= /usr/local
V       ?= release
O       := build/$(V)

# --- variants ----------------------------------------------------------------
OPT.release := -O2
OPT.debug   := -Og -g
OPT.asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=undefined
OPT.cov     := -O0 -g --coverage
OPT.fuzz    := -O1 -g -fno-omit-frame-pointer \
               -fsanitize=fuzzer-no-link,address,undefined,float-cast-overflow \
               -fno-sanitize-recover=undefined,float-cast-overflow
ifeq ($(OPT.$(V)),)
  $(error V=$(V) is none of: release debug asan cov)
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
        -Wmissing-prototypes -Wconversion -Wdouble-promotion -Wvla \
        -Wformat=2 -Wundef
CFLAGS   += -std=c11 $(WARN) $(OPT.$(V)) -fPIC -pthread -ffp-contract=off
CPPFLAGS += -Iinclude -I. -isystem /usr/include/suitesparse \
            -D_POSIX_C_SOURCE=200809L
LDFLAGS  += -pthread $(filter -fsanitize% --coverage,$(OPT.$(V)))
LDLIBS   := -lsundials_cvodes -lsundials_nvecserial -lsundials_sunlinsolklu \
            -lsundials_sunmatrixsparse -lklu -lgsl -lgslcblas \
            -ljansson -lyaml -lcsv -lnettle -lsleef -lm

# --- what is built: a folder a layer, lowest first ---------------------------
LAYERS := base model circuits sim netlists hdl realisations calibration
LIB_C  := $(wildcard $(addsuffix /*.c,$(LAYERS) circuits/devices netlists/draw))
LIB_O  := $(LIB_C:%.c=$(O)/%.o) $(O)/embedded_table.o
CLI_O  := $(patsubst %.c,$(O)/%.o,$(wildcard cli/*.c))
TEST_O := $(patsubst %.c,$(O)/%.o,$(filter-out tests/fuzz/fuzz_%, \
            $(wildcard tests/*.c tests/*/*.c)))
RTL    := $(wildcard hdl/rtl/*.v)
EMBED  := $(RTL) $(wildcard circuits/technologies/*.yaml hdl/cosim/*)

.PHONY: all test run-test test-python demo run-demo lint bench verify prove prove-bare install clean
.DELETE_ON_ERROR:
.SUFFIXES:
all: $(O)/libquench.a $(O)/libquench.so $(O)/quench

$(O)/libquench.a: $(LIB_O) $(O)/objects
	@rm -f $@
	$(AR) rcs $@ $(LIB_O)
$(O)/libquench.so: $(LIB_O) $(O)/objects
	$(CC) -shared -Wl,-soname,libquench.so.0 $(LDFLAGS) $(LIB_O) $(LDLIBS) -o $@
$(O)/quench: $(CLI_O) $(O)/libquench.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(O)/run-tests: $(TEST_O) $(O)/libquench.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -lcriterion -o $@

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
$(O)/%.o: $(O)/%.c $(O)/flags
	$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
ifneq ($(filter x86_64-%,$(shell $(CC) -dumpmachine)),)
$(O)/sim/step_avx512.o: private CFLAGS += -mavx512f
$(O)/sim/step_avx2.o: private CFLAGS += -mavx2 -mfma
endif
$(patsubst %,$(O)/sim/step_%.o,avx512 avx2 plain): private CFLAGS += -O3 -Wno-psabi
$(O)/sim/covariance_product.o: private CFLAGS += -O3
$(TEST_O): private CFLAGS += -Wno-conversion -Wno-double-promotion # Criterion's
-include $(LIB_O:.o=.d) $(CLI_O:.o=.d) $(TEST_O:.o=.d) $(wildcard $(O)/bench/*.d)

# Technologies and RTL travel inside the library.
$(O)/embedded_table.c: tools/embed.sh $(EMBED) $(O)/embedded
	sh tools/embed.sh $(EMBED) > $@

# Stamps: files that change only when the line they hold does.
$(O)/flags:    LINE = $(CC) $(CPPFLAGS) $(CFLAGS)
$(O)/objects:  LINE = $(LIB_O) $(CLI_O) $(TEST_O)
$(O)/embedded: LINE = $(EMBED)
$(O)/flags $(O)/objects $(O)/embedded: FORCE
	@mkdir -p $(@D)
	@echo '$(LINE)' | cmp -s - $@ || echo '$(LINE)' > $@
FORCE:

# --- the README's two commands -----------------------------------------------
# They install what is missing, then go on in a fresh make. Each waits for the
# goals beside it, so that no two makes build at once.
SETUP ?= tools/setup
JOBS   = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$$(nproc))
test demo:
	@$(SETUP)
	+@$(MAKE) --no-print-directory $(JOBS) run-$@
test: | $(filter-out test demo,$(MAKECMDGOALS))
demo: | $(filter-out demo,$(MAKECMDGOALS))

# Criterion forks and ignores what LeakSanitizer says as a child exits, so the
# sanitizers write files, and a file fails the target. (Criterion 2.4.1 leaks
# 48 bytes of its own where a test has a shorter timeout than one before it.)
T ?= *
run-test: $(O)/run-tests $(O)/quench
	@rm -f $(O)/sanitizer.*
	QUENCH=$(O)/quench UBSAN_OPTIONS=print_stacktrace=1 \
	  ASAN_OPTIONS=log_path=$(CURDIR)/$(O)/sanitizer $< --filter '$(T)'
	@! cat $(O)/sanitizer.* 2>/dev/null

# The Python package against torch and ncps; says why where it cannot.
test-python:
	@$(SETUP) python3-venv python3-torch || true
	+@$(MAKE) --no-print-directory $(JOBS) $(O)/quench
	QUENCH=$(O)/quench tools/test-python $(PYTEST)

run-demo: $(O)/quench
	sh tools/demo $< build/demo

# --- checks ------------------------------------------------------------------
CODE := $(wildcard include/quench/*.h hdl/cosim/*.cpp \
          $(foreach d,$(LAYERS) circuits/devices netlists/draw cli tests tests/*,$d/*.[ch]))
lint: $(RTL:%=$(O)/%.lint)
	sh tools/layers.sh
	clang-format --dry-run -Werror $(CODE)
	@for h in include/quench/*.h; do \
	  $(CC) $(CPPFLAGS) -std=c11 $(WARN) -x c -fsyntax-only $$h || exit 1; done
WAIVERS := $(wildcard hdl/rtl/*.vlt)
$(O)/%.v.lint: %.v $(RTL) $(WAIVERS)
	@mkdir -p $(@D)
	verilator --lint-only -Wall -y hdl/rtl $(WAIVERS) $<
	iverilog -g2005 -Wall -Wno-timescale -y hdl/rtl -o /dev/null $<
	@touch $@

# --- speed: ratios in one run -------------------------------------------------
$(O)/bench-transient: $(O)/bench/transient.o $(O)/libquench.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(O)/bench-reference: $(O)/bench/reference.o $(O)/libquench.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(O)/bench-disturb: $(O)/bench/disturb.o $(O)/bench/dense.o $(O)/libquench.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(O)/bench-noise: $(O)/bench/noise.o $(O)/bench/dense.o $(O)/libquench.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(O)/bench-noise-paths: $(O)/bench/noise_paths.o $(O)/libquench.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(O)/bench-table: $(O)/bench/table.o $(O)/tests/hdl/table_spec.o \
  $(O)/tests/hdl/table_verilator.o $(O)/libquench.a
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
PYTHON = $(or $(wildcard build/venv/bin/python),python3)
BENCH_NETS := $(patsubst %,tests/data/%.safetensors,occupancy_ltc19 \
                gesture_ltc32 occupancy_cfc16 person_cfcncp40)
BENCH_EXAMPLE := examples/occupancy/occupancy_ltc19.safetensors \
                 examples/occupancy/test_windows.csv
bench: $(O)/bench-transient $(O)/bench-reference $(O)/bench-disturb \
  $(O)/bench-noise
	@$(PYTHON) bench/against_ncps.py \
	  $(O)/bench-reference $(BENCH_NETS)
	@echo 'large sparse networks on the reference, one thread'
	@for units in 25000 50000 100000 200000; do \
	  $(O)/bench-reference write $(O)/sparse.safetensors $$units && \
	  $(O)/bench-reference scale $(O)/sparse.safetensors || exit 1; done
	@rm $(O)/sparse.safetensors
	@for technology in ideal sky130_reram,memristor.device=ohmic sky130_reram; do \
	  $(O)/bench-transient $$technology $(BENCH_EXAMPLE) 3 || exit 1; done
	$(O)/bench-transient ideal tests/data/gesture_ltc32.safetensors \
	  tests/data/gesture_ltc32.reference.safetensors 1 1
	@echo 'read disturb: a dense chip of 64 neurons, one core'
	@for volts in 0.2 1.2 2.4; do $(O)/bench-disturb 64 100 $$volts || exit 1; done
	@echo 'covariance of noise against the transient without it, one core'
	@for units in 8 16 32 64 128; do $(O)/bench-noise $$units || exit 1; done
	@$(O)/bench-noise tests/data/occupancy_ltc19.safetensors \
	  tests/data/occupancy_ltc19.reference.safetensors
	@$(O)/bench-noise tests/data/gesture_ltc32.safetensors \
	  tests/data/gesture_ltc32.reference.safetensors \
	  noise.memristor_flicker=0.9e-6

verify: all $(O)/bench-noise-paths $(O)/bench-table
	sh tools/verify $(O)/quench build/verify
prove-bare:
	sh tools/prove-bare build/bare

# Properties of the Verilog modules (hdl/proofs/list), with yosys, abc and z3.
prove:
	@$(SETUP) z3
	sh tools/prove build/prove

# --- fuzz: any bytes as a file, by libFuzzer of clang -------------------------
# tests/data/fuzz holds what it has found worth keeping; the tests read it too.
FUZZERS       := network tensors csv technology
FUZZ_SECONDS  ?= 600
FUZZ_O        := $(patsubst %.c,$(O)/%.o,$(wildcard tests/fuzz/fuzz_*.c))
.PHONY: fuzz run-fuzz
fuzz:
	@$(SETUP) clang libclang-rt-14-dev
	+@$(MAKE) --no-print-directory $(JOBS) V=fuzz CC=clang run-fuzz
run-fuzz: $(FUZZERS:%=$(O)/fuzz-%)
	sh tools/fuzz $(O) $(FUZZ_SECONDS) $(FUZZERS)
$(O)/fuzz-%: $(O)/tests/fuzz/fuzz_%.o $(O)/tests/fuzz/fuzz_run.o \
  $(O)/tests/fuzz/fuzz_mutate.o $(O)/tests/fuzz/entry.o $(O)/libquench.a
	$(CC) $(LDFLAGS) -fsanitize=fuzzer $^ $(LDLIBS) -o $@
-include $(FUZZ_O:.o=.d)

# --- install -----------------------------------------------------------------
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include/quench \
	  $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m755 $(O)/quench $(DESTDIR)$(PREFIX)/bin
	install -m644 include/quench/*.h $(DESTDIR)$(PREFIX)/include/quench
	install -m644 $(O)/libquench.a $(DESTDIR)$(PREFIX)/lib
	install -m755 $(O)/libquench.so $(DESTDIR)$(PREFIX)/lib/libquench.so.0
	ln -sf libquench.so.0 $(DESTDIR)$(PREFIX)/lib/libquench.so
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' quench.pc.in \
	  > $(DESTDIR)$(PREFIX)/lib/pkgconfig/quench.pc

clean:
	rm -rf build
