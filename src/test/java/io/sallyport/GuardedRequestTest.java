package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a handler can get out of a request; the servlet API itself is the seam. */
final class GuardedRequestTest {
  private final HttpServletRequest bare = mock(HttpServletRequest.class);
  private final ServletResponse response = mock(ServletResponse.class);
  private final Object owner = new Object();
  private final Expiries expiries = new Expiries(Trial.CLOCK);
  private final AtomicInteger told = new AtomicInteger();

  private GuardedRequest guarded() {
    return new GuardedRequest(bare, response, null, owner, expiries, told::incrementAndGet);
  }

  @Test
  @Tag("T49")
  void no_accessor_shows_a_credential_in_any_letter_case() {
    List<String> names =
        List.of(
            "authorization",
            "PROXY-AUTHORIZATION",
            "dPoP",
            "client-Cert",
            "CLIENT-CERT-chain",
            "Accept");
    when(bare.getHeader(any())).thenReturn("1");
    when(bare.getHeaders(any())).thenAnswer(call -> Collections.enumeration(List.of("1")));
    when(bare.getIntHeader(any())).thenReturn(1);
    when(bare.getDateHeader(any())).thenReturn(1L);
    when(bare.getHeaderNames()).thenAnswer(call -> Collections.enumeration(names));
    when(bare.getTrailerFields()).thenReturn(Map.of("authorization", "1", "x-sum", "2"));

    assertThat(Sight.credentials(guarded())).isEmpty();
    assertThat(Collections.list(guarded().getHeaderNames())).containsExactly("Accept");
    assertThat(guarded().getTrailerFields()).containsOnlyKeys("x-sum");
    assertThat(guarded().getHeader("Accept")).isEqualTo("1");
    assertThat(guarded().getIntHeader("Accept")).isEqualTo(1);
    assertThat(guarded().getDateHeader("Accept")).isEqualTo(1L);
    assertThat(Collections.list(guarded().getHeaders("Accept"))).containsExactly("1");
  }

  @Test
  void a_container_that_gives_no_header_names_is_passed_through() {
    when(bare.getHeaderNames()).thenReturn(null);
    assertThat(guarded().getHeaderNames()).isNull();
    assertThat(guarded().getHeader(null)).isNull();
  }

  @Test
  @Tag("T49")
  @SuppressWarnings({"deprecation", "removal"})
  void a_push_builder_would_carry_credentials_and_is_not_given() {
    assertThat(guarded().newPushBuilder()).isNull();
    verify(bare, org.mockito.Mockito.never()).newPushBuilder();
  }

  @Test
  @Tag("T52")
  void both_ways_to_go_on_asynchronously_keep_the_wrapper() {
    when(bare.isAsyncSupported()).thenReturn(true);
    when(bare.startAsync(any(), any())).thenReturn(mock(AsyncContext.class));
    GuardedRequest guarded = guarded();
    guarded.startAsync();
    verify(bare).startAsync(guarded, response);

    HttpServletRequestWrapper around = new HttpServletRequestWrapper(guarded);
    guarded.startAsync(around, response);
    verify(bare).startAsync(around, response);

    guarded.startAsync(bare, response);
    verify(bare)
        .startAsync(
            argThat(r -> r instanceof GuardedRequest g && g.getRequest() == bare && g != guarded),
            eq(response));
    assertThat(told).hasValue(0);
  }

  @Test
  void missing_async_support_is_told_of_before_the_container_objects() {
    guarded().startAsync();
    assertThat(told).hasValue(1);
  }

  @Test
  void a_verified_token_is_the_user_whatever_the_container_has() {
    VerifiedToken token =
        ((Decision.Admitted) Trial.GATE.verify(Trial.good().mintedBy(Trial.RSA))).token();
    when(bare.getRemoteUser()).thenReturn("form-user");
    when(bare.isUserInRole("admin")).thenReturn(true);
    when(bare.getAttribute(any())).thenReturn("another filter's");
    GuardedRequest guarded = new GuardedRequest(bare, response, token, owner, expiries, () -> {});

    assertThat(guarded.getUserPrincipal()).isSameAs(token);
    assertThat(guarded.getRemoteUser()).isEqualTo("ann");
    assertThat(guarded.getAuthType()).isEqualTo("Bearer");
    assertThat(guarded.isUserInRole("orders:read")).isTrue();
    assertThat(guarded.isUserInRole("admin")).isFalse();
    assertThat(guarded.getAttribute(SallyportFilter.TOKEN_ATTRIBUTE)).isSameAs(token);
    assertThat(guarded.getAttribute("other")).isEqualTo("another filter's");
  }

  @Test
  @Tag("T57")
  void a_guarded_request_is_found_through_wrappers_by_the_filter_that_made_it_alone() {
    GuardedRequest inner = guarded();
    GuardedRequest outer =
        new GuardedRequest(
            new HttpServletRequestWrapper(inner), response, null, new Object(), expiries, () -> {});
    HttpServletRequestWrapper around = new HttpServletRequestWrapper(outer);

    assertThat(GuardedRequest.around(around, owner)).isSameAs(inner);
    assertThat(GuardedRequest.around(around, new Object())).isNull();
    assertThat(GuardedRequest.around(bare, owner)).isNull();
    assertThat(GuardedRequest.withCredentials(around)).isSameAs(bare);
    HttpServletRequestWrapper below = new HttpServletRequestWrapper(bare);
    assertThat(GuardedRequest.withCredentials(below)).isSameAs(below);
  }

  @Test
  void an_anonymous_request_leaves_the_containers_own_user_alone() {
    when(bare.getRemoteUser()).thenReturn("form-user");
    when(bare.getAuthType()).thenReturn("FORM");
    when(bare.isUserInRole("x")).thenReturn(true);
    assertThat(guarded().getRemoteUser()).isEqualTo("form-user");
    assertThat(guarded().getAuthType()).isEqualTo("FORM");
    assertThat(guarded().isUserInRole("x")).isTrue();
    Principal principal = () -> "form-user";
    when(bare.getUserPrincipal()).thenReturn(principal);
    assertThat(guarded().getUserPrincipal()).isSameAs(principal);
  }
}
