package io.github.libvirt4j.codegen.emit;

import java.util.stream.Stream;

/// What is to be known about the two generated packages.
public final class PackageEmitter {
    private PackageEmitter() {}

    /// Their descriptions.
    public static Stream<Source> emit() {
        return Stream.of(of(Source.RAW, """
                /// libvirt's functions, callback types and structures, named and typed as in C, and the
                /// enumerations of typed parameters.
                ///
                /// Nothing is checked here and nothing is owned: a wrong pointer ends the process. Only the
                /// native rooms of the library call it. A function is looked up at its first call; one that the
                /// loaded libvirt lacks throws there. Immutable, for use by any thread.
                """), exported(Source.TYPES, """
                /// libvirt's enumerations and flags: a Java enum for each of C's, named like it without
                /// `vir`, its constants without their common prefix.
                /// The classes `…Keys` have the names of its typed parameters;
                /// [Constants][io.github.libvirt4j.types.Constants] are its other macros.
                ///
                /// An enum of values reads a number newer than this jar as `UNRECOGNIZED`; of flags, those
                /// without a name here can still be passed, with
                /// [Flag#of(int)][io.github.libvirt4j.types.Flag#of(int)]. Immutable, for use by any thread.
                """));
    }

    private static Source of(String packageName, String text) {
        return new Source(
                packageName.replace('.', '/') + "/package-info.java",
                Source.HEAD + text + "package " + packageName + ";\n");
    }

    /// One that is exported. On the class path nobody reads the module's `@NullMarked`, so the package has
    /// its own.
    private static Source exported(String packageName, String text) {
        Source plain = of(packageName, text + "@NullMarked\n");
        return new Source(plain.path(), plain.text() + "\nimport org.jspecify.annotations.NullMarked;\n");
    }
}
