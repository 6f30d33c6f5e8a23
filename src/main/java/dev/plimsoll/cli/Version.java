package dev.plimsoll.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/// The version from the module's descriptor in a package, else from the jar's manifest.
public final class Version implements IVersionProvider {
  public static String text() {
    ModuleDescriptor module = Version.class.getModule().getDescriptor();
    String version =
        module == null
            ? Version.class.getPackage().getImplementationVersion()
            : module.rawVersion().orElse(null);
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"plimsoll " + text()};
  }
}
