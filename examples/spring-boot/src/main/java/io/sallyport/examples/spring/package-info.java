/** Spring MVC behind the filter, without Spring Security. */
@NullMarked
package io.sallyport.examples.spring;

import org.jspecify.annotations.NullMarked;
