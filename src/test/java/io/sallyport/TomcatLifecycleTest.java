package io.sallyport;

import org.junit.jupiter.api.Tag;

/** The life of the filter in embedded Tomcat. */
@Tag("tomcat")
final class TomcatLifecycleTest extends LifecycleContract {
  @Override
  Container.Kind container() {
    return TomcatContainer::start;
  }

  @Override
  ApplicationServer server() throws Exception {
    return new TomcatServer();
  }
}
