/** A guarded service as Kubernetes runs it; the manifests are beside this module's pom. */
@NullMarked
package io.sallyport.examples.kubernetes;

import org.jspecify.annotations.NullMarked;
