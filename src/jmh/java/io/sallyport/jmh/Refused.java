package io.sallyport.jmh;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Bad tokens, where good ones are signed with RS256. */
public class Refused extends Requests {
  @Param({"BAD_SIGNATURE", "EXPIRED", "ALG_NONE", "UNKNOWN_KID", "GARBAGE", "MEGABYTE"})
  public Attempt attempt;

  @Param({
    "SALLYPORT",
    "SALLYPORT_CACHED",
    "NIMBUS",
    "SPRING",
    "JAVA_JWT",
    "JJWT",
    "JOSE4J",
    "SMALLRYE"
  })
  public Contender contender;

  /** Before the first request. */
  @Setup
  public void prepare() throws Exception {
    prepare(Algorithm.RS256, contender, attempt);
  }
}
