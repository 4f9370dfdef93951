package io.sallyport.jmh;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.util.logging.LogManager;

/** What has to be so in every JVM before anything is made in it. */
final class Surroundings {
  private static final boolean ACCP = Boolean.getBoolean("accp");

  private Surroundings() {}

  static void prepare() {
    // Records down to INFO are made, as in production, and then written nowhere.
    LogManager.getLogManager().reset();
    if (ACCP) {
      AmazonCorrettoCryptoProvider.install();
      AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
    }
  }

  /** Whether Amazon Corretto Crypto Provider stands before the JDK's providers. */
  static boolean hasAccp() {
    return ACCP;
  }
}
