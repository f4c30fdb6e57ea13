package io.github.libvirt4j.spring;

/// A bean that is made before the links are opened, as it is told of what happens.
interface BeforeLinks {}
