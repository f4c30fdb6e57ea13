package io.github.libvirt4j.auth;

import io.github.libvirt4j.types.ConnectCredentialType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A lambda that answers the authentication questions of a server while a connection is opened. C:
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
/// @param <X> the checked exceptions of the authenticator, which `open` throws
@FunctionalInterface
public interface Authenticator<X extends Exception> extends ThrowingAuthenticator {
    /// Answers questions. This method runs on the thread that opens the connection, or with
    /// [Opening#openTimeout][io.github.libvirt4j.Opening#openTimeout] on a thread of the library's. libvirt
    /// may call it several times for one connection. It does not ask for credentials that it finds in its
    /// file of credentials ([Opening#authenticator][io.github.libvirt4j.Opening#authenticator]).
    ///
    /// Each question must be answered, on any thread, before this method returns. A question without an
    /// answer cancels the opening, which then throws an
    /// [AuthenticationFailedException][io.github.libvirt4j.error.AuthenticationFailedException]; a later
    /// answer is refused.
    ///
    /// A server that rejects an answer asks again. The transport `libssh` (observed with libssh 0.10) repeats
    /// its question as long as it receives an answer, also from the file: with a wrong password in the file
    /// the opening hangs, unless it has a time limit.
    ///
    /// @param credentials the questions
    /// @throws X is rethrown by [Opening#open][io.github.libvirt4j.Opening#open], as the same object
    @Override
    void authenticate(List<Credential> credentials) throws X;

    /// The types of questions that this authenticator can answer. Default: the types that libvirt's own
    /// commands answer. The opening fails if the server requires another type.
    default Set<ConnectCredentialType> types() {
        return EnumSet.of(
                ConnectCredentialType.AUTHNAME,
                ConnectCredentialType.ECHOPROMPT,
                ConnectCredentialType.REALM,
                ConnectCredentialType.PASSPHRASE,
                ConnectCredentialType.NOECHOPROMPT,
                ConnectCredentialType.EXTERNAL);
    }

    /// Called when the opening has ended, regardless of its outcome, so that the authenticator can wipe its
    /// secrets. Default: does nothing. After an opening that was abandoned at its time limit or by an
    /// interrupt, [#authenticate] can still be running on another thread.
    default void finished() {}

    /// Returns an authenticator that answers with a user name and a password, for opening one connection. It
    /// gives the password once: a server that asks again has rejected the password, and the opening throws an
    /// [AuthenticationFailedException][io.github.libvirt4j.error.AuthenticationFailedException].
    ///
    /// @param user the user name
    /// @param password the password; owned by the authenticator, which wipes the array when the opening has
    ///     ended
    static Authenticator<RuntimeException> of(String user, char[] password) {
        return new UserAndPassword(user, password);
    }

    /// Returns an authenticator that asks on the console of the process, without echo for secrets.
    static Authenticator<RuntimeException> console() {
        return new AskOnConsole();
    }
}
