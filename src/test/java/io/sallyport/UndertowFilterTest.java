package io.sallyport;

import org.junit.jupiter.api.Tag;

/** The filter in embedded Undertow 2.3, on a class path of its own. */
@Tag("undertow")
final class UndertowFilterTest extends FilterContract {
  @Override
  Container.Kind container() {
    return UndertowContainer::start;
  }
}
