package io.sallyport.examples.kubernetes;

/** The name of an image. */
final class Image {
  private Image() {}

  /** Whether it says which image of that name: by a digest, or by a tag that is not latest. */
  static boolean isPinned(String image) {
    if (image.matches(".+@sha256:[0-9a-f]{64}")) return true;
    String name = image.substring(image.lastIndexOf('/') + 1); // a registry may have a port
    return name.matches("[a-z0-9._-]+:[A-Za-z0-9_][A-Za-z0-9_.-]*") && !name.endsWith(":latest");
  }
}
