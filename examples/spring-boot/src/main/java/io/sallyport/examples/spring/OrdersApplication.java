package io.sallyport.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Orders, in Spring Boot. */
@SpringBootApplication(proxyBeanMethods = false)
public class OrdersApplication {
  /** Starts the application; {@code application.properties} has its settings. */
  public static void main(String[] arguments) {
    SpringApplication.run(OrdersApplication.class, arguments);
  }
}
