# The first target is the help: `make` alone shows what there is.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PYTHON := $(VENV)/bin/python
COLLECTION := build/collection
LANGUAGES := $(wildcard kiosk/locale/*/LC_MESSAGES/*.po dashboard/locale/*/LC_MESSAGES/*.po)

RUN_PACKAGES := python3-venv prusa-slicer mosquitto fonts-materialdesignicons-webfont fonts-noto-core \
	fonts-noto-ui-core espeak-ng alsa-utils \
	libgl1 libegl1 libgles2 libgl1-mesa-dri libmtdev1
BENCH_PACKAGES := $(RUN_PACKAGES) gcc libc6-dev xvfb xdotool
TEST_PACKAGES := $(BENCH_PACKAGES) chromium chromium-driver xauth imagemagick postgresql dbus-daemon

DEB_PACKAGES := debhelper dh-python gettext lintian dpkg-dev fakeroot git
SLOW_PACKAGES := python3-venv qemu-system-x86 busybox-static udev kmod e2fsprogs dosfstools mtools dbus polkitd iproute2
APPLIANCE_PACKAGES := apt-utils gpg mmdebstrap systemd-container debian-archive-keyring

PRINTER ?=
PROFILE ?= prusa-mk3s
SPEED ?= 1
TESTS ?= tests
JOBS ?= 2
EXAMPLES ?= 100000
FUZZ := tests/firmware_bridge/exactness tests/firmware_bridge/gcode/test_vet_fuzz.py
BENCH ?=
REFRESH ?=

.PHONY: help
help:
	@echo "make run      the appliance and its region on this machine: a window, a simulated printer, a dashboard"
	@echo "              (PRINTER=/dev/ttyUSB0 a real printer, PROFILE=ender3, SPEED=20 a simulated one that hurries)"
	@echo "make test     all tests                     (TESTS=tests/kiosk a part of them)"
	@echo "make test-slow   virtual machines: a real USB serial driver, Wi-Fi, watchdog; power cuts of prints and of enrolments"
	@echo "make deb      the Debian package, in build/deb"
	@echo "make test-appliance   boots Debian 13 with that package, and breaks it; as root"
	@echo "make fuzz     new seeds for what must be exact (EXAMPLES=100000 as many prints on the virtual wire)"
	@echo "make tour     pictures of every screen and page in build/tour/index.html; needs no display"
	@echo "              (REFRESH=docs/binder/pictures renews the binder's)"
	@echo "make binder   the binder for a library, in build/binder as PDF"
	@echo "make check    style, types and the arrows between the packages"
	@echo "make bench    speed: bench-stream beside the peers, bench-kiosk, bench-region   (BENCH=--quick three minutes of it)"
	@echo
	@echo "make setup | collection | clean             what the others do first, and how to begin anew"

.PHONY: run display
run: display run-packages setup collection
	@$(PYTHON) -m provisioning.workbench --profile $(PROFILE) --speed $(SPEED) $(if $(PRINTER),--printer $(PRINTER))

display:
	@[ -n "$$DISPLAY" ] || { echo "There is no display for the kiosk's window. \`make tour\` needs none and leaves pictures."; exit 1; }

.PHONY: test
test: test-packages setup collection
	$(PYTHON) -m pytest $(TESTS) --ignore tests/appliance --ignore tests/slow -n $(JOBS) --dist loadfile

.PHONY: test-slow
test-slow: slow-packages appliance-packages deb-packages setup collection build/slow/initrd
	$(PYTHON) -m pytest tests/slow

build/slow/initrd: $(wildcard tests/slow/guest/*)
	tests/slow/guest/build.sh $(@D)

.PHONY: deb
deb: deb-packages collection
	provisioning/debian/build.sh build/deb

.PHONY: test-appliance booted
test-appliance:
	@if lacks=$$(tests/appliance/may-boot.sh); then $(MAKE) --no-print-directory booted; else \
		echo "##########################################################################################"; \
		echo "# THE APPLIANCE WAS NOT TESTED: \`make test-appliance\` boots systems. Here it lacks:"; \
		echo "$$lacks" | sed 's/^/#   /'; \
		echo "##########################################################################################"; fi
booted: test-packages appliance-packages deb-packages setup collection
	$(PYTHON) -m pytest tests/appliance

.PHONY: fuzz
fuzz: test-packages setup collection
	EXAMPLES=$(EXAMPLES) $(PYTHON) -m pytest $(FUZZ) -n $(JOBS) --dist loadfile

.PHONY: tour
tour: test-packages setup collection
	PYTHONPATH=tests $(PYTHON) -m tour --out build/tour $(if $(REFRESH),--refresh $(REFRESH))

.PHONY: binder
binder: test-packages setup
	$(PYTHON) -m provisioning.binder --out build/binder

.PHONY: check
check: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) -m kiosk.locale.check
	$(PYTHON) -m catalogue check
	$(PYTHON) -m firmware_bridge contract --check

.PHONY: bench bench-stream bench-kiosk bench-region
bench: bench-stream bench-kiosk bench-region
bench-stream: bench-packages setup collection
	$(PYTHON) -m benchmarks stream $(BENCH)
bench-kiosk: bench-packages setup collection
	$(PYTHON) -m benchmarks kiosk
bench-region: bench-packages setup
	$(PYTHON) -m benchmarks region $(BENCH)

.PHONY: collection
collection: run-packages setup
	@$(PYTHON) -m catalogue build --out $(COLLECTION)

.PHONY: setup
setup: $(VENV)/.ready $(VENV)/.languages

$(VENV)/.ready: pyproject.toml constraints.txt
	@provisioning/workbench/install-packages.sh python3-venv
	@test -x $(PYTHON) || python3 -m venv $(VENV)
	@echo "Python packages into $(VENV) …"
	@$(PYTHON) -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[kiosk,catalogue,dashboard,provisioning,dev]'
	@touch $@

$(VENV)/.languages: $(VENV)/.ready $(LANGUAGES)
	@for po in $(LANGUAGES); do $(VENV)/bin/pybabel -q compile -i $$po -o $${po%.po}.mo || exit 1; done
	@touch $@

.PHONY: run-packages bench-packages test-packages deb-packages appliance-packages slow-packages
slow-packages:
	@provisioning/workbench/install-packages.sh $(SLOW_PACKAGES)
deb-packages:
	@provisioning/workbench/install-packages.sh $(DEB_PACKAGES)
appliance-packages:
	@provisioning/workbench/install-packages.sh $(APPLIANCE_PACKAGES)
run-packages:
	@provisioning/workbench/install-packages.sh $(RUN_PACKAGES)
bench-packages:
	@provisioning/workbench/install-packages.sh $(BENCH_PACKAGES)
test-packages:
	@provisioning/workbench/install-packages.sh $(TEST_PACKAGES)

.PHONY: clean
clean:
	rm -rf build $(VENV)
