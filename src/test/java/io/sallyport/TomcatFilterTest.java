package io.sallyport;

import org.junit.jupiter.api.Tag;

/** The filter in embedded Tomcat 11, on a class path of its own. */
@Tag("tomcat")
final class TomcatFilterTest extends FilterContract {
  @Override
  Container.Kind container() {
    return TomcatContainer::start;
  }
}
