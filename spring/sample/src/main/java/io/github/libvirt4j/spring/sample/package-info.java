/// A web application over `libvirt4j-spring-boot-starter`.
@NullMarked
package io.github.libvirt4j.spring.sample;

import org.jspecify.annotations.NullMarked;
