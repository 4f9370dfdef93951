package io.sallyport;

/** The filter as containers call it by default. */
final class FilterInContainerTest extends FilterContract {}
