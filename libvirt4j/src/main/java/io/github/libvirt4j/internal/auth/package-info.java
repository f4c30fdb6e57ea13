/// Questions and answers of a login.
@NullMarked
package io.github.libvirt4j.internal.auth;

import org.jspecify.annotations.NullMarked;
