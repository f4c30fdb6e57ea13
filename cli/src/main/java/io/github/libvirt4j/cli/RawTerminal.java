package io.github.libvirt4j.cli;

import java.io.IOException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Terminal;

/// The terminal, with every key and every byte passed through unchanged.
final class RawTerminal implements AutoCloseable {
    private final Terminal terminal;
    private final Attributes before;

    private RawTerminal(Terminal terminal, Attributes before) {
        this.terminal = terminal;
        this.before = before;
    }

    static RawTerminal enter() throws IOException {
        Terminal terminal = Screen.terminal();
        Attributes before = terminal.getAttributes();
        Attributes raw = new Attributes(before);
        for (LocalFlag flag : new LocalFlag[] {LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.ISIG, LocalFlag.IEXTEN}) {
            raw.setLocalFlag(flag, false);
        }
        for (InputFlag flag : new InputFlag[] {
            InputFlag.ICRNL,
            InputFlag.INLCR,
            InputFlag.IGNCR,
            InputFlag.IXON,
            InputFlag.BRKINT,
            InputFlag.ISTRIP,
            InputFlag.INPCK,
            InputFlag.PARMRK
        }) {
            raw.setInputFlag(flag, false);
        }
        raw.setOutputFlag(OutputFlag.OPOST, false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        terminal.setAttributes(raw);
        return new RawTerminal(terminal, before);
    }

    /// Its size in words. A serial line does not transmit it.
    String size() {
        return terminal.getRows() + " rows, " + terminal.getColumns() + " columns";
    }

    @Override
    public void close() throws IOException {
        terminal.setAttributes(before);
        terminal.close();
    }
}
