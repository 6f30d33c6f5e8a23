# Short names; each is one command that can be typed as well.
.PHONY: build fmt check test it bench compare bless clean

JAVA_HOME := $(shell . bin/lib/jdk.sh && find_jdk)
export JAVA_HOME
MVN := mvn -B -ntp

build:
	bin/build --force

fmt:
	$(MVN) -q spotless:apply

# Formatter, compiler checks and the rules between packages, without the other tests.
check:
	$(MVN) -q test -Dtest=ArchitectureTest

test:
	bin/test

# Integration tests only: whole commands, real pytest, real processes.
it:
	$(MVN) verify -Dsurefire.skip=true

bench:
	bench/run

compare:
	bench/compare

# Rewrite the expected files of golden tests; look at the difference before you commit it.
bless:
	_PLIMSOLL_BLESS=1 $(MVN) -q test -Dgroups=golden

clean:
	$(MVN) -q clean
