package io.github.libvirt4j;

import java.io.Console;
import java.util.Arrays;
import java.util.List;

/// Asks whoever sits at the console of the process.
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

    /// What was typed, and the console's charset does not know, is U+FFFD by now: it would be another answer.
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

    /// Null at the end of input: no answer.
    private static char @org.jspecify.annotations.Nullable [] ask(Console console, Credential credential) {
        String prompt = credential.prompt() == null
                ? credential.type().name()
                : credential.prompt().strip();
        String otherwise = credential.defaultResult();
        String question = prompt + (otherwise == null ? "" : " [" + otherwise + "]") + ": ";
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
