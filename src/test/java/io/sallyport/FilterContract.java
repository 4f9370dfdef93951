package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.Answer;
import io.sallyport.testkit.KeyServer;
import io.sallyport.testkit.TestKey;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the filter does in a running container; one subclass for each kind of threads. */
abstract class FilterContract extends InEveryContainer {
  Container shared;

  @BeforeAll
  void startShared() throws Exception {
    shared =
        Container.start(
            context -> {
              Container.filter(
                  context,
                  settings("requiredScopes", "orders:read", "publicPaths", "/open/*"),
                  "/*");
              Container.servlet(context, sight, "/orders", "/open/*", "/error");
              for (String way : Going.WAYS) {
                Container.servlet(context, new Going(way), "/" + way);
              }
              Container.servlet(context, new Going("fail"), "/fail");
            },
            threads());
  }

  @AfterAll
  void stopShared() {
    shared.close();
  }

  @Test
  void a_good_token_reaches_the_handler_as_verified_claims() {
    Http.Answer answer =
        Http.get(shared.port(), "/orders", bearer(token("orders:read admin")), "X-Other: kept");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("subject=ann\n", "scopes=[orders:read]\n", "user=ann\n", "principal=ann\n")
        .contains("auth=Bearer\n", "reader=true\n", "admin=false\n", "other=kept\n")
        .contains("credentials=[]\n");
  }

