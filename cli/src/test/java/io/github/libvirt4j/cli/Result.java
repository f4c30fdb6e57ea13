package io.github.libvirt4j.cli;

import java.io.StringWriter;

/// What came of the command, run in this process.
record Result(int status, String out, String err) {
    static Result of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Main.run(new Printer(out), new Printer(err), arguments);
        return new Result(status, out.toString(), err.toString());
    }
}
