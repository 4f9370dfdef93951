package io.sallyport.jmh;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Threads;

/** Good tokens. A class for each algorithm, since not every library knows them all. */
public final class Accepted {
  private Accepted() {}

  /** RSA with 2048 bits. */
  public static class Rs256 extends Requests {
    @Param public Contender contender;

    /** Before the first request. */
    @Setup
    public void prepare() throws Exception {
      prepare(Algorithm.RS256, contender, null);
    }
  }

  /** ECDSA on P-256. */
  public static class Es256 extends Requests {
    @Param public Contender contender;

    /** Before the first request. */
    @Setup
    public void prepare() throws Exception {
      prepare(Algorithm.ES256, contender, null);
    }
  }

  /** Ed25519: not with Nimbus's processor, Spring Security and java-jwt. */
  public static class EdDsa extends Requests {
    @Param({"RAW", "SALLYPORT", "SALLYPORT_CACHED", "JJWT", "JOSE4J", "SMALLRYE"})
    public Contender contender;

    /** Before the first request. */
    @Setup
    public void prepare() throws Exception {
      prepare(Algorithm.EDDSA, contender, null);
    }
  }

  /** HMAC, for which Sallyport has no cache: a hash of the token would cost as much. */
  public static class Hs256 extends Requests {
    @Param({"RAW", "SALLYPORT", "NIMBUS", "SPRING", "JAVA_JWT", "JJWT", "JOSE4J", "SMALLRYE"})
    public Contender contender;

    /** Before the first request. */
    @Setup
    public void prepare() throws Exception {
      prepare(Algorithm.HS256, contender, null);
    }
  }

  /** RS256 again, by two threads at once. */
  @Threads(2)
  public static class TwoThreads extends Requests {
    @Param({"RAW", "SALLYPORT", "SALLYPORT_CACHED", "NIMBUS"})
    public Contender contender;

    /** Before the first request. */
    @Setup
    public void prepare() throws Exception {
      prepare(Algorithm.RS256, contender, null);
    }
  }
}
