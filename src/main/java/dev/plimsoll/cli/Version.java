package dev.plimsoll.cli;

import picocli.CommandLine.IVersionProvider;

/// The version from the jar's manifest.
public final class Version implements IVersionProvider {
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"plimsoll " + text()};
  }
}
