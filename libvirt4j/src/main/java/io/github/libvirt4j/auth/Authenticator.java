package io.github.libvirt4j.auth;

import io.github.libvirt4j.types.ConnectCredentialType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A lambda that answers what a hypervisor asks about who we are while a connection is opened. C:
/// `virConnectAuthCallbackPtr`, `virConnectAuth`.
///
/// ```java
/// Connect.to("test:///file.xml").authenticator(credentials -> {
///     for (Credential credential : credentials) {
///         credential.answer(credential.isSecret() ? vault.password() : "alice".toCharArray());
///     }
/// }).open();
/// ```
///
/// @param <X> the checked exceptions it throws
@FunctionalInterface
public interface Authenticator<X extends Exception> extends ThrowingAuthenticator {
    /// Answers questions, on the thread that opens, or with
    /// [Opening#openTimeout][io.github.libvirt4j.Opening#openTimeout] on one of the
    /// library's. Can be called several times for one connection; not for what libvirt finds in its file of
    /// credentials ([Opening#authenticator][io.github.libvirt4j.Opening#authenticator]).
    ///
    /// Each question must be answered, on any thread, before this returns: a question without an answer
    /// cancels the opening, which then fails with an
    /// [AuthenticationFailedException][io.github.libvirt4j.error.AuthenticationFailedException], and a later
    /// answer is refused. [Opening#open][io.github.libvirt4j.Opening#open] throws what this
    /// throws, the same object.
    ///
    /// A server that did not accept an answer asks again. The transport `libssh` (seen with libssh 0.10) asks
    /// for as long as it gets an answer, also from the file: with a wrong password there it hangs, unless
    /// there is a time limit.
    @Override
    void authenticate(List<Credential> credentials) throws X;

    /// The sorts of questions it can answer; the other side asks no others, and fails if it would have to.
    /// Those libvirt's own commands answer, if not overridden.
    default Set<ConnectCredentialType> types() {
        return EnumSet.of(
                ConnectCredentialType.AUTHNAME,
                ConnectCredentialType.ECHOPROMPT,
                ConnectCredentialType.REALM,
                ConnectCredentialType.PASSPHRASE,
                ConnectCredentialType.NOECHOPROMPT,
                ConnectCredentialType.EXTERNAL);
    }

    /// Called when the opening is over, whatever its outcome: a secret that was kept for it can be wiped. An
    /// opening that was abandoned at its time limit or by an interrupt can still be in [#authenticate] then,
    /// on another thread.
    default void finished() {}

    /// One that knows the name and the password, for opening once. It gives the password once: whoever asks
    /// for it again did not accept it, and the opening fails with an
    /// [AuthenticationFailedException][io.github.libvirt4j.error.AuthenticationFailedException].
    ///
    /// @param password wiped when the opening is over
    static Authenticator<RuntimeException> of(String user, char[] password) {
        return new UserAndPassword(user, password);
    }

    /// One that asks on the console of the process, and does not show what is secret.
    static Authenticator<RuntimeException> console() {
        return new AskOnConsole();
    }
}
