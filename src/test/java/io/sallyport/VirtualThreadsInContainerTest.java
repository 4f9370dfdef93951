package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The filter on virtual threads. */
@EnabledForJreRange(min = JRE.JAVA_21)
final class VirtualThreadsInContainerTest extends FilterContract {
  @Override
  Container.Threads threads() {
    return Container.Threads.VIRTUAL;
  }

  @Test
  void handlers_are_called_on_virtual_threads_however_the_request_goes_on() {
    for (String way : Going.WAYS) {
      assertThat(Http.get(shared.port(), "/" + way, bearer(token("orders:read"))).body())
          .as(way)
          .contains("thread=VirtualThread[");
    }
  }
}
