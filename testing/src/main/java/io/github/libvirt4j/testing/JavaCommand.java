package io.github.libvirt4j.testing;

import java.io.File;

/// How to start Java once more as this VM was started.
public final class JavaCommand {
    private JavaCommand() {}

    /// The path of a program. The system property `test.java` names it where the VM's own executable is not
    /// what it was started by: `it/versions` starts Java by another system's loader.
    public static String own() {
        String named = System.getProperty("test.java");
        return named != null ? named : ProcessHandle.current().info().command().orElseThrow();
    }

    /// All places of classes of this VM as a class path. Tests run on the module path.
    public static String classPath() {
        return System.getProperty("jdk.module.path", "")
                + File.pathSeparator
                + System.getProperty("java.class.path", "");
    }
}
