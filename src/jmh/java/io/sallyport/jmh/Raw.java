package io.sallyport.jmh;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;

/**
 * The limit: the signature operation alone, with a prepared object for each thread, over bytes that
 * were cut and decoded beforehand. It looks at no request.
 */
final class Raw implements Competitor {
  private final List<Signed> tokens;
  private final ThreadLocal<Own> own;

  private record Signed(byte[] input, byte[] signature) {
    static Signed of(String token) {
      int dot = token.lastIndexOf('.');
      return new Signed(
          Issuer.octets(token.substring(0, dot)),
          Base64.getUrlDecoder().decode(token.substring(dot + 1)));
    }
  }

  private interface Operation {
    boolean verify(Signed token) throws GeneralSecurityException;
  }

  private record Own(Operation operation, Requests.Turn turn) {}

  Raw(Issuer issuer) {
    this.tokens = issuer.tokens.stream().map(Signed::of).toList();
    this.own = ThreadLocal.withInitial(() -> new Own(prepare(issuer.key), new Requests.Turn()));
  }

  private static Operation prepare(SigningKey key) {
    try {
      return key.algorithm().isShared() ? mac(key) : signature(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Operation signature(SigningKey key) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(key.algorithm().jca);
    signature.initVerify((PublicKey) key.verifying());
    return token -> {
      signature.update(token.input);
      return signature.verify(token.signature);
    };
  }

  private static Operation mac(SigningKey key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(key.algorithm().jca);
    mac.init(key.verifying());
    return token -> MessageDigest.isEqual(mac.doFinal(token.input), token.signature);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Own mine = own.get();
    Signed token = tokens.get(mine.turn.next(tokens.size()));
    try {
      if (!mine.operation.verify(token)) throw new IllegalStateException("a good signature failed");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    chain.doFilter(request, response);
  }

  @Override
  public String subject(ServletRequest request) {
    return "nobody";
  }
}
