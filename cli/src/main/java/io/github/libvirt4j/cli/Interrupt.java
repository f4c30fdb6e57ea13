package io.github.libvirt4j.cli;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;

/// Ctrl-C on the terminal, which does not end the process meanwhile, and the key that answers a question.
final class Interrupt implements AutoCloseable {
    /// The answer is another Ctrl-C.
    static final int AGAIN = 3;

    private static final long BETWEEN_LOOKS = 100;

    /// As [Terminal]'s reader returns it if no key was pressed in time.
    private static final int NONE = -2;

    private final Terminal terminal;
    private volatile boolean pressed;

    private Interrupt(Terminal terminal) {
        this.terminal = terminal;
    }

    static Interrupt take() throws IOException {
        Interrupt interrupt = new Interrupt(Screen.terminal());
        interrupt.terminal.handle(Terminal.Signal.INT, _ -> interrupt.pressed = true);
        return interrupt;
    }

    /// Whether Ctrl-C was pressed since this was asked last.
    boolean wasPressed() {
        boolean was = pressed;
        pressed = false;
        return was;
    }

    /// Asks a question and waits for a key.
    ///
    /// @param question prints it, when keys are no longer echoed
    /// @param enough whether to wait no longer
    /// @return [#AGAIN] for Ctrl-C, a negative number if there is none
    int key(Runnable question, BooleanSupplier enough) throws IOException {
        Attributes before = terminal.enterRawMode();
        try {
            question.run();
            int key = NONE;
            while (key == NONE && !pressed && !enough.getAsBoolean()) {
                key = terminal.reader().read(BETWEEN_LOOKS);
            }
            return wasPressed() ? AGAIN : key;
        } finally {
            terminal.setAttributes(before);
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
