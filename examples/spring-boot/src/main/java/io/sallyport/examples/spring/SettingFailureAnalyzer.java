package io.sallyport.examples.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows the library's message for a wrong setting in place of a stack trace. */
final class SettingFailureAnalyzer extends AbstractFailureAnalyzer<IllegalArgumentException> {
  @Override
  protected @Nullable FailureAnalysis analyze(Throwable failure, IllegalArgumentException cause) {
    String message = cause.getMessage();
    if (message == null || !message.startsWith("Sallyport cannot start: ")) return null;
    return new FailureAnalysis(message, null, cause);
  }
}