  @Test
  @Tag("T43")
  void without_a_token_the_answer_is_401_with_a_realm_and_no_error() {
    int before = sight.calls();
    Http.Answer answer = Http.get(shared.port(), "/orders");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).isEqualTo("Bearer realm=\"127.0.0.1\", scope=\"orders:read\"");
    assertThat(answer.field("Cache-Control")).hasValue("no-store");
    assertThat(answer.field("Content-Type").orElseThrow()).startsWith("application/problem+json");
    assertThat(answer.body()).contains("\"status\":401").doesNotContain("\"error\"");
    assertThat(sight.calls())
        .as("the handler, and the error page, are not reached")
        .isEqualTo(before);
  }

  @Test
  void another_scheme_is_no_token() {
    Http.Answer answer = Http.get(shared.port(), "/orders", "Authorization: Basic YW5uOnB3");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).doesNotContain("error");
  }

  @Test
  void a_missing_scope_is_403_and_names_what_it_takes() {
    Http.Answer answer = Http.get(shared.port(), "/orders", bearer(token("orders:write")));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.challenge())
        .contains("error=\"insufficient_scope\"", "scope=\"orders:read\"");
  }

  @Test
  @Tag("T40")
  void two_authorization_fields_are_400() {
    String good = bearer(token("orders:read"));
    Http.Answer answer = Http.get(shared.port(), "/orders", good, good);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.challenge()).contains("error=\"invalid_request\"");
  }

  @Test
  @Tag("T42")
  void a_token_in_query_body_or_cookie_is_not_read() {
    String token = token("orders:read");
    assertThat(Http.get(shared.port(), "/orders?access_token=" + token).status()).isEqualTo(401);
    assertThat(Http.get(shared.port(), "/orders", "Cookie: access_token=" + token).status())
        .isEqualTo(401);
  }

  @Test
  @Tag("T42")
  void the_body_of_a_request_is_left_to_the_handler() throws Exception {
    start(
        context -> {
          Container.filter(context, settings(), "/*");
          Container.servlet(
              context,
              new HttpServlet() {
                private static final long serialVersionUID = 1L;

                @Override
                protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws IOException {
                  response.getWriter().print(request.getParameter("access_token"));
                }
              },
              "/form");
        });
    try (Http http = new Http(own.port())) {
      Http.Answer answer =
          http.exchange(
              "PUT", "/form?access_token=x", bearer(token("orders:read")), "Content-Length: 0");
      assertThat(answer.body()).isEqualTo("x");
    }
  }

  @Test
  @Tag("T43")
  void a_public_path_needs_no_token_and_still_refuses_a_bad_one() {
    assertThat(Http.get(shared.port(), "/open/a").status()).isEqualTo(200);
    assertThat(Http.get(shared.port(), "/open/a").body()).contains("subject=null\n", "user=null\n");
    assertThat(Http.get(shared.port(), "/open/a", bearer("a.b.c")).status()).isEqualTo(401);
    Http.Answer known = Http.get(shared.port(), "/open/a", bearer(token("orders:write")));
    assertThat(known.body()).contains("subject=ann\n", "credentials=[]\n");
  }

  @Test
  void publicPathTokens_ignore_hides_a_token_that_it_does_not_look_at() throws Exception {
    start(
        context -> {
          Container.filter(
              context, settings("publicPaths", "/open/*", "publicPathTokens", "ignore"), "/*");
          Container.servlet(context, sight, "/open/*");
        });
    Http.Answer answer = Http.get(own.port(), "/open/a", bearer("a.b.c"), "DPoP: proof");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("subject=null\n", "credentials=[]\n");
  }

  @Test
  @Tag("T49")
  @Tag("T53")
  void no_dispatch_shows_the_credentials_and_every_one_shows_the_claims() {
    for (String way : Going.WAYS) {
      Http.Answer answer =
          Http.get(
              shared.port(),
              "/" + way,
              "aUTHORIZATION: bEARER " + token("orders:read"),
              "Proxy-Authorization: Basic eDp5",
              "DPoP: proof",
              "Client-Cert: :AAAA:",
              "client-cert-chain: :AAAA:");
      assertThat(answer.status()).as(way).isEqualTo(200);
      assertThat(answer.body()).as(way).contains("subject=ann\n", "user=ann\n", "credentials=[]\n");
    }
  }

  @Test
  @Tag("T53")
  void an_error_page_after_a_failed_handler_inherits_the_claims_without_the_credentials() {
    Http.Answer answer = Http.get(shared.port(), "/fail", bearer(token("orders:read")));
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body())
        .contains("dispatch=ERROR\n", "subject=ann\n", "user=ann\n", "credentials=[]\n");
  }

  @Test
  @Tag("T54")
  void an_error_page_after_a_refusal_sees_neither_claims_nor_credentials() throws Exception {
    start(
        context -> {
          Container.filter(
              context,
              (request, response, chain) -> {
                HttpServletResponse http = (HttpServletResponse) response;
                chain.doFilter(request, new Uncommitted(http));
                if (request.getDispatcherType() == DispatcherType.REQUEST) http.sendError(401);
              },
              "/*");
          Container.filter(context, settings(), "/*");
          Container.servlet(context, sight, "/orders", "/error");
        });
    Http.Answer answer = Http.get(own.port(), "/orders", bearer("a.b.c"));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body())
        .contains("dispatch=ERROR\n", "subject=null\n", "user=null\n", "credentials=[]\n");
  }

  @Test
  @Tag("T49")
  @Tag("T53")
  void a_bound_token_passes_with_one_proof_in_every_dispatch() {
    TestKey client = TestKey.generate("client", "ES256");
    for (String way : Going.WAYS) {
      String token =
          Tokens.good(server.issuer(), AUDIENCE, "orders:read", Instant.now())
              .claim("cnf", Proofs.bindingTo(client))
              .mintedBy(key);
      String uri = "http://localhost/" + way;
      String proof = Proofs.good(client, "GET", uri, token, Instant.now()).mintedBy(client);
      Http.Answer answer =
          Http.get(shared.port(), "/" + way, "Authorization: DPoP " + token, "DPoP: " + proof);
      assertThat(answer.status()).as(way).isEqualTo(200);
      assertThat(answer.body())
          .as(way)
          .contains("subject=ann\n", "auth=DPoP\n", "credentials=[]\n");
    }
  }

  @Test
  @Tag("T49")
  void trailers_show_no_credentials() {
    String good = bearer(token("orders:read"));
    String head = good + "\r\nTransfer-Encoding: chunked";
    String trailers = "X-Other: kept\r\nDPoP: proof\r\n" + good;
    Http.Answer answer =
        Http.send(shared.port(), "PUT", "/orders", head, "", "1", "x", "0", trailers);
    assertThat(answer.body()).contains("trailers=x-other\n", "credentials=[]\n");
  }

  @Test
  @Tag("T52")
  void an_async_context_holds_the_guarded_request() {
    Http.Answer answer = Http.get(shared.port(), "/asyncSight", bearer(token("orders:read")));
    assertThat(answer.body()).contains("context=[]\n");
  }

  @Test
  @Tag("T55")
  void a_kept_connection_does_not_carry_a_verdict_over() {
    String good = bearer(token("orders:read"));
    try (Http http = new Http(shared.port())) {
      for (int i = 0; i < 1000; i++) {
        assertThat(http.exchange("GET", "/orders", good).status()).isEqualTo(200);
        assertThat(http.exchange("GET", "/orders").status()).isEqualTo(401);
      }
    }
  }

  @Test
  @Tag("T48")
  void an_attribute_of_the_filters_name_on_entry_is_removed() throws Exception {
    start(
        context -> {
          Container.filter(
              context,
              (request, response, chain) -> {
                request.setAttribute(SallyportFilter.TOKEN_ATTRIBUTE, "forged");
                chain.doFilter(request, response);
              },
              "/*");
          Container.filter(context, settings("publicPaths", "/open"), "/*");
          Container.servlet(
              context,
              new HttpServlet() {
                private static final long serialVersionUID = 1L;

                @Override
                protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws IOException {
                  Object attribute = request.getAttribute(SallyportFilter.TOKEN_ATTRIBUTE);
                  response.getWriter().print("attribute=" + attribute);
                }
              },
              "/*");
        });
    assertThat(Http.get(own.port(), "/open").body()).isEqualTo("attribute=null");
    assertThat(Http.get(own.port(), "/orders").status()).isEqualTo(401);
  }

  @Test
  @Tag("T47")
  void headers_that_claim_another_method_or_path_change_nothing() throws Exception {
    start(
        context -> {
          Container.filter(
              context,
              settings(
                  "publicPaths", "/open",
                  "rules", "GET /orders orders:read\nPOST /orders orders:write"),
              "/*");
          Container.servlet(context, sight, "/*");
        });
    assertThat(Http.get(own.port(), "/orders", "X-Original-URL: /open").status()).isEqualTo(401);
    assertThat(Http.get(own.port(), "/orders", "X-Rewrite-URL: /open").status()).isEqualTo(401);
    assertThat(Http.get(own.port(), "/orders", "X-Forwarded-Prefix: /open").status())
        .isEqualTo(401);
    assertThat(
            Http.send(
                    own.port(),
                    "POST",
                    "/orders",
                    "X-HTTP-Method-Override: GET",
                    bearer(token("orders:read")))
                .status())
        .isEqualTo(403);
    assertThat(Http.send(own.port(), "FOO", "/orders").status()).isEqualTo(401);
  }

  @Test
  void rules_are_judged_in_order_and_GET_covers_HEAD() throws Exception {
    start(
        context -> {
          Container.filter(
              context,
              settings(
                  "requiredScopes", "orders:write",
                  "rules", "* /orders/secret/* deny\n  GET /orders/* orders:read  \n\n"),
              "/*");
          Container.servlet(context, sight, "/*");
        });
    String reader = bearer(token("orders:read"));
    assertThat(Http.get(own.port(), "/orders/1", reader).status()).isEqualTo(200);
    assertThat(Http.send(own.port(), "HEAD", "/orders/1", reader).status()).isEqualTo(200);
    assertThat(Http.get(own.port(), "/other", reader).status()).isEqualTo(403);
    String both = bearer(token("orders:read orders:write"));
    Http.Answer denied = Http.get(own.port(), "/orders/secret/1", both);
    assertThat(denied.status()).isEqualTo(403);
    assertThat(denied.challenge()).contains("insufficient_scope").doesNotContain("scope=\"");
    assertThat(Http.get(own.port(), "/orders;x/1", both).status()).isIn(400, 404);
    assertThat(Http.get(own.port(), "/other", both).status()).isEqualTo(200);
  }

  @Test
  void a_preflight_passes_by_setting_alone() throws Exception {
    String[] preflight = {"Origin: https://x.example", "Access-Control-Request-Method: POST"};
    assertThat(Http.send(shared.port(), "OPTIONS", "/orders", preflight).status()).isEqualTo(401);
    start(
        context -> {
          Container.filter(context, settings("corsPreflight", "pass"), "/*");
          Container.servlet(context, sight, "/*");
        });
    assertThat(Http.send(own.port(), "OPTIONS", "/orders", preflight).status()).isEqualTo(200);
    assertThat(Http.send(own.port(), "OPTIONS", "/orders", preflight[0]).status()).isEqualTo(401);
    assertThat(Http.get(own.port(), "/orders", preflight).status()).isEqualTo(401);
  }

  @Test
  void a_route_filter_works_behind_its_parent_and_on_its_own() throws Exception {
    SallyportFilter parent =
        SallyportFilter.builder()
            .issuer(server.issuer())
            .allowHttp(true)
            .audience(AUDIENCE)
            .allowedScopes("orders:read", "orders:write")
            .publicPaths("/open/*")
            .build();
    start(
        context -> {
          Container.filter(context, parent, "/behind/*", "/open/*");
          Container.filter(
              context, parent.requiring("orders:write"), "/behind/write", "/alone", "/open/write");
          Container.servlet(context, sight, "/*");
        });
    for (String path : List.of("/behind/write", "/alone", "/open/write")) {
      assertThat(Http.get(own.port(), path).status()).as(path).isEqualTo(401);
      assertThat(Http.get(own.port(), path, bearer(token("orders:read"))).status())
          .as(path)
          .isEqualTo(403);
      Http.Answer answer = Http.get(own.port(), path, bearer(token("orders:write")));
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.body()).as(path).contains("subject=ann\n", "credentials=[]\n");
    }
    assertThat(Http.get(own.port(), "/behind/read", bearer(token("orders:read"))).status())
        .isEqualTo(200);
  }

  @Test
  void two_filters_in_a_row_both_judge_the_token() throws Exception {
    start(
        context -> {
          Container.filter(context, settings(), "/*");
          Container.filter(context, settings("requiredScopes", "orders:write"), "/write");
          Container.servlet(context, sight, "/*");
        });
    assertThat(Http.get(own.port(), "/write", bearer(token("orders:read"))).status())
        .isEqualTo(403);
    Http.Answer answer = Http.get(own.port(), "/write", bearer(token("orders:write")));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("credentials=[]\n");
  }

  @Test
  @Tag("T57")
  void a_dispatch_into_another_filters_area_does_not_carry_the_first_ones_token_there()
      throws Exception {
    start(
        context -> {
          Container.filter(context, settings(), "/a/*");
          Container.filter(context, settings("allowedScopes", "b:read"), "/b/*");
          for (String way : List.of("forward", "include", "async")) {
            Container.servlet(context, new Going(way, "/b/see"), "/a/" + way);
          }
          Container.servlet(context, sight, "/b/*");
        });
    for (String way : List.of("forward", "include", "async")) {
      Http.Answer answer = Http.get(own.port(), "/a/" + way, bearer(token("orders:read")));
      assertThat(answer.status()).as(way).isEqualTo(200);
      assertThat(answer.body())
          .as(way)
          .contains("subject=null\n", "user=null\n", "principal=null\n", "reader=false\n")
          .contains("credentials=[]\n");
    }
  }

  @Test
  void a_filter_in_front_that_has_taken_the_writer_does_not_turn_a_refusal_into_500()
      throws Exception {
    start(
        context -> {
          Container.filter(
              context,
              (request, response, chain) -> {
                response.getWriter();
                chain.doFilter(request, response);
              },
              "/*");
          Container.filter(context, settings(), "/*");
          Container.servlet(context, sight, "/*");
        });
    Http.Answer answer = Http.get(own.port(), "/orders");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("\"correlation\"");
  }

  @Test
  @Tag("T57")
  void two_filters_with_different_settings_share_nothing() throws Exception {
    start(
        context -> {
          Container.filter(context, settings(), "/a");
          Container.filter(context, settings("audience", "other"), "/b");
          Container.servlet(context, sight, "/*");
        });
    String good = bearer(token("orders:read"));
    assertThat(Http.get(own.port(), "/a", good).status()).isEqualTo(200);
    assertThat(Http.get(own.port(), "/b", good).status()).isEqualTo(401);
    assertThat(Http.get(own.port(), "/a", good).status()).isEqualTo(200);
  }

  @Test
  void context_params_are_the_base_that_init_params_override() throws Exception {
    start(
        context -> {
          settings().forEach((name, value) -> context.setInitParameter("sallyport." + name, value));
          Container.filter(context, Map.of("audience", "other"), "/b");
          Container.filter(context, Map.of("requiredScopes", "orders:read"), "/a");
          Container.servlet(context, sight, "/*");
        });
    String good = bearer(token("orders:read"));
    assertThat(Http.get(own.port(), "/a", good).status()).isEqualTo(200);
    assertThat(Http.get(own.port(), "/b", good).status()).isEqualTo(401);
  }

  @Test
  @Tag("T58")
  @Tag("T90")
  void a_broken_configuration_leaves_the_handler_unreachable() throws Exception {
    int before = sight.calls();
    try {
      start(
          context -> {
            Container.filter(context, settings("audiance", "x"), "/*");
            Container.servlet(context, sight, "/*");
          });
    } catch (Exception e) {
      assertThat(e).hasStackTraceContaining("'audiance'").hasStackTraceContaining("'audience'");
      return; // the container did not start at all
    }
    assertThat(Http.get(own.port(), "/orders", bearer(token("orders:read"))).status())
        .isGreaterThanOrEqualTo(404);
    assertThat(sight.calls()).isEqualTo(before);
  }

  @Test
  @Tag("T61")
  void a_destroyed_filter_answers_503() throws Exception {
    SallyportFilter filter = SallyportFilter.of(Policy.of(settings()));
    start(
        context -> {
          Container.filter(context, filter, "/*");
          Container.servlet(context, sight, "/*");
        });
    String good = bearer(token("orders:read"));
    assertThat(Http.get(own.port(), "/orders", good).status()).isEqualTo(200);
    filter.destroy();
    Http.Answer answer = Http.get(own.port(), "/orders", good);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.field("Retry-After")).isPresent();
    assertThat(answer.field("WWW-Authenticate")).isEmpty();
  }

  @Test
  void an_issuer_that_is_down_is_503_and_keeps_the_token_good() throws Exception {
    try (KeyServer down = new KeyServer()) {
      down.answer(KeyServer.OPENID, Answer.status(500));
      start(
          context -> {
            Container.filter(context, settings("issuer", down.issuer()), "/*");
            Container.servlet(context, sight, "/*");
          });
      Http.Answer answer = Http.get(own.port(), "/orders", bearer(token("orders:read")));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.field("Retry-After")).isPresent();
      assertThat(answer.field("WWW-Authenticate")).isEmpty();
      assertThat(Http.get(own.port(), "/orders").status()).as("no token").isEqualTo(401);
    }
  }

  /** A response that its full length does not commit. */
  private static final class Uncommitted extends HttpServletResponseWrapper {
    Uncommitted(HttpServletResponse response) {
      super(response);
    }

    @Override
    public void setContentLength(int length) {}
  }
}
