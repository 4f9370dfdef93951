package io.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.SallyportFilter;
import io.sallyport.testkit.Finding.Severity;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The probe finds what is wrong with a gate, and nothing at one that holds. */
@TestInstance(Lifecycle.PER_CLASS)
final class GateProbeTest {
  private final TestIssuer issuer = TestIssuer.start();

  @AfterAll
  void stop() {
    issuer.close();
  }

  private SallyportFilter.Builder sallyport() {
    return SallyportFilter.builder()
        .issuer(issuer.issuer())
        .allowHttp(true)
        .audience(TestIssuer.AUDIENCE)
        .allowedScopes("orders:read", "orders:write")
        .requiredScopes("orders:read");
  }

  private GateProbe probe(URI endpoint) {
    return GateProbe.of(endpoint).issuer(issuer).token(token -> token.scope("orders:read"));
  }

  private GateProbe.Report report(Filter filter) throws Exception {
    try (Guarded server = new Guarded(filter)) {
      return probe(server.orders()).run();
    }
  }

  private static List<String> ids(GateProbe.Report report, Severity severity) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::id)
        .toList();
  }

  @Test
  void nothing_is_found_at_our_own_filter() throws Exception {
    GateProbe.Report report = report(sallyport().build());
    assertThat(report.findings()).as(report.toString()).isEmpty();
    report.assertHolds();
    assertThat(report.attempts()).hasSizeGreaterThan(250);
    assertThat(report.leftOut()).containsExactly("method-get");
  }

  @Test
  void our_own_filter_refuses_what_the_RFCs_leave_open_too() throws Exception {
    assertThat(report(sallyport().build()).attempts())
        .filteredOn(Attempt::served)
        .extracting(Attempt::id)
        .containsExactlyInAnyOrder("field-double-blank", "field-blank-behind", "field-folded");
  }

  @Test
  void a_filter_that_looks_at_no_signature_is_found() throws Exception {
    GateProbe.Report report = report(new NaiveGate());
    System.out.println(report);
    assertThat(report.holds()).isFalse();
  }
}
