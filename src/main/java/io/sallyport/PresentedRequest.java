package io.sallyport;

import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a servlet request brings beside its token.
 *
 * @param bare the request below every wrapper that hides credentials
 * @param sender the settings on how senders show that a token is theirs
 */
record PresentedRequest(HttpServletRequest bare, Sender sender) implements Presented {
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  /** Every value of a field, in order. */
  static List<String> fields(HttpServletRequest request, String name) {
    Enumeration<String> values = request.getHeaders(name);
    if (values == null || !values.hasMoreElements()) return List.of();
    String first = values.nextElement();
    if (!values.hasMoreElements()) return List.of(first);
    List<String> all = Collections.list(values);
    all.add(0, first);
    return all;
  }

  @Override
  public boolean isDpop() {
    return BearerToken.isDpop(bare.getHeader("Authorization"));
  }

  @Override
  public List<String> proofs() {
    return fields(bare, "DPoP");
  }

  @Override
  public String method() {
    return bare.getMethod();
  }

  @Override
  public @Nullable TargetUri target() {
    String origin =
        sender.publicOrigin() != null
            ? sender.publicOrigin()
            : TargetUri.origin(bare.getScheme(), host() + ":" + bare.getServerPort());
    return origin == null ? null : TargetUri.of(origin, bare.getRequestURI());
  }

  /** Undertow takes the brackets from an IPv6 address. */
  private String host() {
    String name = bare.getServerName();
    return name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
  }

  /**
   * What a trusted proxy says, and of a request from anywhere else what its own connection showed.
   * A trusted proxy that says nothing had a client without a certificate; its own is not the
   * client's.
   */
  @Override
  public byte @Nullable [] certificate() {
    return sender.trustedProxies().include(bare.getRemoteAddr())
        ? fromField(fields(bare, "Client-Cert"))
        : fromConnection(bare.getAttribute(CERTIFICATES));
  }

  /** One byte sequence, {@code :base64:} (RFC 9440 section 2.1, RFC 8941 section 3.3.5). */
  private static byte @Nullable [] fromField(List<String> fields) {
    String field = fields.size() == 1 ? fields.get(0).strip() : "";
    if (field.length() < 3 || !field.startsWith(":") || !field.endsWith(":")) return null;
    try {
      return Base64.getDecoder().decode(field.substring(1, field.length() - 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static byte @Nullable [] fromConnection(@Nullable Object attribute) {
    if (!(attribute instanceof X509Certificate[] chain) || chain.length == 0) return null;
    try {
      return chain[0].getEncoded();
    } catch (CertificateEncodingException e) {
      return null;
    }
  }
}
