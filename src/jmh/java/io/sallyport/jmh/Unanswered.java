package io.sallyport.jmh;

import java.lang.reflect.Proxy;

/** Stands for all that a stub leaves out: a filter that asks for it is told of, not humoured. */
final class Unanswered {
  private Unanswered() {}

  static <T> T of(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.toString());
            }));
  }
}
