package io.sallyport.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest has. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"sallyport " + (version == null ? "(not out of a jar)" : version)};
  }
}
