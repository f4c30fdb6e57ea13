package io.github.libvirt4j.auth;

import java.util.List;

/// An [Authenticator] without a type parameter for its checked exceptions.
///
/// This type is for languages without checked exceptions: Kotlin cannot infer the type parameter of
/// [Authenticator] from a lambda, and chooses the overload with this type. javac prefers [Authenticator],
/// which is more specific.
@FunctionalInterface
public interface ThrowingAuthenticator {
    /// Answers questions; see [Authenticator#authenticate].
    ///
    /// @throws Exception is rethrown by [Opening#open][io.github.libvirt4j.Opening#open], as the same object
    void authenticate(List<Credential> credentials) throws Exception;
}
