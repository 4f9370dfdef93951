package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What containers differ in; the servlet API itself is the seam. */
final class PresentedRequestTest {
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private final HttpServletRequest bare = mock(HttpServletRequest.class);
  private final PresentedRequest presented = new PresentedRequest(bare, sender());

  private static Sender sender() {
    GivenSettings none = new GivenSettings(Substitution.ofThisProcess());
    return Sender.of(none, Set.of(), null, Trial.CLOCK, () -> 0);
  }

  @ParameterizedTest
  @CsvSource({
    "https, api.example.com, 443, https://api.example.com",
    "http, API.example.com, 8080, http://api.example.com:8080",
    "https, ::1, 8443, https://[::1]:8443",
    "https, [::1], 8443, https://[::1]:8443"
  })
  void the_origin_is_that_of_the_request(String scheme, String name, int port, String origin) {
    when(bare.getScheme()).thenReturn(scheme);
    when(bare.getServerName()).thenReturn(name);
    when(bare.getServerPort()).thenReturn(port);
    when(bare.getRequestURI()).thenReturn("/a/%7Eb");
    assertThat(presented.target()).isEqualTo(new TargetUri(origin, "/a/~b"));
  }

  @Test
  void a_request_that_has_no_http_address_has_none() {
    when(bare.getScheme()).thenReturn("ws");
    when(bare.getServerName()).thenReturn("api.example.com");
    when(bare.getRequestURI()).thenReturn("/");
    assertThat(presented.target()).isNull();
  }

  @Test
  void a_container_may_have_no_fields_to_give() {
    assertThat(presented.proofs()).isEmpty();
    assertThat(presented.isDpop()).isFalse();
    when(bare.getHeaders(any())).thenReturn(Collections.emptyEnumeration());
    assertThat(presented.proofs()).isEmpty();
    when(bare.getHeaders("DPoP")).thenReturn(Collections.enumeration(List.of("a", "b", "c")));
    assertThat(presented.proofs()).containsExactly("a", "b", "c");
  }

  @Test
  void the_certificate_of_the_connection_is_the_first_of_its_chain() throws Exception {
    X509Certificate client = mock(X509Certificate.class);
    X509Certificate authority = mock(X509Certificate.class);
    when(client.getEncoded()).thenReturn(new byte[] {1});
    when(authority.getEncoded()).thenReturn(new byte[] {2});
    assertThat(presented.certificate()).isNull();
    when(bare.getAttribute(CERTIFICATES)).thenReturn(client);
    assertThat(presented.certificate()).as("not an array").isNull();
    when(bare.getAttribute(CERTIFICATES)).thenReturn(new X509Certificate[0]);
    assertThat(presented.certificate()).isNull();
    when(bare.getAttribute(CERTIFICATES)).thenReturn(new X509Certificate[] {client, authority});
    assertThat(presented.certificate()).containsExactly(1);
    when(client.getEncoded()).thenThrow(new CertificateEncodingException());
    assertThat(presented.certificate()).isNull();
  }
}
