package io.sallyport.examples.spring;

import io.sallyport.SallyportFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * Ends every stream when the token that it was opened with expires. Spring goes on asynchronously
 * only after the handler has returned, and then calls this.
 */
@Configuration(proxyBeanMethods = false)
class StreamExpiry implements WebMvcConfigurer, AsyncHandlerInterceptor {
  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public void afterConcurrentHandlingStarted(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!isStream(handler)) return;
    try {
      SallyportFilter.endAtExpiry(request.getAsyncContext());
    } catch (IllegalStateException e) {
      if (request.isAsyncStarted()) throw e; // else it is over already
    }
  }

  private static boolean isStream(Object handler) {
    return handler instanceof HandlerMethod method
        && ResponseBodyEmitter.class.isAssignableFrom(method.getReturnType().getParameterType());
  }
}
