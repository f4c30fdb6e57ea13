package io.github.libvirt4j.auth;

import io.github.libvirt4j.types.ConnectCredentialType;
import java.io.Console;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks the user at the console of the process.
final class AskOnConsole implements Authenticator<RuntimeException> {
    @Override
    @SuppressWarnings("SystemConsoleNull") // It depends on the release, and on who provides the console.
    public void authenticate(List<Credential> credentials) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new IllegalStateException("There is no console to ask on: the process's input is not a terminal");
        }
        for (Credential credential : credentials) {
            char[] answer = ask(console, credential);
            if (answer != null) {
                refuseReplaced(answer);
                credential.answer(answer);
            }
        }
    }

    /// Refuses an answer with U+FFFD: the console replaced a character that its charset lacks.
    private static void refuseReplaced(char[] answer) {
        for (char c : answer) {
            if (c == '\uFFFD') {
                Arrays.fill(answer, '\0');
                throw new IllegalStateException("What was typed is not in the console's charset, "
                        + System.getProperty("stdin.encoding")
                        + ". Set the locale of the terminal, as LC_ALL=C.UTF-8, or start the VM with "
                        + "-Dstdin.encoding=UTF-8");
            }
        }
    }

    /// The text of the server's question, on one line and without control characters.
    static String question(@Nullable String prompt, ConnectCredentialType type, @Nullable String otherwise) {
        String question = prompt == null ? type.name() : prompt.strip();
        return (question + (otherwise == null ? "" : " [" + otherwise + "]")).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?")
                + ": ";
    }

    /// Asks one question. Null at the end of input: no answer.
    private static char @Nullable [] ask(Console console, Credential credential) {
        String otherwise = credential.defaultResult();
        String question = question(credential.prompt(), credential.type(), otherwise);
        if (credential.isSecret()) {
            return console.readPassword("%s", question);
        }
        String line = console.readLine("%s", question);
        if (line == null) {
            return null;
        }
        return (line.isEmpty() && otherwise != null ? otherwise : line).toCharArray();
    }
}
