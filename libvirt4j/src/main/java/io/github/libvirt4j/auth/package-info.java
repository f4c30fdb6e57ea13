/// Authentication: lambdas that answer the questions of a server while a connection is opened.
///
/// ```java
/// Connect connect = Connect.to("qemu+tcp://host/system")
///         .authenticator(Authenticator.of("alice", password))
///         .open();
/// ```
@NullMarked
package io.github.libvirt4j.auth;

import org.jspecify.annotations.NullMarked;
