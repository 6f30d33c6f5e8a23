"""Plimsoll as pip installs it: the program that comes with the wheel, and `--plimsoll` for pytest."""
