package io.github.libvirt4j.auth;

import io.github.libvirt4j.types.ConnectCredentialType;
import org.jspecify.annotations.Nullable;

/// A question of a server during authentication, and its answer. C: `virConnectCredential`.
///
/// A credential is valid during the call of the [Authenticator] that receives it, and is safe for use by any
/// thread. The answer is written directly into C's memory; the library makes no other copy.
public interface Credential {
    /// The type of the question.
    ConnectCredentialType type();

    /// The type of the question as C's number, a `virConnectCredentialType`.
    int rawType();

    /// The prompt for a human user; null if the server sends none.
    @Nullable
    String prompt();

    /// The challenge of the server; null if there is none.
    @Nullable
    String challenge();

    /// The answer that the server assumes if a human user enters nothing; null if there is none.
    @Nullable
    String defaultResult();

    /// Whether the answer is a secret, such as a password, that must not be echoed.
    boolean isSecret();

    /// Answers the question. A second answer replaces the first.
    ///
    /// @param chars the answer, which C receives as UTF-8; the array is wiped before this method returns
    /// @throws IllegalArgumentException if the answer contains a NUL, or text that has no encoding (see
    ///     `docs/text.md`)
    /// @throws IllegalStateException if the authenticator has returned or thrown, on any thread
    void answer(char[] chars);
}
