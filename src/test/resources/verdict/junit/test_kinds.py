import logging
import sys

import pytest


def speak(what):
    print(f"{what} <out> & \x1b[31mred")
    print(f"{what} err", file=sys.stderr)
    logging.getLogger("kinds").warning("%s logged", what)


@pytest.fixture
def broken_setup():
    speak("setup")
    raise RuntimeError("no <setup>")


@pytest.fixture
def broken_teardown():
    yield
    speak("teardown")
    raise RuntimeError("no teardown")


def test_passes():
    speak("passing")


def test_fails():
    speak("failing")
    assert "a\nb" == "a\nc"


def test_setup(broken_setup):
    pass


def test_teardown(broken_teardown):
    speak("calling")


def test_fails_twice(broken_teardown):
    speak("failing")
    raise ValueError("first")


@pytest.mark.skip(reason="not <today>")
def test_skipped():
    pass


def test_skips_itself():
    speak("before")
    pytest.skip("later")


@pytest.mark.xfail(reason="known")
def test_xfails():
    speak("expected")
    raise AssertionError


@pytest.mark.xfail(reason="known")
def test_xpasses():
    pass


@pytest.mark.xfail(strict=True, reason="strict")
def test_xpasses_strictly():
    pass


@pytest.mark.parametrize("name", ["a/b", "x::y", "é\n\t", "[1]"])
def test_names(name):
    pass


class TestClass:
    def test_properties(self, record_property):
        record_property("first", 1)
        record_property("second", "<two>")
