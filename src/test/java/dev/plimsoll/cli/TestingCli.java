package dev.plimsoll.cli;

import java.util.Arrays;

/// Runs one command line in this process, from arguments of any kind, and keeps what it printed.
public record TestingCli(int exitCode, String out, String err) {
  public static TestingCli run(Object... args) {
    var run = CommandRun.of(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    return new TestingCli(run.exitCode(), run.out(), run.err());
  }
}
