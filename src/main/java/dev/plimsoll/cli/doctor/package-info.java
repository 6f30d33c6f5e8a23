/// `plimsoll doctor`: what this machine and its tools allow, each finding with what to do about it.
@NullMarked
package dev.plimsoll.cli.doctor;

import org.jspecify.annotations.NullMarked;
