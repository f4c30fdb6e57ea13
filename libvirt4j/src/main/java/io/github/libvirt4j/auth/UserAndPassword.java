package io.github.libvirt4j.auth;

import io.github.libvirt4j.types.ConnectCredentialType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Answers with a name and a password until the password is wiped. Safe for use by any thread: an abandoned
/// opening can ask while another thread wipes.
final class UserAndPassword implements Authenticator<RuntimeException> {
    private final String user;
    private final char[] password;
    private boolean wiped;
    private boolean given;

    UserAndPassword(String user, char[] password) {
        this.user = Objects.requireNonNull(user, "user");
        this.password = Objects.requireNonNull(password, "password");
    }

    @Override
    public Set<ConnectCredentialType> types() {
        return EnumSet.of(
                ConnectCredentialType.AUTHNAME, ConnectCredentialType.PASSPHRASE, ConnectCredentialType.NOECHOPROMPT);
    }

    @Override
    public synchronized void authenticate(List<Credential> credentials) {
        if (wiped) {
            throw new IllegalStateException(
                    "The password was wiped when a connection was opened with it; make an authenticator for each");
        }
        if (credentials.stream().anyMatch(Credential::isSecret)) {
            if (given) {
                // The password was wrong. libssh would ask until the server closes the connection.
                return;
            }
            given = true;
        }
        for (Credential credential : credentials) {
            credential.answer(credential.isSecret() ? password.clone() : user.toCharArray());
        }
    }

    @Override
    public synchronized void finished() {
        wiped = true;
        Arrays.fill(password, '\0');
    }
}
