package io.github.libvirt4j.auth;

import io.github.libvirt4j.types.ConnectCredentialType;
import org.jspecify.annotations.Nullable;

/// A question of a hypervisor about who we are, and our answer. C: `virConnectCredential`.
///
/// Belongs to the call of the [Authenticator] it was passed to, and is safe for use by any thread. An answer
/// goes straight into C's memory; no other copy of it is made.
public interface Credential {
    /// What is asked for.
    ConnectCredentialType type();

    /// The number C uses for that, a `virConnectCredentialType`.
    int rawType();

    /// What to ask a person, if the other side says.
    @Nullable
    String prompt();

    /// What the other side gave to answer to, if anything.
    @Nullable
    String challenge();

    /// What the other side would take if a person says nothing, if anything.
    @Nullable
    String defaultResult();

    /// Whether the answer should not be shown: a password.
    boolean isSecret();

    /// Answers. A second answer replaces the first.
    ///
    /// @param chars wiped when this returns; C gets them as UTF-8
    /// @throws IllegalArgumentException if there is a NUL in them, or half of a surrogate pair
    /// @throws IllegalStateException after the authenticator has returned or thrown, on whatever thread
    void answer(char[] chars);
}
