package io.sallyport;

import org.junit.jupiter.api.Tag;

/** The life of the filter in embedded Undertow. */
@Tag("undertow")
final class UndertowLifecycleTest extends LifecycleContract {
  @Override
  Container.Kind container() {
    return UndertowContainer::start;
  }

  @Override
  ApplicationServer server() throws Exception {
    return new UndertowServer();
  }
}
