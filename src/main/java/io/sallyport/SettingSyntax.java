package io.sallyport;

import io.sallyport.text.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * What the text of each kind of setting may look like. Every method gives the text back, or what it
 * means, or throws {@code IllegalArgumentException} with what is wrong.
 */
final class SettingSyntax {
  private static final Set<String> ALGORITHM_NAMES =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
          "Ed25519", "HS256", "HS384", "HS512");

  private SettingSyntax() {}

  static String issuer(String text) {
    URI uri = address(text);
    if (uri.getRawQuery() != null) throw new IllegalArgumentException("it has a query");
    if (text.contains("/.well-known/")) {
      throw new IllegalArgumentException("it is the metadata's address; leave out /.well-known/…");
    }
    return text;
  }

  static String issuerName(String text) {
    if (!text.matches("[A-Za-z][A-Za-z0-9_-]*")) {
      throw new IllegalArgumentException(Printable.quoted(text) + " is no plain word");
    }
    return text;
  }

  static URI origin(String text) {
    URI uri = address(text);
    if (!uri.getRawPath().isEmpty() || uri.getRawQuery() != null) {
      throw new IllegalArgumentException("there is something after host and port");
    }
    return uri;
  }

  /** A path that no two servers read in different ways, since requests are compared with it. */
  static URI resource(String text) {
    URI uri = address(text);
    if (uri.getRawQuery() != null) throw new IllegalArgumentException("it has a query");
    if (!uri.getRawPath().isEmpty() && RequestPath.isAmbiguous(uri.getRawPath())) {
      throw new IllegalArgumentException("its path can be read in more than one way");
    }
    return uri;
  }

  static URI address(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("it is not a URL", e);
    }
    if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
      throw new IllegalArgumentException("it does not begin with https://");
    }
    if (uri.getHost() == null) throw new IllegalArgumentException("it has no host");
    if (uri.getRawAuthority().endsWith(":") || uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new IllegalArgumentException("its port is not one from 1 to 65535");
    }
    if (uri.getRawUserInfo() != null) throw new IllegalArgumentException("it has user information");
    if (uri.getRawFragment() != null) throw new IllegalArgumentException("it has a fragment");
    return uri;
  }

  static String audience(String text) {
    if (text.equals("*")) throw new IllegalArgumentException("no value means any audience");
    return printable(text);
  }

  static String printable(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("it holds a control character");
    }
    return text;
  }

  static String name(String text) {
    if (text.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("one name, without white space");
    }
    return printable(text);
  }

  /** A scope-token of RFC 6749 section 3.3, and no wildcard. */
  static String scope(String text) {
    if (text.contains("*")) throw new IllegalArgumentException("a scope with * is too broad");
    return scopeToken(text);
  }

  static String scopeToken(String text) {
    boolean good = text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\');
    if (!good) {
      throw new IllegalArgumentException(
          Printable.quoted(text) + " has a character that a scope cannot have");
    }
    return text;
  }

  static String implication(String text) {
    String[] sides = text.split(">", -1);
    if (sides.length != 2 || sides[0].isEmpty() || sides[1].isEmpty()) {
      throw new IllegalArgumentException(Printable.quoted(text) + " is not a pair with one >");
    }
    scope(sides[0]);
    scope(sides[1]);
    return text;
  }

  static String forbidden(String text) {
    if (text.equalsIgnoreCase("none") && !text.equals("none")) {
      throw new IllegalArgumentException("the word none is written so");
    }
    if (text.startsWith("*")) throw new IllegalArgumentException("* alone forbids everything");
    if (text.substring(0, text.length() - 1).contains("*")) {
      throw new IllegalArgumentException("a * stands only at the end");
    }
    return scopeToken(text);
  }

  static String claimOrPointer(String text) {
    if (text.startsWith("/") && text.matches(".*~([^01].*|)")) {
      throw new IllegalArgumentException("a ~ in a JSON Pointer is followed by 0 or 1");
    }
    return printable(text);
  }

  static String algorithm(String text) {
    if (!ALGORITHM_NAMES.contains(text)) {
      throw new IllegalArgumentException(Printable.quoted(text) + " is not one of them");
    }
    return text;
  }

  static String path(String text) {
    PathPattern.of(text);
    return text;
  }

  static String addressRange(String text) {
    try {
      TrustedProxies.Range.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Printable.quoted(text) + ": " + e.getMessage(), e);
    }
    return text;
  }

  static String realm(String text) {
    boolean good = text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\');
    if (!good) throw new IllegalArgumentException("it has a character that a realm cannot have");
    return text;
  }
}
