package io.github.libvirt4j;

import io.github.libvirt4j.error.LibvirtException;
import java.util.concurrent.Callable;

/// Prints a line for each call of a program in a VM of its own, for its test to compare.
final class Lines {
    private Lines() {}

    /// Prints the result of a call, or the exception.
    static void print(String what, Callable<?> call) {
        System.out.println(what + ": " + outcome(call));
    }

    /// Prints that a call has returned, or the exception.
    static void run(String what, Runnable call) {
        print(what, () -> {
            call.run();
            return "done";
        });
    }

    private static Object outcome(Callable<?> call) {
        try {
            return call.call();
        } catch (LibvirtException e) {
            return e.getClass().getSimpleName() + " " + e.code();
        } catch (Exception e) {
            return e.getClass().getSimpleName() + " " + e.getMessage();
        }
    }
}
