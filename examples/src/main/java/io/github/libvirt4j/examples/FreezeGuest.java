package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.error.LibvirtException;
import io.github.libvirt4j.error.NotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs a command while the file systems of a guest are frozen, so that the images of its disks are
/// consistent: `FreezeGuest URI DOMAIN COMMAND…`. The guest needs its agent (`qemu-guest-agent`).
///
/// A guest that stays frozen is lost: its programs block at their next write. The example thaws it whatever
/// fails: the command, the connection, or the freeze itself, whose answer can be lost after the agent has
/// frozen; and also if the program is terminated. A program that is killed (`SIGKILL`), or whose machine
/// fails, cannot thaw anything.
public final class FreezeGuest {
    private static final int ATTEMPTS = 5;

    private FreezeGuest() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String uri = arguments[0];
        String name = arguments[1];
        var isFrozen = new AtomicBoolean();
        // Of Ctrl-C and SIGTERM.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> thaw(uri, name, isFrozen)));
        try (Connect connect = Connect.open(uri);
                Domain domain = connect.domains().lookupByName(name)) {
            // From here on it may be, whatever the call returns.
            isFrozen.set(true);
            System.out.println("Frozen: " + domain.guest().fsFreeze());
            ProcessBuilder command =
                    new ProcessBuilder(Arrays.asList(arguments).subList(2, arguments.length)).inheritIO();
            System.out.println("The command ended with " + command.start().waitFor());
        } finally {
            thaw(uri, name, isFrozen);
        }
    }

    /// Thaws on a connection of its own, as the first can be what failed, and more than once, as the agent
    /// can be slow. To thaw a guest that is not frozen is no failure.
    private static void thaw(String uri, String name, AtomicBoolean isFrozen) {
        for (int attempt = 1; isFrozen.get() && attempt <= ATTEMPTS; attempt++) {
            try (Connect connect = Connect.open(uri);
                    Domain domain = connect.domains().lookupByName(name)) {
                if (domain.isActive()) {
                    System.out.println("Thawed: " + domain.guest().fsThaw());
                }
                isFrozen.set(false);
            } catch (NotFoundException e) {
                // The guest is gone, and with it what was frozen.
                isFrozen.set(false);
            } catch (LibvirtException e) {
                System.err.println("The guest was not thawed: " + e.getMessage());
                pause(attempt);
            }
        }
    }

    private static void pause(int seconds) {
        try {
            TimeUnit.SECONDS.sleep(seconds);
        } catch (InterruptedException e) {
            // The next attempt comes sooner.
            Thread.currentThread().interrupt();
        }
    }
}
