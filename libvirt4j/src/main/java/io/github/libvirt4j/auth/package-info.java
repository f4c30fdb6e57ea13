/// Answers to what a hypervisor asks about who we are.
///
/// ```java
/// Connect connect = Connect.to("qemu+tcp://host/system")
///         .authenticator(Authenticator.of("alice", password))
///         .open();
/// ```
@NullMarked
package io.github.libvirt4j.auth;

import org.jspecify.annotations.NullMarked;
