package io.github.libvirt4j.auth;

import java.util.List;

/// An [Authenticator] that does not say which checked exceptions it throws.
///
/// It is for languages without checked exceptions: Kotlin cannot infer the type parameter of [Authenticator]
/// from a lambda, and takes the overload with this type instead. The compiler of Java prefers
/// [Authenticator], the more specific of the two.
@FunctionalInterface
public interface ThrowingAuthenticator {
    /// Answers questions; see [Authenticator#authenticate].
    ///
    /// @throws Exception comes out of [Opening#open][io.github.libvirt4j.Opening#open], the
    ///     same object
    void authenticate(List<Credential> credentials) throws Exception;
}
